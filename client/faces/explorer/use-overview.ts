/** The whole past of a figure, small: asked once for where it was recorded, and once for that. */

import { useEffect, useState } from "react";
import type { SeriesItem, SeriesPoint } from "../../../shared/series.ts";
import { chooseBucket } from "../../charts/bucket-choice.ts";
import { recordedSpan } from "../../charts/series-shape.ts";
import type { TimeSpan } from "../../charts/time-span.ts";
import { askSeries, type SeriesRequest } from "./series-data.ts";

export interface Overview {
  readonly id: string;
  readonly points: readonly SeriesPoint[];
  /** From the first to the last recorded bucket. */
  readonly span: TimeSpan;
}

/** No city has recorded for longer. */
const longestYears = 30;
const yearMs = 365.25 * 86_400_000;
const points = 400;
/** The past grows slowly beside its length. */
const againMs = 300_000;

/** `null` before it is known, and where nothing was recorded. `id`: a series, or `null` for none. */
export function useOverview(id: string | null, now: number, asOf: number | null): Overview | null {
  const [overview, setOverview] = useState<Overview | null>(null);
  const until = Math.floor(now / againMs) * againMs;
  useEffect(() => {
    if (id === null) return;
    const stop = new AbortController();
    const ask = async ({ fromAt, toAt }: TimeSpan): Promise<SeriesItem | null> => {
      const bucket = chooseBucket(fromAt, toAt, points);
      const request: SeriesRequest = {
        ids: [id],
        by: null,
        fromAt,
        toAt,
        bucket,
        compare: null,
        against: null,
        asOf,
      };
      return (await askSeries(request, stop.signal)).items?.[0] ?? null;
    };
    const look = async (): Promise<void> => {
      const all = await ask({ fromAt: until - longestYears * yearMs, toAt: until });
      const span = all && recordedSpan([all.points], until);
      const item = span && (await ask({ fromAt: span.fromAt, toAt: Math.min(span.toAt, until) }));
      const recorded = item && recordedSpan([item.points], until);
      if (stop.signal.aborted) return;
      setOverview(recorded ? { id, points: item.points, span: recorded } : null);
    };
    void look();
    return () => stop.abort();
  }, [id, until, asOf]);
  return overview?.id === id ? overview : null;
}
