/**
 * The live city: what every feed last said, joined and measured. `advance` is its only way forward; given the same
 * batches at the same instants it gives the same changes, because it reads no clock, no disk and no chance.
 */

import type { Entity } from "../../../shared/entity.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import { kinds, type Kind } from "../../../shared/kinds.ts";
import type { Reading } from "../../../shared/protocol.ts";
import type { Schedule } from "../feeds/gtfs/schedule.ts";
import { ExpiryHeap } from "../expiry-heap.ts";
import { IndicatorBoard } from "../indicators/board.ts";
import { sameContent, samePlace } from "./same-content.ts";
import type { Batch, Changes, EntityChanges, FeedWord } from "./changes.ts";
import { EntityTable, type Held } from "./entity-table.ts";
import { FeedHealth } from "./feed-health.ts";
import { Joins } from "./joins.ts";
import { Neighbours } from "./neighbours.ts";
import { OldestObservation } from "./oldest.ts";
import type { CityPlan } from "./plan.ts";
import { TimetableJudge } from "./timetable-judge.ts";

/** Slots fit below this, so that kind and slot make one number on the expiry heap. */
const slotLimit = 2 ** 32;

export class City {
  readonly plan: CityPlan;
  readonly tables: ReadonlyMap<Kind, EntityTable>;
  readonly feeds: ReadonlyMap<string, FeedHealth>;
  readonly #board: IndicatorBoard;
  readonly #joins: Joins;
  readonly #neighbours: Neighbours;
  readonly #judge: TimetableJudge;
  #expiries = new ExpiryHeap();
  readonly #oldest = new Map<string, OldestObservation>();
  readonly #slotsOfScope = new Map<string, Set<number>>();
  #fullUpdates = 0;

