/**
 * What history is told of a city: each tick's changes as rows. Costs what changed, and once a minute the number of
 * series and feeds, and now and then everything of one kind. Knows nothing of disks and processes.
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
import { Measured } from "./observations.ts";

const minuteMs = 60_000;
/** What is measured again and again changes most from keyframe to keyframe. */
const sampledKeyframeEveryMs = 10 * minuteMs;
/** Each kind has its turn to have a keyframe, and readings have the last. */
const turns = kinds.length + 1;
/** What was read so many seconds of the machine ago still stands: it was busy. After that, nobody looked. */
const longestPauseSeconds = 10;
/** A past is played in steps of up to so much, each of which stands for the time to the next (`server/play-past.ts`). */
const longestPastStepMs = 30 * minuteMs;

/** One step of the city and what came of it. */
export interface RecordedTick {
  readonly city: City;
  readonly changes: Changes;
  readonly moments: readonly Moment[];
  /** A step of a past that is played. */
  readonly isPast: boolean;
}

export class Recorder {
  readonly #longestStepMs: number;
  readonly #minutes = new Minutes();
  readonly #measured = new Measured();
  #readings: ReadingRows[] = [];
  #entities: EntityRows[] = [];
  #feeds: FeedRow[] = [];
  #moments: MomentRow[] = [];
  #rowCount = 0;
  readonly #statuses = new Map<string, FeedStatusWord>();
  /** Who was recorded last, `null` before the first, and whose things were; and when that was. */
  #city: City | null = null;
  #thingsOf: City | null = null;
  #knownAt = Number.NEGATIVE_INFINITY;
  /** Whether the tick that is being recorded begins anew: what was recorded before says nothing about it. */
  #isAnew = true;
  #wasPast = false;

  /** `speed`: city seconds per second of the machine. */
  constructor(speed: number) {
    this.#longestStepMs = Math.max(minuteMs, longestPauseSeconds * 1000 * speed);
  }

  /** Rows that wait to be taken. */
  get rowCount(): number {
    return this.#rowCount + this.#minutes.rowCount + this.#measured.rowCount;
  }

  /** Whether minutes are over that wait to be taken. */
  get hasMinutes(): boolean {
    return this.#minutes.rowCount > 0;
  }

  /** Another epoch begins: its definitions are what its figures are measured by. */
  begin(indicators: readonly IndicatorDefinition[]): void {
    this.#minutes.begin(indicators);
  }

  /**
   * Takes in one tick, after those before it. Of a past that is played, figures, feeds and moments are recorded: its things
   * are seen in steps too far apart to be shown as moving, and a start would pay for writing all of them again and again.
   */
  record({ city, changes, moments, isPast }: RecordedTick): void {
    const knownAt = this.#instantOf(changes.at);
    this.#isAnew = city !== this.#city || knownAt < this.#knownAt || (this.#wasPast && !isPast);
    const longestStepMs = this.#wasPast ? longestPastStepMs : this.#longestStepMs;
    this.#minutes.take(changes.readings, knownAt, (id) => city.readings.has(id), longestStepMs);
    this.#recordReadings(city, changes, knownAt);
    if (!isPast) this.#recordEntities(city, changes, knownAt);
    this.#recordFeeds(city, changes, knownAt);
    for (const moment of moments) this.#moments.push({ knownAt, moment });
    this.#rowCount += moments.length;
    this.#city = city;
    this.#knownAt = knownAt;
    this.#wasPast = isPast;
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
      observations: this.#measured.drain(),
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
      const rows = changesOf(
        entities.get(kind),
        city === this.#thingsOf ? [] : goneWith(this.#thingsOf, city, kind),
      );
      if (kind === "Sensor") this.#recordMeasured(rows, knownAt);
      if (!isKeyframe && rows.changed.length + rows.removed.length === 0) continue;
      const all = isKeyframe && Array.from(city.table(kind).entries(), ([, { entity }]) => kept(entity));
      this.#entities.push({ kind, knownAt, isKeyframe, ...rows, ...(all && { changed: all }) });
      this.#rowCount += Math.max(1, (all || rows.changed).length + rows.removed.length);
    }
    this.#thingsOf = city;
  }

  /** A measured value reaches a tick as a change of its sensor. */
  #recordMeasured({ changed, removed }: Pick<EntityRows, "changed" | "removed">, knownAt: number): void {
    for (const sensor of changed) this.#measured.take(sensor, knownAt);
    for (const id of removed) this.#measured.forget(id);
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
      ? city.feedStatuses(knownAt)
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
  const changed = changes?.changed.map(({ entity }) => kept(entity)) ?? [];
  if (!changes || changes.removed.length === 0) return { changed, removed: gone };
  const there = new Set(changed.map(({ id }: Entity) => id));
  const removed = changes.removed.flatMap(({ id }) => (there.has(id) ? [] : [id]));
  return { changed, removed: [...removed, ...gone] };
}

/** A thing without what it says of its stops to come, which would wait and cross with it for nothing. */
function kept(entity: Entity): Entity {
  if (entity.stopTimeUpdates === undefined) return entity;
  const { stopTimeUpdates: _, ...rest } = entity;
  return rest;
}

/** Ids of what an epoch before had and this one has not. */
function goneWith(before: City | null, now: City, kind: Kind): string[] {
  if (!before) return [];
  const table = now.table(kind);
  return Array.from(before.table(kind).entries(), ([, { entity }]) => entity.id).filter(
    (id) => table.slotOf(id) === undefined,
  );
}
