/** One epoch of the city: its state, its inbox and its frames, stepped by a tick. */

import type { CityClock } from "../../shared/clock.ts";
import type { Frame } from "../../shared/protocol.ts";
import type { Actor, Alarm, AlarmCommand, CommandAnswer, UnreachedContact } from "../../shared/alarms.ts";
import type { Moment } from "../../shared/moment.ts";
import type { Changes, FeedReport, FeedWord, EdgeFigures } from "../core/city/changes.ts";
import { City } from "../core/city/city.ts";
import type { CityPlan } from "../core/city/plan.ts";
import type { Usual } from "../core/alarms/verdict.ts";
import type { KeptAlarm } from "../core/alarms/watched.ts";
import type { AlarmKeeper } from "./alarm-keeper.ts";
import { Broadcast, type AlarmSource, type BroadcastCity, type WallSource } from "./broadcast.ts";
import { Inbox } from "./inbox.ts";
import type { Moments } from "./moments.ts";
import type { Notes } from "./notes.ts";
import type { ShiftBody } from "../../shared/shift.ts";
import type { Recent } from "./recent.ts";

export interface LiveCityOptions {
  readonly epoch: string;
  readonly plan: CityPlan;
  readonly about: BroadcastCity;
  readonly clock: () => CityClock;
  readonly recent: Recent;
  readonly moments: Moments;
  readonly notes: Notes;
  readonly alarms: AlarmKeeper;
  readonly unreached: () => readonly UnreachedContact[];
  readonly shift: () => ShiftBody;
  readonly walls: WallSource;
  /** Figures about Citydeck that only its edges know. */
  readonly figures: () => EdgeFigures;
  readonly send: (frames: readonly Frame[]) => void;
  /** Takes in what a tick changed in the city, and what that made worth remembering. */
  readonly record: (tick: TickRecord) => void;
  /** Something came in: the ticker may want to step at once. */
  readonly wake: () => void;
}

type ActedOn = CommandAnswer["results"];

export interface TickRecord {
  readonly city: City;
  readonly changes: Changes;
  readonly moments: readonly Moment[];
  /** A step of a past that is played. */
  readonly isPast: boolean;
}

export class LiveCity {
  readonly city: City;
  readonly broadcast: Broadcast;
  readonly alarms: AlarmSource;
  /** Milliseconds of the slowest tick since it was last asked. */
  #slowestTick = 0;
  #usual: ReadonlyMap<string, Usual> | null = null;
  readonly #inbox = new Inbox();
  readonly #options: LiveCityOptions;

  constructor(options: LiveCityOptions) {
    this.#options = options;
    this.city = new City(options.plan);
    const { epoch, plan, about, clock, moments, notes, alarms, shift, walls } = options;
    moments.judgeBy(plan.indicators);
    alarms.take(this.city.alarms.restore(alarms.kept, clock().cityAt));
    this.alarms = this.#alarmSource();
    this.broadcast = new Broadcast(epoch, this.city, about, clock, {
      moments: () => moments.all,
      notes: (now) => notes.inForce(now),
      alarms: this.alarms,
      shift,
      walls,
    });
  }

  /** Whether sources that can wait should: half of what may wait for the next tick does. */
  get isBehind(): boolean {
    return this.#inbox.isHalfFull;
  }

  put(word: FeedWord): void {
    this.#inbox.put(word);
    this.#options.wake();
  }

  report(report: FeedReport): void {
    this.#inbox.putReport(report);
    this.#options.wake();
  }

  drop(feedId: string, count: number): void {
    this.#inbox.putDropped(feedId, count);
    this.#options.wake();
  }

  /**
   * One step at city time `now`; says whether there was anything to take in. Of a past that is played, this process
   * knows nothing about itself: its memory and pace are of today.
   */
  tick(now: number, isPast = false): boolean {
    const { figures, recent, moments, send, record, alarms } = this.#options;
    const startedAt = performance.now();
    const busy = !this.#inbox.isEmpty;
    const own = isPast ? {} : { ...figures(), "tick-time": this.#slowestTick };
    const batch = { ...this.#inbox.drain(own), isPast, ...(this.#usual && { usual: this.#usual }) };
    const changes = this.city.advance(batch, now);
    if (!isPast) this.#usual = null;
    alarms.take(changes.alarms);
    const found = moments.take(changes);
    send(this.broadcast.frames(changes, found));
    recent.sample(this.city.readings.values(), now);
    record({ city: this.city, changes, moments: found, isPast });
    if (isPast) return busy;
    const took = performance.now() - startedAt;
    // The slowest tick fades by half in about ten seconds, so that one bad moment is seen and then forgotten.
    this.#slowestTick = Math.max(took, this.#slowestTick * 0.98);
    return busy;
  }

  /** What is usual for some series from the next tick on. */
  setUsual(usual: ReadonlyMap<string, Usual>): void {
    this.#usual = usual;
  }

  /** Does what an operator wants with each alarm, at once: everybody sees it before anything is written down. */
  act({ alarms, ...action }: AlarmCommand, by: Actor, now: number): ActedOn {
    const { alarms: keeper, send } = this.#options;
    const told = new Map<string, Alarm>();
    const results = alarms.map((id): ActedOn[number] => {
      const done = this.city.alarms.act(id, action, { at: now, by });
      if (!done.ok)
        return { alarm: id, refused: done.failure, state: this.city.alarms.find(id, now)?.state ?? null };
      keeper.take(done.value);
      for (const alarm of done.value.alarms) told.set(alarm.id, alarm);
      return {
        alarm: id,
        refused: null,
        state: done.value.alarms.find((alarm) => alarm.id === id)?.state ?? null,
      };
    });
    if (told.size > 0) send([this.broadcast.alarmFrame(Array.from(told.values()), now)]);
    return results;
  }

  /** Takes over alarms of an earlier run that were read only now. */
  restoreAlarms(kept: readonly KeptAlarm[], now: number): void {
    const restored = this.city.alarms.restore(kept, now);
    this.#options.alarms.take(restored);
    this.#options.send([this.broadcast.alarmFrame(this.city.alarms.list(now), now)]);
  }

  /** Tells everybody how the alarms fare, after that changed. */
  tellAlarmSystem(now: number): void {
    this.#options.send([this.broadcast.alarmFrame([], now)]);
  }

  #alarmSource(): AlarmSource {
    const board = this.city.alarms;
    const { alarms: keeper, unreached } = this.#options;
    return {
      list: (now) => board.list(now),
      get judgedAt() {
        return board.judgedAt;
      },
      get system() {
        return { flood: board.flood, unstored: keeper.unstored, unreached: unreached() };
      },
    };
  }
}
