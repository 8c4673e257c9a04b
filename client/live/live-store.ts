/** What the client knows of the city, by key and outside React. Frames come in, listeners of changed keys are called. */

import type { Alarm, AlarmsBody, AlarmSystem } from "../../shared/alarms.ts";
import type { CityClock } from "../../shared/clock.ts";
import { parseSeriesId, type IndicatorDefinition } from "../../shared/city.ts";
import { decodeEntityFrame, type EntityFrame, type EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Moment as CityMoment } from "../../shared/moment.ts";
import type { Note } from "../../shared/note.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { ShiftBody } from "../../shared/shift.ts";
import type {
  CityBody,
  FeedsBody,
  Frame,
  IndicatorsBody,
  MomentsBody,
  NotesBody,
  PastRefusal,
  PastRequest,
  Reading,
  Topic,
  TopicRefusal,
  WallBody,
  WallsBody,
} from "../../shared/protocol.ts";
import type { WallNow, WallShowing } from "../../shared/wall-show.ts";
import { cityNow, type Anchor, type Moment } from "./city-clock.ts";

export type Indicator = IndicatorDefinition & { readonly feeds: readonly string[] };

export interface GroupReading {
  /** The group's own name without its dimension: `harbour` of `area.district:harbour`. */
  readonly name: string;
  readonly reading: Reading;
}

export interface Entities {
  /** By slot. The same map until the next snapshot; `version` says that it changed. */
  readonly rows: ReadonlyMap<number, EntityRow>;
  readonly version: number;
  /** Why the server does not give them; `null` when it does. */
  readonly refused: "topic" | "token" | null;
  /** The past is shown, and nobody recorded things of this kind then. */
  readonly isNotRecorded: boolean;
}

export interface Connection {
  readonly state: "connecting" | "connected" | "disconnected";
  /** City time of the last sign of life, `null` before the first. */
  readonly sinceAt: number | null;
  /** The server speaks another protocol and reloading did not help. */
  readonly outdated: boolean;
}

/** As many as the server keeps. */
const keptMoments = 500;

const noEntities: Entities = { rows: new Map(), version: 0, refused: null, isNotRecorded: false };

interface EntityTopic {
  view: Entities;
  rows: Map<number, EntityRow>;
  memory: { ids: Map<number, string>; texts: string[] };
}

export class LiveStore {
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #wanted = new Map<Topic, number>();
  readonly #entities = new Map<Kind, EntityTopic>();
  readonly #groups = new Map<string, readonly GroupReading[]>();
  readonly #walls = new Map<string, WallBody>();
  #city: CityBody | null = null;
  #indicators = new Map<string, Indicator>();
  #readings = new Map<string, Reading>();
  #feeds = new Map<string, FeedStatus>();
  #feedList: readonly FeedStatus[] = [];
  #alarms = new Map<string, Alarm>();
  #alarmList: readonly Alarm[] = [];
  #alarmSystem: AlarmSystem | null = null;
  #judgedAt: number | null = null;
  #moments: readonly CityMoment[] | null = null;
  #notes: ReadonlyMap<string, Note> = new Map();
  #shift: ShiftBody | null = null;
  #wallsNow: readonly WallNow[] = [];
  #showing: WallShowing | null = null;
  #connection: Connection = { state: "connecting", sinceAt: null, outdated: false };
  #anchor: Anchor | null = null;
  #clock: Pick<CityClock, "kind" | "speed"> | null = null;
  #past: PastRequest | null = null;
  #shownPast: PastRequest | null = null;
  #pastRefused: PastRefusal | null = null;
  /** Called when the set of wanted topics changed, or the instant they are wanted of. */
  onWanted: () => void = () => undefined;
  /** Called when this page, which is a wall, shows something else. */
  onShowing: () => void = () => undefined;

