/**
 * GTFS-Realtime: vehicle positions, trip updates and service alerts, in protobuf or JSON. Of the next body of a feed
 * only those entities are decoded whose bytes changed.
 */

import type { Entity } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import { describeBody, parseJsonObject, quote } from "../body.ts";
import type { Connector, Failure, Part, Update } from "../connector.ts";
import {
  Claims,
  isMemory,
  isSameBytes,
  KnownSlices,
  type Memory,
  type Slice,
  type Thing,
  viewOf,
  type Winner,
} from "./body-memory.ts";
import { EntityNotes } from "./entity-notes.ts";
import { noteHeader } from "./header.ts";
import { tripKey, type Source } from "./judge.ts";
import { readJsonEntity, readJsonHeader } from "./json.ts";
import type { FeedEntityMessage, FeedHeader } from "./message.ts";
import type { GtfsRtOptions } from "./options.ts";
import { ProtobufReader } from "./protobuf.ts";
import { hasSeveralPeriods, readServiceAlert } from "./service-alert.ts";
import { readTripUpdate } from "./trip-update.ts";
import { readVehiclePosition } from "./vehicle-position.ts";

const allKinds = ["VehiclePosition", "TripUpdate", "ServiceAlert"] as const;
const differential = 1;

export const gtfsRt: Connector<GtfsRtOptions> = {
  spec: "gtfs-rt",

  gives: (options) => options.gives ?? allKinds,

  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),

  decode(part, feed, receivedAt, memory) {
    const source = { feed, receivedAt };
    const before = isMemory(memory) ? memory : null;
    return isJson(part.bytes) ? decodeJson(part, source, before) : decodeProtobuf(part, source, before);
  },
};

