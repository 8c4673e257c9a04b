/** `/api/v1/recorded` and `/api/v1/lost`: the stretches of time that can be looked at, and those that are missing. */

import type { Handler } from "hono";
import type { LostSpan } from "../../shared/lost.ts";
import type { RecordedSpan } from "./history-answers.ts";
import { problem } from "./problem.ts";

/** In the order in which they were lost. */
export type ListLost = () => readonly LostSpan[];

export function lostHandler(listLost: ListLost): Handler {
  return (c) => c.json(listLost());
}

/** Rejects when the history cannot be read now. */
export type ListRecorded = (signal: AbortSignal) => Promise<readonly RecordedSpan[]>;

export function recordedHandler(listRecorded: ListRecorded): Handler {
  return async (c) => {
    try {
      return c.json(await listRecorded(c.req.raw.signal));
    } catch (error) {
      return problem(c, 503, "history-away", "The history cannot be read now", String(error));
    }
  };
}
