/** What a rule would have done over the recorded past, by the code that judges the live city. */

import type { AlarmRule, BacktestSeries, Backtested } from "../../../shared/alarms.ts";
import type { Text } from "../../../shared/city.ts";
import { quantile } from "../../../shared/quantile.ts";
import { FloodWatch } from "./flood.ts";
import { RuleRun } from "./rule-run.ts";
import { maintenanceAt, Validities } from "./valid-times.ts";
import type { Usual } from "./verdict.ts";

/** One series' past: its values, each from when it was known until the next one. */
export interface PastSeries {
  readonly id: string;
  /** Of a thing, how it calls itself. */
  readonly about?: Text | null;
  /** Epoch milliseconds, ascending; of buckets their ends. */
  readonly at: Float64Array;
  /** As `RuleRun.note` takes them; NaN where nothing fresh was recorded. */
  readonly values: Float64Array;
  /** Of a rule about what is usual: the band that holds at each of them. */
  readonly usual: ((sample: number) => Usual | null) | null;
  /** Of the time, how much was recorded. */
  readonly knownPercent: number;
}

export interface BacktestInput {
  readonly rule: Pick<
    AlarmRule,
    "when" | "onDelaySeconds" | "offDelaySeconds" | "validTimes" | "maintenance"
  >;
  readonly zone: string;
  /** The past that is looked at. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly series: readonly PastSeries[];
  /** What one alarm takes of an operator's time. */
  readonly secondsPerAlarm: number;
}

/** Stretches that are told one by one, the newest of each series. */
const stretchesAtMost = 500;

export function backtest({ rule, zone, fromAt, toAt, series, secondsPerAlarm }: BacktestInput): Backtested {
  const validities = new Validities(rule.validTimes, zone);
  const isShown = (at: number): boolean =>
    validities.isValid(at) && maintenanceAt(rule.maintenance, at).window === null;
  let hidden = 0;
  const told = series.map((one): BacktestSeries => {
    const { id, about = null } = one;
    const all = activeStretches(rule, one, toAt);
    const stretches = all.filter((stretch) => isShown(stretch.fromAt));
    hidden += all.length - stretches.length;
    return {
      id,
      about,
      alarms: stretches.length,
      activeSeconds: stretches.reduce((sum, stretch) => sum + secondsOf(stretch, toAt), 0),
      stretches: stretches.slice(-stretchesAtMost),
    };
  });
  const raisedAt = told.flatMap(({ stretches }) => stretches.map((stretch) => stretch.fromAt));
  const lengths = told
    .flatMap(({ stretches }) => stretches.map((stretch) => secondsOf(stretch, toAt)))
    .toSorted((a, b) => a - b);
  const alarms = told.reduce((sum, one) => sum + one.alarms, 0);
  const known = series.reduce((sum, { knownPercent }) => sum + knownPercent, 0);
  return {
    fromAt,
    toAt,
    knownPercent: series.length === 0 ? 0 : known / series.length,
    alarms,
    hidden,
    perDay: (alarms * 86_400_000) / (toAt - fromAt),
    activeSeconds: told.reduce((sum, one) => sum + one.activeSeconds, 0),
    medianSeconds: lengths.length === 0 ? null : quantile(lengths, 0.5),
    longestSeconds: lengths.at(-1) ?? null,
    inFlood: inFlood(raisedAt.toSorted((a, b) => a - b)),
    operatorSeconds: alarms * secondsPerAlarm,
    series: told.toSorted((a, b) => b.alarms - a.alarms),
  };
}

/** When a rule would have been active over a series, shown or hidden; the last one may have no end. */
export function activeStretches(
  rule: BacktestInput["rule"],
  { at, values, usual }: PastSeries,
  toAt: number,
): { fromAt: number; toAt: number | null }[] {
  const run = new RuleRun(rule);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    run.note(Number.isNaN(value) ? null : value, usual?.(i) ?? null, at[i]!);
  }
  run.end(toAt);
  const { turns } = run;
  return turns.flatMap((turn, i) =>
    turn.isActive ? [{ fromAt: turn.at, toAt: turns[i + 1]?.at ?? null }] : [],
  );
}

function secondsOf({ fromAt, toAt }: { fromAt: number; toAt: number | null }, endAt: number): number {
  return ((toAt ?? endAt) - fromAt) / 1000;
}

/** How many of these alarms come while there are too many of them. */
function inFlood(raisedAt: readonly number[]): number {
  const watch = new FloodWatch();
  return raisedAt.filter((at, i) => watch.take([`${i}`], at) !== null).length;
}