const blanks: ReadonlySet<number | undefined> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** A protobuf body may well begin with a line feed and a brace (its header's tag and length), but not so a string. */
function isJson(bytes: Uint8Array): boolean {
  let at = bytes[0] === 0xef ? 3 : 0;
  while (blanks.has(bytes[at])) at++;
  if (bytes[at++] !== 0x7b) return false;
  while (blanks.has(bytes[at])) at++;
  return bytes[at] === 0x22 || bytes[at] === 0x7d;
}

function decodeJson(part: Part, source: Source, before: Memory | null): Result<Update, Failure> {
  const parsed = parseJsonObject(part.name, part.bytes);
  if (!parsed.ok) return parsed;
  const header = readJsonHeader(parsed.value);
  if (!header) return unreadable(part, "it has no header");
  const list = parsed.value["entity"] ?? [];
  if (!Array.isArray(list)) return unreadable(part, `entity is ${quote(list)}, expected a list`);
  const body = new BodyReading(source, header, before);
  for (const [at, value] of (list as unknown[]).entries()) {
    const message = readJsonEntity(value);
    if (message) body.add(message, at, at);
    else body.addBroken(`entity ${at}: ${quote(value)}, expected an object`);
  }
  return ok(body.finish(part, () => null));
}

function decodeProtobuf(part: Part, source: Source, before: Memory | null): Result<Update, Failure> {
  const reader = new ProtobufReader(part.bytes);
  let index;
  try {
    index = reader.readIndex();
  } catch (error) {
    return unreadable(part, `${describeBody(part.bytes)} (${wordsOf(error)})`);
  }
  const body = new BodyReading(source, index.header, before);
  const known = before && new KnownSlices(before, part.bytes, reader);
  for (let at = 0; at < index.entities.length; at += 2) {
    const start = index.entities[at] as number;
    const end = index.entities[at + 1] as number;
    try {
      const same = known ? known.find(at / 2, start, end) : -1;
      if (same >= 0) body.keep(same, start, end);
      else body.add(reader.readEntity(start, end), start, end);
    } catch (error) {
      body.addBroken(`entity ${at / 2} at byte ${start}: ${wordsOf(error)}`);
    }
  }
  return ok(body.finish(part, (start, end) => reader.readEntity(start, end)));
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function unreadable(part: Part, what: string): { ok: false; failure: Failure } {
  return fail({
    class: "unreadable",
    message: `${part.name}: expected a GTFS-Realtime FeedMessage, ${what}`,
  });
}

/** One body while it is read: what its entities came to, and what they say about each other. */
class BodyReading {
  readonly #source: Source;
  readonly #header: FeedHeader;
  readonly #before: Memory | null;
  readonly #slices: Slice[] = [];
  readonly #bounds: number[] = [];
  /** What each slice came to; `null` while it was kept undecoded. */
  readonly #entities: (readonly Entity[] | null)[] = [];
  /** 1 for each slice of the last body that was kept. */
  readonly #kept: Uint8Array;
  #keptTwice = false;
  readonly #notices = new Notices();

  constructor(source: Source, header: FeedHeader, before: Memory | null) {
    this.#source = source;
    this.#header = header;
    this.#before = before;
    this.#kept = new Uint8Array(before?.slices.length ?? 0);
  }

  addBroken(example: string): void {
    this.#notices.add("gtfs-rt-broken-entity", "error", example);
  }

  /** An entity whose bytes are those of a slice of the last body. */
  keep(index: number, start: number, end: number): void {
    if (this.#kept[index] === 1) this.#keptTwice = true;
    this.#kept[index] = 1;
    this.#push(this.#before!.slices[index]!, null, start, end);
  }

  add(message: FeedEntityMessage, start: number, end: number): void {
    const { slice, entities } = this.#read(message);
    this.#push(slice, entities, start, end);
  }

  #push(slice: Slice, entities: readonly Entity[] | null, start: number, end: number): void {
    this.#slices.push(slice);
    this.#entities.push(entities);
    this.#bounds.push(start, end);
  }

  #read(message: FeedEntityMessage): { slice: Slice; entities: readonly Entity[] } {
    const notes = new EntityNotes();
    const { id: rtId, isDeleted } = message;
    const { entities, dependsOnTime } = isDeleted
      ? { entities: [], dependsOnTime: false }
      : readThings(message, this.#source, notes);
    const things = entities.map(thingOf);
    return { slice: { rtId, isDeleted, things, notes: notes.take(), dependsOnTime }, entities };
  }

  finish(part: Part, readAgain: (start: number, end: number) => FeedEntityMessage | null): Update {
    const before = this.#before;
    const isPartial = this.#header.incrementality === differential;
    const ids = isPartial && before ? new Map(before.ids) : new Map<string, readonly string[]>();
    const claims = this.#claims();
    const isSound = claims !== null;
    const winners = isSound && !before?.winners ? null : this.#winners();
    const { entities, unchanged } = winners ? this.#settle(winners, readAgain) : this.#all();
    const removed = isPartial ? this.#deleted(ids) : [];
    const { publishedAt } = noteHeader(this.#header, this.#source, before, this.#notices);
    this.#noteSlices(publishedAt, isPartial);
    if (!claims || claims.areTripsShared) this.#noteTripsOnTwoVehicles();
    if (before) this.#noteSameTimestamp(before, part);
    const memory: Memory = {
      bytes: part.bytes,
      header: this.#header,
      receivedAt: this.#source.receivedAt,
      slices: this.#slices,
      bounds: this.#bounds,
      winners: isSound ? null : winners,
      claims,
      ids,
    };
    return {
      mode: isPartial ? "partial" : "full",
      scope: part.name,
      version: this.#header.version || null,
      publishedAt,
      entities,
      ...(isPartial ? { removed } : { unchanged }),
      observations: [],
      notices: this.#notices.list(),
      memory,
    };
  }

  /** What is claimed now; `null` when the body is not sound. Costs what changed since the last body, if that was. */
  #claims(): Claims | null {
    if (this.#keptTwice) return null;
    const before = this.#before;
    const claims = before?.claims;
    const slices = this.#slices;
    if (!before || !claims) {
      const anew = new Claims();
      return slices.every(({ things }) => anew.claim(things)) ? anew : null;
    }
    before.claims = null;
    for (let at = 0; at < this.#kept.length; at++)
      if (this.#kept[at] === 0) claims.release(before.slices[at]!.things);
    for (let at = 0; at < slices.length; at++)
      if (this.#entities[at] !== null && !claims.claim(slices[at]!.things)) return null;
    return claims;
  }

  /** Who speaks for each id, whoever else would. */
  #winners(): ReadonlyMap<string, Winner> {
    const winners = new Map<string, Winner>();
    for (const [at, { rtId, things }] of this.#slices.entries()) {
      for (const thing of things) {
        const other = winners.get(thing.id);
        if (other) {
          const code = thing.kind === "TripUpdate" ? "gtfs-rt-trip-twice" : "E052";
          const example = `${thing.id}: twice in one body (entities ${this.#slices[other.at]!.rtId}, ${rtId})`;
          this.#notices.add(code, "error", example);
          if ((other.thing.observedAt ?? 0) > (thing.observedAt ?? 0)) continue;
        }
        winners.set(thing.id, { thing, at });
      }
    }
    return winners;
  }

  /** All that is there, where this body and the last one are sound. */
  #all(): { entities: Entity[]; unchanged: string[] } {
    const entities: Entity[] = [];
    const unchanged: string[] = [];
    for (let at = 0; at < this.#slices.length; at++) {
      const decoded = this.#entities[at]!;
      if (decoded) for (const entity of decoded) entities.push(entity);
      else for (const { id } of this.#slices[at]!.things) unchanged.push(id);
    }
    return { entities, unchanged };
  }

  #settle(
    winners: ReadonlyMap<string, Winner>,
    readAgain: (start: number, end: number) => FeedEntityMessage | null,
  ): { entities: Entity[]; unchanged: string[] } {
    const entities: Entity[] = [];
    const unchanged: string[] = [];
    for (const { thing, at } of winners.values()) {
      const decoded = this.#entities[at];
      if (!decoded && this.#spokeBefore(thing)) unchanged.push(thing.id);
      else {
        const message = decoded ? null : readAgain(this.#bounds[2 * at]!, this.#bounds[2 * at + 1]!);
        const found = decoded ?? (message && this.#read(message).entities);
        const entity = found?.find(({ id }) => id === thing.id);
        if (entity) entities.push(entity);
      }
    }
    return { entities, unchanged };
  }

  #spokeBefore(thing: Thing): boolean {
    const winners = this.#before?.winners;
    return !winners || winners.get(thing.id)?.thing === thing;
  }

  /** Our ids of what a DIFFERENTIAL body deletes, and what it leaves behind for the next. */
  #deleted(ids: Map<string, readonly string[]>): string[] {
    const removed: string[] = [];
    for (const { rtId, isDeleted, things } of this.#slices) {
      if (!isDeleted)
        ids.set(
          rtId,
          things.map(({ id }) => id),
        );
      else if (ids.has(rtId)) {
        removed.push(...(ids.get(rtId) ?? []));
        ids.delete(rtId);
      } else
        this.#notices.add("gtfs-rt-unknown-deletion", "warning", `entity ${rtId}: deleted, but never seen`);
    }
    return removed;
  }

  #noteSlices(publishedAt: number | null, isPartial: boolean): void {
    for (const { rtId, isDeleted, notes, things } of this.#slices) {
      if (isDeleted && !isPartial)
        this.#notices.add("E039", "error", `entity ${rtId}: is_deleted in FULL_DATASET`);
      if (!isDeleted && things.length === 0 && !notes)
        this.#notices.add(
          "gtfs-rt-nothing-read",
          "info",
          `entity ${rtId}: no trip update, position or alert`,
        );
      if (notes)
        for (const { code, severity, example, count } of notes)
          this.#notices.add(code, severity, example, count);
      for (const thing of things) this.#noteAfterHeader(thing, publishedAt);
    }
  }

  #noteTripsOnTwoVehicles(): void {
    const vehicleOf = new Map<string, string>();
    for (const { things } of this.#slices) {
      for (const { id, trip } of things) {
        if (trip === "") continue;
        const other = vehicleOf.get(trip);
        if (other === undefined) vehicleOf.set(trip, id);
        else if (other !== id)
          this.#notices.add("gtfs-rt-trip-on-two-vehicles", "warning", `trip ${trip}: ${other} and ${id}`);
      }
    }
  }

  #noteAfterHeader({ id, observedAt }: Thing, publishedAt: number | null): void {
    if (observedAt === null || publishedAt === null || observedAt <= publishedAt) return;
    const example = (): string =>
      `${id}: ${(observedAt - publishedAt) / 1000} s after the header's timestamp`;
    this.#notices.add("E012", "error", example);
  }

  #noteSameTimestamp(before: Memory, part: Part): void {
    if (before.header.timestamp !== this.#header.timestamp) return;
    const { length } = part.bytes;
    if (before.bytes.length === length && isSameBytes(viewOf(before.bytes), 0, viewOf(part.bytes), 0, length))
      return;
    const example = `header.timestamp ${this.#header.timestamp} again, but the content changed`;
    this.#notices.add("E017", "error", example);
  }
}

/** The things one FeedEntity tells of; mostly one, but position and prediction of a vehicle may share one. */
function readThings(
  { id, vehicle, tripUpdate, alert }: FeedEntityMessage,
  source: Source,
  notes: EntityNotes,
): { entities: Entity[]; dependsOnTime: boolean } {
  const entities: Entity[] = [];
  let dependsOnTime = false;
  const take = (read: { entity: Entity; instant: { ahead: boolean } } | null): void => {
    if (!read) return;
    entities.push(read.entity);
    dependsOnTime ||= read.instant.ahead;
  };
  if (vehicle) take(readVehiclePosition(vehicle, source, notes));
  if (tripUpdate) take(readTripUpdate(tripUpdate, source, notes));
  if (alert && id !== "") {
    entities.push(readServiceAlert(id, alert, source, notes));
    dependsOnTime ||= hasSeveralPeriods(alert);
  }
  return { entities, dependsOnTime };
}

function thingOf(entity: Entity): Thing {
  const { id, kind, observedAt } = entity;
  const trip = entity.kind === "VehiclePosition" ? tripOf(entity.fields) : "";
  return { id, kind, observedAt, trip };
}

function tripOf({ tripId, startDate, startTime }: Readonly<Record<string, unknown>>): string {
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return tripKey({ tripId: text(tripId), startDate: text(startDate), startTime: text(startTime) });
}
