import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { getPriority } from "node:os";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { entity, noon } from "../../test/planned-city.ts";
import {
  HistoryAway,
  HistoryBusy,
  MustReopen,
  noObservations,
  QueryTimedOut,
  type HistoryBatch,
} from "./history.ts";
import { startHistory, type HistoryHost, type HistoryLimits } from "./host.ts";
import { Minutes } from "./minutes.ts";

const program = resolve(import.meta.dirname, "../../test/history-in-memory.ts");
const never = new AbortController().signal;
const quick: Partial<HistoryLimits> = { retryAfterMs: 20, restartAfterMs: 20, restartAfterMsAtMost: 100 };

let dir = "";
let host: HistoryHost | null = null;
let events: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "citydeck-history-"));
  events = [];
});

afterEach(async () => {
  await host?.close();
  host = null;
  rmSync(dir, { recursive: true, force: true });
});

async function start(limits: Partial<HistoryLimits> = {}): Promise<HistoryHost> {
  const note = (line: unknown): void => void events.push((line as { event: string }).event);
  host = await startHistory({
    dir,
    zone: "UTC",
    program,
    log: { info: note, warn: note },
    limits: { ...quick, ...limits },
  });
  return host;
}

async function opened(limits: Partial<HistoryLimits> = {}): Promise<HistoryHost> {
  const started = await start(limits);
  await vi.waitUntil(() => started.health.isOpen, 10_000);
  return started;
}

const trouble = (file: string): void => writeFileSync(join(dir, file), "");
const relief = (file: string): void => rmSync(join(dir, file));

/** Nobody waits for it. */
function record(host: HistoryHost, batch: HistoryBatch): void {
  host.append(batch).catch(() => undefined);
}

/** A tick in which `things` stations changed. */
function batch(knownAt: number, things = 1): HistoryBatch {
  const changed = Array.from({ length: things }, (_, i) => entity("StationStatus", String(i)));
  return {
    minutes: new Minutes().drain(),
    readings: [],
    observations: noObservations(),
    entities: [{ kind: "StationStatus", knownAt, isKeyframe: false, changed, removed: [] }],
    feeds: [],
    moments: [],
  };
}

function appended(): { readonly knownAt: number; readonly things: number }[] {
  const path = join(dir, "appended.jsonl");
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { knownAt: number; things: number });
}

test("what was recorded before the file was open is kept, in its order and whole", async () => {
  const host = await start();
  for (let i = 0; i < 5; i++) record(host, batch(noon + i, 1 + 1000 * i));
  expect(host.health).toMatchObject({ isOpen: false, memoryBytes: null });
  await host.append(batch(noon + 5));
  expect(appended()).toEqual(
    [1, 1001, 2001, 3001, 4001, 1].map((things, i) => ({ knownAt: noon + i, things })),
  );
  expect(host.health).toMatchObject({ isOpen: true, behindMs: 0, lost: { entities: 0 } });
  expect(host.health.memoryBytes).toBeGreaterThan(1e6);
});

test("a question that comes too early waits until the file is open", async () => {
  const host = await start();
  expect(host.health.isOpen).toBe(false);
  expect(await host.seriesOf("a", never)).toEqual(["a"]);
  const other = await start({ timeoutMs: 20 });
  await expect(other.seriesOf("a", never)).rejects.toThrow(HistoryAway);
  await expect(other.seriesOf("a", AbortSignal.abort(new Error("left")))).rejects.toThrow("left");
  await host.close();
});

test("it runs at lower priority, and a stop puts on disk what waits", async () => {
  const host = await opened();
  expect(getPriority(host.pid!)).toBeGreaterThan(getPriority());
  record(host, batch(noon));
  await host.close();
  expect(appended()).toHaveLength(1);
  expect(existsSync(join(dir, "closed"))).toBe(true);
  expect(host.pid).toBeNull();
});

test("large answers come whole", async () => {
  const host = await opened();
  const city = await host.cityAt(noon, "then", ["StationStatus"], never);
  expect(city.at).toBe(noon);
  expect(city.entities.get("StationStatus")).toHaveLength(3000);
  const changes = await host.changes({ fromAt: noon, toAt: noon + 2 }, "then", ["StationStatus"], 1, never);
  expect(
    changes.map(({ entities }) => entities.map(({ changed, removed }) => [changed.length, removed])),
  ).toEqual([[[3000, ["gone"]]], [[3000, ["gone"]]]]);
  expect(await host.seriesOf("a", never)).toEqual(["a"]);
  expect(await host.figures()).toEqual({ bytes: 1, rows: {}, setAside: [] });
});

