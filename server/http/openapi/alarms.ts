/** Alarms, their rules, who was told, and the shifts that answer for them. */

import { z } from "zod";
import { acknowledgementDraft, handover, handoverContent, shiftDraft, shiftEntry } from "../shift-answers.ts";
import { shiftParameters } from "../shifts.ts";
import {
  alarmCommand,
  alarmEvent,
  alarmFigures,
  alarmItem,
  alarmRule,
  backtestAnswer,
  backtestQuestion,
  commandAnswer,
  notificationsAnswer,
} from "../alarm-answers.ts";
import { alarmEventParameters, alarmFigureParameters } from "../alarms.ts";
import { notificationParameters } from "../notifications.ts";
import { exportTypes } from "../export.ts";
import {
  badBody,
  body,
  byThoseWhoMay,
  json,
  noAnswer,
  noRecords,
  noToken,
  refused,
  type Operations,
} from "./operation.ts";

export const alarmOperations: Operations = {
  "/api/v1/alarms": {
    get: {
      summary: "Every alarm that is not normal.",
      responses: { 200: json("The alarms.", z.array(alarmItem)) },
    },
  },
  "/api/v1/alarms/events": {
    get: {
      summary: "What happened to alarms and what was done, in the order in which it was learnt.",
      query: alarmEventParameters,
      responses: {
        200: json("The events.", z.array(alarmEvent)),
        400: refused("A parameter cannot be used."),
        ...noRecords,
      },
    },
  },
  "/api/v1/alarms/figures": {
    get: {
      summary:
        "How the alarms of a stretch fared: rate, floods, priorities, bad actors, time to acknowledge.",
      query: alarmFigureParameters,
      responses: {
        200: {
          description: "The figures; as CSV a row for each, and one for each ten minutes.",
          content: {
            "application/json": { schema: alarmFigures },
            [exportTypes.csv]: { schema: z.string() },
          },
        },
        400: refused("A parameter cannot be used."),
        ...noRecords,
      },
    },
  },
  "/api/v1/alarms/actions": {
    post: {
      summary: "Does something with one alarm or many. The same `key` again changes nothing.",
      ...byThoseWhoMay,
      requestBody: body(alarmCommand),
      responses: { 200: json("What became of each.", commandAnswer), ...noToken, ...badBody },
    },
  },
  "/api/v1/shifts/log": {
    get: {
      summary:
        "What operators wrote into the log of their shifts, in the order in which they did; the newest 2,000.",
      query: shiftParameters,
      responses: {
        200: json("The entries.", z.array(shiftEntry)),
        400: refused("A parameter cannot be used."),
        ...noRecords,
      },
    },
    post: {
      summary: "Writes an entry, which stays as it is. The same `key` again changes nothing.",
      ...byThoseWhoMay,
      requestBody: body(shiftDraft),
      responses: { 200: json("The entry.", shiftEntry), ...noToken, ...badBody, ...noRecords },
    },
  },
  "/api/v1/shifts/handovers": {
    get: {
      summary:
        "Hand-overs of a stretch of time, the newest 100, and all that wait to be acknowledged, the newest first.",
      query: shiftParameters,
      responses: {
        200: json("The hand-overs.", z.array(handover)),
        400: refused("A parameter cannot be used."),
        ...noRecords,
      },
    },
    post: {
      summary: "Hands a shift over: what the city says now, and what whoever goes has to say.",
      ...byThoseWhoMay,
      requestBody: body(shiftDraft),
      responses: {
        200: json("The hand-over, which waits to be acknowledged.", handover),
        409: refused("The position's last hand-over waits to be acknowledged."),
        ...noToken,
        ...badBody,
        ...noRecords,
      },
    },
  },
  "/api/v1/shifts/handovers/draft": {
    get: { summary: "What a hand-over would tell now.", responses: { 200: json("That.", handoverContent) } },
  },
  "/api/v1/shifts/handovers/{id}/acknowledgement": {
    post: {
      summary: "Says that whoever comes knows what was handed over.",
      ...byThoseWhoMay,
      path: { id: "The hand-over." },
      requestBody: body(acknowledgementDraft),
      responses: {
        200: json("The hand-over, acknowledged.", handover),
        404: refused("There is no such hand-over."),
        409: refused("Whoever wrote it cannot acknowledge it, and nobody what somebody else has."),
        ...noToken,
        ...badBody,
        ...noRecords,
      },
    },
  },
  "/api/v1/notifications": {
    get: {
      summary: "Who was told of alarms, and why somebody was or was not.",
      query: notificationParameters,
      responses: {
        200: json("Messages and decisions, the newest first.", notificationsAnswer),
        400: refused("A parameter cannot be used."),
        ...noRecords,
      },
    },
  },
  "/api/v1/rules": {
    get: { summary: "The city's alarm rules.", responses: { 200: json("The rules.", z.array(alarmRule)) } },
  },
  "/api/v1/rules/backtest": {
    post: {
      summary: "What a rule, or a changed one, would have done over the recorded past.",
      ...byThoseWhoMay,
      requestBody: body(backtestQuestion),
      responses: {
        200: json("What it would have done.", backtestAnswer),
        ...noToken,
        ...badBody,
        422: refused("The past of what the rule is about is not recorded."),
        503: noAnswer,
      },
    },
  },
};
