/** What a rule watches, over the recorded past: figures, the health of feeds, or what other rules would have done. */

import type { AlarmRule } from "../../shared/alarms.ts";
import { parseSeriesId, seriesId } from "../../shared/city.ts";
import { addLocalWeeks, cityDate } from "../../shared/city-time.ts";
import type { Kind } from "../../shared/kinds.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { codedState } from "../../shared/state-code.ts";
import { activeStretches, type PastSeries } from "../core/alarms/backtest.ts";
import { countedTogether, type Stretch } from "../core/alarms/counted-together.ts";
import type { AreaIndex } from "../core/city/areas.ts";
import type { Usual } from "../core/alarms/verdict.ts";
import { expectedBands } from "../core/outlook/expected.ts";
import { slotsOf } from "../core/outlook/season.ts";
import type { FeedTurn, PointColumns, Span } from "../history/history.ts";
import { bucketEdges } from "./buckets.ts";
import type { Past } from "./past.ts";
import { pastThings } from "./past-things.ts";

export interface RulePastContext {
  readonly past: Pick<Past, "points" | "seriesOf" | "feedTurns" | "thingsOver">;
  readonly areas: AreaIndex;
  readonly zone: string;
  /** City dates on which it behaves as on a Sunday. */
  readonly holidays: ReadonlySet<string>;
  /** Those of the city, for the ones that wait for others. */
  readonly rules: readonly AlarmRule[];
}

/** A rule as it is judged over the past, and what it watches there. */
export interface RulePast extends Span {
  readonly rule: AlarmRule;
  /** The figures are means over so long; 0 where it is known to the instant. */
  readonly everySeconds: number;
  readonly series: readonly PastSeries[];
}

/** The finest buckets are taken of which there are no more than this: one series has 90 days by the minute. */
const bucketsAtMost = 130_000;
const bucketSeconds = [60, 300, 900, 3600] as const;
/** Groups that are looked at; a rule of more is tested on the first of them by name. */
const seriesAtMost = 200;
/** The weeks before by which it is judged what is usual. */
const usualWeeks = 8;
/** Rules that wait for rules that wait for rules. */
const deepest = 5;

/** A failure says what of its past is not recorded. */
export async function pastOfRule(
  rule: AlarmRule,
  context: RulePastContext,
  span: Span,
  signal: AbortSignal,
  depth = 0,
): Promise<Result<RulePast, string>> {
  if ("silent" in rule.when) return ok(await pastOfSilence(rule, context, span, signal));
  if ("of" in rule.when) return pastOfCombination(rule, context, span, signal, depth);
  if ("each" in rule.when) return pastOfThings(rule, rule.when.each, context, span, signal);
  return ok(await pastOfFigures(rule, context, span, signal));
}

async function pastOfFigures(
  rule: AlarmRule,
  context: RulePastContext,
  { fromAt, toAt }: Span,
  signal: AbortSignal,
): Promise<RulePast> {
  const { past, zone } = context;
  const ids = await seriesOfRule(rule, context, signal);
  const seconds = (toAt - fromAt) / 1000;
  const everySeconds = bucketSeconds.find((each) => (ids.length * seconds) / each <= bucketsAtMost) ?? 3600;
  const edges = bucketEdges(everySeconds, fromAt, Math.floor(toAt / 60_000) * 60_000, zone);
  const columns = ids.length === 0 ? [] : await past.points({ series: ids, edges, asOf: null }, signal);
  const usual = await usualOf(rule, ids, { ...context, edges }, signal);
  const isUnknown = "unknown" in rule.when;
  return {
    // Whether it was known is counted: 1 when it was not.
    rule: isUnknown ? { ...rule, when: { atLeast: 1, of: [rule.id] } } : rule,
    fromAt: edges[0]!,
    toAt: edges.at(-1)!,
    everySeconds,
    series: ids.map((id, i): PastSeries => {
      const found = columns[i];
      const values = !found
        ? new Float64Array(edges.length - 1).fill(Number.NaN)
        : isUnknown
          ? unknownness(found)
          : found.mean;
      const known = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
      return {
        id,
        at: edges.subarray(1),
        values,
        usual: usual?.[i] ?? null,
        knownPercent: values.length === 0 ? 0 : (100 * known) / values.length,
      };
    }),
  };
}

/** At the end of each bucket: 1 where the value was not known or stale, 0 where it was fresh, NaN where nobody was watching. */
function unknownness({ code }: Pick<PointColumns, "code">): Float64Array {
  return Float64Array.from(code, (one) => {
    const coded = codedState(one);
    if (coded === null || coded.reason === "not-applicable" || coded.reason === "not-recorded")
      return Number.NaN;
    return coded.state === "fresh" ? 0 : 1;
  });
}

