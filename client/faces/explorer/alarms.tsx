import { useEffect, useMemo, useState } from "react";
import { isHidden, urgency, type AlarmEvent, type AlarmRule } from "../../../shared/alarms.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useAlarms } from "../../live/store.ts";
import { priorityNumber } from "../../look/priority-shapes.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { useAlarmNames } from "../alarm-desk/naming.ts";
import { PriorityMark } from "../alarm-desk/priority-mark.tsx";
import { Link } from "../link.tsx";
import { alarmStretches, isAbout, rulesOf, type AlarmStretch } from "./alarm-stretches.ts";
import type { DrawnAnnotation } from "./drawings/annotation-drawing.ts";
import styles from "./explorer.module.css";
import type { Stretch } from "./range.ts";

/** A stretch that moves with the clock is asked about anew this often in city time. */
const stepMs = 300_000;
/** More bars over a chart are no help to an eye. */
const drawnAtMost = 8;

/** An alarm over the chart, by the name it has in words. */
export interface NamedStretch extends AlarmStretch {
  readonly name: string;
}

/** The alarms of the figures shown, when they were active; empty where no rule watches them. */
export function useAlarmStretches(
  { fromAt, toAt }: Stretch,
  ids: readonly string[],
  city: CityBody,
): readonly NamedStretch[] {
  const [events, setEvents] = useState<readonly AlarmEvent[]>([]);
  const joined = ids.join("\n");
  const rules = useMemo(() => rulesOf(joined.split("\n"), city.rules), [joined, city]);
  const isWatched = rules.length > 0;
  const current = useAlarms(isWatched);
  const nameOf = useAlarmNames();
  const from = Math.floor(fromAt / stepMs) * stepMs;
  const to = Math.ceil(toAt / stepMs) * stepMs;
  // What has just been raised or is over is in the log by then.
  const changed = current.length;
  useEffect(() => {
    if (!isWatched) return;
    const stop = new AbortController();
    fetch(`/api/v1/alarms/events?from=${from}&to=${to}`, { signal: stop.signal })
      .then(async (answer) => {
        if (answer.ok) setEvents((await answer.json()) as AlarmEvent[]);
      })
      // Without marks a chart is still right.
      .catch(() => undefined);
    return () => stop.abort();
  }, [isWatched, from, to, changed]);
  return useMemo(() => {
    const ofRule = new Map<string, AlarmRule>(rules.map((rule) => [rule.id, rule]));
    const concerns = ({ rule, group }: { rule: string; group: string | null }): boolean => {
      const its = ofRule.get(rule);
      return its !== undefined && isAbout(group, its, joined.split("\n"));
    };
    const seen = current.filter((alarm) => concerns(alarm) && !isHidden(alarm));
    return alarmStretches(events.filter(concerns), seen, { fromAt, toAt }).map((one) => {
      const rule = ofRule.get(one.rule)!;
      return { ...one, name: nameOf({ group: one.group, about: null, indicator: rule.indicator }, rule) };
    });
  }, [rules, events, current, nameOf, joined, fromAt, toAt]);
}

/** As they stand over a chart: the most urgent, each from when it was raised until it was over or now. */
export function useDrawnAlarms(stretches: readonly NamedStretch[], now: number): readonly DrawnAnnotation[] {
  const { t } = useWords();
  return useMemo(
    () =>
      stretches
        .toSorted((a, b) => urgency(b.priority) - urgency(a.priority) || b.fromAt - a.fromAt)
        .slice(0, drawnAtMost)
        .map(({ fromAt, toAt, priority, name }) => ({
          fromAt,
          toAt: toAt ?? now,
          text: `${priorityNumber(priority)} ${t(`alarms.priorities.${priority}`)} · ${name}`,
          isDraft: false,
          priority,
        })),
    [stretches, now, t],
  );
}

/** All of them in words, each with its way to the desk. */
export function Alarms({ stretches, zone }: { stretches: readonly NamedStretch[]; zone: string }) {
  const { t, language } = useWords();
  return (
    <section className={styles.events}>
      <h3>{t("explorer.alarms.title")}</h3>
      <ul>
        {stretches.map(({ alarm, priority, name, fromAt, toAt }) => (
          <li key={`${alarm} ${fromAt}`}>
            <PriorityMark priority={priority} isKnown={toAt !== null} />{" "}
            <Link to={`/desk?alarm=${encodeURIComponent(alarm)}`}>{name}</Link>{" "}
            <time dateTime={new Date(fromAt).toISOString()}>{formatInstant(fromAt, zone, language)}</time>{" "}
            {toAt === null
              ? t("explorer.alarms.still")
              : t("explorer.events.until", { time: formatInstant(toAt, zone, language) })}
          </li>
        ))}
      </ul>
    </section>
  );
}
