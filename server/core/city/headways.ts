/**
 * How far apart the runs of one route and direction are, against what their timetable promises: the headway of a run is
 * the time from the vehicle ahead of it to itself at one stop, the next one of the vehicle ahead (TCQSM 3rd edition,
 * chapter 5, headway adherence).
 */

import type { EntityOf } from "../../../shared/entity.ts";
import { findBySequence, findByStop, isFrequencyBased, type Schedule } from "../feeds/gtfs/schedule.ts";
import { findRun, type ShiftedSchedule } from "./run.ts";

/** A run under way. */
export interface RunUnderWay {
  readonly schedule: Schedule;
  readonly trip: number;
  /** The instant its stop times count from. */
  readonly startOfDayAt: number;
  /** The row of its next stop in the schedule's stop times. */
  readonly nextRow: number;
  readonly delaySeconds: number;
}

export type Headway = {
  readonly headwaySeconds: number;
  /** `null` where the timetable does not have this vehicle behind that one: one has overtaken the other. */
  readonly scheduledHeadwaySeconds: number | null;
  /** 100 × headway ÷ scheduled headway. */
  readonly headwayPercent: number | null;
};

/** Two departures nearer than this are no headway that somebody planned: a relief run, or a line that divides. */
const leastScheduledSeconds = 60;

/** What runs have in common that follow each other; `null` for one that is not under way or not in the timetable. */
export function routeAndDirectionOf(
  timetable: ShiftedSchedule | null,
  { feedId, fields }: EntityOf<"TripUpdate">,
): string | null {
  const schedule = timetable?.schedule;
  const trip = schedule?.trips.index.get(fields.tripId ?? "");
  if (fields.isRunning !== true || !schedule || trip === undefined || isFrequencyBased(schedule, trip))
    return null;
  return `${feedId} ${schedule.version} ${schedule.trips.route[trip]} ${schedule.trips.direction[trip]}`;
}

/** Where a joined TripUpdate is on its way; `null` while its next stop or delay is not known. */
export function runUnderWay(
  timetable: ShiftedSchedule | null,
  { fields }: EntityOf<"TripUpdate">,
  now: number,
): RunUnderWay | null {
  const run = timetable && findRun(timetable, fields, now);
  if (!run || fields.nextStopSequence == null || fields.delaySeconds == null) return null;
  const { schedule } = timetable;
  const nextRow = findBySequence(schedule, run.trip, fields.nextStopSequence);
  if (nextRow < 0) return null;
  return { ...run, schedule, nextRow, delaySeconds: fields.delaySeconds };
}

/**
 * The headway of each run to the nearest one ahead, in their order; `null` for a run with nobody ahead. All runs are of
 * one schedule, route and direction. Delays are taken to last as far as that stop, as GTFS-Realtime says of them.
 */
export function headwaysOf(runs: readonly RunUnderWay[]): readonly (Headway | null)[] {
  return runs.map((run, self) => {
    let nearest: Gap | null = null;
    runs.forEach((ahead, other) => {
      const gap = other === self ? null : gapBetween(run, ahead);
      if (gap && (nearest === null || isLess(gap, nearest))) nearest = gap;
    });
    return nearest && headwayOf(nearest);
  });
}

/** From one run to another at one stop, as predicted and as planned. */
interface Gap {
  readonly seconds: number;
  readonly scheduledSeconds: number;
}

/** `null` when `run` is not behind `ahead`. Of two that are together, the timetable says who is behind. */
function gapBetween(run: RunUnderWay, ahead: RunUnderWay): Gap | null {
  const row = findByStop(run.schedule, run.trip, stopAt(ahead), run.nextRow);
  if (row < 0) return null;
  const seconds = (predictedAt(run, row) - predictedAt(ahead, ahead.nextRow)) / 1000;
  const scheduledSeconds = (scheduledAt(run, row) - scheduledAt(ahead, ahead.nextRow)) / 1000;
  return (seconds || scheduledSeconds || run.trip - ahead.trip) > 0 ? { seconds, scheduledSeconds } : null;
}

function isLess(a: Gap, b: Gap): boolean {
  return (a.seconds - b.seconds || a.scheduledSeconds - b.scheduledSeconds) < 0;
}

function headwayOf({ seconds, scheduledSeconds }: Gap): Headway {
  const isPlanned = scheduledSeconds >= leastScheduledSeconds;
  return {
    headwaySeconds: seconds,
    scheduledHeadwaySeconds: isPlanned ? scheduledSeconds : null,
    headwayPercent: isPlanned ? Math.round((100 * seconds) / scheduledSeconds) : null,
  };
}

function stopAt({ schedule, nextRow }: RunUnderWay): number {
  return schedule.stopTimes.stop[nextRow] as number;
}

function scheduledAt({ schedule, startOfDayAt }: RunUnderWay, row: number): number {
  return startOfDayAt + (schedule.stopTimes.departure[row] as number) * 1000;
}

function predictedAt(run: RunUnderWay, row: number): number {
  return scheduledAt(run, row) + run.delaySeconds * 1000;
}
