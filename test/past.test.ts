/** The past over the wire: the same frames as live, for one client alone, from a running city and a small history. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { io as connect, type Socket } from "socket.io-client";
import * as parser from "socket.io-msgpack-parser";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { HistoryAway, QueryTimedOut } from "../server/history/history.ts";
import type { RunningCitydeck } from "../server/main.ts";
import {
  protocolVersion,
  type ClientToServer,
  type Frame,
  type Hello,
  type IndicatorsBody,
  type PastRequest,
  type Pulse,
  type Reading,
  type Refusal,
  type ServerToClient,
  type Topic,
} from "../shared/protocol.ts";
import { bikeFiles, temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { RememberedCity } from "./remembered-city.ts";
import { startCity } from "./running-city.ts";

const bikes = "transport.bikes-available";
const noon = Date.UTC(2026, 2, 7, 12);

function reading(value: number): Reading {
  return {
    id: bikes,
    value,
    state: "fresh",
    reason: null,
    quality: "good",
    observedAt: noon,
    oldestAt: null,
  };
}

/** A number more every second for an hour from noon on. */
const history = new RememberedCity({
  spans: [{ fromAt: noon, toAt: noon + 3_600_000 }],
  readings: Array.from({ length: 3_600 }, (_, i) => ({
    knownAt: noon + i * 1_000,
    changed: [reading(1_000 + i)],
  })),
});

let dir: string;
let city: RunningCitydeck;
const clients: Socket[] = [];

