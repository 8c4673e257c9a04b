/** `/api/v1/openapi.json`: every route, in OpenAPI 3.1.1. Its schemas are those of the files `answers.ts`. */

import type { Context } from "hono";
import { z } from "zod";
import { acknowledgementDraft, handover, handoverContent, shiftDraft, shiftEntry } from "./shift-answers.ts";
import { dossier } from "./dossier-answers.ts";
import { dossierParameters } from "./dossier.ts";
import { shiftParameters } from "./shifts.ts";
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
} from "./alarm-answers.ts";
import { sent, sentDraft, wallNow } from "./wall-answers.ts";
import {
  annotation,
  annotationChange,
  annotationDraft,
  areaCollection,
  cityAnswer,
  cityAtAnswer,
  observed,
  cityEvent,
  department,
  editableFile,
  entityCollection,
  expectedAnswer,
  faults,
  feedBody,
  feedQuality,
  feedRule,
  feedStatus,
  fileChange,
  fileDraft,
  forecastAnswer,
  health,
  indicatorItem,
  inspection,
  named,
  note,
  noteDraft,
  problemBody,
  qualityPeriod,
  lostSpan,
  recordedSpan,
  savedView,
  savedViewChange,
  savedViewDraft,
  seriesItem,
  seriesItemInColumns,
  session,
  signInDraft,
} from "./answers.ts";
import { lineFault1, lineFault2, lineParameters1, lineParameters2 } from "./line-writes.ts";
import { alarmEventParameters, alarmFigureParameters } from "./alarms.ts";
import { notificationParameters } from "./notifications.ts";
import { atParameters } from "./at.ts";
import { observationParameters } from "./observations.ts";
import { entityParameters } from "./entity-query.ts";
import { eventParameters } from "./events.ts";
import { exportParameters, exportTypes } from "./export.ts";
import { openMetricsType } from "./metrics.ts";
import { briefingItem, edition, editionDraft, issueDraft, issuedBriefing } from "./briefing-answers.ts";
import { archiveParameters, briefingPageParameters } from "./briefing-pages.ts";
import {
  briefingListParameters,
  briefingParameters,
  briefingTextType,
  latestParameters,
} from "./briefings.ts";
import type { QueryParameters } from "./parameters.ts";
import { expectedParameters, forecastParameters } from "./outlook.ts";
import { annotationParameters } from "./records.ts";
import { qualityParameters } from "./quality.ts";
import { seriesAnswerParameters } from "./series.ts";

interface Operation {
  readonly summary: string;
  readonly query?: QueryParameters;
  /** The parts of the path in braces. */
  readonly path?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<number, object>>;
}

const components = z.toJSONSchema(named, { uri: refOf }).schemas;

function refOf(id: string): string {
  return `#/components/schemas/${id}`;
}

/** JSON Schema 2020-12, which is OpenAPI 3.1's; a schema with a name is a reference. */
function schemaOf(schema: z.ZodType): object {
  const name = named.get(schema)?.id;
  if (name !== undefined) return { $ref: refOf(name) };
  if (schema instanceof z.ZodArray) return { type: "array", items: schemaOf(schema.element as z.ZodType) };
  return withoutDialect(z.toJSONSchema(schema, { io: "input" }));
}

/** The whole document speaks one dialect, and its references name components, not documents. */
function withoutDialect({
  $schema: _dialect,
  $id: _id,
  ...schema
}: object & { $schema?: unknown; $id?: unknown }) {
  return schema;
}

const json = (description: string, schema: z.ZodType, type = "application/json") => ({
  description,
  content: { [type]: { schema: schemaOf(schema) } },
});
const refused = (description: string) => json(description, problemBody, "application/problem+json");
const geoJson = (description: string, schema: z.ZodType) => json(description, schema, "application/geo+json");
const empty = (description: string) => ({ description });
const bytes = (description: string) => ({ description, content: { "application/vnd.pmtiles": {} } });

type Method = "get" | "post" | "put" | "delete";

