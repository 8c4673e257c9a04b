/**
 * Line protocol as InfluxDB takes it, so that Telegraf and its like need no plug-in of ours: `POST /api/v2/write` (its
 * API 2) and `POST /write` (1.x). The bucket, or the database, names the feed; its token comes in any of the ways that
 * these clients have. Answers are InfluxDB's own: clients decide by them what to send again.
 */

import type { Context, Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import type { QueryParameters } from "./parameters.ts";
import { tellWhenAgain, type ReceivePush } from "./pushes.ts";

type Dialect = "1" | "2";

/** The words of each API for the unit of a timestamp. */
const precisions: Readonly<Record<Dialect, readonly string[]>> = {
  "1": ["ns", "n", "us", "u", "ms", "s", "m", "h"],
  "2": ["ns", "us", "ms", "s"],
};

const precisionParameter = (dialect: Dialect) => ({
  description: "What timestamps count; nanoseconds when it is missing.",
  schema: z.enum(precisions[dialect]),
});

export const lineParameters2: QueryParameters = {
  bucket: { description: "The feed.", required: true, schema: z.string() },
  org: { description: "Not looked at.", schema: z.string() },
  precision: precisionParameter("2"),
};

export const lineParameters1: QueryParameters = {
  db: { description: "The feed.", required: true, schema: z.string() },
  precision: precisionParameter("1"),
  u: { description: "Not looked at.", schema: z.string() },
  p: { description: "The feed's token.", schema: z.string() },
};

/** `line`: the first one of the body that could not be read, from 1. */
export const lineFault2 = z.strictObject({
  code: z.string(),
  message: z.string(),
  line: z.int().exactOptional(),
});

export const lineFault1 = z.strictObject({ error: z.string() });

export function serveLineWrites(app: Hono, receive: ReceivePush): void {
  app.post("/api/v2/write", (c) => answerWrite(c, receive, "2"));
  app.post("/write", (c) => answerWrite(c, receive, "1"));
}

async function answerWrite(c: Context, receive: ReceivePush, dialect: Dialect): Promise<Response> {
  const { bucket, db, precision = "ns" } = c.req.query();
  const target = dialect === "2" ? bucket : db;
  if (target === undefined || target === "")
    return refuse(c, dialect, 400, `${dialect === "2" ? "bucket" : "db"}: expected the id of a feed`);
  if (!precisions[dialect].includes(precision)) {
    const expected = precisions[dialect].join(", ");
    return refuse(c, dialect, 400, `invalid precision "${precision}", expected one of ${expected}`);
  }
  const credential = credentialOf(c);
  const push = {
    header: (name: string) => (name === "authorization" ? credential : c.req.header(name)),
    body: c.req.raw.body ?? [],
    url: `line:?precision=${precision}`,
  };
  // Clients of 1.x put the retention policy behind the name: `telegraf/autogen`.
  const answer = await receive(target.split("/")[0]!, push, "line");
  if (answer === null)
    return refuse(c, dialect, 404, `${dialect === "2" ? "bucket" : "database"} not found: "${target}"`);
  if (answer.problem) {
    tellWhenAgain(c, answer);
    const status = answer.status === 422 ? 400 : answer.status;
    return refuse(c, dialect, status, answer.problem.detail);
  }
  if (!answer.refused) return c.body(null, 204);
  const { count, line, reason } = answer.refused;
  return refuse(c, dialect, 400, `partial write: line ${line}: ${reason} dropped=${count}`, line);
}

/** The token as a feed wants it, from `Token …`, `Bearer …`, or a 1.x password, in a header or in the address. */
function credentialOf(c: Context): string | undefined {
  const header = c.req.header("authorization");
  if (header === undefined) {
    const password = c.req.query("p");
    return password === undefined ? undefined : `Bearer ${password}`;
  }
  const [, scheme = "", word = ""] = /^(\w+) +(.*)$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case "token":
      // Clients of API 2 write `user:password` here when they talk to 1.x.
      return `Bearer ${word.includes(":") ? passwordOf(word) : word}`;
    case "basic":
      return `Bearer ${passwordOf(Buffer.from(word, "base64").toString())}`;
    default:
      return header;
  }
}

function passwordOf(pair: string): string {
  return pair.slice(pair.indexOf(":") + 1);
}

const codes: Readonly<Record<number, string>> = {
  400: "invalid",
  401: "unauthorized",
  404: "not found",
  413: "request too large",
  415: "unsupported media type",
  429: "too many requests",
  503: "unavailable",
};

/** `line`: the first line that was not taken. Both APIs also name the fault in a header, for bodies nobody reads. */
function refuse(c: Context, dialect: Dialect, status: number, message: string, line?: number): Response {
  const code = codes[status] ?? "internal error";
  const body = dialect === "1" ? { error: message } : { code, message, ...(line && { line }) };
  c.header(
    dialect === "1" ? "x-influxdb-error" : "x-platform-error-code",
    dialect === "1" ? plain(message) : code,
  );
  return c.json(body, status as ContentfulStatusCode);
}

/** A header holds no line feeds and nothing beyond ASCII. */
function plain(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, "?").slice(0, 300);
}
