/** What a rule would have done over the recorded past, by the code that judges the live city. */

import type { AlarmRule, BacktestSeries, Backtested } from "../../../shared/alarms.ts";
import { quantile } from "../../../shared/quantile.ts";
import { FloodWatch } from "./flood.ts";
import { RuleRun } from "./rule-run.ts";
import { maintenanceAt, Validities } from "./valid-times.ts";
import type { Usual } from "./verdict.ts";

/** One series' past in buckets; a value holds from the end of its bucket, when it was known. */
export interface PastSeries {
  readonly id: string;
  /** NaN where nothing fresh was recorded. */
  readonly values: Float64Array;
  /** Of a rule about what is usual: the band that holds at the end of each bucket. */
  readonly usual: ((bucket: number) => Usual | null) | null;
}

export interface BacktestInput {
  readonly rule: Pick<
    AlarmRule,
    "when" | "onDelaySeconds" | "offDelaySeconds" | "validTimes" | "maintenance"
  >;
  readonly zone: string;
  /** Bounds of the buckets, one more than there are. */
  readonly edges: Float64Array;
  readonly series: readonly PastSeries[];
  /** What one alarm takes of an operator's time. */
  readonly secondsPerAlarm: number;
}

/** Stretches that are told one by one, the newest of each series. */
const stretchesAtMost = 500;

export function backtest({ rule, zone, edges, series, secondsPerAlarm }: BacktestInput): Backtested {
  const [fromAt, toAt] = [edges[0]!, edges.at(-1)!];
  const validities = new Validities(rule.validTimes, zone);
  const isShown = (at: number): boolean =>
    validities.isValid(at) && maintenanceAt(rule.maintenance, at).window === null;
  let [hidden, known] = [0, 0];
  const told = series.map(({ id, values, usual }): BacktestSeries => {
    const run = new RuleRun(rule);
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isNaN(value)) known++;
      run.note(Number.isNaN(value) ? null : value, usual?.(i) ?? null, edges[i + 1]!);
    }
    const all = stretchesOf(run);
    const stretches = all.filter((stretch) => isShown(stretch.fromAt));
    hidden += all.length - stretches.length;
    return {
      id,
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
  const buckets = series.length * (edges.length - 1);
  return {
    fromAt,
    toAt,
    knownPercent: buckets === 0 ? 0 : (100 * known) / buckets,
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

function stretchesOf({ turns }: RuleRun): { fromAt: number; toAt: number | null }[] {
  return turns.flatMap(({ at, isActive }, i) =>
    isActive ? [{ fromAt: at, toAt: turns[i + 1]?.at ?? null }] : [],
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
