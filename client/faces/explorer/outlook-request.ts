/** What a view asks about what is usual and what is to come, or why neither can be had. Pure. */

import { startOfDay, startOfNextDay } from "../../../shared/city-time.ts";
import type { OutlookBucket } from "../../../shared/outlook.ts";
import type { Bucket } from "../../../shared/series.ts";
import { bucketSeconds } from "../../charts/bucket-choice.ts";
import type { Stretch } from "./range.ts";
import type { Ahead, View } from "./view.ts";

const hourMs = 3_600_000;

/** Bands of more lines than these hide each other. */
export const mostBandsInOne = 3;
/** Each has a drawing of its own; the server tells of no more at once. */
export const mostBandsInMultiples = 24;

/** How far ahead the server foretells at most, in buckets. */
const mostAhead = { hour: 7 * 24, day: 60 } as const satisfies Record<OutlookBucket, number>;

/**
 * Why there is none: it has no place in this kind of `chart`; there are too many figures (`crowd`); weeks and months have
 * no band (`bucket`); what is shown does not end at the present (`past`), or as it was known at another time (`as-of`).
 */
export type NoOutlook = "chart" | "crowd" | "bucket" | "past" | "as-of";

export interface OutlookRequest {
  readonly ids: readonly string[];
  readonly bucket: OutlookBucket;
  /** Whole buckets; `null` where what is usual is not asked for. */
  readonly usual: (Stretch & { readonly asOf: number | null }) | null;
  /** How many buckets to come; `null` where nothing is to be foretold. */
  readonly ahead: number | null;
}

export interface OutlookAsked {
  /** `null` where nothing is left to ask. */
  readonly request: OutlookRequest | null;
  /** Why what the view wants cannot be had; `null` where it can, or is not wanted. */
  readonly noUsual: NoOutlook | null;
  readonly noForecast: NoOutlook | null;
}

export interface Drawn {
  readonly ids: readonly string[];
  readonly bucket: Bucket;
  readonly stretch: Stretch;
  readonly zone: string;
  /** City time. */
  readonly now: number;
  /** The city's clock shows another time than the present. */
  readonly isPast: boolean;
}

/** `drawn`: what the chart is made of. */
export function outlookOf(view: View, drawn: Drawn): OutlookAsked {
  const bucket = bandBucket(drawn.bucket);
  const either = noBand(view, drawn, bucket);
  const noUsual = view.usual ? either : null;
  const noForecast = view.ahead === null ? null : (either ?? noPresent(view, drawn));
  const usual = view.usual && noUsual === null ? wholeBuckets(drawn, bucket!) : null;
  const ahead = view.ahead !== null && noForecast === null ? bucketsAhead(view.ahead, bucket!) : null;
  if (usual === null && ahead === null) return { request: null, noUsual, noForecast };
  return {
    request: { ids: drawn.ids, bucket: bucket!, usual: usual && { ...usual, asOf: view.asOf }, ahead },
    noUsual,
    noForecast,
  };
}

/** The buckets that bands are made of, under lines of this bucket; `null` where there are none. */
export function bandBucket(bucket: Bucket): OutlookBucket | null {
  const seconds = bucketSeconds(bucket);
  if (seconds <= 3_600) return "hour";
  return bucket === "day" || bucket === 86_400 ? "day" : null;
}

/** A resolution that nobody chose gives way to one beside which there can be what the view wants. */
export function bucketBeside({ chart, usual, ahead }: View, bucket: Bucket): Bucket {
  if ((chart !== "lines" && chart !== "multiples") || (!usual && ahead === null)) return bucket;
  const seconds = bucketSeconds(bucket);
  if (seconds >= 86_400) return bucket;
  if (seconds > 2 * 3_600 || (ahead !== null && hoursOf(ahead) > mostAhead.hour)) return "day";
  return seconds < 600 ? bucket : "hour";
}

function noBand(view: View, { ids }: Drawn, bucket: OutlookBucket | null): NoOutlook | null {
  if (view.chart !== "lines" && view.chart !== "multiples") return "chart";
  if (ids.length > (view.chart === "lines" ? mostBandsInOne : mostBandsInMultiples)) return "crowd";
  return bucket === null ? "bucket" : null;
}

function noPresent(view: View, { stretch, now, isPast }: Drawn): NoOutlook | null {
  if (view.asOf !== null) return "as-of";
  return isPast || stretch.toAt < now - hourMs ? "past" : null;
}

/** The same question for as long as a bucket runs. */
function wholeBuckets({ stretch: { fromAt, toAt }, zone }: Drawn, bucket: OutlookBucket): Stretch {
  return bucket === "hour"
    ? { fromAt: Math.floor(fromAt / hourMs) * hourMs, toAt: Math.ceil(toAt / hourMs) * hourMs }
    : { fromAt: startOfDay(fromAt, zone), toAt: startOfNextDay(toAt - 1, zone) };
}

function bucketsAhead(ahead: Ahead, bucket: OutlookBucket): number {
  const buckets = bucket === "hour" ? hoursOf(ahead) : Math.max(Math.round(hoursOf(ahead) / 24), 1);
  return Math.min(buckets, mostAhead[bucket]);
}

/** Count and unit of `24-hour`. */
export function aheadParts(ahead: Ahead): { readonly count: number; readonly unit: "hour" | "day" } {
  const [count, unit] = ahead.split("-") as [string, "hour" | "day"];
  return { count: Number(count), unit };
}

function hoursOf(ahead: Ahead): number {
  const { count, unit } = aheadParts(ahead);
  return unit === "day" ? count * 24 : count;
}
