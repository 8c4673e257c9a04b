import type { Moment, MomentKind } from "../../../shared/moment.ts";
import { startOfDay } from "../../../shared/city-time.ts";
import { useCity, useCityNow, useFeeds, useMoments } from "../../live/store.ts";
import { Shape, type ShapeName } from "../../look/shapes.tsx";
import { formatTime } from "../../words/format-time.ts";
import { gapInWords, valueInWords } from "../../words/format-value.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import { offTarget } from "../../../shared/target.ts";
import styles from "./moments.module.css";
import { Section } from "./section.tsx";

const minuteMs = 60_000;
const shownAtMost = 100;

const looks: Readonly<Record<MomentKind, { readonly shape: ShapeName; readonly word: WordKey }>> = {
  "left-target": { shape: "below", word: "faces.moments.leftTarget" },
  "reached-target": { shape: "on-target", word: "faces.moments.reachedTarget" },
  "feed-down": { shape: "down", word: "faces.moments.feedDown" },
  "feed-live": { shape: "on-target", word: "faces.moments.feedLive" },
  warning: { shape: "warning", word: "faces.moments.warning" },
  "warning-over": { shape: "on-target", word: "faces.moments.warningOver" },
};

/** What mattered since midnight, the newest first: when, what, and whose it is. */
export default function Moments() {
  const { t } = useWords();
  const moments = useMoments();
  const zone = useCity()?.settings.zone ?? "UTC";
  const now = useCityNow(minuteMs);
  if (now === null) return null;
  const midnight = startOfDay(now, zone);
  const today = (moments ?? []).filter(({ at }) => at >= midnight).toReversed();
  return (
    <Section
      shrinks
      title={t("faces.moments.title")}
      note={moments && t("faces.moments.count", { count: today.length })}
    >
      {today.length === 0 && (
        <p className={styles.none}>{t(moments ? "faces.moments.none" : "faces.wall.waiting")}</p>
      )}
      <ol>
        {today.slice(0, shownAtMost).map((moment) => (
          <Item key={`${moment.at} ${moment.kind} ${moment.subject}`} moment={moment} zone={zone} />
        ))}
      </ol>
    </Section>
  );
}

function Item({ moment, zone }: { moment: Moment; zone: string }) {
  const { text, language } = useWords();
  const city = useCity();
  const { title, detail, shape } = useSubject(moment);
  const owner = city?.departments.find(({ id }) => id === moment.department);
  return (
    <li className={styles.moment} data-kind={moment.kind}>
      <time className={styles.at} dateTime={new Date(moment.at).toISOString()}>
        {formatTime(moment.at, zone, language)}
      </time>
      <Shape name={shape} />
      <span className={styles.what}>
        <b>{title}</b> <span className={styles.detail}>{detail}</span>
      </span>
      <span className={styles.owner}>{owner ? text(owner.title) : ""}</span>
    </li>
  );
}

/** The title of what a moment is about, and what happened to it: a gap says by itself that the target was left. */
function useSubject({ kind, subject, value, text: headline }: Moment) {
  const { t, text, language } = useWords();
  const city = useCity();
  const feeds = useFeeds();
  const { shape, word } = looks[kind];
  if (headline !== null) return { title: text(headline), detail: t(word), shape };
  const indicator = city?.indicators.find(({ id }) => id === subject);
  if (!indicator) {
    const feed = feeds.find(({ id }) => id === subject);
    return { title: feed ? text(feed.title) : subject, detail: t(word), shape };
  }
  if (value === null || indicator.target === null)
    return { title: text(indicator.title), detail: t(word), shape };
  const side = kind === "left-target" ? offTarget(value, indicator) : null;
  const detail =
    side === null
      ? `${t(word)}, ${valueInWords(value, indicator.unit, language)}`
      : gapInWords(value, indicator.target, indicator.unit, language);
  return { title: text(indicator.title), detail, shape: side ?? shape };
}
