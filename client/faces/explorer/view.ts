/** What the explorer shows. The address is the state: a view is read from it and written to it, and nothing else is kept. Pure. */

import { figuresShown } from "../../../shared/saved-view.ts";
import type { Bucket } from "../../../shared/series.ts";
import { formatAgainst, parseAgainst, type Against } from "./against.ts";
import { defaultRange, formatRange, parseRange, type Range } from "./range.ts";

export const chartKinds = [
  "lines",
  "multiples",
  "stack",
  "share",
  "bars",
  "calendar",
  "week",
  "spread",
  "relation",
  "ranks",
  "map",
] as const;
export type ChartKind = (typeof chartKinds)[number];

/** How far ahead is foretold. */
export const aheads = ["6-hour", "24-hour", "3-day", "7-day", "14-day", "60-day"] as const;
export type Ahead = (typeof aheads)[number];

export const buckets = [60, 300, 900, "hour", "day", "week", "month"] as const;

export interface View {
  /** Series ids: an indicator, or one of its groups (`seriesId`). */
  readonly figures: readonly string[];
  /** Every group of this dimension, instead of the figures' own values; `null` for those. */
  readonly by: string | null;
  readonly range: Range;
  /** `auto`: as the width of the chart allows. */
  readonly bucket: Bucket | "auto";
  readonly chart: ChartKind;
  readonly compare: Against | null;
  /** What is usual for the same hour and weekday is drawn under the lines. */
  readonly usual: boolean;
  /** What is to come is drawn after them; `null` for nothing. */
  readonly ahead: Ahead | null;
  /** Only what was known then, epoch milliseconds; `null` for all that is known now. */
  readonly asOf: number | null;
  /** Buckets by which the second figure follows the first, where two are set against each other. */
  readonly lag: number;
  /** The chart's numbers are shown. */
  readonly numbers: boolean;
}

export const emptyView: View = {
  figures: [],
  by: null,
  range: defaultRange,
  bucket: "auto",
  chart: "lines",
  compare: null,
  usual: false,
  ahead: null,
  asOf: null,
  lag: 0,
  numbers: false,
};

/** The parameters of the address that belong to a view. */
export const viewParameters = [
  "show",
  "by",
  "range",
  "bucket",
  "chart",
  "compare",
  "usual",
  "ahead",
  "asOf",
  "lag",
  "numbers",
] as const;
export type ViewParameter = (typeof viewParameters)[number];

export const mostFigures = 8;
export const longestLag = 1_000;

/** The view of a query string, with the parameters whose value means nothing; those are as in `emptyView`. */
export function parseView(query: string): { view: View; faults: readonly ViewParameter[] } {
  const given = new URLSearchParams(query);
  const faults: ViewParameter[] = [];
  function read<T>(name: ViewParameter, otherwise: T, parse: (text: string) => T | null): T {
    const text = given.get(name);
    if (text === null || text === "") return otherwise;
    const value = parse(text);
    if (value === null) faults.push(name);
    return value ?? otherwise;
  }
  const view: View = {
    figures: read("show", emptyView.figures, someFigures),
    by: read<string | null>("by", null, (text) => text),
    range: read("range", emptyView.range, parseRange),
    bucket: read<Bucket | "auto">("bucket", "auto", parseBucket),
    chart: read("chart", emptyView.chart, (text) => chartKinds.find((kind) => kind === text) ?? null),
    compare: read<Against | null>("compare", null, parseAgainst),
    usual: read("usual", false, parseFlag),
    ahead: read<Ahead | null>("ahead", null, (text) => aheads.find((one) => one === text) ?? null),
    asOf: read<number | null>("asOf", null, parseInstant),
    lag: read("lag", 0, parseLag),
    numbers: read("numbers", false, parseFlag),
  };
  return { view, faults };
}

/** The query string of a view, without what is as in `emptyView`; each parameter once, in the order of `viewParameters`. */
export function formatView(view: View): string {
  const written: Record<ViewParameter, string | null> = {
    show: view.figures.length === 0 ? null : view.figures.map(escapeComma).join(","),
    by: view.by,
    range: formatRange(view.range) === formatRange(emptyView.range) ? null : formatRange(view.range),
    bucket: view.bucket === "auto" ? null : String(view.bucket),
    chart: view.chart === emptyView.chart ? null : view.chart,
    compare: view.compare === null ? null : formatAgainst(view.compare),
    usual: view.usual ? "1" : null,
    ahead: view.ahead,
    asOf: view.asOf === null ? null : new Date(view.asOf).toISOString(),
    lag: view.lag === 0 ? null : String(view.lag),
    numbers: view.numbers ? "1" : null,
  };
  const query = new URLSearchParams();
  for (const name of viewParameters) {
    const value = written[name];
    if (value !== null) query.set(name, value);
  }
  return query.toString();
}

function someFigures(show: string): readonly string[] | null {
  const ids = figuresShown(show);
  return ids.length === 0 ? null : ids.slice(0, mostFigures);
}

/** Groups are named by their sources, with commas too (`figuresShown`). */
function escapeComma(id: string): string {
  return id.replaceAll("%", "%25").replaceAll(",", "%2C");
}

function parseBucket(text: string): Bucket | "auto" | null {
  if (text === "auto") return text;
  return buckets.find((bucket) => String(bucket) === text) ?? null;
}

function parseFlag(text: string): boolean | null {
  return text === "1" ? true : null;
}

function parseInstant(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

function parseLag(text: string): number | null {
  const lag = Number(text);
  return Number.isInteger(lag) && Math.abs(lag) <= longestLag ? lag : null;
}
