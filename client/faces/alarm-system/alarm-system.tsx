import "../../words/desk-words.ts";
import "../../words/system-words.ts";
import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { useCity, useCityNow } from "../../live/store.ts";
import { setQuery, useQuery } from "../../route.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { Desk } from "../desk.tsx";
import { DeskLinks } from "../desk-links.tsx";
import styles from "./alarm-system.module.css";
import { AwayNow, ToMend } from "./alarms-now.tsx";
import { BadActors } from "./bad-actors.tsx";
import { FigureTable } from "./figure-table.tsx";
import { Floods } from "./floods.tsx";
import { PriorityShares } from "./priority-shares.tsx";
import { RateChart } from "./rate-chart.tsx";
import { Told } from "./told.tsx";
import { useAnswer } from "./use-answer.ts";

const hourMs = 3_600_000;
/** Of the city and of the wall. */
const askEveryMs = 15_000;
const periods = { shift: 8, day: 24, week: 7 * 24, month: 30 * 24, quarter: 90 * 24 } as const;
type Period = keyof typeof periods;

/** How the alarms themselves fare: what a good set of them is like, by ISA-18.2 and EEMUA 191, and how this one is. */
export default function AlarmSystem() {
  const { t } = useWords();
  const asked = useQuery("period") ?? "";
  const period: Period = Object.hasOwn(periods, asked) ? (asked as Period) : "day";
  const now = useCityNow(askEveryMs, askEveryMs);
  const zone = useCity()?.settings.zone ?? null;
  const path =
    now === null ? null : `/api/v1/alarms/figures?from=${now - periods[period] * hourMs}&to=${now}`;
  const answer = useAnswer<AlarmFiguresAnswer>(path, null);
  return (
    <Desk title={t("faces.desk.system")} className={styles.page!} links={<DeskLinks of="system" />}>
      <main className={styles.main}>
        <p className={styles.actions} role="group" aria-label={t("system.period")}>
          {(Object.keys(periods) as Period[]).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === period}
              onClick={() => setQuery({ period: one === "day" ? null : one })}
            >
              {t(`system.periods.${one}`)}
            </button>
          ))}
        </p>
        {answer === null && <p className={styles.quiet}>{t("system.loading")}</p>}
        {answer !== null && "failed" in answer && (
          <p role="alert">{t("system.failed", { reason: answer.failed })}</p>
        )}
        {answer !== null && "value" in answer && zone !== null && (
          <Figures figures={answer.value} zone={zone} path={answer.path} />
        )}
      </main>
    </Desk>
  );
}

function Figures({ figures, zone, path }: { figures: AlarmFiguresAnswer; zone: string; path: string }) {
  const { t, language } = useWords();
  const asked = Number(new URLSearchParams(path.split("?")[1]).get("from"));
  const { beganAt, fromAt } = figures;
  return (
    <div className={styles.board}>
      <RateChart figures={figures} zone={zone} csv={`${path}&format=csv`} />
      {beganAt !== null && (
        <p className={styles.wide}>{t("system.began", { time: formatInstant(beganAt, zone, language) })}</p>
      )}
      {fromAt > asked && (
        <p className={styles.wide}>{t("system.cut", { time: formatInstant(fromAt, zone, language) })}</p>
      )}
      <FigureTable figures={figures} />
      <div className={styles.beside}>
        <PriorityShares figures={figures} />
        <BadActors figures={figures} />
      </div>
      <AwayNow zone={zone} />
      <ToMend figures={figures} zone={zone} />
      <Floods floods={figures.floods} zone={zone} />
      <Told zone={zone} now={figures.toAt} />
    </div>
  );
}