async function pastOfSilence(
  rule: AlarmRule,
  { past }: RulePastContext,
  span: Span,
  signal: AbortSignal,
): Promise<RulePast> {
  const { when } = rule;
  if (!("silent" in when)) throw new Error(`rule ${rule.id} is not about silence`);
  const byFeed = Map.groupBy(await past.feedTurns(span, signal), ({ feed }) => feed);
  const feeds = when.feeds === "all" ? Array.from(byFeed.keys()) : when.feeds;
  const isSilent = (status: FeedTurn["status"]): number =>
    status === null ? Number.NaN : Number(when.silent === "down" ? status === "down" : status !== "fresh");
  return {
    rule,
    ...span,
    everySeconds: 0,
    series: feeds.toSorted().map((feed): PastSeries => {
      const turns = byFeed.get(feed) ?? [];
      const known = turns.reduce(
        (sum, { at, status }, i) => sum + (status === null ? 0 : (turns[i + 1]?.at ?? span.toAt) - at),
        0,
      );
      return {
        id: seriesId(rule.id, `feed:${feed}`),
        at: Float64Array.from(turns, ({ at }) => at),
        values: Float64Array.from(turns, ({ status }) => isSilent(status)),
        usual: null,
        knownPercent: (100 * known) / (span.toAt - span.fromAt),
      };
    }),
  };
}

/** From when on things of the kind were recorded. */
async function pastOfThings(
  rule: AlarmRule,
  kind: Kind,
  { past, areas }: RulePastContext,
  span: Span,
  signal: AbortSignal,
): Promise<Result<RulePast, string>> {
  const things = await past.thingsOver(kind, span, signal);
  const [first] = things.watched;
  if (first === undefined)
    return fail(`rule.when.each: nothing was recorded of things of the kind ${kind} in this time`);
  const recorded = { fromAt: first.fromAt, toAt: span.toAt };
  const turns = await past.feedTurns(recorded, signal);
  const series = await pastThings(rule, things, areas, turns, recorded, signal);
  return ok({ rule, ...recorded, everySeconds: 0, series });
}

async function pastOfCombination(
  rule: AlarmRule,
  context: RulePastContext,
  span: Span,
  signal: AbortSignal,
  depth: number,
): Promise<Result<RulePast, string>> {
  const { when, by, groups } = rule;
  if (!("of" in when)) throw new Error(`rule ${rule.id} is no combination`);
  if (depth >= deepest) return fail(`rule.when.of: more than ${deepest} rules wait for each other`);
  const parts: Map<string | null, readonly Stretch[]>[] = [];
  let [everySeconds, knownPercent] = [0, 100];
  for (const id of new Set(when.of)) {
    const part = context.rules.find((one) => one.id === id);
    if (part?.enabled !== true) continue;
    const past = await pastOfRule(part, context, span, signal, depth + 1);
    if (!past.ok) return fail(`${id}: ${past.failure}`);
    const { rule: judged, series, toAt } = past.value;
    parts.push(
      new Map(
        series.map((one) => [parseSeriesId(one.id).group, activeStretches(judged, one, toAt)] as const),
      ),
    );
    everySeconds = Math.max(everySeconds, past.value.everySeconds);
    const { fromAt } = past.value;
    const share = (toAt - fromAt) / (span.toAt - span.fromAt);
    const known =
      (share * series.reduce((sum, one) => sum + one.knownPercent, 0)) / Math.max(1, series.length);
    knownPercent = Math.min(knownPercent, known);
  }
  const isOfRule = (group: string | null): boolean =>
    group !== null &&
    by.some((name) => group.startsWith(`${name}:`)) &&
    (groups === null || groups.includes(group));
  const wanted =
    by.length === 0
      ? [null]
      : Array.from(new Set(parts.flatMap((part) => Array.from(part.keys())))).filter(isOfRule);
  const series = wanted.map((group): PastSeries => {
    const ofParts = parts.map((part) =>
      by.length === 0 ? Array.from(part.values()).flat() : (part.get(group) ?? []),
    );
    return {
      id: seriesId(rule.id, group),
      ...countedTogether(ofParts, span.fromAt),
      usual: null,
      knownPercent,
    };
  });
  return ok({ rule, ...span, everySeconds, series: series.slice(0, seriesAtMost) });
}

/** The series that the rule watches, as far as any was ever recorded. */
async function seriesOfRule(
  { indicator, by, groups }: AlarmRule,
  { past }: RulePastContext,
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
  { past, zone, holidays, edges }: RulePastContext & { readonly edges: Float64Array },
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
