/**
 * What is remembered of a body of a feed for the next one: what each entity came to and where its bytes were, so that those
 * that are there again are not decoded; and which ids and trips are in it, so that only what changed is gone over.
 */

import type { Entity } from "../../../../shared/entity.ts";
import { isObject } from "../body.ts";
import type { Note } from "./entity-notes.ts";
import type { FeedHeader } from "./message.ts";
import type { ProtobufReader } from "./protobuf.ts";

/** What one thing of a body is called, and what can be said of it beside the others. */
export interface Thing {
  readonly id: string;
  readonly kind: Entity["kind"];
  readonly observedAt: number | null;
  readonly trip: string;
}

/** What one top-level entity of a body came to. The next body keeps it when its bytes are there again. */
export interface Slice {
  readonly rtId: string;
  readonly isDeleted: boolean;
  readonly things: readonly Thing[];
  readonly notes: readonly Note[] | null;
  /** Its meaning depends on the time of receipt, so the same bytes may mean something else next time. */
  readonly dependsOnTime: boolean;
}

/** What is remembered of a part from one body to the next. */
export interface Memory {
  readonly bytes: Uint8Array;
  readonly header: FeedHeader;
  readonly receivedAt: number;
  readonly slices: readonly Slice[];
  /** Where the bytes of each slice start and end, one after the other. */
  readonly bounds: readonly number[];
  /** Who speaks for each id; `null` in a sound body, where each entity speaks for itself. */
  readonly winners: ReadonlyMap<string, Winner> | null;
  /** `null` where something is there twice, and once the next body has taken them over. */
  claims: Claims | null;
  /** Our ids by RT entity id: a DIFFERENTIAL body deletes by that id alone. Kept over partial bodies. */
  readonly ids: Map<string, readonly string[]>;
}

/** The one that speaks for an id: the newest, of equally new ones the last. */
export interface Winner {
  readonly thing: Thing;
  /** Its place in the body. */
  readonly at: number;
}

export function isMemory(memory: unknown): memory is Memory {
  return isObject(memory) && memory["bytes"] instanceof Uint8Array;
}

/** The slices of the last body, to find those with the same bytes again. */
export class KnownSlices {
  readonly #before: Memory;
  readonly #old: DataView;
  readonly #new: DataView;
  readonly #reader: ProtobufReader;
  #byRtId: Map<string, number> | null = null;

  constructor(before: Memory, bytes: Uint8Array, reader: ProtobufReader) {
    this.#before = before;
    this.#old = viewOf(before.bytes);
    this.#new = viewOf(bytes);
    this.#reader = reader;
  }

  /**
   * Which slice of the last body has these bytes, -1 when none does. Mostly it is at the same place; in a body in another
   * order it is the one with the same RT id.
   */
  find(index: number, start: number, end: number): number {
    const { slices } = this.#before;
    if (this.#isSame(index, start, end)) return index;
    const rtId = this.#reader.readEntityId(start, end);
    if (slices[index]?.rtId === rtId) return -1;
    this.#byRtId ??= new Map(slices.map((slice, at) => [slice.rtId, at]));
    const named = this.#byRtId.get(rtId) ?? -1;
    return this.#isSame(named, start, end) ? named : -1;
  }

  #isSame(index: number, start: number, end: number): boolean {
    const { slices, bounds } = this.#before;
    const slice = slices[index];
    if (slice === undefined || slice.dependsOnTime) return false;
    const from = bounds[2 * index]!;
    if (bounds[2 * index + 1]! - from !== end - start) return false;
    return isSameBytes(this.#old, from, this.#new, start, end - start);
  }
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function isSameBytes(
  a: DataView,
  aStart: number,
  b: DataView,
  bStart: number,
  length: number,
): boolean {
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    const first = a.getInt32(aStart + at, true) ^ b.getInt32(bStart + at, true);
    if ((first | (a.getInt32(aStart + at + 4, true) ^ b.getInt32(bStart + at + 4, true))) !== 0) return false;
  }
  for (; at < length; at++) if (a.getUint8(aStart + at) !== b.getUint8(bStart + at)) return false;
  return true;
}

/** The ids and the vehicles' trips of a sound body. Goes from body to body, since most of it stays. */
export class Claims {
  readonly #ids = new Set<string>();
  /** How many vehicles say that they run a trip. */
  readonly #vehicles = new Map<string, number>();
  /** Trips of more than one vehicle. */
  #shared = 0;

  get areTripsShared(): boolean {
    return this.#shared > 0;
  }

  /** `false` when an id is somebody's already: the body is not sound, and these claims are worth nothing. */
  claim(things: readonly Thing[]): boolean {
    for (const { id, trip } of things) {
      if (this.#ids.has(id)) return false;
      this.#ids.add(id);
      if (trip !== "") this.#countVehicles(trip, 1);
    }
    return true;
  }

  release(things: readonly Thing[]): void {
    for (const { id, trip } of things) {
      this.#ids.delete(id);
      if (trip !== "") this.#countVehicles(trip, -1);
    }
  }

  #countVehicles(trip: string, more: number): void {
    const before = this.#vehicles.get(trip) ?? 0;
    const after = before + more;
    this.#shared += Number(after > 1) - Number(before > 1);
    if (after === 0) this.#vehicles.delete(trip);
    else this.#vehicles.set(trip, after);
  }
}
