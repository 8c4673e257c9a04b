/**
 * The live city: what every feed last said, joined and measured. `advance` is its only way forward; given the same
 * batches at the same instants it gives the same changes, because it reads no clock, no disk and no chance.
 */

import { kindOfEntityId, type Entity, type Observation } from "../../../shared/entity.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import { kinds, type Kind } from "../../../shared/kinds.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { AlarmBoard, noAlarmChanges } from "../alarms/board.ts";
import { ExpiryHeap } from "../expiry-heap.ts";
import { clockSkewMs } from "../feeds/instant.ts";
import { IndicatorBoard } from "../indicators/board.ts";
import { isOvertaken, sameContent, samePlace } from "./same-content.ts";
import type { Batch, Changes, EntityChanges, FeedWord } from "./changes.ts";
import { EntityTable, type Held } from "./entity-table.ts";
import { FeedHealth } from "./feed-health.ts";
import { Joins } from "./joins.ts";
import { Neighbours } from "./neighbours.ts";
import type { CityPlan } from "./plan.ts";
import { Judge } from "./judge.ts";

/** Slots fit below this, so that kind and slot make one number on the expiry heap. */
const slotLimit = 2 ** 32;

/** A feed that makes up new ids without end must not take all memory: its further things are dropped and counted. */
const mostThingsOfFeed = 250_000;

export class City {
  readonly plan: CityPlan;
  readonly tables: ReadonlyMap<Kind, EntityTable>;
  readonly feeds: ReadonlyMap<string, FeedHealth>;
  readonly alarms: AlarmBoard;
  readonly #board: IndicatorBoard;
  readonly #joins: Joins;
  readonly #neighbours: Neighbours;
  readonly #judge: Judge;
  #expiries = new ExpiryHeap();
  /** What each scope of each feed holds, by kind. */
  readonly #scopes = new Map<string, Map<Kind, Set<number>>>();
  #fullUpdates = 0;

