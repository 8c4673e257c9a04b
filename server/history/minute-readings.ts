/**
 * Figures of the past of which nobody kept each reading: minutes of an extract, and those that are kept longer than readings.
 * A minute's mean stands for its seconds.
 */

import type { KnownAs, Reading } from "../../shared/protocol.ts";
import { codedState } from "../../shared/state-code.ts";
import type { HeldWords } from "./held.ts";
import type { Span } from "./history.ts";

const minuteMs = 60_000;
/** As known then, the minute that runs is not known yet: the one before it stands until a little after its end. */
const standsForMs = 2 * minuteMs;

/** The minutes that may say something of a stretch of time, or of an instant that is its end less one. */
export function minutesAbout({ fromAt, toAt }: Span): Span {
  return { fromAt: fromAt - standsForMs, toAt };
}

export interface MinuteReading {
  /** When it came to be known; as known now, when its minute began. */
  readonly at: number;
  readonly reading: Reading;
}

/** Words about minutes as readings, in the order in which they stand one after the other. */
export function readingsOfMinutes(
  words: HeldWords,
  series: readonly string[],
  known: KnownAs,
): readonly MinuteReading[] {
  const rows = Array.from(words.at, (_, row) => row).toSorted(
    (a, b) => words.at[a]! - words.at[b]! || words.knownAt[a]! - words.knownAt[b]!,
  );
  return rows.flatMap((row) => {
    const value = words.freshSeconds[row]! > 0 ? words.mean[row]! : null;
    const coded = codedState(words.code[row]!);
    // What had gone stale had a value, which a minute without a fresh second does not know.
    if (coded === null || (value === null && coded.state !== "none")) return [];
    const at = words.at[row]!;
    const reading: Reading = {
      id: series[words.series[row]!]!,
      value: coded.state === "none" ? null : value,
      ...coded,
      quality: "good",
      observedAt: value === null ? null : at,
      oldestAt: null,
    };
    return [{ at: known === "then" ? words.knownAt[row]! : at, reading }];
  });
}
