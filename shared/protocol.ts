/**
 * The live protocol: every event both ways. Subscribing answers with a snapshot (or with exactly the deltas that were
 * missed), then numbered deltas follow; a gap asks for the snapshot again. Epoch + sequence + snapshot is the only
 * recovery there is, so it also survives a server restart.
 */

import type { AlarmRule, AlarmsBody } from "./alarms.ts";
import type { CityClock } from "./clock.ts";
import type { AreaLevel, Department, IndicatorDefinition, Settings, Supplier } from "./city.ts";
import type { FeedStatus } from "./feed.ts";
import type { Kind } from "./kinds.ts";
import type { EntityFrame } from "./entity-frame.ts";
import type { Moment } from "./moment.ts";
import type { Note } from "./note.ts";
import type { ShiftBody } from "./shift.ts";
import type { Sent, WallNow, WallShowing } from "./wall-show.ts";
import type { WallReport } from "./wall-report.ts";
import type { Piece } from "./pieces.ts";
import type { SceneDefinition, WallDefinition } from "./wall.ts";
import type { NoneReason, Quality, StaleReason, ValueState } from "./value.ts";

/** Another version makes the client reload the page. */
export const protocolVersion = 5;

/** The server's sign of life. */
export const pulseEveryMs = 2_000;
/** Without a pulse for this long a client says by itself that it is disconnected. */
export const silentAfterMs = 5_000;

export type Topic =
  | "city"
  | "indicators"
  | "feeds"
  | "alarms"
  | "moments"
  | "notes"
  | "shift"
  | "walls"
  | `wall/${string}`
  | `entities/${Kind}`;

/** A past instant that a client wants to see instead of now. */
export interface PastRequest {
  /** Counts what somebody chose; a later hello with the same number only speaks of topics, and the instant plays on. */
  readonly request: number;
  /** City time, epoch milliseconds. */
  readonly at: number;
  /** City seconds per wall second, 0 (stands still) to `fastestPast`. */
  readonly speed: number;
  readonly known: KnownAs;
}

/**
 * `then`: as it was on the walls at that instant. `now`: what is known of that instant today, words put where they belong by
 * the time they speak of (`observedAt`) if they came within a day.
 */
export type KnownAs = "then" | "now";

export const fastestPast = 600;

export interface Hello {
  readonly protocol: number;
  /** The whole set of wanted topics; a later hello replaces it. */
  readonly topics: readonly Topic[];
  /** What the client already has; empty on a first visit. */
  readonly have: { readonly epoch: string | null; readonly seq: Readonly<Record<string, number>> };
  /**
   * Frames of a past instant, under an epoch of its own: a pulse whose clock is of kind `past`, snapshots, and then what
   * changed as its clock runs. Left out: the city as it is now.
   */
  readonly past?: PastRequest;
}

/** Everything about the city that is settings, not state. Changes only with a new epoch. */
export interface CityBody {
  readonly settings: Settings;
  readonly departments: readonly Department[];
  readonly suppliers: readonly Supplier[];
  readonly indicators: readonly (IndicatorDefinition & { readonly feeds: readonly string[] })[];
  readonly rules: readonly AlarmRule[];
  readonly walls: readonly {
    readonly id: string;
    readonly title: WallDefinition["title"];
    readonly scenes: readonly Pick<SceneDefinition, "id" | "title">[];
  }[];
  readonly areaLevels: readonly AreaLevel[];
  /** Where a simulated city's mail is read, on the server's own machine; `null`: mail goes to real mailboxes, or nowhere. */
  readonly mailbox: string | null;
  readonly clock: CityClock;
}

/** One series' value as it travels; `feeds` and the definition are in `city`. */
export interface Reading {
  /** `seriesId(indicator, group)`. */
  readonly id: string;
  readonly value: number | null;
  readonly state: ValueState;
  readonly reason: StaleReason | NoneReason | null;
  readonly quality: Quality;
  readonly observedAt: number | null;
  readonly oldestAt: number | null;
}

export interface IndicatorsBody {
  readonly readings: readonly Reading[];
}

export interface FeedsBody {
  readonly feeds: readonly FeedStatus[];
}

export interface WallBody {
  /** `null` when the city has no such wall. */
  readonly wall: WallDefinition | null;
  /** What an operator has put there; it may be over by the city's clock. */
  readonly sent: Sent | null;
}

/** What the city's walls show; always whole. */
export interface WallsBody {
  readonly walls: readonly WallNow[];
}

/** A snapshot holds the last 24 hours, a delta what was just noticed; both in the order in which things happened. */
export interface MomentsBody {
  readonly moments: readonly Moment[];
}

/** What operators say about figures; always whole. */
export interface NotesBody {
  readonly notes: readonly Note[];
}

export type Body =
  | CityBody
  | IndicatorsBody
  | FeedsBody
  | AlarmsBody
  | MomentsBody
  | NotesBody
  | ShiftBody
  | WallBody
  | WallsBody
  | EntityFrame;

/**
 * A snapshot replaces what the client has; a delta adds to it (readings, feeds and alarms by id, entities by slot).
 * `seq` counts up by one per topic and starts again with each epoch.
 */
export interface Frame<B extends Body = Body> {
  readonly topic: Topic;
  readonly mode: "snapshot" | "delta";
  readonly epoch: string;
  readonly seq: number;
  /** City time of the tick that made this frame. */
  readonly cityAt: number;
  readonly body: B;
}

export interface Pulse {
  readonly epoch: string;
  readonly clock: CityClock;
  /** The newest sequence number of every topic; behind it in one of its own, the client asks again. */
  readonly seq: Readonly<Record<string, number>>;
  /** City time at which the alarm rules were last judged; `null` of a past instant. Standing still, alarms are blind. */
  readonly judgedAt: number | null;
  /** Whose past this is, as it was asked for; left out when it is the city as it is now. */
  readonly past?: PastRequest;
}

export type Refusal =
  | { readonly reason: "protocol"; readonly protocol: number }
  | TopicRefusal
  | { readonly reason: "past"; readonly because: PastRefusal };

export interface TopicRefusal {
  readonly reason: "topic" | "token";
  readonly topic: string;
}

/** `too-many`: others look at the past already. `failed`: the history could not be read. */
export type PastRefusal = "too-many" | "failed";

export interface ServerToClient {
  frame: (frame: Frame) => void;
  /** Of the encoded `frame` event, when it is large; other events come between the pieces. */
  piece: (piece: Piece) => void;
  pulse: (pulse: Pulse) => void;
  refused: (refusal: Refusal) => void;
}

export interface ClientToServer {
  hello: (hello: Hello) => void;
  /** Now and then, from walls. */
  report: (report: WallReport) => void;
  /** From walls, whenever they show something else. */
  showing: (showing: WallShowing) => void;
}
