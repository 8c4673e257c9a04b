import "../../words/briefing-words.ts";
import { useRef } from "react";
import type { BriefingFigure, NewestBriefing, Run, Statement } from "../../../shared/briefing.ts";
import type { PartOf } from "../../../shared/wall.ts";
import { formatTime } from "../../../shared/date-words.ts";
import { useCityNow, useClock } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatAge } from "../../words/format-age.ts";
import { formatDate } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { domainOf, minuteOf, standingOf } from "./briefing-minute.ts";
import styles from "./briefing-part.module.css";
import { Section } from "./section.tsx";
import { useBriefing } from "./use-briefing.ts";
import { useWholeRows } from "./use-whole-rows.ts";

const minuteMs = 60_000;

/** The newest issue of a briefing in one minute: its cover line, what matters most in it, and how old that is. */
export default function BriefingPart({ part: { definition } }: { part: PartOf<"briefing"> }) {
  const { t } = useWords();
  const { issue, failed } = useBriefing(definition);
  const isPast = useClock()?.kind === "past";
  if (isPast || !issue) {
    const why = isPast ? "past" : issue === null ? "none" : "loading";
    return (
      <Section title={t("briefing.wall.title")}>
        <p className={styles.none} role="status">
          {why === "loading" && failed !== null
            ? t("briefing.failed", { reason: failed || t("briefing.unreachable") })
            : t(why === "loading" ? "briefing.loading" : `briefing.wall.${why}`)}
        </p>
      </Section>
    );
  }
  return <Minute issue={issue} failed={failed} />;
}

function Minute({ issue, failed }: { issue: NewestBriefing; failed: string | null }) {
  const { t, text, language } = useWords();
  const { briefing, edition } = issue;
  const { cover, coverFigures, title, period, issuedAt, city } = briefing;
  const now = useCityNow(minuteMs);
  const standing = now === null ? "newest" : standingOf(issue, now);
  const list = useRef<HTMLUListElement>(null);
  const told = minuteOf(issue);
  const notShown = useWholeRows(list, told);
  const age = now === null ? "" : formatAge((now - issuedAt) / 1_000, language);
  const time = formatTime(issuedAt, city.zone, language);
  return (
    <Section
      fills
      title={`${text(title)} · ${text(period.words)}`}
      note={standing === "newest" && t("briefing.wall.issued", { time, age })}
    >
      <div className={styles.minute} data-old={standing !== "newest"}>
        {standing !== "newest" && (
          <p className={styles.old}>
            <Shape name="stale" />
            <span>
              {t(standing === "old" ? "briefing.wall.old" : "briefing.wall.yesterday", {
                age,
                date: formatDate(issuedAt, city.zone, language),
                time,
              })}
            </span>
          </p>
        )}
        {failed !== null && (
          <p className={styles.old}>
            <Shape name="unlinked" />
            <span>{t("briefing.failed", { reason: failed || t("briefing.unreachable") })}</span>
          </p>
        )}
        <p className={styles.cover}>
          <Runs runs={cover[language]} figures={coverFigures} />
        </p>
        <ul ref={list} className={styles.told}>
          {told.map((statement) => (
            <Told key={statement.id} statement={statement} />
          ))}
        </ul>
        <p className={styles.foot}>
          {edition?.isSigned && <span>{t("briefing.wall.signed", { editor: edition.editor })}</span>}
          <span>
            {t("briefing.wall.whole", { address: `${location.host}/briefings` })}
            {notShown > 0 && ` · ${t("briefing.wall.notShown", { count: notShown })}`}
          </span>
        </p>
      </div>
    </Section>
  );
}

/** A sentence, with the domain it is about, who has to act by when, and what it is worth where that is less than all. */
function Told({ statement }: { statement: Statement }) {
  const { t, text, language } = useWords();
  const { text: sentences, figures, action } = statement;
  const domain = domainOf(statement);
  const doubted = figures.find(({ confidence }) => confidence !== "sound");
  return (
    <li className={styles.one} data-tone={statement.tone} data-count={1}>
      <p className={styles.about}>
        {domain && (
          <span>
            <Shape name={domain} /> {t(`domains.${domain}`)}
          </span>
        )}
        {action && <span>{t("briefing.wall.acts", { owner: text(action.owner) })}</span>}
        {doubted && <span>{t(`briefing.confidence.${doubted.confidence}`)}</span>}
      </p>
      <p className={styles.sentence}>
        <Runs runs={sentences[language]} figures={figures} />
      </p>
    </li>
  );
}

function Runs({ runs, figures }: { runs: readonly Run[]; figures: readonly BriefingFigure[] }) {
  return runs.map((run, i) =>
    typeof run === "string" ? (
      run
    ) : (
      <b key={i} data-known={figures[run.figure]?.value !== null}>
        {run.words}
      </b>
    ),
  );
}
