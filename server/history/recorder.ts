/**
 * What history is told of a city: each tick's changes as rows. Costs what changed, and once a minute the number of
 * series and feeds, and now and then everything of one kind. Knows nothing of disks and processes.
 *
 * A measured value of a sensor reaches a tick as a change of that sensor (`City.advance`), so numbers of things are
 * recorded with the things; there are no observations apart from them.
 */

import type { IndicatorDefinition } from "../../shared/city.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import { kinds, kindSchemas, type Kind } from "../../shared/kinds.ts";
import type { Moment } from "../../shared/moment.ts";
import type { Changes, EntityChanges } from "../core/city/changes.ts";
import type { City } from "../core/city/city.ts";
import {
  keyframeEveryMs,
  type EntityRows,
  type FeedRow,
  type HistoryBatch,
  type MomentRow,
  type ReadingRows,
} from "./history.ts";
import { Minutes } from "./minutes.ts";

const minuteMs = 60_000;
/** What is measured again and again changes most from keyframe to keyframe. */
const sampledKeyframeEveryMs = 10 * minuteMs;
/** Each kind has its turn to have a keyframe, and readings have the last. */
const turns = kinds.length + 1;
/** A wall second without a tick is a busy machine; so many of them, and nobody looked. */
const longestPauseSeconds = 10;

/** How a tick came about. */
export interface TickedBy {
  /** City milliseconds for which the readings of the tick before went on, at most. */
  readonly longestStepMs: number;
}

/** A step of a clock of that speed: what changed no more than a few seconds of the machine ago still holds. */
export function clockStep(speed: number): TickedBy {
  return { longestStepMs: Math.max(minuteMs, longestPauseSeconds * 1000 * speed) };
}

export class Recorder {
  readonly #minutes = new Minutes();
  #readings: ReadingRows[] = [];
  #entities: EntityRows[] = [];
  #feeds: FeedRow[] = [];
  #moments: MomentRow[] = [];
  #rowCount = 0;
  readonly #statuses = new Map<string, FeedStatusWord>();
  /** Whose things were recorded last, `null` before the first; and when that was. */
  #city: City | null = null;
  #knownAt = Number.NEGATIVE_INFINITY;
  /** Whether the tick that is being recorded begins anew: what was recorded before says nothing about it. */
  #isAnew = true;

  /** Rows that wait to be taken. */
  get rowCount(): number {
    return this.#rowCount + this.#minutes.rowCount;
  }

  /** Another epoch begins: its definitions are what its figures are measured by. */
  begin(indicators: readonly IndicatorDefinition[]): void {
    this.#minutes.begin(indicators);
  }

  /** Takes in one tick of `city` and the moments that it made. */
  record(city: City, changes: Changes, moments: readonly Moment[], { longestStepMs }: TickedBy): void {
    const knownAt = this.#instantOf(changes.at);
    this.#isAnew = city !== this.#city || knownAt < this.#knownAt;
    this.#minutes.take(changes.readings, knownAt, (id) => city.readings.has(id), longestStepMs);
    this.#recordReadings(city, changes, knownAt);
    this.#recordEntities(city, changes, knownAt);
    this.#recordFeeds(city, changes, knownAt);
    for (const moment of moments) this.#moments.push({ knownAt, moment });
    this.#rowCount += moments.length;
    this.#city = city;
    this.#knownAt = knownAt;
  }

  /** The minute that runs is over: nothing comes after it. */
  end(): void {
    const city = this.#city;
    if (city) this.#minutes.end((id) => city.readings.has(id));
  }

  /** Everything recorded since the last call; `null` when that is nothing. */
  take(): HistoryBatch | null {
    if (this.rowCount === 0) return null;
    const batch = {
      minutes: this.#minutes.drain(),
      readings: this.#readings,
      observations: noObservations(),
      entities: this.#entities,
      feeds: this.#feeds,
      moments: this.#moments,
    };
    this.#readings = [];
    this.#entities = [];
    this.#feeds = [];
    this.#moments = [];
    this.#rowCount = 0;
    return batch;
  }

