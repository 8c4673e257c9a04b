/**
 * The city's memory: what it takes in and what it can be asked. Every engine answers the same questions alike, which one
 * conformance suite holds it to (`conformance.ts`).
 *
 * Nothing is ever changed in it. A row has two times: the one it speaks of (`at`) and the one at which we learnt it
 * (`knownAt`, the tick's). A later word about the same minute is another row; who asks "as of" an instant gets what was
 * known then. Instants are epoch milliseconds UTC in city time.
 */

import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { Moment } from "../../shared/moment.ts";
import type { NoticeSeverity } from "../../shared/notice.ts";
import type { KnownAs, Reading } from "../../shared/protocol.ts";

export type { KnownAs } from "../../shared/protocol.ts";
export { stateCode, stateCodes } from "../../shared/state-code.ts";

const minuteMs = 60_000;

/**
 * Rows in columns of one length, as they cross from process to process. `series[seriesOf[i]]` is the id of row `i`, which
 * speaks of `count[i]` minutes that are alike.
 */
export interface MinuteColumns {
  readonly series: readonly string[];
  readonly seriesOf: Uint32Array;
  /** Start of the minute, or of the first of them. */
  readonly at: Float64Array;
  /** 1 and more. */
  readonly count: Uint16Array;
  readonly knownAt: Float64Array;
  /** Weighted by time over the minute's fresh seconds; NaN when there were none. */
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Seconds of the minute in which the value was fresh. */
  readonly freshSeconds: Uint8Array;
  /** Of the minute's end: a place in `stateCodes`. */
  readonly code: Uint8Array;
  /** `definitions[definitionOf[i]]`: the revision of the indicator's definition it was measured by. */
  readonly revisions: readonly string[];
  readonly revisionOf: Uint32Array;
}

/** Readings as they changed in one tick, what the time machine shows; a keyframe holds all there are. */
export interface ReadingRows {
  readonly knownAt: number;
  readonly isKeyframe: boolean;
  /** More of the keyframe comes after it: it does not count yet. */
  readonly isCut?: true;
  readonly changed: readonly Reading[];
}

export interface ObservationColumns {
  readonly entities: readonly string[];
  readonly entityOf: Uint32Array;
  readonly properties: readonly string[];
  readonly propertyOf: Uint16Array;
  /** The source's own time. */
  readonly at: Float64Array;
  readonly knownAt: Float64Array;
  readonly value: Float64Array;
}

/** A row for each minute. */
export function eachMinute(rows: MinuteColumns): MinuteColumns {
  const { count } = rows;
  if (count.every((minutes) => minutes === 1)) return rows;
  const length = count.reduce((sum, minutes) => sum + minutes, 0);
  const rowOf = new Uint32Array(length);
  const at = new Float64Array(length);
  let minute = 0;
  for (const [row, minutes] of count.entries())
    for (let i = 0; i < minutes; i++, minute++) {
      rowOf[minute] = row;
      at[minute] = rows.at[row]! + i * minuteMs;
    }
  const spread = <Column extends Float64Array | Uint32Array | Uint8Array>(
    column: Column,
    into: Column,
  ): Column => {
    for (let i = 0; i < length; i++) into[i] = column[rowOf[i]!]!;
    return into;
  };
  return {
    ...rows,
    at,
    count: new Uint16Array(length).fill(1),
    seriesOf: spread(rows.seriesOf, new Uint32Array(length)),
    knownAt: spread(rows.knownAt, new Float64Array(length)),
    mean: spread(rows.mean, new Float64Array(length)),
    min: spread(rows.min, new Float64Array(length)),
    max: spread(rows.max, new Float64Array(length)),
    freshSeconds: spread(rows.freshSeconds, new Uint8Array(length)),
    code: spread(rows.code, new Uint8Array(length)),
    revisionOf: spread(rows.revisionOf, new Uint32Array(length)),
  };
}

/** The values of one thing over a stretch of its source's own time. */
export interface ObservationsQuery extends Span {
  /** Its id. */
  readonly thing: string;
  /** Only what was known then; `null` for all that is known now. */
  readonly asOf: number | null;
}

/** One measured value, as it was told last. */
export interface Observed {
  readonly property: string;
  /** The source's own time. */
  readonly at: number;
  readonly knownAt: number;
  readonly value: number;
}

/** For a batch without any. */
export function noMinutes(): MinuteColumns {
  return {
    series: [],
    seriesOf: new Uint32Array(),
    at: new Float64Array(),
    count: new Uint16Array(),
    knownAt: new Float64Array(),
    mean: new Float64Array(),
    min: new Float64Array(),
    max: new Float64Array(),
    freshSeconds: new Uint8Array(),
    code: new Uint8Array(),
    revisions: [],
    revisionOf: new Uint32Array(),
  };
}

