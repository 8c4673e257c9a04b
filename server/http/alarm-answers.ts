/** What the API answers and takes about alarms, their rules and who was told of them. */

import { z } from "zod";
import {
  actionRefusals,
  alarmEventKinds,
  alarmStates,
  priorities,
  type Actor,
  type AlarmCommand,
  type AlarmEvent,
  type AlarmFiguresAnswer,
  type AlarmItem,
  type BacktestAnswer,
  type CommandAnswer,
  type RequiredResponse,
} from "../../shared/alarms.ts";
import { domains } from "../../shared/city.ts";
import {
  decisionWords,
  deliveryStates,
  noticeStages,
  type Delivery,
  type NotificationDecision,
  type NotificationsAnswer,
  type ToldRole,
} from "../../shared/notification.ts";
import { valueState } from "./city-answers.ts";
import { exactly, instant, named, text } from "./named-schemas.ts";

export const actor = exactly<Actor>()(
  z.strictObject({
    position: z.string().meta({ description: 'What somebody is on duty as: "Transport desk".' }),
    shift: z.string().nullable(),
    account: z.string().nullable().meta({ description: "Always `null` until there are accounts." }),
  }),
).register(named, { id: "Actor" });

export const mark = { at: instant, by: actor };
export const priority = z.enum(priorities);
export const alarmState = z.enum(alarmStates).meta({ description: "The states of ISA-18.2, figure 4." });
const requiredResponse = exactly<RequiredResponse>()(
  z.strictObject({
    text,
    checklist: z.array(text).readonly(),
    sop: text.nullable().meta({ description: "Addresses of the standard operating procedure." }),
    withinSeconds: z.number(),
  }),
).register(named, { id: "RequiredResponse" });

export const shelving = z.strictObject({ ...mark, until: instant, reason: z.string() });
export const outOfService = z.strictObject({ at: instant, by: actor.nullable(), reason: z.string() });
export const remark = z.strictObject({ ...mark, text: z.string() });

export const alarmItem = exactly<AlarmItem>()(
  z.strictObject({
    id: z.string().meta({ description: "`<rule>` or `<rule>{<group>}`." }),
    rule: z.string(),
    title: text,
    indicator: z.string().nullable(),
    group: z.string().nullable(),
    priority,
    state: alarmState,
    isActive: z.boolean(),
    occurrence: z.number(),
    since: instant,
    returnedAt: instant.nullable(),
    acknowledged: z.strictObject(mark).nullable(),
    acknowledgedBy: z.string().nullable().meta({ description: "The position." }),
    confirmed: z.strictObject(mark).nullable(),
    shelved: shelving.nullable(),
    suppressedBy: z.string().nullable().meta({ description: "An alarm's id, or `valid-times`." }),
    outOfService: outOfService.nullable(),
    assignedTo: z.string().nullable(),
    comment: remark.nullable(),
    doneSteps: z
      .array(z.strictObject({ ...mark, step: z.string() }))
      .readonly()
      .meta({ description: "Steps of the checklist, by their English words." }),
    value: z.number().nullable(),
    valueState,
    about: text.nullable(),
    position: z.tuple([z.number(), z.number()]).readonly().nullable(),
    isChattering: z.boolean(),
    owner: z.string(),
    backup: z.string().nullable(),
    response: requiredResponse,
    dueAt: instant.meta({ description: "By when the response has to be done." }),
  }),
).register(named, { id: "Alarm", description: "An alarm that is not normal." });

export const alarmRule = z
  .looseObject({
    id: z.string(),
    enabled: z.boolean().meta({ description: "One that is not makes no alarms." }),
    domain: z.enum(domains),
    title: text,
    consequence: text,
    indicator: z.string().nullable(),
    when: z.looseObject({}).meta({ description: "Its condition, as in `docs/schema/rule.json`." }),
    priority,
    owner: z.string(),
    backup: z.string().nullable(),
    response: requiredResponse,
    revision: z.string(),
  })
  .register(named, { id: "AlarmRule", description: "`rules/<id>.json` with its defaults filled in." });

