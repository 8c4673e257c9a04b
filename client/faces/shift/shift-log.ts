/** The log of a shift, put together from what was done with alarms, what was written and what was handed over. */

import type { Actor, AlarmEvent } from "../../../shared/alarms.ts";
import type { Handover, ShiftEntry } from "../../../shared/shift.ts";

export type LogLine =
  | { readonly kind: "alarm"; readonly at: number; readonly by: Actor | null; readonly event: AlarmEvent }
  | { readonly kind: "entry"; readonly at: number; readonly by: Actor; readonly entry: ShiftEntry }
  | { readonly kind: "handover"; readonly at: number; readonly by: Actor; readonly handover: Handover };

export interface LogFilter {
  /** Only what was done by this position; `null`: by all. */
  readonly position: string | null;
  /** Also what nobody did. */
  readonly hasAll: boolean;
}

/** Pure: the newest first. */
export function shiftLog(
  events: readonly AlarmEvent[],
  entries: readonly ShiftEntry[],
  handovers: readonly Handover[],
  { position, hasAll }: LogFilter,
): readonly LogLine[] {
  const lines: LogLine[] = [
    ...events.map((event) => ({ kind: "alarm", at: event.at, by: event.by, event }) as const),
    ...entries.map((entry) => ({ kind: "entry", at: entry.at, by: entry.by, entry }) as const),
    ...handovers.map(
      (handover) => ({ kind: "handover", at: handover.at, by: handover.by, handover }) as const,
    ),
  ];
  return lines
    .filter(({ by }) => (by === null ? hasAll : position === null || by.position === position))
    .toSorted((a, b) => b.at - a.at);
}

/** Without a hand-over that somebody acknowledged, a shift is taken to be so long. */
const usualShiftMs = 12 * 3_600_000;

/** Pure: when the shift of a position began: when it acknowledged what was handed over to it. */
export function shiftBeganAt(handovers: readonly Handover[], position: string | null, now: number): number {
  const known = handovers.flatMap(({ by, acknowledged }) =>
    acknowledged && (acknowledged.by.position === position || by.position === position)
      ? [acknowledged.at]
      : [],
  );
  return known.length > 0 ? Math.max(...known) : now - usualShiftMs;
}

/** Pure: who somebody is, in one text. */
export function whoIs({ position, shift }: Pick<Actor, "position" | "shift">): string {
  return shift === null ? position : `${position} · ${shift}`;
}
