/**
 * A history's process for tests of what is around it: what it was given it writes into `appended.jsonl` in its folder, and
 * files of that folder tell it to be in trouble: `locked` (does not open), `full` (keeps nothing), `slow` (while it is there),
 * `spent` (maintains nothing and must be opened anew).
 */

import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  MustReopen,
  type CityAt,
  type CityChange,
  type History,
  type HistoryBatch,
} from "../server/history/history.ts";
import { serveHistory } from "../server/history/serve.ts";
import { entity, noon } from "./planned-city.ts";

const dir = process.argv[2]!;
const has = (file: string): boolean => existsSync(join(dir, file));
const nothing = (): Promise<never[]> => Promise.resolve([]);

const thingsThere = 3_000;

function cityAt(at: number): CityAt {
  const stations = Array.from({ length: thingsThere }, (_, i) => entity("StationStatus", String(i)));
  return { at, readings: [], feeds: [], entities: new Map([["StationStatus", stations]]) };
}

function changes(): CityChange[] {
  const { entities } = cityAt(noon);
  const changed = entities.get("StationStatus")!;
  const rows = { kind: "StationStatus", changed, removed: ["gone"] } as const;
  return [0, 1].map((tick) => ({ knownAt: noon + tick, readings: [], entities: [rows], feeds: [] }));
}

const history: History = {
  async append(batch: HistoryBatch) {
    while (has("slow")) await sleep(20);
    if (batch.entities.some(({ knownAt }) => !Number.isInteger(knownAt))) throw new RangeError("no instant");
    if (has("full")) throw new Error("no space left on device");
    const rows = batch.entities.map(({ knownAt, changed }) => ({ knownAt, things: changed.length }));
    appendFileSync(join(dir, "appended.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  },
  /** `forever` is answered by nobody, `die` ends the process, `fail` fails, all else is its own answer. */
  async seriesOf(indicator, signal) {
    if (indicator === "die") process.exit(3);
    if (indicator === "fail") throw new RangeError("edges: not whole minutes");
    if (indicator !== "forever") return [indicator];
    await sleep(1e6, undefined, { signal }).catch(() => {
      appendFileSync(join(dir, "cancelled"), "x");
    });
    throw new Error("cancelled");
  },
  cityAt: (at) => Promise.resolve(cityAt(at)),
  changes: () => Promise.resolve(changes()),
  points: nothing,
  takeExtract: ({ fromByte }) => Promise.resolve({ toByte: fromByte, rows: 0, toAt: null, refused: null }),
  moments: nothing,
  observations: nothing,
  thingsOver: () => Promise.resolve({ watched: [], words: [] }),
  feedDays: nothing,
  feedTurns: nothing,
  recorded: nothing,
  maintain: () => (has("spent") ? Promise.reject(new MustReopen("out of memory")) : Promise.resolve()),
  figures: () => Promise.resolve({ bytes: 1, rows: {}, setAside: [] }),
  backup: () => Promise.resolve(),
  close() {
    writeFileSync(join(dir, "closed"), "");
    return Promise.resolve();
  },
};

serveHistory(() =>
  has("locked") ? Promise.reject(new Error("the file is another one's")) : Promise.resolve(history),
);
