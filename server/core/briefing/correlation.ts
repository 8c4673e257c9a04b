/** Whether two courses moved together, one some hours after the other: Pearson's correlation at a lag. */

/** Fewer pairs say nothing, and a weaker correlation is not worth a sentence. */
const fewestPairs = 12;
const weakest = 0.8;
const longestLag = 3;

export interface Correlated {
  /** Which of the candidates. */
  readonly place: number;
  /** How many points the candidate was ahead. */
  readonly lag: number;
  readonly correlation: number;
}

type Course = readonly (number | null)[];

/** The candidate that moved most alike, up to three points ahead; `null` where none did. */
export function strongestCorrelation(course: Course, candidates: readonly Course[]): Correlated | null {
  const found = candidates.flatMap((candidate, place) =>
    Array.from({ length: longestLag + 1 }, (_, lag) => ({
      place,
      lag,
      correlation: correlationAt(course, candidate, lag),
    })),
  );
  const [best] = found
    .filter(({ correlation }) => Math.abs(correlation) >= weakest)
    .toSorted((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation) || a.lag - b.lag);
  return best ?? null;
}

/** 0 where there are too few pairs, or one of the two did not move. */
function correlationAt(course: Course, candidate: Course, lag: number): number {
  const pairs = course.flatMap((value, i): [number, number][] => {
    const other = candidate[i - lag];
    return value === null || typeof other !== "number" ? [] : [[value, other]];
  });
  if (pairs.length < fewestPairs) return 0;
  const mean = (of: (pair: [number, number]) => number): number =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [a, b] = [mean(([x]) => x), mean(([, y]) => y)];
  const together = mean(([x, y]) => (x - a) * (y - b));
  const spread = Math.sqrt(mean(([x]) => (x - a) ** 2) * mean(([, y]) => (y - b) ** 2));
  return spread < 1e-12 ? 0 : together / spread;
}
