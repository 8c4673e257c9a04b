import "../../words/desk-words.ts";
import "../../words/shift-words.ts";
import { useState } from "react";
import type { AlarmEvent } from "../../../shared/alarms.ts";
import type { Handover, HandoverContent, ShiftEntry } from "../../../shared/shift.ts";
import { useCityNow, useShift } from "../../live/store.ts";
import { setQuery, useQuery } from "../../route.ts";
import { useWords } from "../../words/words.ts";
import { DutyLine } from "../alarm-desk/duty-form.tsx";
import { useOnDuty } from "../alarm-desk/on-duty.ts";
import { useAnswer } from "../alarm-system/use-answer.ts";
import { Desk } from "../desk.tsx";
import { DeskLinks } from "../desk-links.tsx";
import { HandingOver } from "./handing-over.tsx";
import { EntryForm, Log } from "./log.tsx";
import { shiftBeganAt, shiftLog } from "./shift-log.ts";
import styles from "./shift.module.css";
import { useWhen } from "./use-when.ts";
import { WaitingHandover } from "./waiting-handover.tsx";

const hourMs = 3_600_000;
/** Of the city and of the wall: what is done with alarms comes in so often; what is written for a shift, at once. */
const askEveryMs = 10_000;
const lookBackMs = 7 * 24 * hourMs;
const periods = { shift: null, day: 24 * hourMs, week: lookBackMs } as const;
type Period = keyof typeof periods;

/** What was done in this shift, and how it is handed over. */
export default function Shift() {
  const { t } = useWords();
  const now = useCityNow(askEveryMs, askEveryMs);
  const changes = useShift()?.changes ?? null;
  const handovers = useAnswer<readonly Handover[]>(
    now === null ? null : `/api/v1/shifts/handovers?from=${now - lookBackMs}`,
    changes,
  );
  const draft = useAnswer<HandoverContent>(now === null ? null : "/api/v1/shifts/handovers/draft", now);
  const known = handovers && "value" in handovers ? handovers.value : [];
  const waiting = known.filter(({ acknowledged }) => acknowledged === null).toReversed();
  return (
    <Desk
      title={t("faces.desk.shift")}
      className={styles.page!}
      links={<DeskLinks of="shift" />}
      duty={<DutyLine />}
    >
      <main className={styles.columns}>
        <div className={styles.side}>
          {waiting.map((handover) => (
            <WaitingHandover key={handover.id} handover={handover} />
          ))}
          {handovers !== null && "failed" in handovers && (
            <p role="alert">{t("shift.failed", { reason: handovers.failed })}</p>
          )}
          <HandingOver draft={draft} waiting={waiting} />
        </div>
        {now !== null && <LogOfShift now={now} handovers={known} changes={changes} />}
      </main>
    </Desk>
  );
}

function LogOfShift(props: { now: number; handovers: readonly Handover[]; changes: number | null }) {
  const { now, handovers, changes } = props;
  const { t } = useWords();
  const when = useWhen();
  const position = useOnDuty()?.position ?? null;
  const [isMine, setMine] = useState(false);
  const [hasAll, setAll] = useState(false);
  const asked = useQuery("period") ?? "";
  const period: Period = Object.hasOwn(periods, asked) ? (asked as Period) : "shift";
  const length = periods[period];
  const since = length === null ? shiftBeganAt(handovers, position, now) : now - length;
  const events = useAnswer<readonly AlarmEvent[]>(
    `/api/v1/alarms/events?from=${since}&limit=10000`,
    `${changes} ${now}`,
  );
  const entries = useAnswer<readonly ShiftEntry[]>(`/api/v1/shifts/log?from=${since}`, `${changes} ${now}`);
  const failed = [events, entries].flatMap((answer) => (answer && "failed" in answer ? [answer.failed] : []));
  const lines = shiftLog(
    events && "value" in events ? events.value : [],
    entries && "value" in entries ? entries.value : [],
    handovers.filter(({ at }) => at >= since),
    { position: isMine ? position : null, hasAll },
  );
  return (
    <section className={styles.logs} aria-label={t("shift.log.title")}>
      <h2>{t("shift.log.title")}</h2>
      <EntryForm />
      <div className={styles.choices}>
        <p className={styles.choices} role="group" aria-label={t("shift.log.period")}>
          {(Object.keys(periods) as Period[]).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === period}
              onClick={() => setQuery({ period: one === "shift" ? null : one })}
            >
              {t(`shift.log.periods.${one}`)}
            </button>
          ))}
        </p>
        {position !== null && (
          <label>
            <input type="checkbox" checked={isMine} onChange={(event) => setMine(event.target.checked)} />{" "}
            {t("shift.log.mine", { position })}
          </label>
        )}
        <label>
          <input type="checkbox" checked={hasAll} onChange={(event) => setAll(event.target.checked)} />{" "}
          {t("shift.log.all")}
        </label>
        <button type="button" onClick={() => print()}>
          {t("shift.print")}
        </button>
      </div>
      <p className={styles.quiet}>{t("shift.log.since", { time: when(since) })}</p>
      {failed.length > 0 && <p role="alert">{t("shift.log.failed", { reason: failed.join(" ") })}</p>}
      <Log lines={lines} />
    </section>
  );
}
