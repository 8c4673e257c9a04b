/** New alarms over time as bars: each ten minutes, or of longer stretches the busiest ten minutes of several. Pure. */

import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";

export interface RateBar {
  readonly fromAt: number;
  readonly toAt: number;
  /** New alarms in ten minutes; of several the most. */
  readonly count: number;
}

export interface RateBars {
  readonly bars: readonly RateBar[];
  /** Ten minutes of each bar. */
  readonly slots: number;
}

const slotMs = 600_000;
/** Ten minutes, half an hour, hours, days. */
const slotsOfBar = [1, 3, 6, 18, 36, 72, 144];

/** At most `most` bars, as fine as that allows. */
export function rateBars(
  { fromAt, toAt, perTenMinutes: { counts } }: Pick<AlarmFiguresAnswer, "fromAt" | "toAt" | "perTenMinutes">,
  most: number,
): RateBars {
  const slots = slotsOfBar.find((size) => counts.length / size <= most) ?? slotsOfBar.at(-1)!;
  const bars = Array.from({ length: Math.ceil(counts.length / slots) }, (_, i): RateBar => {
    const of = counts.slice(i * slots, (i + 1) * slots);
    return {
      fromAt: fromAt + i * slots * slotMs,
      toAt: Math.min(fromAt + (i + 1) * slots * slotMs, toAt),
      count: of.reduce((a, b) => Math.max(a, b), 0),
    };
  });
  return { bars, slots };
}
