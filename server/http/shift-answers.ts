/** What the API answers and takes about shifts. */

import { z } from "zod";
import {
  longestShiftText,
  type Handover,
  type HandoverAlarm,
  type HandoverAlarms,
  type HandoverContent,
  type ShiftEntry,
} from "../../shared/shift.ts";
import {
  actor,
  alarmState,
  mark,
  onDuty,
  outOfService,
  priority,
  remark,
  shelving,
} from "./alarm-answers.ts";
import { cityEvent } from "./city-answers.ts";
import { exactly, instant, named, text } from "./named-schemas.ts";
import { note } from "./record-answers.ts";

const written = z.string().trim().min(1).max(longestShiftText);

export const shiftDraft = z.strictObject({ ...onDuty, text: written });
const { key: _key, ...whoComes } = onDuty;
export const acknowledgementDraft = z.strictObject({ ...whoComes, text: written.nullable().default(null) });

export const shiftEntry = exactly<ShiftEntry>()(
  z.strictObject({ id: z.string(), ...mark, text: z.string() }),
).register(named, { id: "ShiftEntry", description: "A line that an operator wrote into the shift's log." });

const handoverAlarm = exactly<HandoverAlarm>()(
  z.strictObject({
    id: z.string(),
    title: text,
    indicator: z.string().nullable(),
    group: z.string().nullable(),
    about: text.nullable(),
    priority,
    state: alarmState,
    since: instant,
    acknowledgedBy: z.string().nullable(),
    assignedTo: z.string().nullable(),
    shelved: shelving.nullable(),
    outOfService: outOfService.nullable(),
    comment: remark.nullable(),
  }),
).register(named, { id: "HandoverAlarm", description: "An alarm as it stood then." });

const handoverAlarms = exactly<HandoverAlarms>()(
  z.strictObject({ count: z.number(), alarms: z.array(handoverAlarm).readonly() }),
).register(named, { id: "HandoverAlarms", description: "How many there are, and the 200 most urgent." });

export const handoverContent = exactly<HandoverContent>()(
  z.strictObject({
    open: handoverAlarms,
    shelved: handoverAlarms,
    outOfService: handoverAlarms,
    expected: z
      .array(cityEvent)
      .readonly()
      .meta({ description: "Warnings in force or to come, works that begin within a day." }),
    muted: z.array(z.strictObject({ feed: z.string(), title: text, why: z.string() })).readonly(),
    notes: z.array(z.strictObject({ ...note.shape, title: text })).readonly(),
  }),
).register(named, { id: "HandoverContent", description: "What whoever comes has to know." });

export const handover = exactly<Handover>()(
  z.strictObject({
    id: z.string(),
    at: instant,
    by: actor,
    text: z.string(),
    content: handoverContent,
    acknowledged: z.strictObject({ ...mark, text: z.string().nullable() }).nullable(),
  }),
).register(named, { id: "Handover", description: "A shift as it was handed over, and who acknowledged it." });