  constructor(plan: CityPlan) {
    this.plan = plan;
    this.tables = new Map(kinds.map((kind) => [kind, new EntityTable()]));
    this.feeds = new Map(plan.feeds.map((feed) => [feed.id, new FeedHealth(feed)]));
    this.#joins = new Joins(plan, this.tables);
    this.#neighbours = new Neighbours(plan.indicators, this.tables, this.#joins);
    this.#judge = new TimetableJudge(this.feeds, this.tables, this.#joins);
    this.#board = new IndicatorBoard(plan, {
      feeds: this.feeds,
      oldest: (feedId, kind) => this.#oldest.get(oldestKey(feedId, kind))?.read() ?? null,
      entities: () => this.size,
      scheduled: (feedId, now) => this.#joins.scheduledTrips(feedId, now),
    });
  }

  /** How many entities are held. */
  get size(): number {
    let size = 0;
    for (const table of this.tables.values()) size += table.size;
    return size;
  }

  /** How many instants wait to change something by time alone, overtaken ones included. */
  get waitingExpiries(): number {
    return this.#expiries.size;
  }

  /** How many series were forgotten because nothing has had their value for long. */
  get forgottenSeries(): number {
    return this.#board.forgotten;
  }

  /** Every series' last reading by its id. */
  get readings(): ReadonlyMap<string, Reading> {
    return this.#board.readings;
  }

  table(kind: Kind): EntityTable {
    return this.tables.get(kind)!;
  }

  /**
   * Takes in a batch at `now` (city time) and says what changed. Costs what changed: the entities in the batch, those
   * whose answer the passing of time changes, the indicators that read them.
   */
  advance(batch: Batch, now: number): Changes {
    const tick = new Tick(now);
    for (const [feedId, count] of batch.dropped) {
      const health = this.feeds.get(feedId);
      if (!health) continue;
      health.dropped += count;
      tick.feeds.add(feedId);
    }
    for (const word of batch.words) this.#takeWord(word, tick);
    for (const report of batch.reports) {
      const health = this.feeds.get(report.feedId);
      health?.noteReport(report);
      if (report.goodAt !== null) health?.noteSpoken(report.part, now);
      tick.feeds.add(report.feedId);
    }
    this.#expire(tick);
    this.#neighbours.settle(now, (kind, slot) => {
      const held = this.table(kind).at(slot)!;
      this.#board.update(slot, held, false, now);
      tick.change(kind, slot, held.entity);
    });
    const readings = this.#board.read(tick.feeds, batch.platform, now);
    for (const feedId of this.#board.takeFeedsWithNewStatus()) tick.feeds.add(feedId);
    return {
      at: now,
      entities: tick.entities(),
      readings,
      feeds: [...tick.feeds].filter((id) => this.feeds.has(id)).map((id) => this.feedStatus(id, now)),
    };
  }

  feedStatus(feedId: string, now: number): FeedStatus {
    const health = this.feeds.get(feedId);
    if (!health) throw new Error(`no feed ${feedId}`);
    const { plan } = health;
    return {
      id: plan.id,
      title: plan.title,
      spec: plan.spec,
      transport: plan.transport.type,
      department: plan.department,
      supplier: plan.supplier,
      licence: plan.licence,
      attribution: plan.attribution,
      cadenceSeconds: plan.cadenceSeconds,
      staleAfterSeconds: plan.staleAfterSeconds,
      status: health.status(now),
      lastGoodAt: health.lastGoodAt,
      observedAt: health.observedAt,
      entities: health.entities,
      dropped: health.dropped,
      error: health.error,
      notices: health.notices(),
    };
  }

  #takeWord(word: FeedWord, tick: Tick): void {
    const health = this.feeds.get(word.feedId);
    if (!health) return;
    const { update } = word;
    tick.feeds.add(word.feedId);
    const spoken = new Set<Kind>();
    const newestObservedAt = new Map<Kind, number>();
    const scope = `${word.feedId} ${update.scope}`;
    const fullUpdate = update.mode === "full" ? ++this.#fullUpdates : 0;
    if (update.schedule) this.#takeSchedule(word.feedId, update.schedule, tick);
    if (update.lookups) this.#rejoin(this.#joins.setLookups(word.feedId, update.lookups), tick);
    this.#joins.noteShift(word.feedId, word.shiftMs);
    for (const entity of update.entities) {
      spoken.add(entity.kind);
      if (entity.observedAt !== null) {
        const newest = newestObservedAt.get(entity.kind);
        if (newest === undefined || entity.observedAt > newest)
          newestObservedAt.set(entity.kind, entity.observedAt);
      }
      this.#put(entity, scope, fullUpdate, update.mode === "partial" || update.passing === true, tick);
    }
    for (const id of update.unchanged ?? []) this.#markSeen(id, fullUpdate, spoken);
    for (const { entityId, value, observedAt, receivedAt } of update.observations) {
      this.#observe(entityId, value, observedAt, receivedAt, tick);
    }
    for (const id of update.removed ?? []) this.#removeById(id, tick);
    if (update.mode === "full") this.#removeUnseen(scope, fullUpdate, tick);
    health.noteUpdate({ ...word, ...update, kinds: spoken, newestObservedAt });
    this.#board.noteNotices(scope, update, tick.now);
    health.noteSpoken(update.scope, tick.now);
    const isHeld = (silent: string): boolean =>
      kinds.some((kind) => this.#slotsOfScope.has(scopeKey(`${word.feedId} ${silent}`, kind)));
    for (const silent of health.forgetSilentScopes(tick.now, isHeld))
      this.#board.forgetScope(`${word.feedId} ${silent}`);
  }

  #takeSchedule(feedId: string, schedule: Schedule, tick: Tick): void {
    const affected = this.#joins.setSchedule(feedId, schedule);
    for (const [kind, slot] of affected) {
      const held = this.table(kind).at(slot);
      if (held) this.#board.countNotices(this.#judge.judge(held.reported, tick.now), tick.now);
    }
    this.#rejoin(affected, tick);
  }

  #put(reported: Entity, scope: string, fullUpdate: number, forgets: boolean, tick: Tick): void {
    const table = this.table(reported.kind);
    const known = table.slotOf(reported.id);
    const before = known === undefined ? undefined : table.at(known);
    if (before) before.seenIn = fullUpdate;
    if (before && isNewer(before.reported, reported, tick.now)) return;
    const unchanged = before !== undefined && sameContent(before.reported, reported);
    if (before && !unchanged) this.#joins.forget(before.reported, known!);
    const held: Held = before
      ? Object.assign(before, { reported })
      : {
          reported,
          entity: reported,
          areas: this.plan.areas.locate(reported.position, reported.geometry),
          scope,
          changesAt: Infinity,
          seenIn: fullUpdate,
          forgets,
        };
    const slot = known ?? table.put(reported.id, held);
    if (before) this.#noteOldest(reported, slot);
    else this.#enter(reported, scope, slot);
    if (!unchanged) this.#joins.note(reported, slot);
    this.#settle(slot, held, unchanged, tick);
    if (!unchanged) this.#board.countNotices(this.#judge.judge(reported, tick.now), tick.now);
  }

  #enter(reported: Entity, scope: string, slot: number): void {
    const health = this.feeds.get(reported.feedId);
    if (health) health.entities++;
    let slots = this.#slotsOfScope.get(scopeKey(scope, reported.kind));
    if (!slots) {
      slots = new Set();
      this.#slotsOfScope.set(scopeKey(scope, reported.kind), slots);
    }
    slots.add(slot);
    this.#noteOldest(reported, slot);
  }

  #noteOldest({ feedId, kind, observedAt }: Entity, slot: number): void {
    if (observedAt === null) return;
    const key = oldestKey(feedId, kind);
    let oldest = this.#oldest.get(key);
    if (!oldest) {
      oldest = new OldestObservation(this.table(kind), feedId);
      this.#oldest.set(key, oldest);
    }
    oldest.noteUpdate(slot, observedAt);
  }

  /** Joins, places, measures and schedules the next look at what is held in `slot`. */
  #settle(slot: number, held: Held, onlyAge: boolean, tick: Tick): void {
    const { reported } = held;
    const before = held.entity;
    const joined = this.#joins.join(reported, tick.now);
    held.entity = this.#neighbours.join(joined.entity, slot);
    if (!samePlace(before, held.entity) || before.geometry !== held.entity.geometry)
      held.areas = this.plan.areas.locate(held.entity.position, held.entity.geometry);
    const same = onlyAge && sameContent(before, held.entity);
    this.#board.update(slot, held, same, tick.now);
    tick.change(reported.kind, slot, held.entity);
    if (!same) {
      this.#neighbours.noteChange(reported.kind, slot);
      this.#rejoin(this.#joins.affectedBy(reported), tick);
    }
    const forgetAt = held.forgets ? reported.receivedAt + this.#keepMs(reported.feedId) : Infinity;
    const changesAt = Math.min(joined.until, this.#board.changesAt(held, tick.now), forgetAt);
    if (changesAt !== held.changesAt) {
      held.changesAt = changesAt;
      if (changesAt !== Infinity) this.#expireAt(changesAt, reported.kind, slot);
    }
  }

  /** Entries that newer ones have overtaken stay in the heap until it holds far more of them than things. */
  #expireAt(at: number, kind: Kind, slot: number): void {
    this.#expiries.push(at, kinds.indexOf(kind) * slotLimit + slot);
    if (this.#expiries.size <= 1024 + 4 * this.size) return;
    this.#expiries = new ExpiryHeap();
    for (const [held, table] of this.tables) {
      for (const [slotOfHeld, { changesAt }] of table.entries()) {
        if (changesAt !== Infinity)
          this.#expiries.push(changesAt, kinds.indexOf(held) * slotLimit + slotOfHeld);
      }
    }
  }

  #keepMs(feedId: string): number {
    return (this.feeds.get(feedId)?.plan.keepSeconds ?? 0) * 1000;
  }

  #expire(tick: Tick): void {
    while (this.#expiries.nextAt <= tick.now) {
      const { at, what } = this.#expiries.pop();
      const kind = kinds[Math.floor(what / slotLimit)]!;
      const slot = what % slotLimit;
      const held = this.table(kind).at(slot);
      if (held?.changesAt !== at) continue;
      held.changesAt = Infinity;
      if (held.forgets && held.reported.receivedAt + this.#keepMs(held.reported.feedId) <= tick.now) {
        this.#removeById(held.reported.id, tick, kind);
      } else {
        this.#settle(slot, held, false, tick);
      }
    }
  }

  #rejoin(affected: Iterable<readonly [Kind, number]>, tick: Tick): void {
    for (const [kind, slot] of affected) {
      const held = this.table(kind).at(slot);
      if (held) this.#settle(slot, held, false, tick);
    }
  }

  #observe(id: string, value: number, observedAt: number, receivedAt: number, tick: Tick): void {
    const table = this.table("Sensor");
    const slot = table.slotOf(id);
    const held = slot === undefined ? undefined : table.at(slot);
    if (held?.reported.kind !== "Sensor") return;
    const reported: Entity = {
      ...held.reported,
      observedAt,
      receivedAt,
      fields: { ...held.reported.fields, value },
    };
    this.#put(reported, held.scope, held.seenIn, held.forgets, tick);
  }

  #markSeen(id: string, fullUpdate: number, spoken: Set<Kind>): void {
    const kind = id.split("/", 2)[1] as Kind;
    const table = this.tables.get(kind);
    const slot = table?.slotOf(id);
    if (table === undefined || slot === undefined) return;
    table.at(slot)!.seenIn = fullUpdate;
    spoken.add(kind);
  }

  #removeUnseen(scope: string, fullUpdate: number, tick: Tick): void {
    for (const kind of kinds) {
      for (const slot of this.#slotsOfScope.get(scopeKey(scope, kind)) ?? []) {
        const held = this.table(kind).at(slot);
        if (held && held.seenIn !== fullUpdate) this.#removeById(held.reported.id, tick, kind);
      }
    }
  }

  #removeById(id: string, tick: Tick, kind = id.split("/", 2)[1] as Kind): void {
    const table = this.tables.get(kind);
    const slot = table?.slotOf(id);
    if (table === undefined || slot === undefined) return;
    const held = table.at(slot)!;
    table.remove(id);
    this.#joins.forget(held.reported, slot);
    this.#judge.forget(held.reported);
    this.#neighbours.forget(kind, slot);
    const slots = this.#slotsOfScope.get(scopeKey(held.scope, kind));
    if (slots?.delete(slot) && slots.size === 0) this.#slotsOfScope.delete(scopeKey(held.scope, kind));
    const health = this.feeds.get(held.reported.feedId);
    if (health) health.entities--;
    this.#board.forget(slot, kind, tick.now);
    tick.remove(kind, slot, id);
    this.#rejoin(this.#joins.affectedBy(held.reported), tick);
  }
}

