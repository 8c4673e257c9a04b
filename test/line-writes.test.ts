/** Line protocol as Telegraf and clients of InfluxDB 1.x send it, into a running city. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunningCitydeck } from "../server/main.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { readDocument, undocumented } from "./documented.ts";
import { startCity } from "./running-city.ts";

const both = (text: string) => ({ en: text, zh: text });

const city = {
  "city.json": walkCity["city.json"],
  "departments.json": walkCity["departments.json"],
  "feeds/telegraf.json": {
    version: 1,
    id: "telegraf",
    title: both("Telegraf"),
    spec: "line",
    department: "mobility",
    licence: "CC0-1.0",
    cadenceSeconds: 10,
    staleAfterSeconds: 60,
    transport: { type: "receive", bearer: { env: "CITYDECK_TEST_LINES" }, maxBytes: 200_000 },
    options: {
      measurements: [
        { measurement: "cpu", where: { cpu: "cpu-total" }, id: ["host"], fields: { usage_idle: "idle" } },
      ],
    },
  },
  "feeds/warnings.json": {
    ...walkCity["feeds/bikes.json"],
    id: "warnings",
    spec: "cap",
    transport: { type: "receive", bearer: { env: "CITYDECK_TEST_LINES" } },
  },
  "indicators/platform.idle.json": {
    version: 1,
    id: "platform.idle",
    title: both("Idle"),
    definition: both("Mean idle time."),
    department: "mobility",
    reads: "Sensor",
    where: { property: "idle" },
    measure: { mean: "value" },
    unit: "percent",
    better: "higher",
    staleAfterSeconds: 60,
  },
};

let dir: string;
let running: RunningCitydeck;

beforeAll(async () => {
  process.env["CITYDECK_TEST_LINES"] = "line-token";
  dir = await temporaryDir("lines");
  await writeJsonFiles(join(dir, "city"), city);
  await start();
});

afterAll(async () => {
  await running?.stop();
  await rm(dir, { recursive: true, force: true });
  delete process.env["CITYDECK_TEST_LINES"];
});

async function start(): Promise<void> {
  running = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data") });
}

const token = { authorization: "Token line-token" };
const v2 = "/api/v2/write?org=city&bucket=telegraf";

async function write(
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = token,
): Promise<Response> {
  const answer = await fetch(running.url + path, { method: "POST", body: Buffer.from(body), headers });
  expect(await undocumented(await readDocument(running.url), "POST", path, answer)).toEqual([]);
  return answer;
}

const cpu = (host: string, idle: number, atMs = Date.now()) =>
  `cpu,cpu=cpu-total,host=${host} usage_idle=${idle},usage_user=${100 - idle} ${atMs}000000`;

interface Feature {
  readonly properties: { readonly sourceId: string; readonly value: number; readonly observedAt: number };
}

async function sensors(): Promise<Map<string, Feature["properties"]>> {
  const answer = await fetch(`${running.url}/api/v1/entities?kind=Sensor`);
  const { features } = (await answer.json()) as { features: Feature[] };
  return new Map(features.map(({ properties }) => [properties.sourceId, properties]));
}

async function eventuallySensor(id: string): Promise<Feature["properties"]> {
  for (let tries = 0; tries < 100; tries++, await pause(50)) {
    const found = (await sensors()).get(id);
    if (found) return found;
  }
  throw new Error(`no sensor ${id}`);
}

test("a batch of Telegraf's, gzipped, is on disk and in the city", async () => {
  const atMs = Date.now() - 1_000;
  const batch = Array.from({ length: 1_000 }, (_, i) => cpu(`h${i}`, i / 10, atMs)).join("\n") + "\n";
  const headers = { ...token, "content-encoding": "gzip", "content-type": "text/plain; charset=utf-8" };
  expect((await write(`${v2}&precision=ns`, gzipSync(batch), headers)).status).toBe(204);
  expect(await eventuallySensor("h7|idle")).toMatchObject({ value: 0.7, observedAt: atMs });
  expect((await sensors()).size).toBe(1_000);
  const [feed] = (await (await fetch(`${running.url}/api/v1/feeds`)).json()) as { notices: object[] }[];
  expect(feed!.notices).toMatchObject([{ code: "line-unmapped", count: 1_000 }]);
});

test.each([
  ["API 2, Token", v2, token],
  ["API 2, Bearer", v2, { authorization: "Bearer line-token" }],
  ["API 2 to 1.x, user and password as token", v2, { authorization: "Token any:line-token" }],
  [
    "1.x, Basic",
    "/write?db=telegraf",
    { authorization: `Basic ${Buffer.from("any:line-token").toString("base64")}` },
  ],
  ["1.x, parameters", "/write?db=telegraf&u=any&p=line-token", {}],
  ["1.x with a retention policy", "/write?db=telegraf%2Fautogen&rp=autogen&u=any&p=line-token", {}],
])("%s", async (_, path, headers) => {
  expect((await write(path, cpu("auth", 50), headers)).status).toBe(204);
});

test.each([
  [v2, {}],
  [v2, { authorization: "Token wrong" }],
  [v2, { authorization: `Basic ${Buffer.from("line-token:wrong").toString("base64")}` }],
  ["/write?db=telegraf&u=line-token&p=wrong", {}],
])("without the feed's token nothing is taken: %s %o", async (path, headers) => {
  const answer = await write(path, cpu("stranger", 1), headers);
  expect(answer.status).toBe(401);
  expect((await sensors()).has("stranger|idle")).toBe(false);
});

test("a body of which some lines are bad: those are told with their number, the others kept", async () => {
  const body = `${cpu("good-1", 1)}\nnot a line\n${cpu("good-2", 2)}\ncpu,host= usage_idle=1\n`;
  const answer = await write(v2, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    code: "invalid",
    message: 'partial write: line 2: unable to parse "not": invalid field format dropped=2',
    line: 2,
  });
  expect(await eventuallySensor("good-2|idle")).toMatchObject({ value: 2 });
  expect((await sensors()).has("good-1|idle")).toBe(true);
  const old = await write("/write?db=telegraf&p=line-token", body, {});
  expect(old.status).toBe(400);
  expect(await old.json()).toEqual({
    error: 'partial write: line 2: unable to parse "not": invalid field format dropped=2',
  });
  expect(old.headers.get("x-influxdb-error")).toContain("partial write: line 2");
});

describe("refused", () => {
  test.each<[string, string, string | Uint8Array, number, RegExp]>([
    ["a body without a good line", v2, "nothing here", 400, /line 1: unable to parse/],
    ["an empty body", v2, "", 400, /empty/],
    ["another feed", "/api/v2/write?bucket=other", "m f=1", 404, /bucket not found: "other"/],
    ["a feed of another standard", "/api/v2/write?bucket=warnings", "m f=1", 404, /bucket not found/],
    ["no feed", "/write", "m f=1", 400, /db: expected the id of a feed/],
    ["an unknown precision", `${v2}&precision=days`, "m f=1", 400, /invalid precision "days"/],
    ["a body too large", v2, "m f=1\n".repeat(100_000), 413, /at most 200000 bytes/],
  ])("%s", async (_, path, body, status, message) => {
    const answer = await write(path, body);
    expect(answer.status).toBe(status);
    const told = (await answer.json()) as { message?: string; error?: string };
    expect(told.message ?? told.error).toMatch(message);
  });

  test("gzip that inflates beyond the limit, and what is no gzip", async () => {
    const headers = { ...token, "content-encoding": "gzip" };
    expect((await write(v2, gzipSync("m f=1\n".repeat(100_000)), headers)).status).toBe(413);
    expect((await write(v2, "m f=1", headers)).status).toBe(400);
    expect((await write(v2, "m f=1", { ...token, "content-encoding": "snappy" })).status).toBe(415);
  });
});

test("precision goes with the body, also over a restart", async () => {
  const atMs = Math.floor(Date.now() / 1_000) * 1_000 - 5_000;
  const body = `cpu,cpu=cpu-total,host=seconds usage_idle=33 ${atMs / 1_000}`;
  expect((await write(`${v2}&precision=s`, body)).status).toBe(204);
  expect(await eventuallySensor("seconds|idle")).toMatchObject({ value: 33, observedAt: atMs });
  await running.stop();
  await start();
  expect(await eventuallySensor("seconds|idle")).toMatchObject({ value: 33, observedAt: atMs });
  expect(await eventuallySensor("good-2|idle")).toMatchObject({ value: 2 });
});
