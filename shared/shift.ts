/** What a shift writes down and how it hands over: one position goes, another comes and says that they know. */

import type { Actor, Alarm, Mark } from "./alarms.ts";
import type { CityEvent } from "./city-event.ts";
import type { Text } from "./city.ts";
import type { Note } from "./note.ts";

export const longestShiftText = 4_000;

/** A line that an operator writes into the log of the shift; it stays as it is. */
export interface ShiftEntry extends Mark {
  readonly id: string;
  readonly text: string;
}

/** An alarm as it stood when a shift was handed over. */
export interface HandoverAlarm extends Pick<
  Alarm,
  | "id"
  | "indicator"
  | "group"
  | "about"
  | "priority"
  | "state"
  | "since"
  | "assignedTo"
  | "shelved"
  | "outOfService"
  | "comment"
> {
  /** Of its rule, which may be gone when this is read. */
  readonly title: Text;
  readonly acknowledgedBy: string | null;
}

/** The most urgent alarms of a list, and how many there are in all. */
export interface HandoverAlarms {
  readonly count: number;
  readonly alarms: readonly HandoverAlarm[];
}

/** What whoever comes has to know, as the city stood then. */
export interface HandoverContent {
  /** Active, or over and not seen to. */
  readonly open: HandoverAlarms;
  readonly shelved: HandoverAlarms;
  readonly outOfService: HandoverAlarms;
  /** Official warnings in force or to come, and works that begin within a day. */
  readonly expected: readonly CityEvent[];
  /** Feeds that are neither asked nor listened to, and why. */
  readonly muted: readonly { readonly feed: string; readonly title: Text; readonly why: string }[];
  readonly notes: readonly (Note & { readonly title: Text })[];
}

export interface Handover extends Mark {
  readonly id: string;
  /** What whoever goes has written. */
  readonly text: string;
  readonly content: HandoverContent;
  /** `null`: nobody has said that they know. */
  readonly acknowledged: (Mark & { readonly text: string | null }) | null;
}

/** The topic `shift`, always whole. */
export interface ShiftBody {
  /** Hand-overs that nobody has acknowledged. */
  readonly waiting: readonly (Mark & { readonly id: string })[];
  /** Counts what was written down since the server started: another number is a reason to read it again. */
  readonly changes: number;
}

/** What is written in a shift's name: the same `key` again changes nothing and gets the same answer. */
export interface ShiftDraft {
  readonly key: string;
  readonly by: Actor;
  readonly text: string;
}

/** Why a hand-over is not written (`waiting`: the position has one that nobody has acknowledged) or not acknowledged. */
export type HandoverRefusal = "waiting" | "missing" | "acknowledged" | "own";
