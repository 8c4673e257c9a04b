/** `/api/v1/recorded`: the stretches of time that can be looked at. */

import type { Handler } from "hono";
import type { RecordedSpan } from "./answers.ts";
import { problem } from "./problem.ts";

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
