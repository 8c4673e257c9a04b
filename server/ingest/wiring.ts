/** What every part of a feed's intake is wired with. */

import type { LookupFunction } from "node:net";
import type { Logger } from "pino";
import type { FeedError } from "../../shared/feed.ts";
import type { Connector, KeyedHash, Update } from "../core/feeds/connector.ts";
import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import type { FollowTiming } from "./follow-files.ts";
import type { LastBody } from "./last-bodies.ts";
import type { FileTiming } from "./watch-files.ts";

export type Log = Pick<Logger, "info" | "warn" | "error">;

/** Where an update comes from and when it came. Instants are city time. */
export interface Delivery {
  readonly feedId: string;
  readonly receivedAt: number;
  /** What was added to every instant of a recording; 0 for live feeds. The schedule of the update is not shifted. */
  readonly shiftMs: number;
  /** Kept on our disk or by a broker: its values stay stale until new word comes. Health is not told of it. */
  readonly restored: boolean;
}

/**
 * What health is told. `good`: when the part was heard or confirmed, `null` when this is no such word. `error` is what
 * stands after it: another part of the feed may still be failing.
 */
export interface FeedWord {
  readonly part: string;
  readonly good: number | null;
  readonly error: FeedError | null;
}

/** What a feed is given to run with, and whom it tells. */
export interface FeedWiring {
  readonly entry: FeedEntry;
  readonly connector: Connector;
  readonly zone: string;
  readonly bounds: readonly [number, number, number, number];
  /** The server's own folder; a feed writes below `feeds/<id>` only. */
  readonly dataFolder: string;
  /** City time. */
  readonly now: () => number;
  readonly log: Log;
  /** Stands for an address in what is kept. */
  readonly keyedHash: KeyedHash;
  readonly deliver: (update: Update, delivery: Delivery) => void;
  readonly report: (feedId: string, word: FeedWord) => void;
  /** Things that came and could not be taken in, to be counted where everybody sees it. */
  readonly drop?: (feedId: string, count: number) => void;
  /** Whether so much waits for the next tick that sources which can wait are asked to. */
  readonly isBehind?: () => boolean;
  /** Takes every body after it was stripped and before it is decoded, also one that cannot be. */
  readonly keepLast?: (body: LastBody) => void;
  /** Wall time, for time-outs and the ages of files. */
  readonly wallNow?: () => number;
  /** 0 ≤ x < 1, for jitter. */
  readonly random?: () => number;
  /** How names become addresses; the system's own way by default. */
  readonly lookup?: LookupFunction;
  readonly timing?: { readonly file?: FileTiming; readonly follow?: FollowTiming };
}
