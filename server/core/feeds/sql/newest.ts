/** Where an incremental query stands: the newest value of its column, and from where to ask next. */

import type { Cursor } from "../connector.ts";
import { dateReader, LocalTimes } from "../date-text.ts";
import { clockSkewMs } from "../instant.ts";
import type { QueryColumn } from "./result.ts";

const wholeTypes: ReadonlySet<string> = new Set(["int2", "int4", "int8"]);
const timeTypes: ReadonlySet<string> = new Set(["timestamptz", "timestamp", "date"]);
/** As PostgreSQL writes times with `datestyle` ISO and `timezone` UTC; neither `infinity` nor years BC. */
const timeText = /^\d{4,}-\d\d-\d\d(?: \d\d:\d\d:\d\d(?:\.\d+)?(\+00)?)?$/;

/** The types that a column must have to tell what is new. */
export function tellsNews({ type }: QueryColumn): boolean {
  return wholeTypes.has(type) || timeTypes.has(type);
}

/**
 * The newest of the column's texts, and how many were left out because they lie in the future: one wrong clock would
 * otherwise hide everything until then. `zone` is that of times without one.
 */
export function newestOf(
  texts: readonly (string | null)[],
  { type }: QueryColumn,
  zone: string,
  receivedAt: number,
): { readonly newest: string | null; readonly future: number } {
  const isWhole = wholeTypes.has(type);
  const dates = dateReader("ISO", new LocalTimes(zone));
  let newest: string | null = null;
  let future = 0;
  for (const text of texts) {
    if (text === null || !(isWhole ? /^-?\d+$/ : timeText).test(text)) continue;
    if (!isWhole && (dates.read(text) ?? 0) > receivedAt + clockSkewMs) future++;
    else if (newest === null || isAfter(text, newest, isWhole)) newest = text;
  }
  return { newest, future };
}

/** Times of one form order as their texts do; numbers may be longer than a double holds. */
function isAfter(a: string, b: string, isWhole: boolean): boolean {
  return isWhole ? BigInt(a) > BigInt(b) : a > b;
}

/** The feed's memory of `column`: another column begins anew. */
export function newestKey(column: string): string {
  return `newest ${column}`;
}

/** What `$1` is: the newest value seen, a time less the overlap; `null` before anything was seen. */
export function sinceOf(cursor: Cursor | null, column: string, overlapSeconds: number): string | null {
  const newest = cursor?.[newestKey(column)];
  if (newest === undefined) return null;
  const text = String(newest);
  const time = timeText.exec(text);
  if (!time || overlapSeconds === 0) return text;
  const at = Date.parse(`${text.replace(/\+00$/, "").replace(" ", "T")}${text.includes(" ") ? "Z" : ""}`);
  if (Number.isNaN(at)) return text;
  const earlier = new Date(at - overlapSeconds * 1_000).toISOString();
  if (!text.includes(" ")) return earlier.slice(0, 10);
  return `${earlier.slice(0, -1).replace("T", " ")}${time[1] ?? ""}`;
}
