/**
 * The city's past from where it is: the history, and memory for the minutes that the history does not have yet or has
 * lost. Where no history runs, memory is all there is.
 */

import type { MinuteColumns, PointColumns, PointsQuery, History, Span } from "./history/history.ts";
import { HistoryAway, HistoryBusy, QueryTimedOut, QueryTooLarge } from "./history/history.ts";
import { Unanswered, type Past, type TakenMinutes } from "./http/past.ts";
import type { Recent } from "./live/recent.ts";
import { notRecorded } from "../shared/state-code.ts";
import type { Moment } from "../shared/moment.ts";

const minuteMs = 60_000;

export interface PastOptions {
  readonly recent: Pick<Recent, "points" | "put" | "newestMinute">;
  readonly history: History | null;
  /** Calls `take` with the minutes that are over and were not taken yet. */
  readonly handOverMinutes: () => void;
  /** Of the last 24 hours. */
  readonly moments: () => readonly Moment[];
}

/** How long `recent` holds a minute. */
const heldMs = 86_400_000;

export class CityPast implements Past {
  readonly #options: PastOptions;
  /** The first minutes of what was taken and is not on disk; what never came there stays while memory holds it. */
  readonly #unwritten = new Set<{ readonly fromAt: number }>();

  constructor(options: PastOptions) {
    this.#options = options;
  }

  /** Takes minutes that are over. */
  take({ minutes, written }: TakenMinutes): void {
    this.#options.recent.put(minutes);
    if (minutes.at.length === 0) return;
    const stretch = { fromAt: firstOf(minutes) };
    this.#unwritten.add(stretch);
    written.then(
      () => this.#unwritten.delete(stretch),
      () => this.#forgetUnheld(),
    );
  }