const withToken = [{ accessToken: [] }, { sessionCookie: [] }];
const byThoseWhoMay = { security: withToken };
const fileParts = { folder: "`indicators`, `rules` or `walls`.", name: "The file's name, with `.json`." };
const noFile = refused("No file of this city that can be changed here.");
const tooManyWrong = { 429: refused("Too many wrong tokens at once.") };
const noToken = { 401: refused("Changes need the access token."), ...tooManyWrong };
const badBody = {
  400: refused("The body cannot be used."),
  413: refused("The body is too large."),
  415: refused("The body is no JSON."),
};
const notIssued = {
  404: refused("There is no such briefing."),
  409: refused("There is nothing to issue: no alarm is active, or no figure has changed."),
  500: refused("It was not fit to be issued."),
  503: refused("It could not be kept, or the history is not there."),
};
const briefingResponses = {
  200: {
    description: "The issue, or its text.",
    content: {
      "application/json": { schema: schemaOf(issuedBriefing) },
      [briefingTextType]: { schema: { type: "string" } },
    },
  },
  400: refused("A parameter cannot be used."),
  404: refused("Nothing was issued under this address."),
};
const briefingPage = {
  200: {
    description: "The page, the file or the paper.",
    content: { "text/html": {}, "application/pdf": {} },
  },
  400: refused("A parameter cannot be used."),
  404: refused("Nothing was issued under this address."),
  503: {
    description: "There is no PDF just now: a page that says why, and what to do.",
    content: { "text/html": {} },
  },
};
const body = (schema: z.ZodType) => ({
  required: true,
  content: { "application/json": { schema: schemaOf(schema) } },
});

const noAnswer = refused(
  "The history is away, busy or takes too long: ask again after `retry-after` seconds.",
);

const partQuery = {
  part: { description: "Which part of a feed of several; the last one without it.", schema: z.string() },
} as const;
const bodyRefusals = {
  401: refused("From another machine, bodies need the access token."),
  ...tooManyWrong,
  403: refused("Bodies of this feed are shown on the server's own machine only."),
  404: refused("No such feed, or no body of it is kept."),
};

const noRecords = { 503: refused("The records' file cannot be used.") };
const noView = { 404: refused("There is no such view.") };

