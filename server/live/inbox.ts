/**
 * Where feeds put their words until the next tick: it keeps the newest word per thing, so more load makes bigger
 * batches, never more calls; it is bounded, and what it had to drop is counted per feed.
 */

import type { Entity, Observation } from "../../shared/entity.ts";
import { Notices, type Notice } from "../../shared/notice.ts";
import type { Batch, EdgeFigures, FeedReport, FeedWord } from "../core/city/changes.ts";
import { isOvertaken } from "../core/city/same-content.ts";
import type { Update } from "../core/feeds/connector.ts";

/** Things and observations waiting for the next tick beyond this are dropped and counted. */
const defaultLimit = 250_000;

export class Inbox {
  readonly #limit: number;
  #words = new Map<string, Waiting>();
  #reports = new Map<string, FeedReport>();
  #dropped = new Map<string, number>();
  /** Things and observations of all that waits. */
  #waiting = 0;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#words.size === 0 && this.#reports.size === 0 && this.#dropped.size === 0;
  }

  get isHalfFull(): boolean {
    return this.#waiting * 2 >= this.#limit;
  }

  /** Costs what the word brings, however much waits already. */
  put(word: FeedWord): void {
    const key = `${word.feedId} ${word.update.scope}`;
    const waiting = this.#words.get(key) ?? new Waiting();
    const before = waiting.size;
    const dropped = waiting.take(word, this.#limit - this.#waiting + before);
    if (dropped > 0) this.putDropped(word.feedId, dropped);
    this.#waiting += waiting.size - before;
    this.#words.set(key, waiting);
  }

  /** Counts what was dropped, here or before it came here. */
  putDropped(feedId: string, count: number): void {
    this.#dropped.set(feedId, (this.#dropped.get(feedId) ?? 0) + count);
  }

  /** Reports wait in the order of their newest: of a feed's parts the last one to report knows what stands. */
  putReport(report: FeedReport): void {
    const key = `${report.feedId} ${report.part}`;
    const goodAt = report.goodAt ?? this.#reports.get(key)?.goodAt ?? null;
    this.#reports.delete(key);
    this.#reports.set(key, { ...report, goodAt });
  }

  /** Everything that waits; the inbox is empty afterwards. */
  drain(platform: EdgeFigures): Batch {
    const batch: Batch = {
      words: Array.from(this.#words.values(), (waiting) => waiting.word()),
      reports: [...this.#reports.values()],
      dropped: this.#dropped,
      platform,
    };
    this.#words = new Map();
    this.#reports = new Map();
    this.#dropped = new Map();
    this.#waiting = 0;
    return batch;
  }
}

/** What one feed said about one scope since the last tick: a word as it came, or several in one. */
class Waiting {
  #newest: FeedWord | null = null;
  /** Takes the place of the newest word's update once another word was added to it. */
  #merged: Merged | null = null;

  /** How many things and observations wait. */
  get size(): number {
    if (this.#merged) return this.#merged.entities.size + this.#merged.observations.length;
    return this.#newest ? this.#newest.update.entities.length + this.#newest.update.observations.length : 0;
  }

  /** Takes in a newer word, as far as there is `room` for all that waits here; says how much was dropped. */
  take(word: FeedWord, room: number): number {
    if (this.#newest && word.update.mode === "partial") {
      this.#merged ??= new Merged(this.#newest.update);
      // What somebody had kept does not make older what was heard beside it.
      const receivedAt = Math.max(word.receivedAt, this.#newest.receivedAt);
      this.#newest = { ...word, receivedAt, restored: word.restored && this.#newest.restored };
      return this.#merged.add(word.update, room);
    }
    const update = this.#newest ? intoFull(this.word().update, word.update) : word.update;
    const { kept, dropped } = cut(update, room);
    this.#newest = { ...word, update: kept };
    this.#merged = null;
    return dropped;
  }

  word(): FeedWord {
    const newest = this.#newest!;
    return this.#merged ? { ...newest, update: this.#merged.over(newest.update) } : newest;
  }
}

/**
 * A full update forgets what came before it, except the things it only calls unchanged, and newer words about the things
 * it has: they were pushed while it was on its way.
 */
function intoFull(older: Update, newer: Update): Update {
  const unchanged = new Set(newer.unchanged);
  const carried = older.entities.filter((entity) => unchanged.delete(entity.id));
  const waiting = new Map(older.entities.map((entity) => [entity.id, entity]));
  const entities = newer.entities.map((entity) => {
    const known = waiting.get(entity.id);
    return known && isOvertaken(known, entity, known.receivedAt) ? known : entity;
  });
  const schedule = newer.schedule ?? older.schedule;
  return {
    ...newer,
    entities: [...carried, ...entities],
    observations: [...older.observations, ...newer.observations],
    ...(newer.unchanged && { unchanged: [...unchanged] }),
    ...(schedule && { schedule }),
  };
}

/** The update as far as there is room. What does not fit is still there at the source: it must not look gone. */
function cut(update: Update, room: number): { readonly kept: Update; readonly dropped: number } {
  const { entities, observations } = update;
  const dropped = entities.length + observations.length - Math.max(0, room);
  if (dropped <= 0) return { kept: update, dropped: 0 };
  const fitting = Math.min(entities.length, Math.max(0, room));
  const unseen = entities.slice(fitting).map((entity) => entity.id);
  const kept = {
    ...update,
    entities: entities.slice(0, fitting),
    observations: observations.slice(0, Math.max(0, room) - fitting),
    unchanged: [...(update.unchanged ?? []), ...unseen],
  };
  return { kept, dropped };
}

/** A first update, full or partial, and the partial ones after it. */
class Merged {
  readonly entities: Map<string, Entity>;
  readonly observations: Observation[];
  readonly #mode: Update["mode"];
  readonly #unchanged: Set<string> | null;
  readonly #removed: Set<string>;
  readonly #notices = new Notices();
  #schedule: Update["schedule"];
  #tellsNothing: boolean;

  constructor(first: Update) {
    const { mode, entities, observations, unchanged, removed, notices, schedule, tellsNothing } = first;
    this.#mode = mode;
    this.#tellsNothing = tellsNothing ?? false;
    this.entities = new Map(entities.map((entity) => [entity.id, entity]));
    this.observations = [...observations];
    this.#unchanged = mode === "full" || unchanged ? new Set(unchanged) : null;
    this.#removed = new Set(removed);
    this.#noteAll(notices);
    this.#schedule = schedule;
  }

  add(update: Update, room: number): number {
    const { entities, removed = [], observations, notices, schedule, tellsNothing = false } = update;
    this.#tellsNothing &&= tellsNothing;
    let dropped = 0;
    const isFull = (): boolean => this.entities.size + this.observations.length >= room;
    for (const entity of entities) {
      this.#removed.delete(entity.id);
      const known = this.entities.get(entity.id);
      if (known && isOvertaken(known, entity, known.receivedAt)) continue;
      if (this.entities.delete(entity.id) || !isFull()) this.entities.set(entity.id, entity);
      else {
        this.#unchanged?.add(entity.id);
        dropped++;
      }
    }
    for (const id of removed) {
      this.entities.delete(id);
      this.#unchanged?.delete(id);
      if (this.#mode === "partial") this.#removed.add(id);
    }
    for (const observation of observations) {
      if (isFull()) dropped++;
      else this.observations.push(observation);
    }
    this.#noteAll(notices);
    this.#schedule = schedule ?? this.#schedule;
    return dropped;
  }

  /** What all of them said; the rest as the newest said it. */
  over({ tellsNothing: _, ...newest }: Update): Update {
    return {
      ...newest,
      ...(this.#tellsNothing && { tellsNothing: true }),
      mode: this.#mode,
      entities: [...this.entities.values()],
      ...(this.#unchanged && { unchanged: [...this.#unchanged] }),
      ...(this.#removed.size > 0 && { removed: [...this.#removed] }),
      observations: this.observations,
      notices: this.#notices.list(),
      ...(this.#schedule && { schedule: this.#schedule }),
    };
  }

  #noteAll(notices: readonly Notice[]): void {
    for (const { code, severity, example, count } of notices)
      this.#notices.add(code, severity, example, count);
  }
}
