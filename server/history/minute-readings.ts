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

/**
 * Words about minutes as readings, in the order in which they stand one after the other. A minute that was stale says the
 * last value of its series among them; where there is none, it is none.
 */
export function readingsOfMinutes(
  words: HeldWords,
  series: readonly string[],
  known: KnownAs,
): readonly MinuteReading[] {
  const rows = Array.from(words.at, (_, row) => row).toSorted(
    (a, b) => words.at[a]! - words.at[b]! || words.knownAt[a]! - words.knownAt[b]!,
  );
  /** Rows with a value, by series. */
  const valued = new Map<number, number[]>();
  return rows.flatMap((row) => {
    const coded = codedState(words.code[row]!);
    if (coded === null) return [];
    const number = words.series[row]!;
    const before = valued.get(number) ?? [];
    valued.set(number, before);
    if (words.freshSeconds[row]! > 0) before.push(row);
    // Fresh for less than half a second at its end: the next minute has the value.
    else if (coded.state === "fresh") return [];
    const isKnown = (one: number): boolean => known === "now" || words.knownAt[one]! <= words.knownAt[row]!;
    const from = coded.state === "none" ? undefined : before.findLast(isKnown);
    const reading: Reading = {
      id: series[number]!,
      quality: "good",
      oldestAt: null,
      ...(from === undefined
        ? { ...noneOf(coded), value: null, observedAt: null }
        : { ...coded, value: words.mean[from]!, observedAt: words.at[from]! }),
    };
    return [{ at: (known === "then" ? words.knownAt : words.at)[row]!, reading }];
  });
}

function noneOf(coded: Pick<Reading, "state" | "reason">): Pick<Reading, "state" | "reason"> {
  return coded.reason === "stale" ? { state: "none", reason: "not-recorded" } : { ...coded, state: "none" };
}
