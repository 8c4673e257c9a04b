/** Who led when: the places of groups among each other, bucket by bucket. Pure. */

import type { SeriesPoint } from "../../shared/series.ts";
import { freshValue } from "./series-shape.ts";

/**
 * Each group's place in each bucket, 1 for the largest value (the smallest when `isLowFirst`); equals share the better
 * place, and a group without a fresh value has none.
 */
export function ranksOf(
  groups: readonly (readonly SeriesPoint[])[],
  isLowFirst = false,
): (number | null)[][] {
  const values = groups.map((points) => points.map(freshValue));
  const length = Math.max(0, ...values.map((one) => one.length));
  const places: (number | null)[][] = groups.map(() => new Array<number | null>(length).fill(null));
  for (let i = 0; i < length; i++) {
    const known = values.flatMap((one, group) => {
      const value = one[i] ?? null;
      return value === null ? [] : [{ group, value }];
    });
    known.sort((a, b) => (isLowFirst ? a.value - b.value : b.value - a.value));
    known.forEach(({ group, value }, place) => {
      const before = known[place - 1];
      places[group]![i] = before?.value === value ? places[before.group]![i]! : place + 1;
    });
  }
  return places;
}

/** Places gained from one place to another, negative for lost ones; `null` where one of them is not known. */
export function moveBetween(
  place: number | null | undefined,
  before: number | null | undefined,
): number | null {
  return place == null || before == null ? null : before - place;
}
