/** Which alarms take the place of a wall's scenes, and for how long. */

import { useCallback, useMemo, useState } from "react";
import { urgency, type Alarm } from "../../../shared/alarms.ts";
import type { Interrupt } from "../../../shared/wall.ts";
import { useAlarms, useCityNow, useClock, useConnection } from "../../live/store.ts";

export interface Interruption {
  /** The most urgent first, of one priority the one that came first; empty: nothing interrupts. */
  readonly alarms: readonly Alarm[];
  /** Until the last of them has been there for its time. */
  readonly remainingSeconds: number;
  /** Shows the scenes again, until another alarm comes. */
  readonly dismiss: () => void;
}

/**
 * Pure: the alarms that interrupt at `now`. Each does from when it was raised, for `seconds` of the wall's clock, as long
 * as nobody has acknowledged it and it is not over: every screen of a wall shows the same, also one that was loaded since.
 */
export function interruptingAlarms(
  alarms: readonly Alarm[],
  { from, seconds }: Interrupt,
  now: number,
  speed: number,
): readonly Alarm[] {
  return alarms
    .filter(
      ({ state, priority, since }) =>
        state === "unacknowledged" &&
        urgency(priority) >= urgency(from) &&
        remainingMs(since, seconds, now, speed) > 0,
    )
    .toSorted((a, b) => urgency(b.priority) - urgency(a.priority) || a.since - b.since);
}

function remainingMs(since: number, seconds: number, now: number, speed: number): number {
  return seconds * 1_000 - Math.max(now - since, 0) / Math.max(speed, 1);
}

export function useInterruption(interrupt: Interrupt | null): Interruption {
  const alarms = useAlarms(interrupt !== null);
  const now = useCityNow(1_000);
  const clock = useClock();
  const isLinked = useConnection().state === "connected";
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set());
  const speed = clock?.speed ?? 1;
  const isPast = clock?.kind === "past";
  const ids = useMemo(
    () =>
      interrupt === null || now === null || isPast || !isLinked
        ? ""
        : interruptingAlarms(alarms, interrupt, now, speed)
            .filter((alarm) => !dismissed.has(occurrenceOf(alarm)))
            .map(({ id }) => id)
            .join("\n"),
    [alarms, interrupt, now, speed, isPast, isLinked, dismissed],
  );
  // The same list while the same alarms interrupt, however often the clock ticks.
  const shown = useMemo(() => {
    const byId = new Map(alarms.map((alarm) => [alarm.id, alarm]));
    return ids === "" ? [] : ids.split("\n").flatMap((id) => byId.get(id) ?? []);
  }, [ids, alarms]);
  const left = shown.map(({ since }) => remainingMs(since, interrupt?.seconds ?? 0, now ?? since, speed));
  return {
    alarms: shown,
    remainingSeconds: Math.ceil(Math.max(0, ...left) / 1_000),
    dismiss: useCallback(() => setDismissed(new Set(shown.map(occurrenceOf))), [shown]),
  };
}

function occurrenceOf({ id, occurrence }: Alarm): string {
  return `${id} ${occurrence}`;
}
