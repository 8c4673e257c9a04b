/**
 * GTFS-Realtime: vehicle positions, trip updates and service alerts, in protobuf or JSON. Of the next body of a feed
 * only those entities are decoded whose bytes changed.
 */

import type { Entity } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import { describeBody, isObject, parseJsonObject, quote } from "../body.ts";
import type { Connector, Failure, Part, Update } from "../connector.ts";
import { EntityNotes, type Note } from "./entity-notes.ts";
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

/** What one thing of a body is called, and what can be said of it beside the others. */
interface Thing {
  readonly id: string;
  readonly kind: Entity["kind"];
  readonly observedAt: number | null;
  readonly trip: string;
}

/** One top-level entity of a body: where its bytes are, and what they came to. */
interface Slice {
  readonly start: number;
  readonly end: number;
  readonly rtId: string;
  readonly isDeleted: boolean;
  readonly things: readonly Thing[];
  readonly notes: readonly Note[] | null;
  /** Its meaning depends on the time of receipt, so the same bytes may mean something else next time. */
  readonly dependsOnTime: boolean;
}

/** What is remembered of a part from one body to the next. */
interface Memory {
  readonly bytes: Uint8Array;
  readonly header: FeedHeader;
  readonly receivedAt: number;
  readonly slices: readonly Slice[];
  readonly winners: ReadonlyMap<string, Winner>;
  /** Our ids by RT entity id: a DIFFERENTIAL body deletes by that id alone. Kept over partial bodies. */
  readonly ids: Map<string, readonly string[]>;
}

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

function isMemory(memory: unknown): memory is Memory {
  return isObject(memory) && memory["bytes"] instanceof Uint8Array;
}

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
  const body = new BodyReading(source, header);
  for (const [at, value] of (list as unknown[]).entries()) {
    const message = readJsonEntity(value);
    if (message) body.add(message, at, at);
    else body.addBroken(`entity ${at}: ${quote(value)}, expected an object`);
  }
  return ok(body.finish(part, before, () => null));
}