  /**
   * No two ticks are of one instant, so that what was known then is one thing: where the clock stands still, or was set
   * back by less than a minute, they are a millisecond apart.
   */
  #instantOf(at: number): number {
    return at > this.#knownAt || at <= this.#knownAt - minuteMs ? at : this.#knownAt + 1;
  }

  #recordReadings(city: City, { readings }: Changes, knownAt: number): void {
    const isKeyframe = this.#isKeyframeDue(kinds.length, keyframeEveryMs, knownAt);
    const changed = isKeyframe ? [...city.readings.values()] : readings;
    if (!isKeyframe && changed.length === 0) return;
    this.#readings.push({ knownAt, isKeyframe, changed });
    this.#rowCount += Math.max(1, changed.length);
  }

  #recordEntities(city: City, { entities }: Changes, knownAt: number): void {
    for (const [turn, kind] of kinds.entries()) {
      const everyMs = kindSchemas[kind].sampled ? sampledKeyframeEveryMs : keyframeEveryMs;
      const isKeyframe = this.#isKeyframeDue(turn, everyMs, knownAt);
      const rows = changesOf(entities.get(kind), city === this.#city ? [] : goneWith(this.#city, city, kind));
      if (!isKeyframe && rows.changed.length + rows.removed.length === 0) continue;
      const all = isKeyframe && Array.from(city.table(kind).entries(), ([, { entity }]) => entity);
      this.#entities.push({ kind, knownAt, isKeyframe, ...rows, ...(all && { changed: all }) });
      this.#rowCount += Math.max(1, (all || rows.changed).length + rows.removed.length);
    }
  }

  /** Every turn is at another instant of its period. An epoch begins with a keyframe of everything, and so does a clock set back. */
  #isKeyframeDue(turn: number, everyMs: number, at: number): boolean {
    if (this.#isAnew) return true;
    const offset = (turn * everyMs) / turns;
    return Math.floor((at + offset) / everyMs) !== Math.floor((this.#knownAt + offset) / everyMs);
  }

  #recordFeeds(city: City, { feeds }: Changes, knownAt: number): void {
    const isNewMinute =
      this.#isAnew || Math.floor(knownAt / minuteMs) !== Math.floor(this.#knownAt / minuteMs);
    const told = isNewMinute
      ? city.plan.feeds.map(({ id }) => city.feedStatus(id, knownAt))
      : feeds.filter(({ id, status }) => this.#statuses.get(id) !== status);
    for (const feed of told) this.#recordFeed(feed, knownAt);
  }

  #recordFeed(feed: FeedStatus, knownAt: number): void {
    this.#statuses.set(feed.id, feed.status);
    this.#feeds.push({ knownAt, feed });
    this.#rowCount++;
  }
}

/** What one part of a feed gave up and another took over is still there. */
function changesOf(
  changes: EntityChanges | undefined,
  gone: readonly string[],
): Pick<EntityRows, "changed" | "removed"> {
  const changed = changes?.changed.map(({ entity }) => entity) ?? [];
  if (!changes || changes.removed.length === 0) return { changed, removed: gone };
  const there = new Set(changed.map(({ id }: Entity) => id));
  const removed = changes.removed.flatMap(({ id }) => (there.has(id) ? [] : [id]));
  return { changed, removed: [...removed, ...gone] };
}

/** Ids of what an epoch before had and this one has not. */
function goneWith(before: City | null, now: City, kind: Kind): string[] {
  if (!before) return [];
  const table = now.table(kind);
  return Array.from(before.table(kind).entries(), ([, { entity }]) => entity.id).filter(
    (id) => table.slotOf(id) === undefined,
  );
}

function noObservations(): HistoryBatch["observations"] {
  return {
    entities: [],
    entityOf: new Uint32Array(0),
    properties: [],
    propertyOf: new Uint16Array(0),
    at: new Float64Array(0),
    knownAt: new Float64Array(0),
    value: new Float64Array(0),
  };
}
