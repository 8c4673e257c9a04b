/**
 * What was said of one thing or one series, again and again: rows with `known_at`, `valid_at`, `is_keyframe` and
 * `is_removed`, in a table whose `key` names what they speak of.
 *
 * As known `then`, the newest word by `known_at` holds. As known `now`, words count from the time they speak of
 * (`valid_at`): the newest by that time holds, of equal ones the one learnt last.
 */

import type { Dialect, Read, Rows } from "./engine.ts";
import { keyframeEveryMs, type KnownAs, type Span } from "./history.ts";

/** As known now: how late a word about an instant is looked for. */
export const lateForMs = 24 * 3_600_000;

export interface Words {
  readonly table: string;
  /** The column that names what a word is about. */
  readonly key: string;
  /** What its keyframes are called in the table `keyframes`. */
  readonly keyframes: string;
}

/** The keyframe from which an instant is told; `null` when nobody was watching. */
export async function keyframeBefore(read: Read, words: Words, at: number): Promise<number | null> {
  const keyframes = await read(
    `SELECT max(known_at) AS at FROM keyframes
     WHERE kind = '${words.keyframes}' AND known_at <= ${at} AND known_at >= ${at - 2 * keyframeEveryMs}`,
  );
  return knownOrNull(keyframes.numbers("at")[0]!);
}

/** When somebody began to watch in a stretch at whose beginning nobody did; `null` when nobody began. */
export async function firstKeyframeIn(
  read: Read,
  { keyframes }: Words,
  { fromAt, toAt }: Span,
): Promise<number | null> {
  const first = await read(
    `SELECT min(known_at) AS at FROM keyframes
     WHERE kind = '${keyframes}' AND known_at >= ${fromAt} AND known_at < ${toAt}`,
  );
  return knownOrNull(first.numbers("at")[0]!);
}

/** ClickHouse says 0 for the first and the last of nothing. */
function knownOrNull(at: number): number | null {
  return at > 0 ? at : null;
}

/** The words that hold at an instant; removals are among them. `null` when nobody was watching. */
export async function wordsAt(read: Read, words: Words, at: number, known: KnownAs): Promise<Rows | null> {
  const from = await keyframeBefore(read, words, at);
  if (from === null) return null;
  const time = known === "then" ? "known_at" : "valid_at";
  const bounds =
    known === "then"
      ? `known_at >= ${from} AND known_at <= ${at}`
      : `known_at >= ${from} AND known_at <= ${at + lateForMs} AND valid_at <= ${at}
         AND (known_at <= ${at} OR NOT is_keyframe)`;
  return read(
    `SELECT * FROM ${words.table} WHERE ${bounds} AND (${words.key}, ${time}) IN (
       SELECT ${words.key}, max(${time}) FROM ${words.table} WHERE ${bounds} GROUP BY ${words.key})
     ORDER BY known_at`,
  );
}

/**
 * The words of a stretch of time in its order, `limit` of them at most: of each thing the last in every `everyMs`, which
 * are whole multiples of it since 1970.
 */
export function wordsIn(
  { read, dialect }: { readonly read: Read; readonly dialect: Dialect },
  words: Words,
  { fromAt, toAt, everyMs }: Span & { readonly everyMs: number },
  known: KnownAs,
  limit: number,
): Promise<Rows> {
  const bounds =
    known === "then"
      ? `known_at >= ${fromAt} AND known_at < ${toAt}`
      : `known_at >= ${fromAt} AND known_at < ${toAt + lateForMs} AND valid_at >= ${fromAt} AND valid_at < ${toAt}
         AND (known_at < ${toAt} OR NOT is_keyframe)`;
  const [time, order] = known === "then" ? ["known_at", "known_at"] : ["valid_at", "valid_at, known_at"];
  const last =
    everyMs === 1
      ? ""
      : ` AND (${words.key}, ${time}) IN (
           SELECT ${words.key}, max(${time}) FROM ${words.table} WHERE ${bounds}
           GROUP BY ${words.key}, ${dialect.quotient(time, everyMs)})`;
  return read(`SELECT * FROM ${words.table} WHERE ${bounds}${last} ORDER BY ${order} LIMIT ${limit}`);
}

/** What a tick takes in was received so shortly before it. */
const receivedWithinMs = 5_000;

/**
 * The stretches in which somebody was watching, as known then, and their words in order, `limit` of them at most: the
 * keyframe that a stretch begins with, and afterwards what changed. In later keyframes that is what was received just then.
 */
export async function wordsOver(
  read: Read,
  { table, keyframes }: Words,
  { fromAt, toAt }: Span,
  limit: number,
): Promise<{ readonly watched: readonly Span[]; readonly rows: Rows | null }> {
  const found = await read(
    `SELECT known_at FROM keyframes WHERE kind = '${keyframes}' AND known_at >= ${fromAt} AND known_at < ${toAt}
     ORDER BY known_at`,
  );
  const at = Array.from(found.numbers("known_at"));
  const begins = at.filter((one, i) => i === 0 || one - at[i - 1]! > 2 * keyframeEveryMs);
  if (begins.length === 0) return { watched: [], rows: null };
  const watched = begins.map((begin, i): Span => {
    const next = begins[i + 1];
    const last = at.findLast((one) => next === undefined || one < next)!;
    // Of the last hour before nobody watched it is not known when that began.
    return { fromAt: begin, toAt: Math.min(last + keyframeEveryMs, next ?? toAt, toAt) };
  });
  const rows = await read(
    `SELECT * FROM ${table} WHERE known_at >= ${begins[0]} AND known_at < ${toAt}
     AND (NOT is_keyframe OR is_removed OR known_at IN (${begins.join(", ")})
          OR received_at >= known_at - ${receivedWithinMs})
     ORDER BY known_at LIMIT ${limit}`,
  );
  return { watched, rows };
}

export function nanIfNull(value: number | null | undefined): number {
  return value ?? Number.NaN;
}

/** Beyond them a `Date` has no instant either. */
const furthestAt = 8.64e15;

/** An instant that a source wrote, as a column of instants can hold it: whole milliseconds, NaN where it is none. */
export function instantOf(at: number | null | undefined): number {
  const whole = Math.floor(nanIfNull(at));
  return Math.abs(whole) <= furthestAt ? whole : Number.NaN;
}

/** The time that a word counts from, as known now. */
export function validAt(observedAt: number | null | undefined, knownAt: number): number {
  const at = instantOf(observedAt);
  return Number.isNaN(at) ? knownAt : at;
}

export function nullIfNan(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
