import type { Moment } from "../../../shared/moment.ts";
import type { Indicator } from "../../live/store.ts";
import type { Stretch } from "./range.ts";

/** More marks than these are no help to an eye. */
const shownAtMost = 20;

/** The moments of a stretch that concern some indicators or their feeds, and every warning; the newest where there are many. */
export function eventsOf(
  moments: readonly Moment[],
  { fromAt, toAt }: Stretch,
  indicators: readonly string[],
  known: readonly Pick<Indicator, "id" | "feeds">[],
): readonly Moment[] {
  const subjects = new Set([
    ...indicators,
    ...known.filter(({ id }) => indicators.includes(id)).flatMap(({ feeds }) => feeds),
  ]);
  return moments
    .filter(
      ({ at, kind, subject }) =>
        at >= fromAt && at < toAt && (kind.startsWith("warning") || subjects.has(subject)),
    )
    .slice(-shownAtMost);
}