/** Likewise. */
export function noObservations(): ObservationColumns {
  return {
    entities: [],
    entityOf: new Uint32Array(),
    properties: [],
    propertyOf: new Uint16Array(),
    at: new Float64Array(),
    knownAt: new Float64Array(),
    value: new Float64Array(),
  };
}

/**
 * How things of one kind changed in one tick; a keyframe holds all there are, so that a reader need not go back further.
 * There is one at the start and one at least every `keyframeEveryMs`, for readings too; one may hold nothing. What a thing
 * says of its stops to come (`stopTimeUpdates`) is not kept.
 */
export interface EntityRows {
  readonly kind: Kind;
  readonly knownAt: number;
  readonly isKeyframe: boolean;
  /** As of readings. */
  readonly isCut?: true;
  readonly changed: readonly Entity[];
  /** Ids of what is gone. */
  readonly removed: readonly string[];
}

/** How far apart keyframes may be: a reader looks no further back than twice this. */
export const keyframeEveryMs = 60 * 60_000;

/** A feed's health at the start of a minute, and whenever its status changes. */
export interface FeedRow {
  readonly knownAt: number;
  readonly feed: FeedStatus;
}

/** From `at` on a feed was so, until its next turn; `null`: nobody was watching. */
export interface FeedTurn {
  readonly feed: string;
  readonly at: number;
  readonly status: FeedStatusWord | null;
}

export interface MomentRow {
  readonly knownAt: number;
  readonly moment: Moment;
}

/**
 * Everything learnt in one or several ticks; each part may be empty. About one minute of one series, and about one thing,
 * there is at most one word of one `knownAt`; sent twice it is the same word.
 */
export interface HistoryBatch {
  readonly minutes: MinuteColumns;
  readonly readings: readonly ReadingRows[];
  readonly observations: ObservationColumns;
  readonly entities: readonly EntityRows[];
  readonly feeds: readonly FeedRow[];
  readonly moments: readonly MomentRow[];
}

/** Figures over a stretch of time, in buckets. */
export interface PointsQuery {
  readonly series: readonly string[];
  /**
   * Bounds of the buckets, strictly ascending, one more than there are buckets; whole minutes, else a RangeError. Calendar
   * buckets are the caller's.
   */
  readonly edges: Float64Array;
  /** Only what was known then; `null` for all that is known now. */
  readonly asOf: number | null;
}

/** One series' buckets; columns have one entry per bucket. */
export interface PointColumns {
  readonly series: string;
  /** Of the fresh seconds; NaN where there were none. */
  readonly mean: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** Fresh seconds, 0 to the bucket's length. */
  readonly freshSeconds: Float64Array;
  /** Of the bucket's last recorded minute: a place in `stateCodes`, 255 where nothing was recorded. */
  readonly code: Uint8Array;
}

export interface Span {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
}

/** The whole city at one instant. */
export interface CityAt {
  readonly at: number;
  readonly readings: readonly Reading[];
  /** By kind, without those that nobody was recording then. */
  readonly entities: ReadonlyMap<Kind, readonly Entity[]>;
  readonly feeds: readonly FeedStatus[];
}

/** What changed in a stretch of time, in its order; a keyframe is told like a change of all there is. */
export interface CityChange {
  /** As known now, the instant that the words speak of. */
  readonly knownAt: number;
  readonly readings: readonly Reading[];
  readonly entities: readonly Pick<EntityRows, "kind" | "changed" | "removed">[];
  readonly feeds: readonly FeedStatus[];
}

/** A word about a thing; `entity` is `null` when it was gone. */
export interface ThingWord {
  readonly at: number;
  readonly id: string;
  readonly entity: Entity | null;
}

/** How the things of a kind were over a stretch of time, as known then. */
export interface ThingsOver {
  /** The stretches in which somebody was watching, ascending. */
  readonly watched: readonly Span[];
  /** In their order; at the beginning of each stretch all there are, afterwards what changed. */
  readonly words: readonly ThingWord[];
}

/** A feed's minutes of one city day, added up (as `server/live/kept.ts` does for the last week). */
export interface FeedDay {
  readonly feed: string;
  /** `2026-11-27` in the city's zone. */
  readonly date: string;
  readonly minutes: number;
  readonly availableMinutes: number;
  readonly freshMinutes: number;
  readonly onTimeMinutes: number;
  readonly judgedMinutes: number;
  readonly completenessSum: number;
  /** Minutes in which the feed had spoken before; their lags are summed. */
  readonly heardMinutes: number;
  readonly lagSecondsSum: number;
  readonly oldestSeconds: number | null;
  /** Entries that stood as lost or doubtful in each minute, summed over the minutes. */
  readonly errors: number;
  readonly warnings: number;
  /** By code, the gravest first; `null` where it is not known any more. */
  readonly notices: readonly FeedDayNotice[] | null;
}

