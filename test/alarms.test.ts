/** Alarms from a file to a client, through the API and the log, and over the sudden death of the server. */

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import type {
  Alarm,
  AlarmEvent,
  AlarmFiguresAnswer,
  AlarmItem,
  AlarmsBody,
  BacktestAnswer,
  CommandAnswer,
} from "../shared/alarms.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { readDocument, undocumented } from "./documented.ts";
import { citydeck, startCitydeckProcess } from "./run-command.ts";
import { withToken } from "./running-city.ts";

const both = (text: string) => ({ en: text, zh: text });

const rule = {
  version: 1,
  title: both("Few bikes"),
  consequence: both("People walk."),
  priority: "high",
  response: { text: both("Bring bikes."), checklist: [both("Call the depot.")], withinSeconds: 600 },
  owner: "mobility",
  tests: [{ series: "9 0 9", everySeconds: 60, activeAtSeconds: 60, clearAtSeconds: 120 }],
};

const city = {
  ...walkCity,
  // Patient: a busy machine is no dead feed.
  "feeds/bikes.json": { ...walkCity["feeds/bikes.json"], staleAfterSeconds: 15, dropAfterSeconds: 30 },
  "rules/transport.few-bikes.json": {
    ...rule,
    id: "transport.few-bikes",
    indicator: "transport.bikes-available",
    when: { below: 3, clearAbove: 5 },
    suppressedBy: ["platform.feed-silent"],
  },
  "rules/transport.no-bikes.json": {
    ...rule,
    id: "transport.no-bikes",
    indicator: "transport.bikes-available",
    when: { below: 1, clearAbove: 1 },
    priority: "critical",
  },
  "rules/platform.feed-silent.json": {
    ...rule,
    id: "platform.feed-silent",
    when: { silent: "down", feeds: "all" },
    tests: [{ series: "0 1", everySeconds: 60, activeAtSeconds: 60 }],
  },
};

let dir: string;
let server: ChildProcess;
let watcher: ChildProcess;
let url: string;
let bikes = 7;
let publishing: NodeJS.Timeout;
/** What `citydeck watch --topic alarms` printed. */
const watched: { readonly id: string; readonly state: string }[] = [];

const soon = { timeout: 60_000 };

beforeAll(async () => {
  dir = await temporaryDir("alarms");
  await writeJsonFiles(dir, { ...city, ...bikeFiles(bikes, Date.now()) });
  publishing = setInterval(() => void writeJsonFiles(dir, bikeFiles(bikes, Date.now())), 500);
  await start();
  watcher = spawn(process.execPath, [citydeck, "watch", "--url", url, "--topic", "alarms"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: watcher.stdout! }).on("line", (line) => {
    watched.push(JSON.parse(line) as (typeof watched)[number]);
  });
}, 120_000);

