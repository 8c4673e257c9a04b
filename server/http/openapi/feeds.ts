/** Feeds: how they are, and what suppliers send. */

import { z } from "zod";
import { feedBody, feedQuality, feedRule, feedStatus, inspection } from "../feed-answers.ts";
import { lineFault1, lineFault2, lineParameters1, lineParameters2 } from "../line-writes.ts";
import {
  byThoseWhoMay,
  empty,
  json,
  refused,
  tooManyWrong,
  type Operation,
  type Operations,
} from "./operation.ts";

const partQuery = {
  part: { description: "Which part of a feed of several; the last one without it.", schema: z.string() },
} as const;
const bodyRefusals = {
  401: refused("From another machine, bodies need the access token."),
  ...tooManyWrong,
  403: refused("Bodies of this feed are shown on the server's own machine only."),
  404: refused("No such feed, or no body of it is kept."),
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

export const feedOperations: Operations = {
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