  async points(query: PointsQuery, signal: AbortSignal): Promise<readonly PointColumns[]> {
    const { recent, history, handOverMinutes } = this.#options;
    if (history === null) return recent.points(query);
    handOverMinutes();
    const split = this.#splitAt();
    const [before, after] = [edgesBefore(query.edges, split), edgesAfter(query.edges, split)];
    if (before.length < 2) return recent.points(query);
    const older = await answered(history.points({ ...query, edges: before }, signal)).catch(
      (error: unknown) => {
        if (error instanceof Unanswered && error.why === "away" && before[1]! > this.#heldFrom) return null;
        throw error;
      },
    );
    // The last day stays to be seen while the history is beginning or cannot be opened.
    if (older === null) return recent.points(query);
    if (after.length < 2) return older;
    const newer = recent.points({ ...query, edges: after });
    return older.map((one, i) => joined(query.edges.length - 1, one, newer[i]!));
  }

  async seriesOf(indicator: string, signal: AbortSignal): Promise<readonly string[]> {
    const { history } = this.#options;
    return history === null ? [] : answered(history.seriesOf(indicator, signal));
  }

  cityAt(...question: Parameters<Past["cityAt"]>): ReturnType<Past["cityAt"]> {
    return answered(this.#history().cityAt(...question));
  }

  thingsOver(...question: Parameters<Past["thingsOver"]>): ReturnType<Past["thingsOver"]> {
    return answered(this.#history().thingsOver(...question));
  }

  async moments(span: Span, signal: AbortSignal): Promise<readonly Moment[]> {
    const { history, moments } = this.#options;
    const held = moments().filter(({ at }) => at >= span.fromAt && at < span.toAt);
    if (history === null) return held;
    const told = await answered(history.moments(span, signal));
    // What was just noticed may not be on disk yet.
    const known = new Set(told.map(keyOf));
    return [...told, ...held.filter((moment) => !known.has(keyOf(moment)))].toSorted((a, b) => a.at - b.at);
  }

  feedDays(...question: Parameters<Past["feedDays"]>): ReturnType<Past["feedDays"]> {
    return answered(this.#history().feedDays(...question));
  }

  feedTurns(...question: Parameters<Past["feedTurns"]>): ReturnType<Past["feedTurns"]> {
    return answered(this.#history().feedTurns(...question));
  }

  observations(...question: Parameters<Past["observations"]>): ReturnType<Past["observations"]> {
    return answered(this.#history().observations(...question));
  }

  #history(): History {
    const { history } = this.#options;
    if (history === null) throw new Unanswered("away", "no history is kept here");
    return history;
  }

  /** The history answers for what is before, memory for the rest. */
  #splitAt(): number {
    const { recent } = this.#options;
    const unwritten = Math.min(...Array.from(this.#unwritten, ({ fromAt }) => fromAt));
    // Nothing waits: the minute that runs is not recorded before it is over.
    return Math.max(Math.min(unwritten, recent.newestMinute * minuteMs), this.#heldFrom);
  }

  /** The first minute that memory may hold. */
  get #heldFrom(): number {
    return (this.#options.recent.newestMinute + 1) * minuteMs - heldMs;
  }

  #forgetUnheld(): void {
    for (const stretch of this.#unwritten)
      if (stretch.fromAt < this.#heldFrom) this.#unwritten.delete(stretch);
  }
}

/** Names what hinders the history as readers are told it. */
async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof QueryTooLarge) throw new Unanswered("too-large", error.message);
    if (error instanceof QueryTimedOut) throw new Unanswered("timed-out", error.message);
    if (error instanceof HistoryBusy) throw new Unanswered("busy", error.message);
    if (error instanceof HistoryAway) throw new Unanswered("away", error.message);
    throw error;
  }
}

function firstOf({ at }: MinuteColumns): number {
  return at.reduce((first, one) => Math.min(first, one), Number.POSITIVE_INFINITY);
}

/** Edges up to `split`, which cuts the bucket it lies in. */
function edgesBefore(edges: Float64Array, split: number): Float64Array {
  const before = edges.filter((edge) => edge < split);
  return before.length === edges.length || before.length === 0
    ? before
    : concat(before, Float64Array.of(split));
}

function edgesAfter(edges: Float64Array, split: number): Float64Array {
  const after = edges.filter((edge) => edge > split);
  return after.length === edges.length || after.length === 0 ? after : concat(Float64Array.of(split), after);
}

/** The older buckets and then the newer ones, `length` of them; one that the split cut is added up. */
function joined(length: number, older: PointColumns, newer: PointColumns): PointColumns {
  const first = length - newer.mean.length;
  const columnOf = (name: "mean" | "min" | "max" | "freshSeconds"): Float64Array =>
    concat(older[name].subarray(0, first), newer[name]);
  const code = new Uint8Array(length);
  code.set(older.code.subarray(0, first));
  code.set(newer.code, first);
  const columns = {
    series: older.series,
    mean: columnOf("mean"),
    min: columnOf("min"),
    max: columnOf("max"),
    freshSeconds: columnOf("freshSeconds"),
    code,
  };
  if (older.mean.length > first) addBucket(columns, first, older);
  return columns;
}

/** Adds what is in the last bucket of `part`, which is the earlier part of `bucket`. */
function addBucket(columns: PointColumns, bucket: number, part: PointColumns): void {
  const last = part.mean.length - 1;
  if (columns.code[bucket] === notRecorded) columns.code[bucket] = part.code[last]!;
  const [was, also] = [columns.freshSeconds[bucket]!, part.freshSeconds[last]!];
  if (also === 0) return;
  const sum = (was === 0 ? 0 : columns.mean[bucket]! * was) + part.mean[last]! * also;
  columns.freshSeconds[bucket] = was + also;
  columns.mean[bucket] = sum / (was + also);
  columns.min[bucket] = was === 0 ? part.min[last]! : Math.min(columns.min[bucket]!, part.min[last]!);
  columns.max[bucket] = was === 0 ? part.max[last]! : Math.max(columns.max[bucket]!, part.max[last]!);
}

function concat(some: Float64Array, others: Float64Array): Float64Array {
  const all = new Float64Array(some.length + others.length);
  all.set(some);
  all.set(others, some.length);
  return all;
}

function keyOf({ at, kind, subject }: Moment): string {
  return `${at} ${kind} ${subject}`;
}
