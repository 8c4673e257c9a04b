/** What goes into a tick and what comes out of it. */

import type { PlatformFigure } from "../../../shared/city.ts";
import type { Entity } from "../../../shared/entity.ts";
import type { FeedError, FeedStatus } from "../../../shared/feed.ts";
import type { Kind } from "../../../shared/kinds.ts";
import type { Reading } from "../../../shared/protocol.ts";
import type { AlarmChanges } from "../alarms/board.ts";
import type { Usual } from "../alarms/verdict.ts";
import type { Update } from "../feeds/connector.ts";

/** One good update of a feed on its way into the live city. */
export interface FeedWord {
  readonly feedId: string;
  readonly receivedAt: number;
  /** What a replay added to the recorded instants; the timetable shifts alike. */
  readonly shiftMs: number;
  /** Kept on our disk or by a broker: values stay stale until new word comes. */
  readonly restored: boolean;
  readonly update: Update;
}

/** How a feed's transport fares, beside what it delivers. */
export interface FeedReport {
  readonly feedId: string;
  /** The part it is about, which is the scope of that part's updates. */
  readonly part: string;
  /** When the source last confirmed what is held (a body, or 304 Not Modified), `null` when this is no such word. */
  readonly goodAt: number | null;
  /** What stands in the way now, `null` when nothing does. */
  readonly error: FeedError | null;
}

/** Figures about Citydeck that only its edges know; the core knows the rest itself. `null`: there is nothing to tell of. */
export type EdgeFigures = Partial<Record<PlatformFigure, number | null>>;

export interface Batch {
  readonly words: readonly FeedWord[];
  readonly reports: readonly FeedReport[];
  /** Things each feed's full inbox dropped since the last batch. */
  readonly dropped: ReadonlyMap<string, number>;
  readonly platform: EdgeFigures;
  /** What is usual for series whose rules ask that, from now on. */
  readonly usual?: ReadonlyMap<string, Usual>;
  /** Of a past that is played: nothing of it is an alarm now. */
  readonly isPast?: boolean;
}

export const emptyBatch: Batch = { words: [], reports: [], dropped: new Map(), platform: {} };

export interface EntityChanges {
  readonly changed: readonly { readonly slot: number; readonly entity: Entity }[];
  readonly removed: readonly { readonly slot: number; readonly id: string }[];
}

export interface Changes {
  readonly at: number;
  readonly entities: ReadonlyMap<Kind, EntityChanges>;
  readonly readings: readonly Reading[];
  readonly feeds: readonly FeedStatus[];
  readonly alarms: AlarmChanges;
}