function decodeProtobuf(part: Part, source: Source, before: Memory | null): Result<Update, Failure> {
  const reader = new ProtobufReader(part.bytes);
  let index;
  try {
    index = reader.readIndex();
  } catch (error) {
    return unreadable(part, `${describeBody(part.bytes)} (${wordsOf(error)})`);
  }
  const body = new BodyReading(source, index.header);
  const known = before && new KnownSlices(before, part.bytes, reader);
  for (let at = 0; at < index.entities.length; at += 2) {
    const start = index.entities[at] as number;
    const end = index.entities[at + 1] as number;
    try {
      const same = known?.find(at / 2, start, end);
      if (same) body.keep(same, start, end);
      else body.add(reader.readEntity(start, end), start, end);
    } catch (error) {
      body.addBroken(`entity ${at / 2} at byte ${start}: ${wordsOf(error)}`);
    }
  }
  return ok(body.finish(part, before, (slice) => reader.readEntity(slice.start, slice.end)));
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

/** The slices of the last body, to find those with the same bytes again. */
class KnownSlices {
  readonly #before: Memory;
  readonly #old: DataView;
  readonly #new: DataView;
  readonly #reader: ProtobufReader;
  #byRtId: Map<string, Slice> | null = null;

  constructor(before: Memory, bytes: Uint8Array, reader: ProtobufReader) {
    this.#before = before;
    this.#old = viewOf(before.bytes);
    this.#new = viewOf(bytes);
    this.#reader = reader;
  }

  /** Mostly it is at the same place; in a body in another order it is the one with the same RT id. */
  find(index: number, start: number, end: number): Slice | null {
    const neighbour = this.#before.slices[index];
    if (neighbour && this.#isSame(neighbour, start, end)) return neighbour;
    const rtId = this.#reader.readEntityId(start, end);
    if (neighbour?.rtId === rtId) return null;
    this.#byRtId ??= new Map(this.#before.slices.map((slice) => [slice.rtId, slice]));
    const named = this.#byRtId.get(rtId);
    return named && this.#isSame(named, start, end) ? named : null;
  }

  #isSame(slice: Slice, start: number, end: number): boolean {
    if (slice.dependsOnTime || slice.end - slice.start !== end - start) return false;
    return isSameBytes(this.#old, slice.start, this.#new, start, end - start);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isSameBytes(a: DataView, aStart: number, b: DataView, bStart: number, length: number): boolean {
  let at = 0;
  for (; at + 4 <= length; at += 4) if (a.getInt32(aStart + at) !== b.getInt32(bStart + at)) return false;
  for (; at < length; at++) if (a.getUint8(aStart + at) !== b.getUint8(bStart + at)) return false;
  return true;
}

/** The one that speaks for an id: the newest, of equally new ones the last. */
interface Winner {
  readonly thing: Thing;
  readonly slice: Slice;
  /** `null` while its slice was kept undecoded. */
  readonly entity: Entity | null;
}

/** One body while it is read: what its entities came to, and what they say about each other. */
class BodyReading {
  readonly #source: Source;
  readonly #header: FeedHeader;
  readonly #slices: Slice[] = [];
  readonly #winners = new Map<string, Winner>();
  readonly #notices = new Notices();

  constructor(source: Source, header: FeedHeader) {
    this.#source = source;
    this.#header = header;
  }

  addBroken(example: string): void {
    this.#notices.add("gtfs-rt-broken-entity", "error", example);
  }

  /** An entity whose bytes are those of the last body. */
  keep(slice: Slice, start: number, end: number): void {
    const { rtId, isDeleted, things, notes, dependsOnTime } = slice;
    const kept = { start, end, rtId, isDeleted, things, notes, dependsOnTime };
    this.#slices.push(kept);
    for (const thing of kept.things) this.#compete(thing, kept, null);
  }

  add(message: FeedEntityMessage, start: number, end: number): void {
    const { slice, entities } = this.#read(message, start, end);
    this.#slices.push(slice);
    for (let at = 0; at < entities.length; at++) this.#compete(slice.things[at]!, slice, entities[at]!);
  }

  #read(message: FeedEntityMessage, start: number, end: number): { slice: Slice; entities: Entity[] } {
    const notes = new EntityNotes();
    const { id: rtId, isDeleted } = message;
    const { entities, dependsOnTime } = isDeleted
      ? { entities: [], dependsOnTime: false }
      : readThings(message, this.#source, notes);
    const things = entities.map(thingOf);
    const slice = { start, end, rtId, isDeleted, things, notes: notes.take(), dependsOnTime };
    return { slice, entities };
  }

  #compete(thing: Thing, slice: Slice, entity: Entity | null): void {
    const other = this.#winners.get(thing.id);
    if (other) {
      const code = thing.kind === "TripUpdate" ? "gtfs-rt-trip-twice" : "E052";
      this.#notices.add(
        code,
        "error",
        `${thing.id}: twice in one body (entities ${other.slice.rtId}, ${slice.rtId})`,
      );
      if ((other.thing.observedAt ?? 0) > (thing.observedAt ?? 0)) return;
    }
    this.#winners.set(thing.id, { thing, slice, entity });
  }

  finish(part: Part, before: Memory | null, readAgain: (slice: Slice) => FeedEntityMessage | null): Update {
    const isPartial = this.#header.incrementality === differential;
    const ids = isPartial && before ? new Map(before.ids) : new Map<string, readonly string[]>();
    const { entities, unchanged } = this.#settle(before, readAgain);
    const removed = isPartial ? this.#deleted(ids) : [];
    const { publishedAt } = noteHeader(this.#header, this.#source, before, this.#notices);
    this.#noteSlices(publishedAt, isPartial);
    if (before) this.#noteSameTimestamp(before, part);
    const memory: Memory = {
      bytes: part.bytes,
      header: this.#header,
      receivedAt: this.#source.receivedAt,
      slices: this.#slices,
      winners: this.#winners,
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

  #settle(
    before: Memory | null,
    readAgain: (slice: Slice) => FeedEntityMessage | null,
  ): { entities: Entity[]; unchanged: string[] } {
    const entities: Entity[] = [];
    const unchanged: string[] = [];
    for (const { thing, slice, entity } of this.#winners.values()) {
      if (entity) entities.push(entity);
      else if (before?.winners.get(thing.id)?.thing === thing) unchanged.push(thing.id);
      else {
        const message = readAgain(slice);
        const found = message && this.#read(message, slice.start, slice.end);
        const again = found?.entities.find(({ id }) => id === thing.id);
        if (again) entities.push(again);
      }
    }
    return { entities, unchanged };
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
    const vehicleOf = new Map<string, string>();
    for (const { rtId, isDeleted, notes, things } of this.#slices) {
      if (isDeleted && !isPartial)
        this.#notices.add("E039", "error", `entity ${rtId}: is_deleted in FULL_DATASET`);
      if (!isDeleted && things.length === 0 && (notes ?? []).length === 0)
        this.#notices.add(
          "gtfs-rt-nothing-read",
          "info",
          `entity ${rtId}: no trip update, position or alert`,
        );
      for (const { code, severity, example, count } of notes ?? [])
        this.#notices.add(code, severity, example, count);
      for (const thing of things) {
        this.#noteAfterHeader(thing, publishedAt);
        if (thing.kind !== "VehiclePosition" || thing.trip === "") continue;
        const other = vehicleOf.get(thing.trip);
        if (other === undefined) vehicleOf.set(thing.trip, thing.id);
        else if (other !== thing.id) {
          this.#notices.add(
            "gtfs-rt-trip-on-two-vehicles",
            "warning",
            `trip ${thing.trip}: ${other} and ${thing.id}`,
          );
        }
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
