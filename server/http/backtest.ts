/** `POST /api/v1/rules/backtest`: what a rule would have done over the recorded past, before anybody has to live with it. */

import type { Context, Handler } from "hono";
import type { AlarmRule, BacktestAnswer } from "../../shared/alarms.ts";
import { addLocalWeeks, cityDate } from "../../shared/city-time.ts";
import type { Result } from "../../shared/result.ts";
import { backtest, type PastSeries } from "../core/alarms/backtest.ts";
import type { Usual } from "../core/alarms/verdict.ts";
import { expectedBands } from "../core/outlook/expected.ts";
import { slotsOf } from "../core/outlook/season.ts";
import { bodyOf } from "./admin.ts";
import { backtestQuestion } from "./alarm-answers.ts";
import { bucketEdges } from "./buckets.ts";
import type { Past } from "./past.ts";
import { problem } from "./problem.ts";

export interface BacktestContext {
  readonly past: Pick<Past, "points" | "seriesOf">;
  readonly zone: string;
  /** City dates on which it behaves as on a Sunday. */
  readonly holidays: ReadonlySet<string>;
  /** City time. */
  readonly now: number;
  /** Reads a rule as it stands in a file; a line for each fault. */
  readonly readRule: (file: unknown) => Result<AlarmRule, readonly string[]>;
}

const dayMs = 86_400_000;
/** The finest buckets are taken of which there are no more than this: one series has 90 days by the minute. */
const bucketsAtMost = 130_000;
const bucketSeconds = [60, 300, 900, 3600] as const;
/** Groups that are looked at; a rule of more is tested on the first of them by name. */
const seriesAtMost = 200;
/** The weeks before by which it is judged what is usual. */
const usualWeeks = 8;

export function backtestHandler(context: () => BacktestContext): Handler {
  const kept: KeptPoints = new Map();
  return async (c: Context) => {
    const question = await bodyOf(c, backtestQuestion);
    if (question instanceof Response) return question;
    const its = context();
    const rule = its.readRule(question.rule);
    if (!rule.ok)
      return problem(c, 400, "rule", "The rule cannot be used", `rule: ${rule.failure.join("; ")}`);
    // A gap in what was recorded does not say whether the value was not known or nobody watched.
    if (rule.value.indicator === null || "unknown" in rule.value.when) {
      const detail = "rule.when: expected a condition about an indicator's value, whose past is recorded";
      return problem(c, 422, "no-past", "Its past is not recorded", detail);
    }
    const { days, minutesPerAlarm, toAt = its.now } = question;
    if (toAt > its.now)
      return problem(c, 400, "body", "The body cannot be used", "toAt: expected an instant that has passed");
    const past = { ...its, past: remembering(its.past, kept), now: toAt };
    return c.json(await tested(rule.value, past, { days, minutesPerAlarm }, c.req.raw.signal));
  };
}

/** Answers of the history by what was asked, the newest last. */
type KeptPoints = Map<string, ReturnType<Past["points"]>>;

/** Bounds are turned one way and the other over the same past: the last answers are kept, for as long as somebody may be at it. */
const pointsKept = 2;
const pointsKeptMs = 300_000;

function remembering(past: BacktestContext["past"], kept: KeptPoints): BacktestContext["past"] {
  return {
    seriesOf: (indicator, signal) => past.seriesOf(indicator, signal),
    points({ series, edges, asOf }) {
      const key = `${edges.at(0)} ${edges.at(-1)} ${edges.length} ${asOf} ${series.join("\n")}`;
      const known = kept.get(key);
      if (known) return known;
      // Whoever turns a bound stops waiting for the last answer and asks the same of the history again.
      const asked = past.points({ series, edges, asOf }, new AbortController().signal);
      kept.set(key, asked);
      const forget = (): void => {
        if (kept.get(key) === asked) kept.delete(key);
      };
      asked.catch(forget);
      setTimeout(forget, pointsKeptMs).unref();
      for (const old of [...kept.keys()].slice(0, -pointsKept)) kept.delete(old);
      return asked;
    },
  };
}

async function tested(
  rule: AlarmRule,
  context: BacktestContext,
  { days, minutesPerAlarm }: { readonly days: number; readonly minutesPerAlarm: number },
  signal: AbortSignal,
): Promise<BacktestAnswer> {
  const { past, zone, now } = context;
  const ids = await seriesOfRule(rule, context, signal);
  const fromAt = now - days * dayMs;
  const everySeconds =
    bucketSeconds.find((seconds) => (ids.length * days * 86_400) / seconds <= bucketsAtMost) ?? 3600;
  const edges = bucketEdges(everySeconds, fromAt, Math.floor(now / 60_000) * 60_000, zone);
  const columns = ids.length === 0 ? [] : await past.points({ series: ids, edges, asOf: null }, signal);
  const usual = await usualOf(rule, ids, { ...context, edges }, signal);
  const series = ids.map((id, i): PastSeries => ({
    id,
    values: columns[i]?.mean ?? new Float64Array(edges.length - 1).fill(Number.NaN),
    usual: usual?.[i] ?? null,
  }));
  const found = backtest({ rule, zone, edges, series, secondsPerAlarm: minutesPerAlarm * 60 });
  return { rule: rule.id, indicator: rule.indicator!, everySeconds, ...found };
}

/** The series that the rule watches, as far as any was ever recorded. */
async function seriesOfRule(
  { indicator, by, groups }: AlarmRule,
  { past }: BacktestContext,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (by.length === 0) return [indicator!];
  const recorded = await past.seriesOf(indicator!, signal);
  const isWatched = (id: string): boolean => {
    const group = id.slice(indicator!.length + 1, -1);
    return groups === null ? by.some((name) => group.startsWith(`${name}:`)) : groups.includes(group);
  };
  return recorded.filter(isWatched).toSorted().slice(0, seriesAtMost);
}

/** Of a rule about what is usual: for each series the band of a bucket's hour, by the weeks before that. */
async function usualOf(
  rule: AlarmRule,
  ids: readonly string[],
  { past, zone, holidays, edges }: BacktestContext & { readonly edges: Float64Array },
  signal: AbortSignal,
): Promise<readonly ((bucket: number) => Usual | null)[] | null> {
  if (!("outsideUsual" in rule.when) || ids.length === 0) return null;
  const [fromAt, toAt] = [edges[0]!, edges.at(-1)!];
  const hours = bucketEdges("hour", addLocalWeeks(fromAt, -usualWeeks, zone), toAt + 1, zone);
  const slots = slotsOf(hours.subarray(0, -1), "hour-of-week", zone, (at) =>
    holidays.has(cityDate(at, zone)),
  );
  const columns = await past.points({ series: ids, edges: hours, asOf: null }, signal);
  return ids.map((_, i) => {
    const bands = expectedBands(columns[i]!.mean, slots, 0, usualWeeks);
    let hour = 0;
    return (bucket) => {
      const at = edges[bucket + 1]!;
      while (hour > 0 && hours[hour]! > at) hour--;
      while (hour < bands.length - 1 && hours[hour + 1]! <= at) hour++;
      const band = bands[hour];
      return band ? { fromAt: hours[hour]!, toAt: hours[hour + 1]!, low: band.low, high: band.high } : null;
    };
  });
}
