import { lazy, Suspense, useMemo, useState, type ReactNode } from "react";
import { opensIncident, type Alarm, type AlarmAction } from "../../../shared/alarms.ts";
import { seriesId, type Text } from "../../../shared/city.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useCity, useCityNow, useIndicator } from "../../live/store.ts";
import { useTrend } from "../../live/trends.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import { useWhen } from "../shift/use-when.ts";
import styles from "./alarm-desk.module.css";
import { useAlarmMap } from "./alarm-map.ts";
import { AlarmLog } from "./alarm-log.tsx";
import { AlarmValue } from "./alarm-value.tsx";
import { Deadline } from "./deadline.tsx";
import { stateInWords, useAlarmNames } from "./naming.ts";
import { PriorityMark } from "./priority-mark.tsx";
import type { QueueRow } from "./queue.ts";
import { SituationReport } from "./situation-report.tsx";
import { AlarmWalls } from "./walls.tsx";

const CityMap = lazy(async () => ({ default: (await import("../../map/city-map.tsx")).CityMap }));

/** Resolves when the server has answered, with whether it holds now. */
type Act = (action: AlarmAction) => Promise<boolean>;

const minuteMs = 60_000;
/** Within which what was done comes back with the alarms. */
const comesBackMs = 5_000;
const trendMinutes = 360;
const trendSize = { width: 640, height: 72 };