/** What one `advance` gathers. */
class Tick {
  readonly now: number;
  readonly feeds = new Set<string>();
  readonly #changed = new Map<Kind, Map<number, Entity>>();
  readonly #removed = new Map<Kind, { slot: number; id: string }[]>();

  constructor(now: number) {
    this.now = now;
  }

  change(kind: Kind, slot: number, entity: Entity): void {
    let changed = this.#changed.get(kind);
    if (!changed) {
      changed = new Map<number, Entity>();
      this.#changed.set(kind, changed);
    }
    changed.set(slot, entity);
  }

  remove(kind: Kind, slot: number, id: string): void {
    this.#changed.get(kind)?.delete(slot);
    const removed = this.#removed.get(kind);
    if (removed) removed.push({ slot, id });
    else this.#removed.set(kind, [{ slot, id }]);
  }

  entities(): Map<Kind, EntityChanges> {
    const touched = new Set([...this.#changed.keys(), ...this.#removed.keys()]);
    return new Map(
      [...touched].map((kind) => [
        kind,
        {
          changed: Array.from(this.#changed.get(kind) ?? [], ([slot, entity]) => ({ slot, entity })),
          removed: this.#removed.get(kind) ?? [],
        },
      ]),
    );
  }
}

/** Whether what is held is newer than what comes in. A held time in the future is a lying clock and never wins. */
function isNewer(held: Entity, incoming: Entity, now: number): boolean {
  return (
    held.observedAt !== null &&
    incoming.observedAt !== null &&
    held.observedAt > incoming.observedAt &&
    held.observedAt <= now &&
    held.feedId === incoming.feedId
  );
}

function oldestKey(feedId: string, kind: Kind): string {
  return `${feedId} ${kind}`;
}

function scopeKey(scope: string, kind: Kind): string {
  return `${scope} ${kind}`;
}
