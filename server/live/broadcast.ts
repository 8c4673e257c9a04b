/** Turns a tick's changes into numbered frames per topic. Knows nothing of sockets. */

import type { Alarm, AlarmSystem } from "../../shared/alarms.ts";
import type { IndicatorDefinition, Settings, Department, Supplier } from "../../shared/city.ts";
import type { CityClock } from "../../shared/clock.ts";
import {
  Dictionary,
  encodeEntityColumns,
  encodeGeometries,
  type EntityFrame,
} from "../../shared/entity-frame.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { WallDefinition } from "../../shared/wall.ts";
import { isKind, kinds, kindSchemas, type Kind } from "../../shared/kinds.ts";
import type { Moment } from "../../shared/moment.ts";
import type { Note } from "../../shared/note.ts";
import type { ShiftBody } from "../../shared/shift.ts";
import type {
  Body,
  CityBody,
  Frame,
  NotesBody,
  Reading,
  Topic,
  WallBody,
  WallsBody,
} from "../../shared/protocol.ts";
import type { Sent, Shown } from "../../shared/wall-show.ts";
import type { Changes, EntityChanges } from "../core/city/changes.ts";
import { feedsOf, type CityPlan } from "../core/city/plan.ts";
import { TopicStream } from "./topic-stream.ts";

/** The city whose state is told: as it is now (`City`), or at a past instant (`PastCity`). */
export interface ShownCity {
  readonly plan: Pick<CityPlan, "feeds" | "indicators" | "rules">;
  readonly readings: ReadonlyMap<string, Reading>;
  /** How many series were forgotten since the start. */
  readonly forgottenSeries: number;
  /** Whether its things of a kind are known; of a past instant they may not have been recorded. */
  knows(kind: Kind): boolean;
  feedStatuses(now: number): readonly FeedStatus[];
  table(kind: Kind): {
    readonly size: number;
    entries(): Iterable<readonly [slot: number, held: { readonly entity: Entity }]>;
  };
}

/** What a broadcast says about the city beyond its state. */
export interface BroadcastCity {
  readonly settings: Settings;
  readonly departments: readonly Department[];
  readonly suppliers: readonly Supplier[];
  readonly walls: readonly WallDefinition[];
  readonly mailbox: string | null;
}

/** What else a broadcast tells, where somebody knows it. */
export interface BroadcastSources {
  readonly moments?: () => readonly Moment[];
  readonly notes?: (now: number) => readonly Note[];
  readonly alarms?: AlarmSource;
  readonly shift?: () => ShiftBody;
  readonly walls?: WallSource;
}

/** What walls show, and what was sent to them. */
export interface WallSource {
  screensOf(wall: string): readonly Shown[];
  sentTo(wall: string, now: number): Sent | null;
}

const noShift: ShiftBody = { waiting: [], changes: 0 };

export interface AlarmSource {
  /** City time at which the rules were last judged; `null` before. */
  readonly judgedAt: number | null;
  readonly system: AlarmSystem;
  /** Every alarm that is not normal. */
  list(now: number): readonly Alarm[];
}

export class Broadcast {
  readonly epoch: string;
  /** What the topic `city` says now. */
  readonly cityBody: () => CityBody;
  readonly #streams = new Map<Topic, TopicStream>();
  readonly #entityTopics = new Map<Kind, EntityTopic>();
  readonly #city: ShownCity;
  readonly #alarms: AlarmSource | undefined;
  readonly #notes: (now: number) => NotesBody;
  readonly #shift: () => ShiftBody;
  readonly #walls: readonly WallDefinition[];
  readonly #wallSource: WallSource | undefined;
  #cityAt = 0;
  /** How many series the city had forgotten when everybody got a snapshot because of it. */
  #toldForgotten = 0;

