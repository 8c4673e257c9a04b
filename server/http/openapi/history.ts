/** What was: series, moments, what is usual and what is to come. */

import { z } from "zod";
import { cityEvent } from "../city-answers.ts";
import { qualityPeriod } from "../feed-answers.ts";
import {
  cityAtAnswer,
  expectedAnswer,
  forecastAnswer,
  lostSpan,
  observed,
  recordedSpan,
  seriesItem,
  seriesItemInColumns,
} from "../history-answers.ts";
import { atParameters } from "../at.ts";
import { observationParameters } from "../observations.ts";
import { eventParameters } from "../events.ts";
import { exportParameters, exportTypes } from "../export.ts";
import { expectedParameters, forecastParameters } from "../outlook.ts";
import { qualityParameters } from "../quality.ts";
import { seriesAnswerParameters } from "../series.ts";
import { empty, json, noAnswer, refused, tooManyWrong, type Operations, withToken } from "./operation.ts";

export const historyOperations: Operations = {
  "/api/v1/series": {
    get: {
      summary:
        "Indicators over a stretch of time, in buckets, with gaps and their reasons. What is over and told `asOf` an instant before today never changes and may be kept for ever; without `asOf` a later word may change it, so it is asked for anew, by its ETag, and `Content-Location` names the version that it is.",
      query: seriesAnswerParameters,
      responses: {
        200: json(
          "One item for each series asked for, in the form that was asked for.",
          z.union([z.array(seriesItem), z.array(seriesItemInColumns)]),
        ),
        304: empty("As the ETag says."),
        503: noAnswer,
        400: refused("A parameter cannot be used; `type` names it."),
      },
    },
  },
  "/api/v1/export": {
    get: {
      summary:
        "The same series as a file, a row for each point, with names, units, owners, licences and the query.",
      query: exportParameters,
      responses: {
        200: {
          description: "CSV (RFC 4180 after comment lines with `#`), Parquet, or a workbook of two sheets.",
          content: {
            [exportTypes.csv]: { schema: { type: "string" } },
            [exportTypes.parquet]: {},
            [exportTypes.xlsx]: {},
          },
        },
        400: refused("A parameter cannot be used; `type` names it."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/at": {
    get: {
      summary:
        "The whole city at a second of its past. Things of emergency dispatch need the access token beyond this machine.",
      query: atParameters,
      security: [{}, ...withToken],
      responses: {
        200: json("Figures, feeds and the things that were asked for.", cityAtAnswer),
        400: refused("A parameter cannot be used; `type` names it."),
        401: refused("This kind needs the access token."),
        ...tooManyWrong,
        404: refused("Nobody was watching then."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/observations": {
    get: {
      summary: "What a sensor measured, each value at its source's own time, of the last 90 days.",
      query: observationParameters,
      responses: {
        200: json("By property, ascending by time; empty where nothing was measured.", z.array(observed)),
        400: refused("A parameter cannot be used; `type` names it."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/events": {
    get: {
      summary:
        "What happened in a stretch of time: targets left and reached, feeds down and back, warnings, works.",
      query: eventParameters,
      responses: {
        200: json("Events in the order in which they begin.", z.array(cityEvent)),
        400: refused("A parameter cannot be used; `type` names it."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/quality": {
    get: {
      summary: "What feeds and suppliers kept of their promises, by day, week or month.",
      query: qualityParameters,
      responses: {
        200: json("A row for each period and feed or supplier.", z.array(qualityPeriod)),
        400: refused("A parameter cannot be used; `type` names it."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/expected": {
    get: {
      summary: "What is usual for series, and where they left that.",
      query: expectedParameters,
      responses: {
        200: json("A point for each bucket of each series.", z.array(expectedAnswer)),
        400: refused("A parameter cannot be used; `type` names it."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/forecast": {
    get: {
      summary: "What is to come of series, with the error that such forecasts had.",
      query: forecastParameters,
      responses: {
        200: json(
          "A point for each bucket to come, of each series of which enough is known.",
          z.array(forecastAnswer),
        ),
        400: refused("A parameter cannot be used; `type` names it."),
        422: refused("Too little is known of all of them."),
        503: noAnswer,
      },
    },
  },
  "/api/v1/recorded": {
    get: {
      summary: "The stretches of time that were recorded, ascending: what the time machine can show.",
      responses: {
        200: json("Stretches without a gap of more than a minute and a half.", z.array(recordedSpan)),
        503: refused("The history cannot be read now."),
      },
    },
  },
  "/api/v1/lost": {
    get: {
      summary: "Stretches of which the history lost rows, and whether they were measured again since.",
      responses: { 200: json("In the order in which they were lost.", z.array(lostSpan)) },
    },
  },
};
