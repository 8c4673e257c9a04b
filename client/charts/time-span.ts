/** Stretches of a time axis as they are zoomed and moved: never beyond the present. Pure. */

export interface TimeSpan {
  readonly fromAt: number;
  readonly toAt: number;
}

const minuteMs = 60_000;
const shortestMs = 2 * minuteMs;
const longestMs = 100 * 365.25 * 86_400_000;

/** `factor` times as long (2: out, 0.5: in); `at` stays where it is, unless the end would lie beyond `latestAt`. */
export function zoomedAbout(span: TimeSpan, factor: number, at: number, latestAt: number): TimeSpan {
  const before = span.toAt - span.fromAt;
  const length = Math.min(Math.max(before * factor, shortestMs), longestMs);
  const fromAt = at - ((at - span.fromAt) / before) * length;
  return endingBy({ fromAt, toAt: fromAt + length }, latestAt);
}

/** As long, `by` milliseconds later, by whole minutes. */
export function movedBy({ fromAt, toAt }: TimeSpan, by: number, latestAt: number): TimeSpan {
  const ms = Math.round(by / minuteMs) * minuteMs;
  // What reaches beyond the present already is not pushed back when it is moved away from it.
  return endingBy({ fromAt: fromAt + ms, toAt: toAt + ms }, Math.max(latestAt, Math.min(toAt, toAt + ms)));
}

function endingBy({ fromAt, toAt }: TimeSpan, latestAt: number): TimeSpan {
  const over = Math.max(toAt - latestAt, 0);
  return { fromAt: fromAt - over, toAt: toAt - over };
}
