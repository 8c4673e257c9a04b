/** From values and instants to places on a drawing, and back to round marks. */

import { tenth } from "./svg.ts";

export type Scale = (value: number) => number;

export function linear(from: number, to: number, start: number, end: number): Scale {
  const span = to - from;
  return (value) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start));
}

/** Round marks (1, 2 or 5 times a power of ten) from at or below `low` to at or above `high`, about `count` steps. */
export function roundMarks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count || Math.abs(high) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  // The step nearest to the rough one, as ratios go.
  const step =
    power * ([1, 2, 5].find((times) => rough / power <= times * Math.sqrt(times === 2 ? 2.5 : 2)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toFixed(digits)));
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Path data through places; a `null` lifts the pen. A place between two gaps is a dot. */
export function pathOf(places: readonly (Place | null)[]): string {
  let path = "";
  places.forEach((place, i) => {
    if (!place) return;
    const begins = !places[i - 1];
    path += `${begins ? "M" : "L"}${tenth(place.x)} ${tenth(place.y)}`;
    if (begins && !places[i + 1]) path += "h0";
  });
  return path;
}
