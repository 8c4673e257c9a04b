/** Keeps the live city told of what is usual at this hour for the series whose alarm rules ask that. */

import { parseSeriesId } from "../shared/city.ts";
import { addLocalWeeks, cityDate } from "../shared/city-time.ts";
import type { AlarmRule } from "../shared/alarms.ts";
import type { Usual } from "./core/alarms/verdict.ts";
import { expectedBands } from "./core/outlook/expected.ts";
import { slotsOf } from "./core/outlook/season.ts";
import { bucketEdges } from "./http/buckets.ts";
import type { Epoch } from "./epoch.ts";
import type { Past } from "./http/past.ts";

/** The weeks before that count. */
const weeks = 8;
const quarterMs = 900_000;

export interface UsualContext {
  readonly past: Pick<Past, "points">;
  readonly rules: readonly AlarmRule[];
  /** Every series there is. */
  readonly series: Iterable<string>;
  readonly zone: string;
  /** City dates on which it behaves as on a Sunday. */
  readonly holidays: ReadonlySet<string>;
}

/**
 * What is usual for each series that a rule compares with it, in the city's hour of `now`: where four of five values are to
 * be expected, by the same hour of the week in the eight weeks before. A series of which too little is known is left out.
 */
export async function usualAt(
  { past, rules, series, zone, holidays }: UsualContext,
  now: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Usual>> {
  const asking = new Set(rules.flatMap(({ when, indicator }) => ("outsideUsual" in when ? [indicator] : [])));
  const asked = Array.from(series).filter((id) => asking.has(parseSeriesId(id).indicator));
  if (asked.length === 0) return new Map();
  const edges = bucketEdges("hour", addLocalWeeks(now, -weeks, zone), now + 1, zone);
  const slots = slotsOf(edges.subarray(0, -1), "hour-of-week", zone, (at) =>
    holidays.has(cityDate(at, zone)),
  );
  const columns = await past.points({ series: asked, edges, asOf: null }, signal);
  const last = edges.length - 2;
  const [fromAt, toAt] = [edges[last]!, edges[last + 1]!];
  return new Map(
    asked.flatMap((id, i): [string, Usual][] => {
      const mean = columns[i]?.mean;
      const [band] = mean ? expectedBands(mean, slots, last, weeks) : [];
      return band ? [[id, { fromAt, toAt, low: band.low, high: band.high }]] : [];
    }),
  );
}

export interface UsualOptions {
  readonly context: () => UsualContext;
  /** City time. */
  readonly now: () => number;
  readonly tell: (usual: ReadonlyMap<string, Usual>) => void;
  readonly onFailure: (error: unknown) => void;
  /** How often it is looked whether another hour has begun, in wall time. */
  readonly lookMs?: number;
}

/** Tells what is usual once for each hour of the city; returns its stop. What fails is asked again at the next look. */
export function startUsual({ context, now, tell, onFailure, lookMs = 10_000 }: UsualOptions): () => void {
  let told = Number.NaN;
  let isAsking = false;
  const cancel = new AbortController();
  const look = async (): Promise<void> => {
    // There are zones whose hours begin at a quarter to.
    const quarter = Math.floor(now() / quarterMs);
    if (isAsking || quarter === told) return;
    isAsking = true;
    try {
      tell(await usualAt(context(), now(), cancel.signal));
      told = quarter;
    } catch (error) {
      if (!cancel.signal.aborted) onFailure(error);
    } finally {
      isAsking = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    cancel.abort();
  };
}

/** The rules and the series that the running city has. */
export function usualContextOf({ folder, live }: Epoch): Omit<UsualContext, "past"> {
  return {
    rules: folder.rules,
    series: live.city.readings.keys(),
    zone: folder.settings.zone,
    holidays: new Set(folder.holidays.map(({ date }) => date)),
  };
}