  constructor(plan: CityPlan) {
    this.plan = plan;
    this.tables = new Map(kinds.map((kind) => [kind, new EntityTable()]));
    this.feeds = new Map(plan.feeds.map((feed) => [feed.id, new FeedHealth(feed)]));
    this.#joins = new Joins(plan, this.tables);
    this.#neighbours = new Neighbours(plan.indicators, this.tables, this.#joins);
    this.#judge = new Judge(this.feeds, this.tables, this.#joins);
    this.#board = new IndicatorBoard(plan, {
      feeds: this.feeds,
      entities: () => this.size,
      scheduled: (feedId, now) => this.#joins.scheduledTrips(feedId, now),
    });
    this.alarms = new AlarmBoard(plan, {
      readings: this.readings,
      feedStatuses: (now) => this.feedStatuses(now),
      findHeld: (kind, id) => this.#findHeld(kind, id),
      listHeld: (kind) => Array.from(this.table(kind).entries(), ([, held]) => held),
      isFresh: (feedId, kind, now) => this.feeds.get(feedId)?.judge(kind, now).state === "fresh",
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

  /** Of now there is no kind that nobody looks at. */
  knows(): boolean {
    return true;
  }

  /**
   * Takes in a batch at `now` (city time) and says what changed. Costs what changed: the entities in the batch, those
   * whose answer the passing of time changes, the indicators that read them, the alarm rules that watch these.
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
    const changes = {
      entities: tick.entities(),
      readings,
      feeds: [...tick.feeds].filter((id) => this.feeds.has(id)).map((id) => this.feedStatus(id, now)),
    };
    const forgotten = this.#board.takeForgottenSeries();
    const alarms = batch.isPast
      ? noAlarmChanges
      : this.alarms.judge({ ...changes, forgotten }, batch.usual, now);
    return { at: now, ...changes, alarms };
  }

  #findHeld(kind: Kind, id: string): Held | undefined {
    const slot = this.table(kind).slotOf(id);
    return slot === undefined ? undefined : this.table(kind).at(slot);
  }

  /** Every feed's health, in the order of the folder. */
  feedStatuses(now: number): FeedStatus[] {
    return this.plan.feeds.map(({ id }) => this.feedStatus(id, now));
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
    const spoken = new Spoken(word.receivedAt + clockSkewMs);
    const scope = `${word.feedId} ${update.scope}`;
    const fullUpdate = update.mode === "full" ? ++this.#fullUpdates : 0;
    if (update.schedule) this.#takeAnew(this.#joins.setSchedule(word.feedId, update.schedule), tick);
    if (update.lookups) this.#takeAnew(this.#joins.setLookups(word.feedId, update.lookups), tick);
    this.#joins.noteShift(word.feedId, word.shiftMs);
    const passes = update.mode === "partial" || update.passing === true;
    const origin: Origin = {
      health,
      scope,
      fullUpdate,
      keepMs: passes ? health.plan.keepSeconds * 1000 : Infinity,
    };
    for (const entity of update.entities) {
      spoken.note(entity.kind, entity.observedAt);
      this.#put(entity, origin, tick);
    }
    if (update.unchanged) this.#markSeen(update.unchanged, fullUpdate, spoken);
    for (const observation of update.observations)
      if (this.#observe(observation, tick)) spoken.note("Sensor", observation.observedAt);
    for (const id of update.removed ?? []) this.#removeById(id, tick);
    if (update.mode === "full") this.#removeUnseen(scope, fullUpdate, tick);
    health.noteUpdate({ ...word, ...update, newestObservedAt: spoken.newestObservedAt });
    this.#board.noteNotices(scope, update, tick.now);
    health.noteSpoken(update.scope, tick.now);
    const isHeld = (silent: string): boolean => this.#scopes.has(`${word.feedId} ${silent}`);
    for (const silent of health.forgetSilentScopes(tick.now, isHeld))
      this.#board.forgetScope(`${word.feedId} ${silent}`);
  }

  /** Judges and joins what a new timetable, or what else ids stand for, says something else about. */
  #takeAnew(affected: readonly (readonly [Kind, number])[], tick: Tick): void {
    for (const [kind, slot] of affected) {
      const held = this.table(kind).at(slot);
      if (held) this.#board.countNotices(this.#judge.judge(held.reported, tick.now), tick.now);
    }
    this.#rejoin(affected, tick);
  }

  #put(reported: Entity, origin: Origin, tick: Tick): void {
    const table = this.table(reported.kind);
    const known = table.slotOf(reported.id);
    if (known === undefined) return this.#enter(reported, origin, tick);
    const held = table.at(known)!;
    const before = held.reported;
    held.seenIn = origin.fullUpdate;
    if (origin.fullUpdate !== 0) this.#claim(held, known, origin);
    if (isOvertaken(before, reported, tick.now)) return;
    const unchanged = sameContent(before, reported);
    held.reported = reported;
    origin.health.noteHeld(reported.kind, before.observedAt, reported.observedAt);
    if (!unchanged) this.#joins.replace(before, reported, known);
    this.#settle(known, held, unchanged ? "age" : "content", tick);
    if (!unchanged) this.#board.countNotices(this.#judge.judge(reported, tick.now), tick.now);
  }

  #enter(reported: Entity, { health, scope, fullUpdate, keepMs }: Origin, tick: Tick): void {
    if (health.entities >= mostThingsOfFeed) {
      health.dropped++;
      return;
    }
    const held: Held = {
      reported,
      entity: reported,
      areas: this.plan.areas.locate(reported.position, reported.geometry),
      scope,
      changesAt: Infinity,
      queuedAt: Infinity,
      seenIn: fullUpdate,
      keepMs,
    };
    const slot = this.table(reported.kind).put(reported.id, held);
    this.#slotsOf(scope, reported.kind).add(slot);
    health.entities++;
    health.noteHeld(reported.kind, null, reported.observedAt);
    this.#joins.note(reported, slot);
    this.#settle(slot, held, "content", tick);
    this.#board.countNotices(this.#judge.judge(reported, tick.now), tick.now);
  }

  /** A full update says where a thing belongs now: it may have moved to another page, or been pushed before. */
  #claim(held: Held, slot: number, { scope, keepMs }: Origin): void {
    held.keepMs = keepMs;
    held.changesAt = Math.min(held.changesAt, forgottenAt(held));
    if (held.changesAt < held.queuedAt) this.#queue(held, slot);
    if (held.scope === scope) return;
    const { kind } = held.reported;
    this.#leaveScope(held.scope, kind, slot);
    this.#slotsOf(scope, kind).add(slot);
    held.scope = scope;
  }

  #slotsOf(scope: string, kind: Kind): Set<number> {
    let slotsByKind = this.#scopes.get(scope);
    if (!slotsByKind) this.#scopes.set(scope, (slotsByKind = new Map<Kind, Set<number>>()));
    let slots = slotsByKind.get(kind);
    if (!slots) slotsByKind.set(kind, (slots = new Set()));
    return slots;
  }

  #leaveScope(scope: string, kind: Kind, slot: number): void {
    const slotsByKind = this.#scopes.get(scope)!;
    const slots = slotsByKind.get(kind)!;
    slots.delete(slot);
    if (slots.size === 0) slotsByKind.delete(kind);
    if (slotsByKind.size === 0) this.#scopes.delete(scope);
  }

  /** Joins, places, measures and schedules the next look at what is held in `slot`. What came to the same is no news. */
  #settle(slot: number, held: Held, news: News, tick: Tick): void {
    const { reported } = held;
    const before = held.entity;
    const joined = this.#joins.join(reported, tick.now);
    const entity = this.#neighbours.join(joined.entity, slot);
    const same = news !== "content" && sameContent(before, entity);
    if (!same || news === "age") {
      held.entity = entity;
      tick.change(reported.kind, slot, entity);
    }
    if (!samePlace(before, entity) || before.geometry !== entity.geometry)
      held.areas = this.plan.areas.locate(entity.position, entity.geometry);
    // What time alone changes is not seen in the content: when that is due, it is measured anew whatever the news.
    const isDue = held.changesAt <= tick.now;
    if (!same || isDue) this.#board.update(slot, held, false, tick.now);
    else if (news === "age") this.#board.update(slot, held, true, tick.now);
    if (!same) {
      this.#neighbours.noteChange(reported.kind, slot);
      this.#rejoin(this.#joins.affectedBy(reported), tick);
    }
    held.changesAt = Math.min(joined.until, this.#board.changesAt(held, tick.now), forgottenAt(held));
    if (held.changesAt < held.queuedAt) this.#queue(held, slot);
  }

  /**
   * A thing waits in the heap for the earliest instant it ever had to; when that comes, it waits on for what has come to
   * be its next. What waits for things that are gone is swept out when there is far more of it than things.
   */
  #queue(held: Held, slot: number): void {
    held.queuedAt = held.changesAt;
    this.#expiries.push(held.changesAt, kinds.indexOf(held.reported.kind) * slotLimit + slot);
    if (this.#expiries.size > 1024 + 4 * this.size) this.#sweepExpiries();
  }

  #sweepExpiries(): void {
    this.#expiries = new ExpiryHeap();
    for (const [kind, table] of this.tables) {
      for (const [slot, held] of table.entries()) {
        held.queuedAt = held.changesAt;
        if (held.queuedAt !== Infinity)
          this.#expiries.push(held.queuedAt, kinds.indexOf(kind) * slotLimit + slot);
      }
    }
  }

  #expire(tick: Tick): void {
    while (this.#expiries.nextAt <= tick.now) {
      const { at, what } = this.#expiries.pop();
      const kind = kinds[Math.floor(what / slotLimit)]!;
      const slot = what % slotLimit;
      const held = this.table(kind).at(slot);
      if (held?.queuedAt !== at) continue;
      held.queuedAt = Infinity;
      if (held.changesAt > tick.now) {
        if (held.changesAt !== Infinity) this.#queue(held, slot);
      } else if (forgottenAt(held) <= tick.now) {
        this.#removeById(held.reported.id, tick, kind);
      } else {
        this.#settle(slot, held, "other", tick);
      }
    }
  }

  #rejoin(affected: Iterable<readonly [Kind, number]>, tick: Tick): void {
    for (const [kind, slot] of affected) {
      const held = this.table(kind).at(slot);
      if (held) this.#settle(slot, held, "other", tick);
    }
  }

  /** A new value of a sensor that is known; `false` when it is not. */
  #observe({ entityId: id, value, observedAt, receivedAt }: Observation, tick: Tick): boolean {
    const table = this.table("Sensor");
    const slot = table.slotOf(id);
    const held = slot === undefined ? undefined : table.at(slot);
    if (held?.reported.kind !== "Sensor") return false;
    const reported: Entity = {
      ...held.reported,
      observedAt,
      receivedAt,
      fields: { ...held.reported.fields, value },
    };
    const { scope, seenIn, keepMs } = held;
    const health = this.feeds.get(reported.feedId)!;
    this.#put(reported, { health, scope, fullUpdate: seenIn, keepMs }, tick);
    return true;
  }

  #markSeen(ids: readonly string[], fullUpdate: number, spoken: Spoken): void {
    let table: EntityTable | undefined;
    for (const id of ids) {
      // Mostly they are all of one kind, and then no other table has to be looked for.
      let slot = table?.slotOf(id);
      if (slot === undefined) {
        const kind = kindOfEntityId(id);
        const itsTable = this.tables.get(kind);
        slot = itsTable?.slotOf(id);
        if (slot === undefined) continue;
        table = itsTable;
        spoken.note(kind, null);
      }
      table!.at(slot)!.seenIn = fullUpdate;
    }
  }

  #removeUnseen(scope: string, fullUpdate: number, tick: Tick): void {
    for (const [kind, slots] of this.#scopes.get(scope) ?? []) {
      const table = this.table(kind);
      for (const slot of slots) {
        const held = table.at(slot);
        if (held && held.seenIn !== fullUpdate) this.#removeById(held.reported.id, tick, kind);
      }
    }
  }

  #removeById(id: string, tick: Tick, kind = kindOfEntityId(id)): void {
    const table = this.tables.get(kind);
    const slot = table?.slotOf(id);
    if (table === undefined || slot === undefined) return;
    const held = table.at(slot)!;
    table.remove(id);
    this.#joins.forget(held.reported, slot);
    this.#judge.forget(held.reported);
    this.#neighbours.forget(kind, slot);
    this.#leaveScope(held.scope, kind, slot);
    const { feedId, observedAt } = held.reported;
    const health = this.feeds.get(feedId)!;
    health.entities--;
    health.noteHeld(kind, observedAt, null);
    this.#board.forget(slot, kind, tick.now);
    tick.remove(kind, slot, id);
    this.#rejoin(this.#joins.affectedBy(held.reported), tick);
  }
}

/** Why a thing is looked at: what was said of it is new, or only its times are, or something else came to pass. */
type News = "content" | "age" | "other";

/** What the things of one update share. */
interface Origin extends Pick<Held, "scope" | "keepMs"> {
  readonly health: FeedHealth;
  readonly fullUpdate: number;
}

/**
 * The kinds that an update is about, each with the newest source time among its things that can be believed, `null` when
 * none has one: a single clock that runs ahead says nothing about how old the others are.
 */
class Spoken {
  readonly newestObservedAt = new Map<Kind, number | null>();
  readonly #believedUntil: number;

  constructor(believedUntil: number) {
    this.#believedUntil = believedUntil;
  }

  note(kind: Kind, observedAt: number | null): void {
    const newest = this.newestObservedAt.get(kind);
    if (newest === undefined) this.newestObservedAt.set(kind, null);
    if (observedAt !== null && observedAt <= this.#believedUntil && observedAt > (newest ?? -Infinity))
      this.newestObservedAt.set(kind, observedAt);
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

function forgottenAt({ reported, keepMs }: Held): number {
  return reported.receivedAt + keepMs;
}