/** Who does something, and by which key it is done once. */
export const onDuty = {
  position: z.string().trim().min(1).max(80),
  shift: z.string().trim().min(1).max(80).nullable().default(null),
  key: z.string().min(8).max(100).meta({ description: "Made by whoever asks, once per command." }),
};
const chosenAlarms = { alarms: z.array(z.string().max(500)).min(1).max(1_000), ...onDuty };
const reason = z.string().trim().min(1).max(500);

export const alarmCommand = z.union([
  z.strictObject({
    action: z.enum(["acknowledge", "unacknowledge", "confirm", "unshelve", "return-to-service"]),
    ...chosenAlarms,
  }),
  z.strictObject({ action: z.literal("shelve"), forSeconds: z.number().positive(), reason, ...chosenAlarms }),
  z.strictObject({ action: z.literal("remove-from-service"), reason, ...chosenAlarms }),
  z.strictObject({ action: z.literal("comment"), text: reason, ...chosenAlarms }),
  z.strictObject({
    action: z.enum(["check", "uncheck"]),
    step: z.string().max(2_000).meta({ description: "The English words of a step of the checklist." }),
    ...chosenAlarms,
  }),
  z.strictObject({
    action: z.literal("assign"),
    to: z.string().trim().min(1).max(80).nullable(),
    ...chosenAlarms,
  }),
]) satisfies z.ZodType<AlarmCommand>;

export const commandAnswer = exactly<CommandAnswer>()(
  z.strictObject({
    results: z
      .array(
        z.strictObject({
          alarm: z.string(),
          refused: z.enum(actionRefusals).nullable(),
          state: alarmState.nullable(),
        }),
      )
      .readonly(),
    unstored: z.string().nullable().meta({ description: "Why it holds now and is not written down." }),
  }),
).register(named, { id: "CommandAnswer" });

export const alarmEvent = exactly<AlarmEvent>()(
  z.strictObject({
    at: instant,
    alarm: z.string(),
    rule: z.string(),
    group: z.string().nullable(),
    occurrence: z.number(),
    kind: z.enum(alarmEventKinds),
    priority,
    state: alarmState,
    value: z.number().nullable(),
    by: actor.nullable(),
    text: z.string().nullable(),
    until: instant.nullable(),
  }),
).register(named, { id: "AlarmEvent", description: "A line of the log, which is only ever added to." });

const notificationDecision = exactly<NotificationDecision>()(
  z.strictObject({
    at: instant,
    route: z.string(),
    alarm: z.string(),
    occurrence: z.number(),
    stage: z.enum(noticeStages),
    level: z.number().meta({ description: "0: the first to be told; then each step of the escalation." }),
    decision: z.enum(decisionWords),
    role: z.string(),
    until: instant.nullable().meta({ description: "When it may be decided otherwise by time alone." }),
    because: z
      .string()
      .nullable()
      .meta({
        description: "The rule that says it already, the state that hides it, who knows, or who was told.",
      }),
  }),
).register(named, { id: "NotificationDecision", description: "What a route decided about an alarm." });

const delivery = exactly<Delivery>()(
  z.strictObject({
    key: z.string().meta({ description: "The idempotency key that goes with it." }),
    route: z.string(),
    role: z.string(),
    contact: z.string(),
    stage: z.enum([...noticeStages, "briefing"]),
    level: z.number(),
    alarms: z.array(z.string()).readonly().meta({ description: "`<alarm>#<occurrence>` of each in it." }),
    subject: z.string(),
    madeAt: instant,
    state: z.enum(deliveryStates),
    attempts: z.number(),
    triedAt: instant.nullable().meta({ description: "Wall time of the last attempt." }),
    error: z
      .string()
      .nullable()
      .meta({ description: "Why the last attempt failed; only for those who may change the city." }),
  }),
).register(named, { id: "Delivery", description: "A message to one contact and what became of it." });

const toldRole = exactly<ToldRole>()(
  z.strictObject({
    id: z.string(),
    title: text,
    contacts: z
      .array(
        z.strictObject({
          id: z.string(),
          title: text.nullable().meta({ description: "`null`: it is called by its id." }),
        }),
      )
      .readonly(),
  }),
).register(named, { id: "ToldRole", description: "A role and its contacts as the city calls them." });

