/** Spans of time as standards write them in one text. */

import type { DateReader } from "./date-text.ts";

/** Epoch milliseconds; an instant is a span without length. */
export interface Interval {
  readonly fromAt: number;
  readonly toAt: number;
}

/** An instant, or `start/end` (ISO 8601-1 §5.5). `null` for anything else, and for a span that runs backwards. */
export function readInterval(text: string, dates: DateReader): Interval | null {
  const slash = text.indexOf("/");
  const fromAt = dates.read(slash < 0 ? text : text.slice(0, slash).trim());
  const toAt = slash < 0 ? fromAt : dates.read(text.slice(slash + 1).trim());
  return fromAt !== null && toAt !== null && fromAt <= toAt ? { fromAt, toAt } : null;
}
