/** Past instants of the running city, for whoever scrubs through them. */

import type { Logger } from "pino";
import type { Epochs } from "./epochs.ts";
import { HistoryAway, HistoryBusy, QueryTimedOut } from "./history/history.ts";
import type { RunningCityClock } from "./live/city-clock.ts";
import type { Notes } from "./live/notes.ts";
import { PastSession, type PastReader } from "./live/past-session.ts";
import type { OpenPast } from "./live/past-view.ts";

/** For so long, in wall time, what was learnt may not be on disk yet. */
const unwrittenMs = 15_000;

/** Past instants of the city as its folder is now. */
export function openPastOf(
  history: PastReader,
  { epochs, notes, clock, log }: { epochs: Epochs; notes: Notes; clock: RunningCityClock; log: Logger },
): OpenPast {
  const noteFailure = (error: unknown): void => {
    log.warn({ event: "past-not-shown", error: String(error) });
  };
  return async (request, kinds, events, signal) => {
    const { folder, live } = epochs.current;
    const options = {
      history,
      isPassing: (error: unknown) =>
        error instanceof HistoryAway || error instanceof HistoryBusy || error instanceof QueryTimedOut,
      plan: live.city.plan,
      about: folder,
      notes: (at: number) => notes.inForce(at).filter(({ setAt }) => setAt <= at),
      until: () => clock.now() - unwrittenMs * clock.read().speed,
      steadyNow: performance.now.bind(performance),
      ...events,
      onFailure(error: unknown) {
        noteFailure(error);
        events.onFailure(error);
      },
    };
    try {
      return await PastSession.open(request, kinds, options, signal);
    } catch (error) {
      if (!signal.aborted) noteFailure(error);
      throw error;
    }
  };
}
