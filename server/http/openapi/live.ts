/** The city as it is: what is shown now, and by what it is drawn. */

import { z } from "zod";
import { dossier } from "../dossier-answers.ts";
import { dossierParameters } from "../dossier.ts";
import {
  areaCollection,
  cityAnswer,
  department,
  entityCollection,
  health,
  indicatorItem,
} from "../city-answers.ts";
import { entityParameters } from "../entity-query.ts";
import { openMetricsType } from "../metrics.ts";
import {
  bytes,
  empty,
  geoJson,
  json,
  refused,
  tooManyWrong,
  type Operations,
  withToken,
} from "./operation.ts";

export const liveOperations: Operations = {
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
  "/api/v1/indicators": {
    get: {
      summary: "Every indicator's value now, with its state, age, sources and groups.",
      responses: { 200: json("All indicators.", z.array(indicatorItem)) },
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
  "/api/v1/dossier": {
    get: {
      summary:
        "Everything in an outline or an area of the city, from all departments: alarms, things by kind with those that matter most, areas that it touches. Single things of emergency dispatch need the access token beyond this machine.",
      query: dossierParameters,
      security: [{}, ...withToken],
      responses: { 200: json("What is in it.", dossier), 400: refused("A parameter cannot be used.") },
    },
  },
};
