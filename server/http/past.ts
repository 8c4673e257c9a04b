/** What the API asks of the city's past. */

import type { History, MinuteColumns } from "../history/history.ts";

/** The questions of `History`; they reject with `Unanswered` where a reader can be told why. */
export type Past = Pick<
  History,
  "points" | "seriesOf" | "cityAt" | "thingsOver" | "moments" | "feedDays" | "feedTurns" | "observations"
>;

/** Minutes that are over, on their way to disk: `written` resolves when they are there and rejects when they never will be. */
export interface TakenMinutes {
  readonly minutes: MinuteColumns;
  readonly written: Promise<void>;
}

/** A question about the past that has no answer now, or none that a reader may have. */
export class Unanswered extends Error {
  readonly why: "too-large" | "timed-out" | "busy" | "away";

  constructor(why: Unanswered["why"], message: string) {
    super(message);
    this.why = why;
  }
}
