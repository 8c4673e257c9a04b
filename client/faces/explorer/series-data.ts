/** What the server tells of the past, asked for while a view shows it. */

import { useEffect, useRef, useState } from "react";
import { seriesAgainst } from "./against.ts";
import type { Bucket, Comparison, SeriesItem } from "../../../shared/series.ts";
import { seriesItemOf, type SeriesItemInColumns } from "../../../shared/series-columns.ts";

export interface SeriesRequest {
  readonly ids: readonly string[];
  readonly by: string | null;
  readonly fromAt: number;
  readonly toAt: number;
  readonly bucket: Bucket;
  readonly compare: Comparison | null;
  /** Another group that the same figures are asked for, to be compared with. */
  readonly against: { readonly group: string | null } | null;
  readonly asOf: number | null;
}

export interface Series {
  /** As they were until there are newer ones; `null` before the first answer. */
  readonly items: readonly SeriesItem[] | null;
  /** What `items` answers. */
  readonly request: SeriesRequest | null;
  /** Why the newest request was not answered, in words; empty when the server cannot be reached. */
  readonly problem: string | null;
}

/** The newest answer stands at least this long, however fast the city's clock runs. */
const askEveryMs = 5_000;
const tryAgainMs = 10_000;

/** The query of `/api/v1/series`. */
export function seriesQuery(request: SeriesRequest): string {
  const { ids, by, fromAt, toAt, bucket, compare, against, asOf } = request;
  // With a grouping the other group is one of all.
  const others = against === null || by !== null ? [] : ids.flatMap((id) => seriesAgainst(id, against) ?? []);
  const query = new URLSearchParams({
    indicator: [...new Set([...ids, ...others])].join(","),
    from: new Date(fromAt).toISOString(),
    to: new Date(toAt).toISOString(),
    bucket: String(bucket),
  });
  if (by !== null) query.set("by", by);
  if (compare !== null) query.set("compare", compare);
  if (asOf !== null) query.set("asOf", new Date(asOf).toISOString());
  return query.toString();
}

/** The query of `/api/v1/export`: the same question, the same numbers, without what they are compared with. */
export function exportQuery(request: SeriesRequest, format: "csv" | "xlsx" | "parquet"): string {
  return `${seriesQuery({ ...request, compare: null, against: null })}&format=${format}`;
}

/** The question without its time: another one is asked at once, the same one a little later not too often. */
function questionOf(request: SeriesRequest): string {
  return seriesQuery({ ...request, fromAt: 0, toAt: request.toAt - request.fromAt });
}

/** The answer to a request, asked again whenever the request changes; `null` asks nothing. `attempt` asks anew. */
export function useSeries(request: SeriesRequest | null, attempt: number): Series {
  const [series, setSeries] = useState<Series>({ items: null, request: null, problem: null });
  const asked = useRef({ question: "", at: Number.NEGATIVE_INFINITY });
  const query = request === null ? null : seriesQuery(request);
  const wanted = useRef(request);
  useEffect(() => {
    wanted.current = request;
  });
  useEffect(() => {
    const now = wanted.current;
    if (query === null || now === null) return;
    const question = `${questionOf(now)} ${attempt}`;
    const isSame = question === asked.current.question;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async (): Promise<void> => {
      asked.current = { question, at: performance.now() };
      const answer = await askSeries(now, stop.signal);
      if (stop.signal.aborted) return;
      setSeries((before) =>
        answer.items === null
          ? { ...before, problem: answer.problem }
          : { items: answer.items, request: now, problem: null },
      );
      if (answer.problem === "") timer = setTimeout(() => void ask(), tryAgainMs);
    };
    timer = setTimeout(
      () => void ask(),
      isSame ? Math.max(asked.current.at + askEveryMs - performance.now(), 0) : 0,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [query, attempt]);
  return series;
}

type Answer =
  | { readonly items: readonly SeriesItem[]; readonly problem: null }
  | { readonly items: null; readonly problem: string };

export async function askSeries(request: SeriesRequest, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await fetch(`/api/v1/series?${seriesQuery(request)}&form=columns`, {
      headers: { accept: "application/json" },
      signal,
    });
    if (answer.ok) {
      const items = (await answer.json()) as SeriesItemInColumns[];
      return { items: items.map(seriesItemOf), problem: null };
    }
    // RFC 9457: the detail names the field and what was expected.
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    return { items: null, problem: problem.detail ?? `HTTP ${answer.status}` };
  } catch {
    return { items: null, problem: "" };
  }
}