export const notificationsAnswer = exactly<NotificationsAnswer>()(
  z.strictObject({
    deliveries: z.array(delivery).readonly(),
    decisions: z.array(notificationDecision).readonly(),
    now: z
      .array(notificationDecision)
      .readonly()
      .meta({ description: "Of an alarm that is there: what each route decides about it now." }),
    roles: z.array(toldRole).readonly(),
  }),
);

export const backtestQuestion = z.strictObject({
  rule: z.looseObject({}).meta({ description: "As in `rules/<id>.json`." }),
  days: z.int().min(1).max(366).default(90),
  toAt: z
    .int()
    .nonnegative()
    .exactOptional()
    .meta({
      description:
        "Where the past ends that is looked at, at most now; the same one again is answered faster.",
    }),
  minutesPerAlarm: z
    .number()
    .positive()
    .max(600)
    .default(5)
    .meta({ description: "What one alarm takes of an operator's time." }),
});

export const backtestAnswer = exactly<BacktestAnswer>()(
  z.strictObject({
    rule: z.string(),
    indicator: z.string().nullable(),
    fromAt: instant,
    toAt: instant,
    everySeconds: z
      .number()
      .meta({ description: "The past was looked at in means over so long; 0: it is known to the instant." }),
    knownPercent: z.number(),
    alarms: z.number(),
    hidden: z.number(),
    perDay: z.number(),
    activeSeconds: z.number(),
    medianSeconds: z.number().nullable(),
    longestSeconds: z.number().nullable(),
    inFlood: z.number(),
    operatorSeconds: z.number(),
    series: z
      .array(
        z.strictObject({
          id: z.string(),
          about: text.nullable().meta({ description: "Of a thing, how it calls itself." }),
          alarms: z.number(),
          activeSeconds: z.number(),
          stretches: z.array(z.strictObject({ fromAt: instant, toAt: instant.nullable() })).readonly(),
        }),
      )
      .readonly(),
  }),
).register(named, { id: "Backtest", description: "What a rule would have done over the recorded past." });

const often = { count: z.number(), percent: z.number() };
const alarmCount = z.strictObject({ alarm: z.string(), ...often });

export const alarmFigures = exactly<AlarmFiguresAnswer>()(
  z.strictObject({
    fromAt: instant,
    toAt: instant,
    alarms: z.number().meta({ description: "That somebody was to see." }),
    hidden: z.number().meta({ description: "That were suppressed, shelved or out of service as they came." }),
    beganAt: instant
      .nullable()
      .meta({ description: "When the log begins, where that is within the stretch; `null`: before it." }),
    perTenMinutes: z.strictObject({
      mean: z.number(),
      most: z.number(),
      slots: z.number(),
      over: z.number().meta({ description: "Slots with more than ten." }),
      counts: z.array(z.number()).readonly().meta({ description: "Of each ten minutes from `fromAt`." }),
    }),
    floods: z
      .array(z.strictObject({ fromAt: instant, toAt: instant, firstOut: z.string(), count: z.number() }))
      .readonly(),
    floodPercent: z.number(),
    priorities: z.record(priority, z.number()),
    recommendedPercent: z.strictObject({ urgent: z.number(), medium: z.number(), low: z.number() }),
    badActors: z.array(alarmCount).readonly(),
    badRules: z.array(z.strictObject({ rule: z.string(), ...often })).readonly(),
    chattering: z.array(z.string()).readonly(),
    acknowledgement: z.strictObject({
      acknowledged: z.number(),
      never: z.number(),
      medianSeconds: z.number().nullable(),
      p90Seconds: z.number().nullable(),
    }),
    stale: z.array(z.strictObject({ alarm: z.string(), since: instant })).readonly(),
    shelved: z.number(),
    suppressed: z.number(),
    outOfService: z.number(),
  }),
).register(named, { id: "AlarmFigures", description: "What ISA-18.2 judges an alarm system by." });
