/** A feed that a test drives: a tiny line format, a clock that is a number, and everything that was said and delivered. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { entityId } from "../shared/entity.ts";
import { fail, ok } from "../shared/result.ts";
import type { Connector, Cursor, Fetch, Update } from "../server/core/feeds/connector.ts";
import type { FeedEntry, Transport } from "../server/core/feeds/feed-entry.ts";
import type { Delivery, FeedWiring, FeedWord, Log } from "../server/ingest/intake.ts";

/**
 * Lines of words: `sensor ID VALUE [observedAt]`, `follow NAME URL [afterSeconds]`, `cursor KEY VALUE`, `partial`,
 * `published AT`, `throw`; anything else is unreadable.
 */
export const lines: Connector = {
  spec: "table",
  gives: () => ["Sensor"],
  next: (feed) => [{ name: "body", url: feed.url ?? "" }],
  decode(part, feed, receivedAt) {
    const entities: Update["entities"][number][] = [];
    const follow: Fetch[] = [];
    const cursor: Record<string, Cursor[string]> = {};
    let mode: Update["mode"] = "full";
    let publishedAt: number | null = null;
    for (const line of new TextDecoder().decode(part.bytes).trim().split("\n")) {
      const [word, a = "", b = "", c] = line.split(" ");
      if (word === "throw") throw new Error("a broken assumption");
      else if (word === "partial") mode = "partial";
      else if (word === "published") publishedAt = Number(a);
      else if (word === "cursor") cursor[a] = b;
      else if (word === "follow")
        follow.push({ name: a, url: b, ...(c === undefined ? {} : { afterSeconds: Number(c) }) });
      else if (word === "sensor")
        entities.push({
          id: entityId(feed.id, "Sensor", a),
          kind: "Sensor",
          feedId: feed.id,
          sourceId: a,
          observedAt: c === undefined ? receivedAt : Number(c),
          receivedAt,
          position: null,
          quality: "good",
          fields: { value: Number(b) },
        });
      else return fail({ class: "unreadable", message: `${part.name}: no line starts with ${String(word)}` });
    }
    return ok({
      mode,
      scope: part.name,
      version: null,
      publishedAt,
      entities,
      observations: [],
      notices: [],
      follow,
      cursor,
    });
  },
};

export interface Rig {
  readonly folder: string;
  readonly wiring: FeedWiring;
  readonly delivered: (Delivery & { readonly update: Update; readonly text: string })[];
  readonly words: FeedWord[];
  readonly logged: { readonly level: string; readonly event: object; readonly text: string }[];
  /** `sensor=value` of each delivery, in order. */
  readings(): string[];
  setNow(at: number): void;
}

/** A wiring for `transport` in a folder of its own that is removed after the test. */
export async function rig(
  transport: Transport,
  more: Partial<Omit<FeedWiring, "entry">> & { readonly entry?: Partial<FeedEntry> } = {},
): Promise<Rig> {
  const folder = more.dataFolder ?? (await temporaryFolder());
  let now: number | null = null;
  const delivered: Rig["delivered"] = [];
  const words: FeedWord[] = [];
  const logged: Rig["logged"] = [];
  const say =
    (level: string) =>
    (event: object, text: string): void => {
      logged.push({ level, event, text });
    };
  const wiring: FeedWiring = {
    connector: lines,
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
    dataFolder: folder,
    now: () => now ?? Date.now(),
    log: { info: say("info"), warn: say("warn"), error: say("error") } as unknown as Log,
    deliver(update, delivery) {
      const text = update.entities.map((thing) => `${thing.sourceId}=${valueOf(thing.fields)}`).join(" ");
      delivered.push({ ...delivery, update, text });
    },
    report: (_feedId, word) => words.push(word),
    ...more,
    entry: { ...plainEntry(transport), ...more.entry },
  };
  return {
    folder,
    wiring,
    delivered,
    words,
    logged,
    readings: () => delivered.map((delivery) => delivery.text),
    setNow(at) {
      now = at;
    },
  };
}

function valueOf(fields: object): string {
  return "value" in fields ? String(fields.value) : "?";
}

export function plainEntry(transport: Transport): FeedEntry {
  return {
    id: "sensors",
    title: { en: "Sensors", zh: "传感器" },
    spec: "table",
    transport,
    department: "works",
    supplier: null,
    licence: "CC0-1.0",
    attribution: null,
    cadenceSeconds: 60,
    staleAfterSeconds: 180,
    dropAfterSeconds: 1_800,
    keepSeconds: 3_600,
    agreement: null,
    schedule: null,
    keepBodiesDays: 0,
    options: {},
  };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "citydeck-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Waits until `expectation` holds; fails with its own message when it never does. */
export function eventually(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { timeout: 8_000, interval: 10 });
}
