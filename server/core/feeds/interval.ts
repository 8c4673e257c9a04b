/** Spans of time as standards write them in one text. */

import type { DateReader } from "./date-text.ts";

/** Epoch milliseconds; an instant is a span without length. */
export interface Interval {
  readonly fromAt: number;
  readonly toAt: number;
}

/** An instant, or `start/end` (ISO 8601-1 §5.5). `null` for anything else, and for a span that runs backwards. */
export function readInterval(text: string, dates: DateReader): Interval | null {
  const ends = text.split("/").map((end) => dates.read(end.trim()));
  const [fromAt, toAt] = ends.length === 1 ? [ends[0], ends[0]] : ends;
  if (ends.length > 2 || typeof fromAt !== "number" || typeof toAt !== "number") return null;
  return fromAt <= toAt ? { fromAt, toAt } : null;
}