  /** Calls `listener` after each change of `key`; returns its stop. */
  subscribe(key: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  /** Keeps the topics subscribed until the returned function is called. */
  want(topics: readonly Topic[]): () => void {
    for (const topic of topics) this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
    this.onWanted();
    let released = false;
    return () => {
      if (released) return;
      released = true;
      for (const topic of topics) this.#release(topic);
      this.onWanted();
    };
  }

  get wanted(): readonly Topic[] {
    return Array.from(this.#wanted.keys());
  }

  get city(): CityBody | null {
    return this.#city;
  }

  get feeds(): readonly FeedStatus[] {
    return this.#feedList;
  }

  /** Every alarm that is not normal. The same array until one of them changes. */
  get alarms(): readonly Alarm[] {
    return this.#alarmList;
  }

  /** How the alarms fare; `null` before the first word, and of the past. */
  get alarmSystem(): AlarmSystem | null {
    return this.#alarmSystem;
  }

  /** City time at which the alarm rules were last judged, as the last pulse said; `null` where they are not. */
  get judgedAt(): number | null {
    return this.#judgedAt;
  }

  /** Of the last 24 hours, in the order they happened. */
  get moments(): readonly CityMoment[] | null {
    return this.#moments;
  }

  /** What of shifts was written down; `null` before the first word, and of the past. */
  get shift(): ShiftBody | null {
    return this.#shift;
  }

  /** What the city's walls show. */
  get wallsNow(): readonly WallNow[] {
    return this.#wallsNow;
  }

  /** What this page shows, when it is a wall. */
  get showing(): WallShowing | null {
    return this.#showing;
  }

  setShowing(showing: WallShowing | null): void {
    this.#showing = showing;
    this.onShowing();
  }

  get connection(): Connection {
    return this.#connection;
  }

  indicator(id: string): Indicator | null {
    return this.#indicators.get(id) ?? null;
  }

  reading(seriesId: string): Reading | null {
    return this.#readings.get(seriesId) ?? null;
  }

  /** What is noted about an indicator, in force or over. */
  note(indicator: string): Note | null {
    return this.#notes.get(indicator) ?? null;
  }

  feed(id: string): FeedStatus | null {
    return this.#feeds.get(id) ?? null;
  }

  /** `undefined` before the server answered. */
  wall(id: string): WallBody | undefined {
    return this.#walls.get(id);
  }

  entities(kind: Kind): Entities {
    return this.#entities.get(kind)?.view ?? noEntities;
  }

  /** The groups of one dimension, in the order they came. The same array until one of them changes. */
  groups(indicator: string, dimension: string): readonly GroupReading[] {
    const key = groupsKey(indicator, dimension);
    const known = this.#groups.get(key);
    if (known) return known;
    const prefix = `${indicator}{${dimension}:`;
    const groups: GroupReading[] = [];
    for (const [id, reading] of this.#readings)
      if (id.startsWith(prefix)) groups.push({ name: id.slice(prefix.length, -1), reading });
    this.#groups.set(key, groups);
    return groups;
  }

  /** City time in epoch milliseconds, `null` before the first word of it. */
  cityNow(now: Moment): number | null {
    return this.#anchor && cityNow(this.#anchor, now);
  }

  /** What kind of time the city's clock shows and how fast it runs. The same object until that changes. */
  get clock(): Pick<CityClock, "kind" | "speed"> | null {
    return this.#clock;
  }

  get anchor(): Anchor | null {
    return this.#anchor;
  }

  /** The past instant that is wanted instead of now. */
  get past(): PastRequest | null {
    return this.#past;
  }

  /** The past that is shown, as it was asked for; `null` when that is now. */
  get shownPast(): PastRequest | null {
    return this.#shownPast;
  }

  get pastRefused(): PastRefusal | null {
    return this.#pastRefused;
  }

  setPast(past: PastRequest | null): void {
    this.#past = past;
    this.#pastRefused = null;
    this.#changed(new Set(["past"]));
    this.onWanted();
  }

  /** What is wanted of the past cannot be had: the server shows now instead. */
  refusePast(because: PastRefusal): void {
    this.#past = null;
    this.#pastRefused = because;
    this.#changed(new Set(["past"]));
  }

  /** Says of which time everything is that comes from now on. */
  setShownPast(past: PastRequest | null): void {
    const kept = this.#shownPast;
    if (kept?.request === past?.request) return;
    this.#shownPast = past;
    const touched = new Set(["past"]);
    // What is known of now must not be read as what was known then.
    if (kept === null) this.#forgetState(touched);
    this.#changed(touched);
  }

  setAnchor(anchor: Anchor): void {
    const kept = this.#clock;
    this.#anchor = anchor;
    const { kind, speed } = anchor.clock;
    if (kept?.kind === kind && kept.speed === speed) return;
    this.#clock = { kind, speed };
    this.#changed(new Set(["clock"]));
  }

  setJudgedAt(at: number | null): void {
    if (at === this.#judgedAt) return;
    this.#judgedAt = at;
    this.#changed(new Set(["judged"]));
  }

  setConnection(connection: Connection): void {
    const kept = this.#connection;
    this.#connection = connection;
    if (
      kept.state !== connection.state ||
      kept.outdated !== connection.outdated ||
      (connection.state !== "connected" && kept.sinceAt !== connection.sinceAt)
    )
      this.#changed(new Set(["connection"]));
  }

  refuse(refusal: TopicRefusal): void {
    const [head, kind] = refusal.topic.split("/");
    if (head !== "entities") return;
    const topic = this.#entityTopic(kind as Kind);
    topic.view = { ...topic.view, refused: refusal.reason };
    this.#changed(new Set([refusal.topic]));
  }

  /** Takes in a frame that is in order. */
  apply(frame: Frame): void {
    const touched = new Set<string>();
    const replace = frame.mode === "snapshot";
    if (frame.topic === "city") this.#applyCity(frame.body as CityBody, touched);
    else if (frame.topic === "indicators")
      this.#applyReadings(frame.body as IndicatorsBody, replace, touched);
    else if (frame.topic === "feeds") this.#applyFeeds(frame.body as FeedsBody, replace, touched);
    else if (frame.topic === "alarms") this.#applyAlarms(frame.body as AlarmsBody, replace, touched);
    else if (frame.topic === "moments") {
      const { moments } = frame.body as MomentsBody;
      this.#moments = replace ? moments : [...(this.#moments ?? []), ...moments].slice(-keptMoments);
      touched.add("moments");
    } else if (frame.topic === "notes") {
      this.#applyNotes(frame.body as NotesBody, touched);
    } else if (frame.topic === "shift") {
      this.#shift = frame.body as ShiftBody;
      touched.add("shift");
    } else if (frame.topic === "walls") {
      this.#wallsNow = (frame.body as WallsBody).walls;
      touched.add("walls");
    } else if (frame.topic.startsWith("wall/")) {
      this.#walls.set(frame.topic.slice("wall/".length), frame.body as WallBody);
      touched.add(frame.topic);
    } else this.#applyEntities(frame.body as EntityFrame, replace, touched);
    this.#changed(touched);
  }

  /** Everything but what is settings. */
  #forgetState(touched: Set<string>): void {
    this.#applyReadings({ readings: [] }, true, touched);
    this.#applyFeeds({ feeds: [] }, true, touched);
    this.#applyAlarms({ alarms: [], system: null }, true, touched);
    this.#applyNotes({ notes: [] }, touched);
    this.#moments = null;
    touched.add("moments");
    this.#shift = null;
    touched.add("shift");
    for (const [kind, topic] of this.#entities) this.#startRows(kind, topic, touched);
  }

  /** Other rows, not the same ones emptied: what was in a slot has nothing to do with what will be. */
  #startRows(kind: Kind, topic: EntityTopic, touched: Set<string>): void {
    topic.rows = new Map();
    topic.memory = { ids: new Map(), texts: [] };
    topic.view = { ...topic.view, rows: topic.rows, version: topic.view.version + 1, isNotRecorded: false };
    touched.add(`entities/${kind}`);
  }

  #applyAlarms({ alarms, system }: AlarmsBody, replace: boolean, touched: Set<string>): void {
    if (replace) this.#alarms.clear();
    for (const alarm of alarms)
      if (alarm.state === "normal") this.#alarms.delete(alarm.id);
      else this.#alarms.set(alarm.id, alarm);
    this.#alarmSystem = system;
    this.#alarmList = Array.from(this.#alarms.values());
    touched.add("alarms");
  }

  #applyNotes({ notes }: NotesBody, touched: Set<string>): void {
    for (const id of this.#notes.keys()) touched.add(`note/${id}`);
    this.#notes = new Map(notes.map((note) => [note.indicator, note]));
    for (const id of this.#notes.keys()) touched.add(`note/${id}`);
  }

  #applyCity(body: CityBody, touched: Set<string>): void {
    const kept = this.#indicators;
    this.#city = body;
    this.#indicators = new Map(body.indicators.map((indicator) => [indicator.id, indicator]));
    touched.add("city");
    for (const id of [...kept.keys(), ...this.#indicators.keys()]) touched.add(`indicator/${id}`);
  }

  #applyReadings(body: IndicatorsBody, replace: boolean, touched: Set<string>): void {
    const gone = replace ? new Set(this.#readings.keys()) : new Set<string>();
    for (const reading of body.readings) {
      gone.delete(reading.id);
      this.#readings.set(reading.id, reading);
      touchReading(reading.id, touched);
    }
    for (const id of gone) {
      this.#readings.delete(id);
      touchReading(id, touched);
    }
    for (const key of touched) this.#groups.delete(key);
  }

  #applyFeeds(body: FeedsBody, replace: boolean, touched: Set<string>): void {
    const gone = replace ? new Set(this.#feeds.keys()) : new Set<string>();
    for (const feed of body.feeds) {
      gone.delete(feed.id);
      this.#feeds.set(feed.id, feed);
      touched.add(`feed/${feed.id}`);
    }
    for (const id of gone) {
      this.#feeds.delete(id);
      touched.add(`feed/${id}`);
    }
    this.#feedList = Array.from(this.#feeds.values());
    touched.add("feeds");
  }

  #applyEntities(body: EntityFrame, replace: boolean, touched: Set<string>): void {
    const topic = this.#entityTopic(body.kind);
    if (replace) this.#startRows(body.kind, topic, touched);
    // What is gone first: a slot may be somebody else's in the same frame.
    for (const slot of body.removed) {
      topic.rows.delete(slot);
      topic.memory.ids.delete(slot);
    }
    for (const row of decodeEntityFrame(body, topic.memory)) topic.rows.set(row.slot, row);
    topic.view = {
      rows: topic.rows,
      version: topic.view.version + 1,
      refused: null,
      isNotRecorded: body.notRecorded ?? false,
    };
    touched.add(`entities/${body.kind}`);
  }

  #entityTopic(kind: Kind): EntityTopic {
    const known = this.#entities.get(kind);
    if (known) return known;
    const rows = new Map<number, EntityRow>();
    const made = { rows, view: { ...noEntities, rows }, memory: { ids: new Map(), texts: [] } };
    this.#entities.set(kind, made);
    return made;
  }

  #release(topic: Topic): void {
    const left = (this.#wanted.get(topic) ?? 0) - 1;
    if (left > 0) this.#wanted.set(topic, left);
    else this.#wanted.delete(topic);
  }

  /** Drops what belongs to topics that nobody wants any more. */
  forgetUnwanted(): void {
    for (const kind of this.#entities.keys())
      if (!this.#wanted.has(`entities/${kind}`)) this.#entities.delete(kind);
    for (const id of this.#walls.keys()) if (!this.#wanted.has(`wall/${id}`)) this.#walls.delete(id);
  }

  #changed(keys: ReadonlySet<string>): void {
    for (const key of keys) for (const listener of Array.from(this.#listeners.get(key) ?? [])) listener();
  }
}

export function groupsKey(indicator: string, dimension: string): string {
  return `groups/${indicator}/${dimension}`;
}

function touchReading(seriesId: string, touched: Set<string>): void {
  touched.add(`reading/${seriesId}`);
  const { indicator, group } = parseSeriesId(seriesId);
  if (group !== null) touched.add(groupsKey(indicator, group.slice(0, group.indexOf(":"))));
}