beforeAll(async () => {
  dir = await temporaryDir("past");
  await writeJsonFiles(dir, { ...walkCity, ...bikeFiles(7, Date.now()) });
  city = await startCity({ cityDir: dir, dataDir: join(dir, "data"), history });
}, 60_000);
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  history.pace = () => Promise.resolve();
});
afterAll(async () => {
  await city?.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Heard {
  readonly frames: Frame[];
  readonly pulses: Pulse[];
  readonly refusals: Refusal[];
  /** Frames and pulses in their order, by what they say of the time: `past` or `now`. */
  readonly order: string[];
}

const topics: readonly Topic[] = ["city", "indicators", "feeds", "moments"];

async function visit(url: string) {
  const socket: Socket<ServerToClient, ClientToServer> = connect(url, {
    parser,
    transports: ["websocket"],
    forceNew: true,
  });
  clients.push(socket);
  const heard: Heard = { frames: [], pulses: [], refusals: [], order: [] };
  socket.on("frame", (frame) => {
    heard.frames.push(frame);
    heard.order.push(`frame ${frame.epoch.startsWith("past:") ? "past" : "now"}`);
  });
  socket.on("pulse", (pulse) => {
    heard.pulses.push(pulse);
    heard.order.push(`pulse ${pulse.clock.kind === "past" ? "past" : "now"}`);
  });
  socket.on("refused", (refusal) => heard.refusals.push(refusal));
  await new Promise<void>((done) => socket.on("connect", done));
  const hello = (
    past?: Partial<PastRequest>,
    wanted = topics,
    have: Hello["have"] = { epoch: null, seq: {} },
  ): void => {
    socket.emit("hello", {
      protocol: protocolVersion,
      topics: wanted,
      have,
      ...(past ? { past: { request: 1, at: noon + 60_500, speed: 0, known: "then", ...past } } : {}),
    });
  };
  const shown = (): number | null | undefined =>
    (
      heard.frames.findLast(({ topic }) => topic === "indicators")?.body as IndicatorsBody | undefined
    )?.readings.find(({ id }) => id === bikes)?.value;
  return { socket, heard, hello, shown };
}

const soon = { timeout: 5_000 };

describe("a client that looks at the past", () => {
  test("gets that moment in snapshots of an epoch of its own, and now again when it asks", async () => {
    const { heard, hello, shown } = await visit(city.url);
    hello();
    await expect.poll(() => new Set(heard.frames.map(({ topic }) => topic)).size, soon).toBe(topics.length);
    hello({});
    await expect.poll(shown, soon).toBe(1_060);
    const past = heard.frames.filter(({ epoch }) => epoch.startsWith("past:"));
    expect(past.map(({ mode }) => mode)).toEqual(topics.map(() => "snapshot"));
    expect(past.every(({ cityAt }) => cityAt === noon + 60_500)).toBe(true);
    // That it is the past is said before anything of it.
    expect(heard.order.slice(heard.order.indexOf("frame past") - 1)[0]).toBe("pulse past");
    expect(heard.pulses.at(-1)!.clock).toEqual({ kind: "past", cityAt: noon + 60_500, speed: 0 });
    const before = heard.order.length;
    hello();
    await expect.poll(() => heard.pulses.at(-1)!.clock.kind, soon).toBe("live");
    // That it is now is said after everything of it.
    expect(heard.order.slice(before)).toEqual([...topics.map(() => "frame now"), "pulse now"]);
  });

  test("sees it go on at the speed it asked for, numbered without a gap", async () => {
    const { heard, hello, shown } = await visit(city.url);
    hello({ speed: 60 });
    await expect.poll(() => shown()! > 1_150, soon).toBe(true);
    const deltas = heard.frames.filter(({ topic, mode }) => topic === "indicators" && mode === "delta");
    expect(deltas.map(({ seq }) => seq)).toEqual(deltas.map((_, i) => i + 1));
    const { clock } = heard.pulses.findLast(({ clock }) => clock.speed > 0)!;
    expect(clock).toMatchObject({ kind: "past", speed: 60 });
  });

  test("keeps its place when it only wants other topics", async () => {
    const { heard, hello, shown } = await visit(city.url);
    hello({ speed: 600 });
    await expect.poll(() => shown()! > 1_500, soon).toBe(true);
    hello({ speed: 600 }, [...topics, "entities/StationStatus"]);
    await expect
      .poll(() => heard.frames.some(({ topic }) => topic === "entities/StationStatus"), soon)
      .toBe(true);
    expect(shown()).toBeGreaterThan(1_500);
  });

  test("gets what it asked for last, whatever was under way", async () => {
    const { heard, hello, shown } = await visit(city.url);
    const waiting: (() => void)[] = [];
    history.pace = () => new Promise((resolve) => waiting.push(resolve));
    hello({ request: 1, at: noon + 10_000 });
    await expect.poll(() => waiting.length, soon).toBeGreaterThan(0);
    history.pace = () => Promise.resolve();
    hello({ request: 2, at: noon + 20_000 });
    await expect.poll(shown, soon).toBe(1_020);
    for (const answer of waiting) answer();
    hello({ request: 3, at: noon + 30_000 });
    await expect.poll(shown, soon).toBe(1_030);
    const epochs = new Set(
      heard.frames.map(({ epoch }) => epoch).filter((epoch) => epoch.startsWith("past:")),
    );
    expect(epochs.size).toBe(2);
    expect(heard.refusals).toEqual([]);
  });

  test("waits for a history that is only beginning, hears meanwhile that the city is there, and sees the past then", async () => {
    history.pace = () => Promise.reject(new HistoryAway("the history is not open"));
    const { heard, hello, shown } = await visit(city.url);
    hello({});
    await expect.poll(() => heard.pulses.length, { timeout: 8_000 }).toBeGreaterThan(0);
    expect(heard.frames).toEqual([]);
    // One that shows a past already, of a server that was started anew, hears nothing that would put now over it.
    const other = await visit(city.url);
    other.hello({}, topics, { epoch: "past:before", seq: {} });
    await pause(5_000);
    expect(other.heard.order).toEqual([]);
    history.pace = () => Promise.resolve();
    await expect.poll(other.shown, soon).toBe(1_060);
    expect(other.heard.order).not.toContain("pulse now");
    await expect.poll(shown, soon).toBe(1_060);
    expect(heard.refusals).toEqual([]);
    expect(heard.frames.every(({ epoch }) => epoch.startsWith("past:"))).toBe(true);
  });

  test("goes on when a history that was busy for a moment answers again", { timeout: 60_000 }, async () => {
    const { heard, hello, shown } = await visit(city.url);
    hello({ speed: 60 });
    await expect.poll(() => shown()! > 1_100, soon).toBe(true);
    history.pace = () => Promise.reject(new QueryTimedOut("not answered within 10 s"));
    await expect.poll(() => heard.pulses.at(-1)!.clock.speed, { timeout: 20_000 }).toBe(0);
    const stoodAt = shown()!;
    history.pace = () => Promise.resolve();
    await expect.poll(() => shown()! > stoodAt + 100, soon).toBe(true);
    expect(heard.refusals).toEqual([]);
  });

  test("is told when the history cannot be read, and sees the city as it is now", async () => {
    const { heard, hello } = await visit(city.url);
    history.pace = () => Promise.reject(new Error("the disk is gone"));
    hello({});
    await expect.poll(() => heard.refusals, soon).toEqual([{ reason: "past", because: "failed" }]);
    await expect.poll(() => heard.pulses.at(-1)?.clock.kind, soon).toBe("live");
    expect(heard.frames.length).toBe(topics.length);
  });

  test("is told when too many look at it, and is let in when one has left", async () => {
    for (let i = 0; i < 8; i++) {
      const other = await visit(city.url);
      other.hello({});
      await expect.poll(other.shown, soon).toBe(1_060);
    }
    const ninth = await visit(city.url);
    ninth.hello({});
    await expect.poll(() => ninth.heard.refusals, soon).toEqual([{ reason: "past", because: "too-many" }]);
    clients.at(-2)!.close();
    await expect
      .poll(() => {
        ninth.hello({ request: 2 });
        return ninth.shown();
      }, soon)
      .toBe(1_060);
  });

  test("is not listened to when it asks for no instant or an impossible speed", async () => {
    for (const past of [{ at: Number.NaN }, { speed: 601 }, { speed: -1 }, { known: "soon" as "then" }]) {
      const { socket, hello } = await visit(city.url);
      const gone = new Promise((done) => socket.on("disconnect", done));
      hello(past);
      await gone;
    }
  });
});

test("what is recorded can be asked for, and that it cannot be read", async () => {
  const answer = await fetch(`${city.url}/api/v1/recorded`);
  expect(await answer.json()).toEqual([{ fromAt: noon, toAt: noon + 3_600_000 }]);
  history.pace = () => Promise.reject(new Error("the disk is gone"));
  expect((await fetch(`${city.url}/api/v1/recorded`)).status).toBe(503);
});

test("what a running city recorded can be looked at a moment later", { timeout: 90_000 }, async () => {
  const ownDir = await temporaryDir("past-recorded");
  await writeJsonFiles(ownDir, { ...walkCity, ...bikeFiles(7, Date.now()) });
  const own = await startCity({ cityDir: ownDir, dataDir: join(ownDir, "data") });
  try {
    const { hello, heard, shown } = await visit(own.url);
    hello();
    await expect.poll(shown, soon).toBe(7);
    const sevenAt = Date.now();
    await pause(1_500);
    await writeJsonFiles(ownDir, bikeFiles(11, Date.now()));
    await expect.poll(shown, { timeout: 10_000 }).toBe(11);
    // What is shown of the past has had the time to reach the disk.
    await pause(17_000);
    hello({ at: sevenAt + 500 }, [...topics, "entities/StationStatus"]);
    await expect.poll(shown, soon).toBe(7);
    expect(heard.pulses.at(-1)!.clock.kind).toBe("past");
    const stations = heard.frames.findLast(({ topic }) => topic === "entities/StationStatus")!;
    expect(stations.body).toMatchObject({ kind: "StationStatus", count: 2 });
    hello({ request: 2, at: sevenAt - 3_600_000 });
    await expect.poll(shown, soon).toBeNull();
  } finally {
    await own.stop();
    await rm(ownDir, { recursive: true, force: true });
  }
});