  constructor(
    epoch: string,
    city: ShownCity,
    about: BroadcastCity,
    clock: () => CityClock,
    { moments = () => [], notes = () => [], alarms, shift = () => noShift, walls }: BroadcastSources = {},
  ) {
    this.epoch = epoch;
    this.#city = city;
    this.cityBody = () => cityBody(city, about, clock());
    this.#addTopic("city", this.cityBody);
    this.#addTopic(
      "indicators",
      () => ({ readings: [...city.readings.values()] }),
      () => city.readings.size,
    );
    this.#addTopic("feeds", () => ({ feeds: city.feedStatuses(this.#cityAt) }));
    this.#alarms = alarms;
    this.#addTopic(
      "alarms",
      () => ({ alarms: alarms?.list(this.#cityAt) ?? [], system: alarms?.system ?? null }),
      () => alarms?.list(this.#cityAt).length ?? 0,
    );
    this.#addTopic("moments", () => ({ moments: moments() }));
    this.#notes = (now) => ({ notes: notes(now) });
    this.#addTopic("notes", () => this.#notes(this.#cityAt));
    this.#shift = shift;
    this.#addTopic("shift", shift);
    this.#walls = about.walls;
    this.#wallSource = walls;
    for (const wall of about.walls)
      this.#addTopic(`wall/${wall.id}`, () => this.#wallBody(wall, this.#cityAt));
    this.#addTopic("walls", () => this.#wallsBody(this.#cityAt));
    for (const kind of kinds) {
      if (kindSchemas[kind].columns.length === 0) continue;
      this.#entityTopics.set(kind, new EntityTopic(kind));
      this.#addTopic(
        `entities/${kind}`,
        () => this.#entityTopics.get(kind)!.snapshot(city),
        () => city.table(kind).size,
      );
    }
  }

  /** City time at which the alarm rules were last judged; `null` where they are not. */
  get judgedAt(): number | null {
    return this.#alarms?.judgedAt ?? null;
  }

  /** The newest sequence number of every topic, for the pulse. */
  sequences(): Record<string, number> {
    return Object.fromEntries(Array.from(this.#streams, ([topic, stream]) => [topic, stream.seq]));
  }

  /** The stream of a topic; an unknown wall has one that says so, anything else unknown has none. */
  findStream(topic: string): TopicStream | undefined {
    const known = this.#streams.get(topic as Topic);
    if (known || !topic.startsWith("wall/")) return known;
    return new TopicStream(topic as Topic, this.epoch, { snapshot: () => ({ wall: null, sent: null }) });
  }

  /** The frames that a tick's changes make, each to be encoded once and sent to everyone on its topic. */
  frames(changes: Changes, moments: readonly Moment[] = []): Frame[] {
    this.#cityAt = changes.at;
    const frames: Frame[] = [];
    const push = (topic: Topic, body: Body): void => {
      frames.push(this.#streams.get(topic)!.push(body, changes.at));
    };
    const { alarms } = changes;
    // First: whoever has to act must not wait for everything else.
    if (alarms.alarms.length > 0 || alarms.flood !== undefined)
      frames.push(this.alarmFrame(alarms.alarms, changes.at));
    if (this.#hasForgottenMuch()) frames.push(this.#startReadingsAgain(changes.at));
    else if (changes.readings.length > 0) push("indicators", { readings: changes.readings });
    if (changes.feeds.length > 0) push("feeds", { feeds: changes.feeds });
    if (moments.length > 0) push("moments", { moments });
    for (const [kind, entities] of changes.entities) {
      const topic = this.#entityTopics.get(kind);
      if (!topic) continue;
      const delta = topic.delta(entities);
      if (topic.isOutgrown(this.#city)) frames.push(this.#startAgain(kind, changes.at));
      else push(`entities/${kind}`, delta);
    }
    return frames;
  }

  /** The frame that says what is new of `alarms`, and how the alarms fare. */
  alarmFrame(alarms: readonly Alarm[], now: number): Frame {
    return this.#streams.get("alarms")!.push({ alarms, system: this.#alarms?.system ?? null }, now);
  }

  /** The frame that says what is noted about figures, after that changed. */
  noteFrame(now: number): Frame {
    return this.#streams.get("notes")!.pushSnapshot(this.#notes(now), now);
  }

  /** The frame that says what of shifts was written down. */
  shiftFrame(now: number): Frame {
    return this.#streams.get("shift")!.pushSnapshot(this.#shift(), now);
  }

  /** The frame that says what a wall is and what was sent to it, after that changed. */
  wallFrame(id: string, now: number): Frame {
    const wall = this.#walls.find((one) => one.id === id);
    if (!wall) throw new Error(`there is no wall ${id}`);
    return this.#streams.get(`wall/${id}`)!.pushSnapshot(this.#wallBody(wall, now), now);
  }

  /** The frame that says what all walls show, after that changed. */
  wallsFrame(now: number): Frame {
    return this.#streams.get("walls")!.pushSnapshot(this.#wallsBody(now), now);
  }

  #wallBody(wall: WallDefinition, now: number): WallBody {
    return { wall, sent: this.#wallSource?.sentTo(wall.id, now) ?? null };
  }

  #wallsBody(now: number): WallsBody {
    return {
      walls: this.#walls.map(({ id }) => ({
        id,
        screens: this.#wallSource?.screensOf(id) ?? [],
        sent: this.#wallSource?.sentTo(id, now) ?? null,
      })),
    };
  }

  /** Every frame a client needs who has `have` of `topic`. */
  framesSince(
    topic: string,
    have: { epoch: string | null; seq: number | undefined },
  ): readonly Frame[] | undefined {
    return this.findStream(topic)?.framesSince(have, this.#cityAt);
  }

  /** Clients still hold more series that are no more than series that are. */
  #hasForgottenMuch(): boolean {
    return this.#city.forgottenSeries - this.#toldForgotten > 1_000 + this.#city.readings.size;
  }

  #startReadingsAgain(cityAt: number): Frame {
    this.#toldForgotten = this.#city.forgottenSeries;
    const readings = [...this.#city.readings.values()];
    return this.#streams.get("indicators")!.pushSnapshot({ readings }, cityAt);
  }

  /** A wall that runs for a year must not remember every text it ever saw: everyone gets a fresh snapshot. */
  #startAgain(kind: Kind, cityAt: number): Frame {
    const topic = new EntityTopic(kind);
    this.#entityTopics.set(kind, topic);
    return this.#streams.get(`entities/${kind}`)!.pushSnapshot(topic.snapshot(this.#city), cityAt);
  }

  #addTopic(topic: Topic, snapshot: () => Body, size?: () => number): void {
    this.#streams.set(topic, new TopicStream(topic, this.epoch, { snapshot, ...(size && { size }) }));
  }
}

/** The kind of an `entities/<kind>` topic. */
export function kindOfTopic(topic: string): Kind | undefined {
  const kind = topic.startsWith("entities/") ? topic.slice("entities/".length) : "";
  return isKind(kind) ? kind : undefined;
}

function cityBody(city: ShownCity, about: BroadcastCity, clock: CityClock): CityBody {
  const withFeeds = (indicator: IndicatorDefinition) => ({
    ...indicator,
    feeds: feedsOf(indicator, city.plan),
  });
  return {
    settings: about.settings,
    departments: about.departments,
    suppliers: about.suppliers,
    indicators: city.plan.indicators.map(withFeeds),
    rules: city.plan.rules,
    walls: about.walls.map(({ id, title, scenes }) => ({
      id,
      title,
      scenes: scenes.map((scene) => ({ id: scene.id, title: scene.title })),
    })),
    areaLevels: about.settings.areaLevels,
    mailbox: about.mailbox,
    clock,
  };
}

/** Columns of one kind: ids and texts travel once per epoch, numbers whenever they change. */
class EntityTopic {
  readonly #kind: Kind;
  readonly #texts = new Dictionary();
  readonly #idOfSlot: (string | undefined)[] = [];

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  delta({ changed, removed }: EntityChanges): EntityFrame {
    const firstText = this.#texts.size + 1;
    for (const { slot } of removed) this.#idOfSlot[slot] = undefined;
    const ids: [number, string][] = [];
    for (const { slot, entity } of changed) {
      if (this.#idOfSlot[slot] === entity.id) continue;
      this.#idOfSlot[slot] = entity.id;
      ids.push([slot, entity.id]);
    }
    const slots = changed.map(({ slot }) => slot);
    const entities = changed.map(({ entity }) => entity);
    const columns = this.#encode(entities, slots);
    return {
      kind: this.#kind,
      count: changed.length,
      columns,
      ids,
      removed: removed.map(({ slot }) => slot),
      firstText,
      texts: this.#texts.since(firstText),
      ...encodeGeometries(entities, slots),
    };
  }

  /** Far more texts than things: most of them belong to things long gone. */
  isOutgrown(city: ShownCity): boolean {
    return this.#texts.size > 20_000 && this.#texts.size > 20 * city.table(this.#kind).size;
  }

  snapshot(city: ShownCity): EntityFrame {
    const slots: number[] = [];
    const entities: Entity[] = [];
    for (const [slot, { entity }] of city.table(this.#kind).entries()) {
      slots.push(slot);
      entities.push(entity);
      this.#idOfSlot[slot] = entity.id;
    }
    const columns = this.#encode(entities, slots);
    return {
      kind: this.#kind,
      count: entities.length,
      columns,
      ids: entities.map((entity, i) => [slots[i]!, entity.id] as const),
      removed: [],
      firstText: 1,
      texts: this.#texts.since(1),
      ...encodeGeometries(entities, slots),
      ...(!city.knows(this.#kind) && { notRecorded: true as const }),
    };
  }

  #encode(entities: readonly Entity[], slots: readonly number[]): ArrayBuffer {
    return encodeEntityColumns(this.#kind, entities, slots, this.#texts);
  }
}