/** Everything that one needs to act on an alarm: what, who, until when, what to do, what it looks like, what was done. */
export function AlarmDetail(props: {
  row: QueueRow;
  /** Does something with this alarm, whichever others are marked. */
  onAct: Act;
  children: ReactNode;
}) {
  const { row, onAct, children } = props;
  const { alarm, rule } = row;
  const words = useWords();
  const { t, text, language } = words;
  const name = useAlarmNames()(alarm, rule);
  const city = useCity();
  const zone = city?.settings.zone ?? "UTC";
  const titleOf = (id: string): string => {
    const department = city?.departments.find((one) => one.id === id);
    return department ? text(department.title) : id;
  };
  return (
    <article className={styles.detail} aria-label={t("desk.detail.title")}>
      <header>
        <PriorityMark priority={alarm.priority} isKnown={alarm.state !== "unacknowledged"} />
        <h2>{name}</h2>
        <p>
          <strong>{stateInWords(alarm, row.isGone, words)}</strong>{" "}
          {alarm.confirmed !== null && t("alarms.confirmed")}{" "}
          {t("desk.since", { time: formatTime(alarm.since, zone, language) })} <Deadline row={row} />
        </p>
        <Hidden alarm={alarm} zone={zone} />
      </header>
      {children}
      <dl className={styles.facts}>
        <Fact name={t("desk.detail.response")}>
          {text(rule.response.text)}
          <Checklist row={row} onAct={onAct} />
          {rule.response.sop && (
            <a href={text(rule.response.sop)} target="_blank" rel="noreferrer">
              {t("desk.detail.procedure")}
            </a>
          )}
        </Fact>
        <Fact name={t("desk.detail.due")}>{formatTime(row.dueAt, zone, language)}</Fact>
        <Fact name={t("desk.detail.consequence")}>{text(rule.consequence)}</Fact>
        <Fact name={t("desk.detail.owner")}>{titleOf(rule.owner)}</Fact>
        {rule.backup !== null && <Fact name={t("desk.detail.backup")}>{titleOf(rule.backup)}</Fact>}
        {alarm.assignedTo !== null && <Fact name={t("desk.detail.assigned")}>{alarm.assignedTo}</Fact>}
        {alarm.indicator !== null && (
          <Fact name={t("desk.detail.value")}>
            <AlarmValue alarm={alarm} />
          </Fact>
        )}
      </dl>
      {alarm.indicator !== null && <Series alarm={alarm} indicator={alarm.indicator} />}
      <Place alarm={alarm} />
      <AlarmWalls alarm={alarm} />
      {opensIncident(alarm) && <SituationReport rule={alarm.rule} />}
      <AlarmLog alarm={alarm} />
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Why it is hidden, that it chatters, what somebody said of it. */
function Hidden({ alarm, zone }: { alarm: Alarm; zone: string }) {
  const { t, language } = useWords();
  const { shelved, outOfService, suppressedBy, comment } = alarm;
  return (
    <>
      {shelved && (
        <p>
          {t("desk.detail.shelved", {
            time: formatTime(shelved.until, zone, language),
            reason: shelved.reason,
            position: shelved.by.position,
          })}
        </p>
      )}
      {outOfService && <p>{t("desk.detail.outOfService", { reason: outOfService.reason })}</p>}
      {suppressedBy === "valid-times" && alarm.state !== "suppressed" && <p>{t("alarms.notValid")}</p>}
      {suppressedBy !== null && suppressedBy !== "valid-times" && (
        <p>{t("desk.detail.suppressed", { alarm: suppressedBy })}</p>
      )}
      {alarm.isChattering && <p>{t("desk.detail.chattering")}</p>}
      {comment && <p>{t("desk.detail.comment", { text: comment.text, position: comment.by.position })}</p>}
    </>
  );
}

/** What has to be done step by step: who has done which, for everybody who looks. */
function Checklist({ row: { alarm, rule }, onAct }: { row: QueueRow; onAct: Act }) {
  return (
    <ul className={styles.checklist}>
      {rule.response.checklist.map((step) => (
        <Step
          key={`${alarm.id} ${step.en}`}
          step={step}
          done={alarm.doneSteps.find((one) => one.step === step.en) ?? null}
          onAct={onAct}
        />
      ))}
    </ul>
  );
}

/** Shows what was asked for until the alarms have it, or it was refused; clicks meanwhile do nothing. */
function Step({ step, done, onAct }: { step: Text; done: Alarm["doneSteps"][number] | null; onAct: Act }) {
  const { t, text } = useWords();
  const when = useWhen();
  const [asked, setAsked] = useState<{ readonly isDone: boolean } | null>(null);
  const isDone = done !== null;
  if (asked?.isDone === isDone) setAsked(null);
  const toggle = async (): Promise<void> => {
    if (asked !== null) return;
    const now = { isDone: !isDone };
    setAsked(now);
    const forget = (): void => setAsked((its) => (its === now ? null : its));
    if (await onAct({ action: now.isDone ? "check" : "uncheck", step: step.en }))
      setTimeout(forget, comesBackMs);
    else forget();
  };
  return (
    <li>
      <label>
        <input type="checkbox" checked={asked?.isDone ?? isDone} onChange={() => void toggle()} />{" "}
        {text(step)}
      </label>
      {done && asked === null && (
        <span className={styles.quiet}>
          {t("desk.detail.stepDone", { position: done.by.position, time: when(done.at) })}
        </span>
      )}
    </li>
  );
}

function Series({ alarm, indicator }: { alarm: Alarm; indicator: string }) {
  const { t } = useWords();
  const id = seriesId(indicator, alarm.group);
  const points = useTrend(id, 60, trendMinutes);
  const target = useIndicator(indicator)?.target ?? null;
  const toAt = useCityNow(minuteMs) ?? 0;
  const frame = useMemo(
    () => ({ fromAt: toAt - trendMinutes * minuteMs, toAt, ...trendSize, bucketMs: minuteMs, target }),
    [toAt, target],
  );
  return (
    <section>
      <h3>{t("desk.detail.series")}</h3>
      <div className={styles.series}>
        <Sparkline points={points} frame={frame} off={null} quiet={false} />
      </div>
      <Link to={`/explorer?show=${encodeURIComponent(id)}`}>{t("desk.detail.explore")}</Link>
    </section>
  );
}

/** The city around what the alarm is about: its things, or the areas shaded by its figure. */
function Place({ alarm }: { alarm: Alarm }) {
  const { t } = useWords();
  const map = useAlarmMap(alarm);
  if (map === null) return null;
  return (
    <section>
      <h3>{t("desk.detail.map")}</h3>
      <div className={styles.map}>
        <Suspense fallback={null}>
          <CityMap map={map} isShown />
        </Suspense>
      </div>
    </section>
  );
}