test("a slow disk holds up nobody; the oldest rows are given up, counted, and their time is remembered", async () => {
  trouble("slow");
  const host = await opened({ waitingBytes: 20_000 });
  for (let i = 0; i < 20; i++) record(host, batch(noon + i * 1000, 200));
  const late = host.append(batch(noon + 20_000)).then(() => "kept");
  await vi.waitUntil(() => host.health.lost.entities > 0);
  await vi.waitUntil(() => host.health.behindMs > 100);
  relief("slow");
  expect(await late).toBe("kept");
  const kept = appended();
  const lost = host.health.lost.entities;
  expect(lost + kept.reduce((sum, { things }) => sum + things, 0)).toBe(20 * 200 + 1);
  // The one that was under way was not given up.
  expect(kept[0]!.knownAt).toBe(noon);
  const [stretch] = host.lostStretches;
  expect(stretch).toMatchObject({ fromAt: noon + 1000, rows: { entities: lost } });
  expect(stretch!.toAt).toBe(kept[1]!.knownAt - 1000 + 1);
  await host.close();
  expect(JSON.parse(readFileSync(join(dir, "lost.json"), "utf8"))).toEqual([stretch]);
  const again = await opened();
  expect(again.lostStretches).toEqual([stretch]);
  expect(again.health.lost.entities).toBe(0);
});

test("a full disk is tried again until there is room; it is said once", async () => {
  const host = await opened();
  trouble("full");
  record(host, batch(noon));
  await vi.waitUntil(() => events.filter((event) => event === "history-ended").length > 0, 10_000);
  relief("full");
  await host.append(batch(noon + 1));
  expect(appended().map(({ knownAt }) => knownAt - noon)).toEqual([0, 1]);
  expect(events.filter((event) => event === "history-not-kept")).toHaveLength(1);
  expect(events).toContain("history-kept-again");
});

test("a batch that no history could ever keep is given up, and the next one is kept", async () => {
  const host = await opened();
  const hopeless = host.append(batch(noon + 0.5));
  const next = host.append(batch(noon + 1));
  await expect(hopeless).rejects.toThrow(HistoryAway);
  await next;
  expect(appended().map(({ knownAt }) => knownAt - noon)).toEqual([1]);
  expect(host.health.lost.entities).toBe(1);
});

test("a file that cannot be opened is tried again, and what is recorded meanwhile is kept", async () => {
  trouble("locked");
  const host = await start();
  record(host, batch(noon));
  await vi.waitUntil(() => events.includes("history-not-open"), 10_000);
  await expect(host.seriesOf("a", never)).rejects.toThrow(HistoryAway);
  relief("locked");
  await host.append(batch(noon + 1));
  expect(appended()).toHaveLength(2);
});

test("after a kill nothing that was acknowledged is lost, and what was not is sent again", async () => {
  const host = await opened();
  await host.append(batch(noon));
  const waiting = host.append(batch(noon + 1, 5000));
  process.kill(host.pid!, "SIGKILL");
  await waiting;
  const times = new Set(appended().map(({ knownAt }) => knownAt - noon));
  expect(times).toEqual(new Set([0, 1]));
});

test("a question that is cancelled or late is cancelled over there too", async () => {
  const host = await opened({ timeoutMs: 300 });
  const abort = new AbortController();
  const asked = host.seriesOf("forever", abort.signal);
  setTimeout(() => abort.abort(new Error("left")), 50);
  await expect(asked).rejects.toThrow("left");
  await expect(host.seriesOf("forever", never)).rejects.toThrow(QueryTimedOut);
  await vi.waitUntil(() => readFileSync(join(dir, "cancelled"), "utf8") === "xx");
  await expect(host.seriesOf("fail", never)).rejects.toThrow(RangeError);
});

test("so many questions run, so many wait, one more is refused; who waits has its turn", async () => {
  const host = await opened({ atOnce: 1, waiting: 1 });
  const first = new AbortController();
  const running = host.seriesOf("forever", first.signal);
  const next = host.seriesOf("a", never);
  await expect(host.seriesOf("b", never)).rejects.toThrow(HistoryBusy);
  first.abort();
  await expect(running).rejects.toThrow("aborted");
  expect(await next).toEqual(["a"]);
  expect(await host.seriesOf("b", never)).toEqual(["b"]);
});

test("who asks a process that ends hears it", async () => {
  const host = await opened();
  await expect(host.seriesOf("die", never)).rejects.toThrow(HistoryAway);
  await vi.waitUntil(() => host.health.isOpen, 10_000);
  expect(await host.seriesOf("a", never)).toEqual(["a"]);
});

test("a process that has no memory left to maintain its file says so and is begun again; it is said once", async () => {
  const host = await opened();
  trouble("spent");
  for (let i = 0; i < 2; i++) {
    const { pid } = host;
    await expect(host.maintain(noon)).rejects.toThrow(MustReopen);
    await vi.waitUntil(() => host.pid !== pid && host.health.isOpen, 10_000);
    await host.append(batch(noon + i));
  }
  expect(events.filter((event) => event === "history-not-maintained")).toHaveLength(1);
  relief("spent");
  await host.maintain(noon);
  expect(appended()).toHaveLength(2);
});

test("a process whose parent ends while it opens the file ends too, and the file is free", async () => {
  const real = resolve(import.meta.dirname, "process.ts");
  const orphan = fork(real, [dir, "UTC"], { serialization: "advanced", stdio: "ignore" });
  orphan.disconnect();
  const killed = setTimeout(() => orphan.kill("SIGKILL"), 15_000);
  const [code, signal] = (await once(orphan, "exit")) as [number | null, string | null];
  clearTimeout(killed);
  expect([code, signal]).toEqual([0, null]);
});
