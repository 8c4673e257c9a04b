/** Points of a series as `/api/v1/series?form=columns` tells them: the same, in a fraction of the room. */

import type { Comparison, SeriesItem, SeriesPoint } from "./series.ts";

export interface SeriesColumns {
  /** Start of the first bucket, epoch milliseconds. */
  readonly from: number;
  /** How many buckets follow on one another, and how many seconds each of them lasts. */
  readonly lengths: readonly (readonly [buckets: number, seconds: number])[];
  readonly value: readonly (number | null)[];
  /** `null`: of every bucket its value. */
  readonly min: readonly (number | null)[] | null;
  readonly max: readonly (number | null)[] | null;
  /** Of how many buckets, one after the other. */
  readonly states: readonly (readonly [
    buckets: number,
    state: SeriesPoint["state"],
    reason: SeriesPoint["reason"],
  ])[];
}

export interface SeriesItemInColumns extends Omit<SeriesItem, "points" | "compare"> {
  readonly columns: SeriesColumns;
  readonly compare?: Readonly<Partial<Record<Comparison, SeriesColumns>>>;
}

/** The bounds of the points' buckets are one more than there are points. */
export function columnsOfPoints(points: readonly SeriesPoint[], edges: ArrayLike<number>): SeriesColumns {
  const lengths: [number, number][] = [];
  const states: [number, SeriesPoint["state"], SeriesPoint["reason"]][] = [];
  let [isMin, isMax] = [true, true];
  points.forEach(({ value, min, max, state, reason }, i) => {
    const seconds = (edges[i + 1]! - edges[i]!) / 1000;
    const length = lengths.at(-1);
    if (length?.[1] === seconds) length[0]++;
    else lengths.push([1, seconds]);
    const same = states.at(-1);
    if (same?.[1] === state && same[2] === reason) same[0]++;
    else states.push([1, state, reason]);
    isMin &&= min === value;
    isMax &&= max === value;
  });
  return {
    from: edges[0] ?? 0,
    lengths,
    value: points.map(({ value }) => value),
    min: isMin ? null : points.map(({ min }) => min),
    max: isMax ? null : points.map(({ max }) => max),
    states,
  };
}

export function pointsOfColumns({ from, lengths, value, min, max, states }: SeriesColumns): SeriesPoint[] {
  const points: SeriesPoint[] = [];
  let at = from;
  let [length, ofLength, run, ofRun] = [0, 0, 0, 0];
  for (let i = 0; i < value.length; i++) {
    if (ofLength === lengths[length]![0]) [length, ofLength] = [length + 1, 0];
    if (ofRun === states[run]![0]) [run, ofRun] = [run + 1, 0];
    const [, state, reason] = states[run]!;
    points.push({ at, value: value[i]!, min: (min ?? value)[i]!, max: (max ?? value)[i]!, state, reason });
    at += lengths[length]![1] * 1000;
    ofLength++;
    ofRun++;
  }
  return points;
}

export function seriesItemOf({ columns, compare, ...item }: SeriesItemInColumns): SeriesItem {
  const points = pointsOfColumns(columns);
  if (compare === undefined) return { ...item, points };
  const beside = Object.entries(compare).map(([name, one]) => [name, pointsOfColumns(one)] as const);
  return { ...item, points, compare: Object.fromEntries(beside) };
}

/** How an answer tells its points; points themselves are easier to read, columns quicker to send. */
export const seriesForms = ["points", "columns"] as const;
export type SeriesForm = (typeof seriesForms)[number];
