/** `/api/v1/openapi.json`: every route, in OpenAPI 3.1.1. Its schemas are those of `named-schemas.ts` and the files `*-answers.ts`. */

import type { Context } from "hono";
import { alarmOperations } from "./openapi/alarms.ts";
import { briefingOperations } from "./openapi/briefings.ts";
import { feedOperations } from "./openapi/feeds.ts";
import { historyOperations } from "./openapi/history.ts";
import { liveOperations } from "./openapi/live.ts";
import { namedSchemas, refused, schemaOf, type Operation, type Operations } from "./openapi/operation.ts";
import { recordOperations } from "./openapi/records.ts";

const operations: Operations = {
  ...liveOperations,
  ...feedOperations,
  ...historyOperations,
  ...alarmOperations,
  ...briefingOperations,
  ...recordOperations,
};

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
    schemas: namedSchemas(),
    securitySchemes: {
      accessToken: { type: "http", scheme: "bearer", description: "The access token of this installation." },
      sessionCookie: {
        type: "apiKey",
        in: "cookie",
        name: "citydeck-token",
        description:
          "The access token as a browser keeps it after `POST /api/v1/session`; over https `__Host-citydeck-token`, and with `-` and the port of the address where it has one. In changes it counts only beside an `Origin`.",
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