/** What was noticed of a feed on one day. */
export interface FeedDayNotice {
  readonly code: string;
  readonly severity: NoticeSeverity;
  /** Minutes in which it stood, and how many entries it was said of in each, summed over them. */
  readonly minutes: number;
  readonly entriesSum: number;
}

/** Lines of an extract of figures (`extract.ts`), from a byte that begins one. */
export interface ExtractPart {
  readonly file: string;
  readonly fromByte: number;
  /** Whether nobody writes the file any more: then its last line counts though no other follows. */
  readonly isWhole: boolean;
  /** When we learn what it says. */
  readonly knownAt: number;
  /** The city's indicators, each with the revision of its definition. Lines about others are refused. */
  readonly revisions: Readonly<Record<string, string>>;
}

export interface ExtractTaken {
  /** Where the next part begins. As far as `fromByte` when nothing was left to take. */
  readonly toByte: number;
  readonly rows: number;
  /** Where the newest bucket that was taken ends; `null` when none was. */
  readonly toAt: number | null;
  /** Lines that could not be taken, and what is wrong with the first of them; `null` when all could. */
  readonly refused: { readonly count: number; readonly reason: string } | null;
}

export interface HistoryFigures {
  readonly bytes: number;
  readonly rows: Readonly<Record<string, number>>;
  /** What could not be read at the last start and was set aside: file and reason. */
  readonly setAside: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * A history. Every question takes a signal that cancels it and rejects with `QueryTooLarge` or `QueryTimedOut` where it
 * would cost more than a reader may; all reject with the engine's own error when the disk or the server fails. Across
 * processes they may also reject with `HistoryBusy` and `HistoryAway`, which a reader hears as 503.
 */
export interface History {
  /** Resolves when the batch is on disk. */
  append(batch: HistoryBatch): Promise<void>;
  /** Takes in some lines of an extract and says where the next ones begin. Rejects with `NoExtract` for another file. */
  takeExtract(part: ExtractPart): Promise<ExtractTaken>;
  points(query: PointsQuery, signal: AbortSignal): Promise<readonly PointColumns[]>;
  /** Every series id that has ever been recorded for an indicator. */
  seriesOf(indicator: string, signal: AbortSignal): Promise<readonly string[]>;
  cityAt(at: number, known: KnownAs, kinds: readonly Kind[], signal: AbortSignal): Promise<CityAt>;
  /** With `everyMs` above 1, only the last of each thing and series in every so many milliseconds. */
  changes(
    span: Span,
    known: KnownAs,
    kinds: readonly Kind[],
    everyMs: number,
    signal: AbortSignal,
  ): Promise<readonly CityChange[]>;
  thingsOver(kind: Kind, span: Span, signal: AbortSignal): Promise<ThingsOver>;
  moments(span: Span, signal: AbortSignal): Promise<readonly Moment[]>;
  /** By property, ascending by time; nothing of a thing that was never measured. */
  observations(query: ObservationsQuery, signal: AbortSignal): Promise<readonly Observed[]>;
  /** Of the city days that the span touches, each whole; a feed that was not heard of on a day has no entry for it. */
  feedDays(span: Span, signal: AbortSignal): Promise<readonly FeedDay[]>;
  /** By feed, ascending by time: when it turned. The first of each feed says how it was first heard to be in the span. */
  feedTurns(span: Span, signal: AbortSignal): Promise<readonly FeedTurn[]>;
  /** The stretches in which anything was recorded, ascending; neighbours less than `withinMs` apart are one. */
  recorded(withinMs: number, signal: AbortSignal): Promise<readonly Span[]>;
  /** Brings roll-ups up to date, closes days that are over and forgets what is past its retention. */
  maintain(now: number): Promise<void>;
  figures(): Promise<HistoryFigures>;
  /** A copy that `restore` can start from, made while running. */
  backup(dir: string): Promise<void>;
  close(): Promise<void>;
}

/** More buckets, series or rows than a question may ask for; `message` says which limit and what was asked. */
export class QueryTooLarge extends Error {}

export class QueryTimedOut extends Error {}

/** The engine had no memory left to write something, and what it holds of it is not to be trusted: it has to be opened anew. */
export class MustReopen extends Error {}

/** A file that is no extract of figures; `message` says why. */
export class NoExtract extends Error {}

/** As many questions wait as may: to be asked again a little later. */
export class HistoryBusy extends Error {}

/** Nobody is there to answer, or nobody is any more: the history's process is starting, or its file cannot be opened. */
export class HistoryAway extends Error {}