afterAll(async () => {
  clearInterval(publishing);
  watcher?.kill();
  server?.kill();
  await rm(dir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const port = url ? new URL(url).port : "0";
  let said: readonly string[];
  ({ server, url, said } = await startCitydeckProcess([
    "--city",
    dir,
    "--data",
    join(dir, "data"),
    "--port",
    port,
  ]));
  expect(said.filter((line) => line.includes("alarms-not-written"))).toEqual([]);
}

/** Asks a route of the API; what it answers must be as the server documents it. */
async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const answer = await fetch(url + path, init);
  expect(await undocumented(await readDocument(url), init?.method ?? "GET", path, answer)).toEqual([]);
  return (await answer.json()) as T;
}

const alarms = () => ask<AlarmItem[]>("/api/v1/alarms");
const states = async () => (await alarms()).map(({ id, state }) => `${id} ${state}`);
const events = () => ask<AlarmEvent[]>("/api/v1/alarms/events");

function act(
  action: Readonly<Record<string, unknown>>,
  key: string = crypto.randomUUID(),
): Promise<CommandAnswer> {
  return ask("/api/v1/alarms/actions", {
    method: "POST",
    headers: { ...withToken, "content-type": "application/json" },
    body: JSON.stringify({
      alarms: ["transport.few-bikes"],
      position: "Transport desk",
      shift: "Night",
      key,
      ...action,
    }),
  });
}

test("a value beyond its bound is an alarm, for whoever watches and whoever asks", soon, async () => {
  expect(await alarms()).toEqual([]);
  bikes = 2;
  await expect.poll(states, soon).toEqual(["transport.few-bikes unacknowledged"]);
  expect((await alarms())[0]).toMatchObject({
    rule: "transport.few-bikes",
    title: both("Few bikes"),
    indicator: "transport.bikes-available",
    group: null,
    priority: "high",
    acknowledgedBy: null,
    owner: "mobility",
    value: 2,
    response: rule.response,
  });
  await expect
    .poll(() => watched.map(({ id, state }) => `${id} ${state}`), soon)
    .toContain("transport.few-bikes unacknowledged");
});

test("what is done with it is done at once, once, and written down with who did it", soon, async () => {
  const key = crypto.randomUUID();
  const done = { alarm: "transport.few-bikes", refused: null, state: "acknowledged" };
  expect(await act({ action: "acknowledge" }, key)).toEqual({ results: [done], unstored: null });
  expect(await act({ action: "acknowledge" }, key)).toEqual({ results: [done], unstored: null });
  expect(await act({ action: "acknowledge" })).toMatchObject({
    results: [{ refused: "already-acknowledged", state: "acknowledged" }],
  });
  expect(await act({ action: "comment", alarms: ["transport.none"], text: "?" })).toMatchObject({
    results: [{ refused: "no-such-alarm", state: null }],
  });
  expect((await alarms())[0]?.acknowledgedBy).toBe("Transport desk");
  expect((await events()).map(({ kind, by }) => [kind, by?.position, by?.shift])).toEqual([
    ["raised", undefined, undefined],
    ["acknowledge", "Transport desk", "Night"],
  ]);
  const figures = await ask<AlarmFiguresAnswer>("/api/v1/alarms/figures");
  expect(figures).toMatchObject({
    alarms: 1,
    priorities: { high: 100 },
    badActors: [{ alarm: "transport.few-bikes", count: 1, percent: 100 }],
    badRules: [{ rule: "transport.few-bikes", count: 1, percent: 100 }],
    acknowledgement: { acknowledged: 1, never: 0 },
    stale: [],
  });
  expect(figures.perTenMinutes.counts.reduce((sum, count) => sum + count, 0)).toBe(1);
  // The log begins with this alarm: of the hours before it nothing is known.
  expect(figures.beganAt).toBe((await events())[0]!.at);
  const csv = await (await fetch(`${url}/api/v1/alarms/figures?format=csv`)).text();
  expect(csv).toMatch(/^figure,of,from,to,value,at_most\r\nalarms,,20\S+Z,20\S+Z,1,\r\n/);
  expect(csv).toMatch(/\nalarms_of_rule,transport\.few-bikes,\S+,1,\r\n/);
  expect((await fetch(`${url}/api/v1/alarms/figures?from=0`)).status).toBe(400);
  expect((await fetch(`${url}/api/v1/alarms/figures?format=pdf`)).status).toBe(400);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('citydeck_alarms{state="acknowledged",priority="high"} 1\n');
  expect(metrics).toContain("citydeck_alarm_flood 0\n");
  expect(metrics).toContain("citydeck_alarms_unstored 0\n");
  const bad = await fetch(`${url}/api/v1/alarms/actions`, {
    method: "POST",
    headers: { ...withToken, "content-type": "application/json" },
    body: JSON.stringify({ action: "shelve", alarms: [] }),
  });
  expect(bad.status).toBe(400);
});

/** What the server says that a rule would have done on the last day. */
async function tryOut(rule: object) {
  const answer = await fetch(`${url}/api/v1/rules/backtest`, {
    method: "POST",
    headers: { ...withToken, "content-type": "application/json" },
    body: JSON.stringify({ rule, days: 1 }),
  });
  expect(await undocumented(await readDocument(url), "POST", "/api/v1/rules/backtest", answer)).toEqual([]);
  return {
    status: answer.status,
    body: (await answer.json()) as Partial<BacktestAnswer> & { detail?: string },
  };
}

test("a rule can be tried on the past before anybody has to live with it", soon, async () => {
  const few = city["rules/transport.few-bikes.json"];
  await expect.poll(async () => (await tryOut(few)).status, soon).toBe(200);
  expect((await tryOut(few)).body).toMatchObject({
    rule: "transport.few-bikes",
    everySeconds: 60,
    series: [{ id: "transport.bikes-available" }],
  });
  const bad = await tryOut({ ...few, owner: "", indicator: "transport.none" });
  expect(bad).toMatchObject({ status: 400, body: { detail: expect.stringContaining("owner") as string } });
  const empty = { each: "StationStatus", where: { numVehiclesAvailable: 0 } };
  const thing = "transport.few-bikes{thing:bikes/StationStatus/b}";
  await expect
    .poll(async () => (await tryOut({ ...few, indicator: null, when: empty })).body, soon)
    .toMatchObject({ indicator: null, everySeconds: 0, series: [{ id: thing, alarms: 1 }] });
});

test("the log is told in pages, the newest first, each of which leads to the one before", async () => {
  const whole = await events();
  const told: AlarmEvent[] = [];
  let next: string | undefined = "/api/v1/alarms/events?limit=1";
  while (next !== undefined) {
    const page: Response = await fetch(url + next);
    told.unshift(...((await page.json()) as AlarmEvent[]));
    next = /^<(.+)>; rel="next"$/.exec(page.headers.get("link") ?? "")?.[1];
  }
  expect(whole.length).toBeGreaterThan(1);
  expect(told).toEqual(whole);
  for (const bad of ["limit=0", "limit=many", "limit=100000", "before=-1"])
    expect((await fetch(`${url}/api/v1/alarms/events?${bad}`)).status).toBe(400);
});

test("killed and started again, everything is as it was", { timeout: 120_000 }, async () => {
  bikes = 0;
  await expect.poll(states, soon).toContain("transport.no-bikes unacknowledged");
  await act({ action: "shelve", alarms: ["transport.no-bikes"], forSeconds: 3600, reason: "van on its way" });
  const before = await alarms();
  const heard = watched.length;
  server.kill("SIGKILL");
  await once(server, "exit");
  await start();
  const after = await alarms();
  const clocks = ({ id, state, since, acknowledged, shelved, occurrence }: AlarmItem) => {
    return { id, state, since, acknowledged, shelved, occurrence };
  };
  expect(after.map(clocks)).toEqual(before.map(clocks));
  expect(after.map(({ state }) => state)).toEqual(["acknowledged", "shelved"]);
  // The same values again are the same alarms.
  await expect
    .poll(async () => (await alarms()).map(({ valueState }) => valueState), soon)
    .toEqual(["fresh", "fresh"]);
  expect((await events()).filter(({ kind }) => kind === "raised").length).toBe(2);
  // The watcher has come back and has got everything anew.
  await expect.poll(() => watched.length, soon).toBeGreaterThan(heard);
  bikes = 9;
  await expect.poll(states, soon).toEqual(["transport.no-bikes shelved"]);
  await expect.poll(() => watched.some((line) => line.state === "normal"), soon).toBe(true);
});

test(
  "a dead feed is an alarm, its value clears nothing, and it explains what hangs on it",
  { timeout: 120_000 },
  async () => {
    bikes = 2;
    await expect.poll(states, soon).toContain("transport.few-bikes unacknowledged");
    clearInterval(publishing);
    await expect.poll(states, soon).toContain("platform.feed-silent{feed:bikes} unacknowledged");
    const hidden = (await alarms()).find(({ id }: Alarm) => id === "transport.few-bikes");
    expect(hidden).toMatchObject({
      state: "suppressed",
      suppressedBy: "platform.feed-silent{feed:bikes}",
      isActive: true,
      valueState: "none",
    } satisfies Partial<AlarmsBody["alarms"][number]>);
    // Tried on what was recorded meanwhile, the rules say what has just happened.
    const raised = (await events()).findLast((event) => event.alarm === "platform.feed-silent{feed:bikes}")!;
    const started = async (rule: object): Promise<readonly number[]> => {
      const { body } = await tryOut(rule);
      return (body.series ?? []).flatMap(({ stretches }) => stretches.map(({ fromAt }) => fromAt));
    };
    const silent = city["rules/platform.feed-silent.json"];
    await expect.poll(() => started(silent), soon).toContainEqual(expect.closeTo(raised.at, -3));
    const together = { ...silent, id: "platform.any", when: { atLeast: 1, of: ["platform.feed-silent"] } };
    expect(await started(together)).toEqual(await started(silent));
  },
);
