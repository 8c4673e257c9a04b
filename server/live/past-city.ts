/** The city at a past instant, as the history remembers it, and how it changed from there. Knows no clock. */

import { seriesId } from "../../shared/city.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { Reading } from "../../shared/protocol.ts";
import { noValue } from "../../shared/value.ts";
import { noAlarmChanges } from "../core/alarms/board.ts";
import type { Changes, EntityChanges } from "../core/city/changes.ts";
import { EntityTable } from "../core/city/entity-table.ts";
import type { ShownCity } from "./broadcast.ts";

/** The whole city at one instant, as the history answers it. */
export interface CityThen {
  readonly readings: readonly Reading[];
  /** Without the kinds that nobody recorded then. */
  readonly entities: ReadonlyMap<Kind, readonly Entity[]>;
  readonly feeds: readonly FeedStatus[];
}

/** What changed at one instant. */
export interface ChangeThen {
  readonly knownAt: number;
  readonly readings: readonly Reading[];
  readonly entities: readonly {
    readonly kind: Kind;
    readonly changed: readonly Entity[];
    /** Ids of what is gone. */
    readonly removed: readonly string[];
  }[];
  readonly feeds: readonly FeedStatus[];
}

type Table = EntityTable<{ readonly entity: Entity }>;

export class PastCity implements ShownCity {
  readonly plan: ShownCity["plan"];
  readonly forgottenSeries = 0;
  readonly #readings = new Map<string, Reading>();
  readonly #feeds = new Map<string, FeedStatus>();
  readonly #tables = new Map<Kind, Table>();
  readonly #known: Set<Kind>;

  /** `plan` is today's: a figure of it that was not recorded then says so. `was` is `null` where nothing was recorded. */
  constructor(plan: ShownCity["plan"], was: CityThen | null) {
    this.plan = plan;
    for (const { id } of plan.indicators) this.#read(notRecorded(seriesId(id, null)));
    for (const reading of was?.readings ?? []) this.#read(reading);
    for (const feed of was?.feeds ?? []) this.#feeds.set(feed.id, feed);
    for (const [kind, entities] of was?.entities ?? [])
      for (const entity of entities) this.table(kind).put(entity.id, { entity });
    this.#known = new Set(was?.entities.keys());
  }

  get readings(): ReadonlyMap<string, Reading> {
    return this.#readings;
  }

  knows(kind: Kind): boolean {
    return this.#known.has(kind);
  }

  feedStatuses(): readonly FeedStatus[] {
    return Array.from(this.#feeds.values());
  }

  table(kind: Kind): Table {
    let table = this.#tables.get(kind);
    if (!table) this.#tables.set(kind, (table = new EntityTable<{ readonly entity: Entity }>()));
    return table;
  }

  /** Takes in what changed up to `at`; says what is different, the newest word of each thing. */
  advance(changes: readonly ChangeThen[], at: number): Changes {
    const { readings, entities, feeds } = newest(changes);
    for (const reading of readings.values()) this.#read(reading);
    for (const feed of feeds.values()) this.#feeds.set(feed.id, feed);
    for (const kind of entities.keys()) this.#known.add(kind);
    return {
      at,
      alarms: noAlarmChanges,
      readings: Array.from(readings.values()),
      feeds: Array.from(feeds.values()),
      entities: new Map(
        Array.from(entities, ([kind, words]): [Kind, EntityChanges] => [kind, this.#move(kind, words)]),
      ),
    };
  }

  #read(reading: Reading): void {
    this.#readings.set(reading.id, reading);
  }

  #move(kind: Kind, words: ReadonlyMap<string, Entity | null>): EntityChanges {
    const table = this.table(kind);
    const removed = Array.from(words).flatMap(([id, entity]) => {
      const slot = entity === null ? table.remove(id) : undefined;
      return slot === undefined ? [] : [{ slot, id }];
    });
    const changed = Array.from(words.values()).flatMap((entity) =>
      entity === null ? [] : [{ slot: table.put(entity.id, { entity }), entity }],
    );
    return { changed, removed };
  }
}

interface Newest {
  readonly readings: ReadonlyMap<string, Reading>;
  readonly feeds: ReadonlyMap<string, FeedStatus>;
  /** By id; `null` for what is gone. */
  readonly entities: ReadonlyMap<Kind, ReadonlyMap<string, Entity | null>>;
}

/** The newest word of everything that `changes`, in their order, speak of. */
function newest(changes: readonly ChangeThen[]): Newest {
  const readings = new Map<string, Reading>();
  const feeds = new Map<string, FeedStatus>();
  const entities = new Map<Kind, Map<string, Entity | null>>();
  for (const change of changes) {
    for (const reading of change.readings) readings.set(reading.id, reading);
    for (const feed of change.feeds) feeds.set(feed.id, feed);
    for (const { kind, changed, removed } of change.entities) {
      let words = entities.get(kind);
      if (!words) entities.set(kind, (words = new Map<string, Entity | null>()));
      for (const id of removed) words.set(id, null);
      for (const entity of changed) words.set(entity.id, entity);
    }
  }
  return { readings, feeds, entities };
}

/** The same changes with one per `everyMs` at most: nobody sees what lies between. */
export function thinned(changes: readonly ChangeThen[], everyMs: number): ChangeThen[] {
  const groups = Map.groupBy(changes, ({ knownAt }) => Math.floor(knownAt / everyMs));
  return Array.from(groups.values(), (group) => {
    if (group.length === 1) return group[0]!;
    const { readings, feeds, entities } = newest(group);
    return {
      knownAt: group.at(-1)!.knownAt,
      readings: Array.from(readings.values()),
      feeds: Array.from(feeds.values()),
      entities: Array.from(entities, ([kind, words]) => ({
        kind,
        changed: Array.from(words.values()).filter((entity) => entity !== null),
        removed: Array.from(words).flatMap(([id, entity]) => (entity === null ? [id] : [])),
      })),
    };
  });
}

function notRecorded(id: string): Reading {
  const { value, state, reason, quality } = noValue("not-recorded", {
    observedAt: null,
    oldestAt: null,
    quality: "good",
    feeds: [],
  });
  return { id, value, state, reason, quality, observedAt: null, oldestAt: null };
}
