/** What every feed standard looks like to the rest of the server: bytes in, observations and notices out. */

import type { Entity, Observation } from "../../../shared/entity.ts";
import type { FeedErrorClass, Spec } from "../../../shared/feed.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { Notice } from "../../../shared/notice.ts";
import type { Result } from "../../../shared/result.ts";
import type { LocationTable } from "./datex2/location-table.ts";
import type { Schedule } from "./gtfs/schedule.ts";

/** The part of a feed's entry that its connector reads. `options` are the spec's own, already checked. */
export interface ConnectorFeed<O = unknown> {
  readonly id: string;
  readonly spec: Spec;
  /** The city's IANA zone: what local times without a zone of their own mean. */
  readonly zone: string;
  /** West, south, east, north of the city in degrees, to notice places far outside. */
  readonly bounds: readonly [number, number, number, number];
  /** Where the feed starts: the URL that is polled or reconciled with, `null` for feeds that are only pushed, and files. */
  readonly url: string | null;
  readonly options: O;
}

/** Something to ask for, as data. */
export interface Fetch {
  /** Names the part: the GBFS file name, `body` for one-part feeds. It is also the default scope of the answer. */
  readonly name: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Not before this many seconds after now (GBFS `ttl`, Open311 tokens). */
  readonly afterSeconds?: number;
  /** What the answer does not say and the body that named it did: plain JSON, handed back with the part. */
  readonly carry?: unknown;
  /** Asked for in its place while it fails, under a name of its own. */
  readonly otherwise?: Fetch;
}

/** Bytes of one part, encodings undone only as far as the transport declared them. */
export interface Part {
  readonly name: string;
  readonly url: string | null;
  readonly bytes: Uint8Array;
  /** A message that its broker had kept for newcomers (MQTT 5.0 §3.3.1.3): when it was sent, nobody knows. */
  readonly retained?: true;
  /** As the `Fetch` had it. */
  readonly carry?: unknown;
}

/** Serialisable memory of where a feed stands (a page, a newest time); kept across restarts. */
export type Cursor = Readonly<Record<string, string | number>>;

/**
 * `full`: what is absent from the scope is gone. `partial`: what is absent is unchanged.
 */
export interface Update {
  readonly mode: "full" | "partial";
  /** What `full` is full of: entities of this feed whose last full update had the same scope, or that a partial one brought. */
  readonly scope: string;
  /** The standard's version as the body declares it, `null` when it does not. */
  readonly version: string | null;
  /** The body's own header time. Says how old the publication is, never how old a thing is. */
  readonly publishedAt: number | null;
  readonly entities: readonly Entity[];
  /**
   * In a `full` update too, each thing is forgotten `keepSeconds` after its last word: rows of a recorded span, and
   * pages that nobody asks for again once the list has become shorter.
   */
  readonly passing?: true;
  /** In a `full` update: ids that are present and exactly as they were, so that decoding costs what changed. */
  readonly unchanged?: readonly string[];
  /** In a `partial` update: ids that are gone (GTFS-RT `is_deleted`, CAP Cancel). */
  readonly removed?: readonly string[];
  readonly observations: readonly Observation[];
  readonly notices: readonly Notice[];
  /** Nothing of the body could be used: its notices count, but it is no good word about anything. */
  readonly tellsNothing?: true;
  /** Rows by table (`stop_times`), from standards whose bodies are tables. Says what is in a file; nothing is kept of it. */
  readonly rows?: Readonly<Record<string, number>>;
  /** The timetable, from `gtfs` only. */
  readonly schedule?: Schedule;
  /** The kinds it is about, where the part alone says so: of its own kinds it may hold none, of others it says nothing. */
  readonly speaksOf?: readonly Kind[];
  /** What ids in other parts of the feed stand for. */
  readonly lookups?: Lookups;
  /** For how long after its receipt the source calls the body good (GBFS `ttl`). It is not asked for again before. */
  readonly goodForSeconds?: number;
  /** More parts to ask for now: discovery, pages, links, tokens. */
  readonly follow?: readonly Fetch[];
  /** Lines that could not be read, for a source that wants to be told in the answer. */
  readonly refused?: RefusedLines;
  /** What changed in the feed's memory: merged key by key into what is kept; an empty text forgets a key. */
  readonly cursor?: Cursor;
  /** Handed back to the next `decode` of the same part; never stored. It may only save work, never change a result. */
  readonly memory?: unknown;
}

/** `line` and `reason` are the first one's; lines count from 1. */
export interface RefusedLines {
  readonly count: number;
  readonly line: number;
  readonly reason: string;
}

/** By id; each part of a feed gives its own. */
export interface Lookups {
  /** GBFS vehicle_types: `form_factor` by `vehicle_type_id`. */
  readonly formFactors?: ReadonlyMap<string, string>;
  /** GBFS system_regions: the name by `region_id`. */
  readonly regionNames?: ReadonlyMap<string, string>;
  /** DATEX II: where the codes of Alert-C references are. */
  readonly locations?: LocationTable;
}

/** Why nothing of a body could be used. The last good state stays and ages in sight. */
export interface Failure {
  readonly class: Extract<FeedErrorClass, "unreadable" | "too-large">;
  /** Names the part, the field or offset, the value and what was expected. */
  readonly message: string;
}

/** A text's stand-in: the same for the same text, and of no use to whoever does not have this installation's key. */
export type KeyedHash = (text: string) => string;

export interface Connector<O = unknown> {
  readonly spec: Spec;
  /** The kinds that feeds of this spec and these options can give. */
  gives(options: O): readonly Kind[];
  /** What to ask for in this round. */
  next(feed: ConnectorFeed<O>, cursor: Cursor | null, now: number): readonly Fetch[];
  /**
   * For bodies that hold what must not be kept: the body without it. It is made before anything is decoded or stored,
   * and only what it gives is; `decode` reads nothing else.
   */
  strip?(part: Part, feed: ConnectorFeed<O>, receivedAt: number, hash: KeyedHash): Part;
  /** Never throws for bad content: a bad entry is a notice, an unreadable body a failure value. */
  decode(part: Part, feed: ConnectorFeed<O>, receivedAt: number, memory?: unknown): Result<Update, Failure>;
  /** For recordings of one file that holds a whole time span: how the file came to be. */
  play?(part: Part, feed: ConnectorFeed<O>): Result<Playback, Failure>;
}

/**
 * A recorded file taken apart in time, so that a replay shows each row as it became known. Instants are the
 * recording's own. `decode` reads the bodies of its steps; their mode counts, not the one that `decode` says.
 */
export interface Playback {
  /** The first and the last instant at which something became known; `null` when the file tells no time at all. */
  readonly span: { readonly fromAt: number; readonly toAt: number } | null;
  /** All that was known at `at`, but for what had its last word before `sinceAt`, as one full step: how a replay starts. */
  stepAt(at: number, sinceAt?: number): PlaybackStep;
  /** What became known in `afterAt < at <= untilAt`, oldest first; the cost follows these rows, not the file. */
  stepsBetween(afterAt: number, untilAt: number): Iterable<PlaybackStep>;
}

export interface PlaybackStep {
  readonly at: number;
  readonly mode: "full" | "partial";
  readonly bytes: Uint8Array;
}
