/** What a wall says of an alarm, piece by piece. */

import { useCity, useCityNow } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatAge } from "../../words/format-age.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { stateInWords, useAlarmNames } from "../alarm-desk/naming.ts";
import { PriorityMark } from "../alarm-desk/priority-mark.tsx";
import type { QueueRow } from "../alarm-desk/queue.ts";
import styles from "./alarm-sayings.module.css";

/** What style sheets know an alarm by, of an element with `className` too. */
export function lookOf({ alarm }: QueueRow, className: string | undefined) {
  return {
    className: `${styles.alarm} ${className}`,
    "data-priority": alarm.priority,
    "data-open": alarm.state === "unacknowledged",
    "data-over": !alarm.isActive,
  };
}

export function Name({ row: { alarm, rule } }: { row: QueueRow }) {
  return useAlarmNames()(alarm, rule);
}

export function Age({ row: { alarm } }: { row: QueueRow }) {
  const { language } = useWords();
  const now = useCityNow(1_000);
  return (
    <span className={styles.age}>{now === null ? "" : formatAge((now - alarm.since) / 1000, language)}</span>
  );
}

export function Owner({ row: { alarm, rule } }: { row: QueueRow }) {
  const { text } = useWords();
  const owner = useCity()?.departments.find(({ id }) => id === rule.owner);
  return alarm.assignedTo ?? (owner ? text(owner.title) : rule.owner);
}

/** Until the response has to be done, or how late it is. */
export function TimeLeft({ row: { alarm, dueAt } }: { row: QueueRow }) {
  const { t, language } = useWords();
  const now = useCityNow(1_000);
  if (now === null || !alarm.isActive || alarm.confirmed !== null) return null;
  const isLate = now > dueAt;
  return (
    <span data-late={isLate}>
      {isLate && <Shape name="warning" />}{" "}
      {t(isLate ? "alarms.late" : "alarms.left", { age: formatAge(Math.abs(now - dueAt) / 1000, language) })}
    </span>
  );
}

/** Shape, number and word; of one that is over, that it was that. */
export function Priority({ row: { alarm } }: { row: QueueRow }) {
  const { t } = useWords();
  if (alarm.isActive)
    return <PriorityMark priority={alarm.priority} isKnown={alarm.state !== "unacknowledged"} />;
  return (
    <PriorityMark
      priority={alarm.priority}
      isKnown
      word={t("alarms.was", { priority: t(`alarms.priorities.${alarm.priority}`) })}
    />
  );
}

export function StateInWords({ row: { alarm, isGone } }: { row: QueueRow }) {
  const words = useWords();
  const zone = useCity()?.settings.zone ?? "UTC";
  const { acknowledged, confirmed } = alarm;
  if (alarm.state !== "acknowledged" || acknowledged === null) return stateInWords(alarm, isGone, words);
  if (confirmed !== null) return words.t("alarms.confirmed");
  return words.t("alarms.known", {
    time: formatTime(acknowledged.at, zone, words.language),
    position: acknowledged.by.position,
  });
}