const operations: Readonly<Record<string, Partial<Record<Method, Operation>>>> = {
  "/healthz": { get: { summary: "Whether the server runs.", responses: { 200: json("It runs.", health) } } },
  "/metrics": {
    get: {
      summary: "Figures in OpenMetrics 1.0; what is not known has no sample.",
      responses: {
        200: { description: "The figures.", content: { [openMetricsType]: { schema: { type: "string" } } } },
      },
    },
  },
  "/basemap.pmtiles": {
    get: {
      summary: "The city's basemap, by ranges.",
      query: {
        v: {
          description: "The version that the ETag names; then the answer never changes.",
          schema: z.string(),
        },
      },
      responses: {
        200: bytes("The whole file."),
        206: bytes("The range that was asked for."),
        304: empty("As the ETag says."),
        404: refused("This city has none."),
        416: empty("The range lies outside the file."),
      },
    },
  },
  "/api/v1/openapi.json": {
    get: {
      summary: "This document.",
      responses: { 200: json("OpenAPI 3.1.", z.looseObject({ openapi: z.string() })) },
    },
  },
  "/api/v1/city": {
    get: { summary: "The city's settings and its clock.", responses: { 200: json("The city.", cityAnswer) } },
  },
  "/api/v1/departments": {
    get: {
      summary: "Who answers for what.",
      responses: { 200: json("All departments.", z.array(department)) },
    },
  },
  "/api/v1/feeds": {
    get: {
      summary: "Every feed with its owner, licence, age and faults.",
      responses: {
        200: {
          ...json("All feeds.", z.array(feedStatus)),
          headers: {
            "citydeck-refused-change": {
              description:
                "Why the city folder's last change was not taken over, percent-encoded; absent when it was.",
              schema: { type: "string" },
            },
          },
        },
      },
    },
  },
  "/api/v1/feed-quality": {
    get: {
      summary: "Every feed's agreement, what it kept today and in seven days, and its grade.",
      responses: { 200: json("All feeds.", z.array(feedQuality)) },
    },
  },
  "/api/v1/feed-rules": {
    get: {
      summary: "What every notice code means.",
      responses: { 200: json("All rules of all standards.", z.array(feedRule)) },
    },
  },
  "/api/v1/feeds/{id}/body": {
    get: {
      summary: "A feed's last body. Those of emergency dispatch are shown on the server's own machine only.",
      path: { id: "The feed." },
      query: partQuery,
      ...byThoseWhoMay,
      responses: { 200: json("The body, cut where it is long.", feedBody), ...bodyRefusals },
    },
  },
  "/api/v1/feeds/{id}/replay": {
    post: {
      summary: "Decodes the last body again and says what is in it; changes nothing.",
      path: { id: "The feed." },
      query: partQuery,
      ...byThoseWhoMay,
      responses: {
        200: json("What is in it.", inspection),
        422: refused("The body cannot be read."),
        ...bodyRefusals,
      },
    },
  },
  "/api/v1/indicators": {
    get: {
      summary: "Every indicator's value now, with its state, age, sources and groups.",
      responses: { 200: json("All indicators.", z.array(indicatorItem)) },
    },
  },
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
  "/api/v1/entities": {
    get: {
      summary:
        "The things of one kind. Those of emergency dispatch need the access token beyond this machine.",
      query: entityParameters,
      security: [{}, ...withToken],
      responses: {
        200: geoJson("The things.", entityCollection),
        400: refused("A parameter cannot be used; `type` names it."),
        401: refused("This kind needs the access token."),
        ...tooManyWrong,
      },
    },
  },
  "/api/v1/areas/{level}": {
    get: {
      summary: "The areas of one level.",
      path: { level: "A level of `areaLevels` of `/api/v1/city`." },
      responses: {
        200: geoJson("The areas.", areaCollection),
        304: empty("As the ETag says."),
        404: refused("This city has no such level."),
      },
    },
  },
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
  "/api/v1/session": {
    get: { summary: "Whether whoever asks may change anything.", responses: { 200: json("That.", session) } },
    post: {
      summary:
        "Takes the access token once, for a cookie that no script can read. A wrong one is told so late.",
      requestBody: body(signInDraft),
      responses: {
        200: json("It is right; `set-cookie` keeps it for 30 days.", session),
        ...noToken,
        ...badBody,
      },
    },
    delete: {
      summary: "Takes the cookie from the browser.",
      responses: { 200: json("It may change nothing any more.", session) },
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
  "/api/v1/dossier": {
    get: {
      summary:
        "Everything in an outline or an area of the city, from all departments: alarms, things by kind with those that matter most, areas that it touches. Single things of emergency dispatch need the access token beyond this machine.",
      query: dossierParameters,
      security: [{}, ...withToken],
      responses: { 200: json("What is in it.", dossier), 400: refused("A parameter cannot be used.") },
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
  "/api/v1/notes": {
    get: {
      summary: "What operators say about figures now.",
      responses: { 200: json("All notes in force.", z.array(note)) },
    },
  },
  "/api/v1/notes/{indicator}": {
    put: {
      summary: "Says something about a figure, for everybody who sees it.",
      path: { indicator: "The indicator." },
      ...byThoseWhoMay,
      requestBody: body(noteDraft),
      responses: {
        200: json("The note.", note),
        ...noToken,
        404: refused("No such indicator of this city."),
        ...badBody,
      },
    },
    delete: {
      summary: "Takes a note away.",
      path: { indicator: "The indicator." },
      ...byThoseWhoMay,
      responses: { 204: empty("It is gone."), ...noToken, 404: refused("Nothing is noted about it.") },
    },
  },
  "/api/v1/walls": {
    get: {
      summary: "Every wall, what its screens show now and what was sent to it.",
      responses: { 200: json("All walls of the city.", z.array(wallNow)) },
    },
  },
  "/api/v1/walls/{wall}/sent": {
    put: {
      summary: "Puts an alarm or a map on a wall in the place of its scenes; of two the newest stands.",
      path: { wall: "The wall." },
      ...byThoseWhoMay,
      requestBody: body(sentDraft),
      responses: {
        200: json("What stands there now.", sent),
        ...noToken,
        404: refused("No such wall of this city."),
        409: refused("There is no such alarm, figure or level of areas."),
        ...badBody,
      },
    },
    delete: {
      summary: "Takes back what was sent to a wall.",
      path: { wall: "The wall." },
      ...byThoseWhoMay,
      responses: {
        204: empty("Its scenes are there again."),
        ...noToken,
        404: refused("Nothing was sent there."),
      },
    },
  },
  "/api/v1/annotations": {
    get: {
      summary: "What people wrote at stretches of time, those that touch the one asked for.",
      query: annotationParameters,
      responses: {
        200: json("In the order of their time.", z.array(annotation)),
        400: refused("A parameter cannot be used; `type` names it."),
        ...noRecords,
      },
    },
    post: {
      summary: "Writes one, for everybody.",
      ...byThoseWhoMay,
      requestBody: body(annotationDraft),
      responses: { 201: json("The annotation.", annotation), ...noToken, ...badBody, ...noRecords },
    },
  },
  "/api/v1/annotations/{id}": {
    put: {
      summary: "Writes other words, or another time, under the same id.",
      path: { id: "The annotation." },
      ...byThoseWhoMay,
      requestBody: body(annotationChange),
      responses: {
        200: json("The annotation.", annotation),
        ...noToken,
        404: refused("There is no such annotation."),
        409: refused("Somebody has changed it since."),
        ...badBody,
        ...noRecords,
      },
    },
    delete: {
      summary: "Takes an annotation away.",
      path: { id: "The annotation." },
      ...byThoseWhoMay,
      responses: {
        204: empty("It is gone."),
        ...noToken,
        404: refused("There is no such annotation."),
        ...noRecords,
      },
    },
  },
  "/briefings": {
    get: {
      summary: "The archive of briefings, as a page.",
      query: archiveParameters,
      responses: { 200: { description: "The page.", content: { "text/html": {} } }, 400: briefingPage[400] },
    },
  },
  "/briefing/{id}": {
    get: {
      summary: "A briefing to be read: an issue's permanent address.",
      path: { id: "The issue." },
      query: briefingPageParameters,
      responses: briefingPage,
    },
  },
  "/briefing/{definition}/latest": {
    get: {
      summary: "The newest issue of a briefing of the city folder, to be read.",
      path: { definition: "The briefing of the city folder." },
      query: briefingPageParameters,
      responses: briefingPage,
    },
  },
  "/fonts/{file}": {
    get: {
      summary: "A slice of a font that a briefing's page is set in.",
      path: { file: "As the page names it." },
      responses: {
        200: { description: "The font.", content: { "font/woff2": {} } },
        404: refused("No such font."),
      },
    },
  },
  "/api/v1/briefings": {
    get: {
      summary: "Issued briefings, the newest first; at most 1,000.",
      query: briefingListParameters,
      responses: {
        200: json("The issues.", z.array(briefingItem)),
        400: refused("A parameter cannot be used."),
      },
    },
    post: {
      summary: "Issues a briefing by what is known now.",
      ...byThoseWhoMay,
      requestBody: body(issueDraft),
      responses: { 201: json("The issue.", issuedBriefing), ...notIssued, ...noToken, ...badBody },
    },
  },
  "/api/v1/briefings/{id}": {
    get: {
      summary: "One issue. It never changes; an edition or a correction may come beside it.",
      path: { id: "The issue." },
      query: briefingParameters,
      responses: briefingResponses,
    },
  },
  "/api/v1/briefings/{definition}/latest": {
    get: {
      summary: "The newest issue of a briefing of the city folder that nothing corrects.",
      path: { definition: "The briefing of the city folder." },
      query: latestParameters,
      responses: { ...briefingResponses, 307: empty("`html` and `pdf` are at its page.") },
    },
  },
  "/api/v1/briefings/{id}/corrections": {
    post: {
      summary: "Issues the same period anew by what is known now, and says what is another figure.",
      path: { id: "The issue to correct." },
      ...byThoseWhoMay,
      responses: { 201: json("The correction.", issuedBriefing), ...notIssued, ...noToken },
    },
  },
  "/api/v1/briefings/{id}/editions": {
    get: {
      summary: "What editors did with an issue, the first change first.",
      path: { id: "The issue." },
      responses: { 200: json("The editions.", z.array(edition)), 404: refused("There is no such issue.") },
    },
    post: {
      summary: "Comments, hides or orders sections, signs. The generated text stays as it is.",
      path: { id: "The issue." },
      ...byThoseWhoMay,
      requestBody: body(editionDraft),
      responses: {
        201: json("The edition.", edition),
        ...noToken,
        404: refused("There is no such issue."),
        409: refused("Somebody has edited it since."),
        ...badBody,
      },
    },
  },
  "/api/v1/views": {
    get: {
      summary: "The explorer's saved views.",
      responses: { 200: json("All of them, by title.", z.array(savedView)), ...noRecords },
    },
    post: {
      summary: "Saves a view, for everybody.",
      ...byThoseWhoMay,
      requestBody: body(savedViewDraft),
      responses: {
        201: json("The view.", savedView),
        ...noToken,
        409: refused("Another view has this title."),
        ...badBody,
        ...noRecords,
      },
    },
  },
  "/api/v1/views/{id}": {
    get: {
      summary: "A saved view.",
      path: { id: "The view." },
      responses: { 200: json("The view.", savedView), ...noView, ...noRecords },
    },
    put: {
      summary: "Saves another view, or title, under the same id.",
      path: { id: "The view." },
      ...byThoseWhoMay,
      requestBody: body(savedViewChange),
      responses: {
        200: json("The view.", savedView),
        ...noToken,
        409: refused("Another view has this title, or somebody has saved this one since; `type` says which."),
        ...noView,
        ...badBody,
        ...noRecords,
      },
    },
    delete: {
      summary: "Takes a view away.",
      path: { id: "The view." },
      ...byThoseWhoMay,
      responses: { 204: empty("It is gone."), ...noToken, ...noView, ...noRecords },
    },
  },
  "/api/v1/admin/files/{folder}/{name}": {
    get: {
      summary: "A file of the city folder, to be changed.",
      path: fileParts,
      ...byThoseWhoMay,
      responses: { 200: json("The file.", editableFile), ...noToken, 404: noFile },
    },
    put: {
      summary: "Writes the file, if the city is sound with it.",
      path: fileParts,
      ...byThoseWhoMay,
      requestBody: body(fileChange),
      responses: {
        200: json("The file as it stands now.", editableFile),
        ...noToken,
        404: noFile,
        409: refused("Somebody else has changed it since, or made it."),
        422: refused("The city would not be sound; a line per fault."),
        ...badBody,
      },
    },
  },
  "/api/v1/admin/files/{folder}/{name}/check": {
    post: {
      summary: "What would be wrong with the city if the file said this.",
      path: fileParts,
      ...byThoseWhoMay,
      requestBody: body(fileDraft),
      responses: { 200: json("The faults, a line each.", faults), ...noToken, 404: noFile, ...badBody },
    },
  },
  "/api/v1/feeds/{id}/data": {
    post: {
      summary: "New data of a feed whose transport is `receive`: a body of the feed's standard.",
      path: { id: "The feed." },
      security: [{ feedToken: [] }, { feedSignature: [], feedTimestamp: [] }],
      header: { "x-part": "Which part of a feed of several." },
      requestBody: { required: true, content: { "*/*": {} } },
      responses: {
        202: empty("The body is on disk."),
        401: refused("The push proves nothing, or its timestamp is not within 5 minutes of now."),
        404: refused("No such feed of this city receives pushes."),
        413: refused("The body is too large."),
        415: refused("Its content encoding is not known."),
        422: refused("The body cannot be read."),
        429: refused("Too much at once: send it again after `retry-after` seconds."),
        500: refused("The feed's decoder failed."),
        503: refused("Not kept on disk, or the server is stopping: send it again later."),
      },
    },
  },
  "/api/v2/write": {
    post: {
      summary: "Line protocol as API 2 of InfluxDB takes it, for a feed of `spec: line` that receives.",
      query: lineParameters2,
      ...lineWrite(lineFault2),
    },
  },
  "/write": {
    post: {
      summary: "Line protocol as InfluxDB 1.x takes it, for a feed of `spec: line` that receives.",
      query: lineParameters1,
      ...lineWrite(lineFault1),
    },
  },
};

function lineWrite(fault: z.ZodType): Pick<Operation, "security" | "requestBody" | "responses"> {
  const told = (description: string) => json(description, fault);
  return {
    security: [{ feedToken: [] }, { lineToken: [] }, { linePassword: [] }],
    requestBody: { required: true, content: { "text/plain": {} } },
    responses: {
      204: empty("Everything is on disk."),
      400: told("No line could be read, or some could not; the others are kept."),
      401: told("Not the feed's token."),
      404: told("No such feed of this city takes line protocol."),
      413: told("The body is too large."),
      415: told("Its content encoding is not known."),
      429: told("Too much at once: send it again after `retry-after` seconds."),
      500: told("The feed's decoder failed."),
      503: told("Not kept on disk, or the server is stopping: send it again later."),
    },
  };
}

function documented({ query = {}, path = {}, header = {}, responses, ...operation }: Operation): object {
  const text = { type: "string" };
  return {
    ...operation,
    parameters: [
      ...Object.entries(path).map(([name, description]) => ({
        name,
        in: "path",
        required: true,
        description,
        schema: text,
      })),
      ...Object.entries(query).map(([name, { schema, ...about }]) => ({
        name,
        in: "query",
        ...about,
        schema: schemaOf(schema),
      })),
      ...Object.entries(header).map(([name, description]) => ({
        name,
        in: "header",
        description,
        schema: text,
      })),
    ],
    responses: { ...responses, default: refused("A foreign host or origin, or something broke.") },
  };
}

/** The document itself. */
export const openApi = {
  openapi: "3.1.1",
  info: {
    title: "Citydeck",
    version: "1",
    description:
      "Instants are epoch milliseconds UTC. Nothing known is `null` with a reason, never 0. What is not built answers 404.",
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  paths: Object.fromEntries(
    Object.entries(operations).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [method, documented(operation)]),
      ),
    ]),
  ),
  components: {
    schemas: Object.fromEntries(
      Object.entries(components).map(([name, schema]) => [name, withoutDialect(schema)]),
    ),
    securitySchemes: {
      accessToken: { type: "http", scheme: "bearer", description: "The access token of this installation." },
      sessionCookie: {
        type: "apiKey",
        in: "cookie",
        name: "citydeck-token",
        description:
          "The access token as a browser keeps it after `POST /api/v1/session`; over https `__Host-citydeck-token`. In changes it counts only beside an `Origin`.",
      },
      feedToken: { type: "http", scheme: "bearer", description: "The token of this feed." },
      lineToken: {
        type: "apiKey",
        in: "header",
        name: "authorization",
        description: "`Token` and the token of this feed.",
      },
      linePassword: {
        type: "http",
        scheme: "basic",
        description: "Any user, with the feed's token as password; or the parameters `u` and `p`.",
      },
      feedSignature: {
        type: "apiKey",
        in: "header",
        name: "x-signature",
        description:
          "`v2=` and the hex HMAC-SHA-256 over the lines `v2`, timestamp, `x-part` or `body`, `content-encoding` or `identity`, each with its line feed, and the body as sent.",
      },
      feedTimestamp: { type: "apiKey", in: "header", name: "x-timestamp", description: "Epoch seconds." },
    },
  },
};

const document = JSON.stringify(openApi);

export function openApiHandler(c: Context): Response {
  return c.body(document, 200, { "content-type": "application/json" });
}
