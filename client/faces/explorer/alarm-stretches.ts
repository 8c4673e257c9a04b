/** When alarms were active, from the log of what happened to them and those that are. Pure. */

import type { Alarm, AlarmEvent, AlarmRule, Priority } from "../../../shared/alarms.ts";
import { parseSeriesId } from "../../../shared/city.ts";
import type { Stretch } from "./range.ts";

export interface AlarmStretch {
  readonly alarm: string;
  readonly rule: string;
  readonly group: string | null;
  readonly priority: Priority;
  /** Of one that was active when the stretch begins, and of which the log says no more: that beginning. */
  readonly fromAt: number;
  /** `null`: it still is. */
  readonly toAt: number | null;
}

type Logged = Pick<AlarmEvent, "at" | "alarm" | "rule" | "group" | "kind" | "priority">;
type Current = Pick<Alarm, "id" | "rule" | "group" | "priority" | "isActive" | "since">;

/** Those that touch the stretch, in the order in which they began. `events` are in the order of their time. */
export function alarmStretches(
  events: readonly Logged[],
  current: readonly Current[],
  { fromAt, toAt }: Stretch,
): readonly AlarmStretch[] {
  const open = new Map<string, AlarmStretch>();
  const found: AlarmStretch[] = [];
  for (const { alarm, rule, group, priority, kind, at } of events) {
    const begun = open.get(alarm);
    if (kind === "raised") open.set(alarm, { alarm, rule, group, priority, fromAt: at, toAt: null });
    else if (kind === "returned" || kind === "withdrawn") {
      const one = begun ?? { alarm, rule, group, priority, fromAt };
      // What was withdrawn after it was over is no stretch of its own.
      if (begun || kind === "returned") found.push({ ...one, toAt: at });
      open.delete(alarm);
    }
  }
  for (const { id, rule, group, priority, isActive, since } of current)
    if (isActive && !open.has(id))
      open.set(id, { alarm: id, rule, group, priority, fromAt: since, toAt: null });
  const lasting = new Set(current.flatMap(({ id, isActive }) => (isActive ? [id] : [])));
  // The log says of what is still open that it began; whether it still lasts, only the alarms of now do.
  const still = Array.from(open.values()).filter(({ alarm }) => lasting.has(alarm));
  return [...found, ...still]
    .filter((one) => one.fromAt < toAt && (one.toAt === null || one.toAt >= fromAt))
    .toSorted((a, b) => a.fromAt - b.fromAt);
}

/** The rules that watch one of these series' figures. */
export function rulesOf(ids: readonly string[], rules: readonly AlarmRule[]): readonly AlarmRule[] {
  const indicators = new Set(ids.map((id) => parseSeriesId(id).indicator));
  return rules.filter(({ indicator }) => indicator !== null && indicators.has(indicator));
}

/** Whether an alarm of a rule is about one of these series: its group's, or the whole figure's, which is that of all groups. */
export function isAbout(group: string | null, rule: AlarmRule, ids: readonly string[]): boolean {
  return ids.map(parseSeriesId).some((series) => {
    if (series.indicator !== rule.indicator) return false;
    return series.group === null || group === null || series.group === group;
  });
}
