/** A feed that a test drives: a tiny line format, a clock that is a number, and everything that was said and delivered. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import type { Update } from "../server/core/feeds/connector.ts";
import type { FeedEntry, Transport } from "../server/core/feeds/feed-entry.ts";
import { lines, plainEntry } from "./feed-lines.ts";
import type { Delivery, FeedWiring, FeedWord, Log } from "../server/ingest/wiring.ts";

export { lines };

export interface Rig {
  readonly folder: string;
  readonly wiring: FeedWiring;
  readonly delivered: (Delivery & { readonly update: Update; readonly text: string })[];
  readonly words: FeedWord[];
  /** Messages that were refused, so far. */
  dropped(): number;
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
  let dropped = 0;
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
    keyedHash: (text) => `hash of ${text}`,
    log: { info: say("info"), warn: say("warn"), error: say("error") } as unknown as Log,
    deliver(update, delivery) {
      const text = update.entities.map((thing) => `${thing.sourceId}=${valueOf(thing.fields)}`).join(" ");
      delivered.push({ ...delivery, update, text });
    },
    report: (_feedId, word) => words.push(word),
    drop: (_feedId, count) => (dropped += count),
    ...more,
    entry: { ...plainEntry(transport), ...more.entry },
  };
  return {
    folder,
    wiring,
    delivered,
    words,
    dropped: () => dropped,
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

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "citydeck-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Waits until `expectation` holds; fails with its own message when it never does. */
export function eventually(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { timeout: 8_000, interval: 10 });
}
