import type { StopTimeUpdates } from "../../../../shared/entity.ts";

/** One StopTimeUpdate while it is read. Times are POSIX seconds, delays seconds; NaN and "" where absent. */
export interface StopTimeRow {
  stopSequence: number;
  stopId: string;
  arrivalTime: number;
  departureTime: number;
  arrivalDelay: number;
  departureDelay: number;
  /** -1 when the source gave none. */
  relationship: number;
  /** Bit 0: an arrival was there, bit 1: a departure was. */
  events: number;
}

const numbers = 5;
const rowBytes = numbers * 8 + 1;
/** A buffer costs far more than its bytes; but it lives as long as the last trip that has a part in it. */
const chunkBytes = 8_192;

/** Collects the StopTimeUpdates of one trip after the other, a few trips to a buffer. */
export class StopTimeColumns {
  readonly row: StopTimeRow = {
    stopSequence: Number.NaN,
    stopId: "",
    arrivalTime: Number.NaN,
    departureTime: Number.NaN,
    arrivalDelay: Number.NaN,
    departureDelay: Number.NaN,
    relationship: -1,
    events: 0,
  };
  withoutRelationship = 0;
  #length = 0;
  #values = new Float64Array(64 * numbers);
  #relationships = new Uint8Array(64);
  #events = new Uint8Array(64);
  readonly #stopIds: string[] = [];
  #chunk = new ArrayBuffer(0);
  #used = 0;

  startRow(): void {
    const { row } = this;
    row.stopSequence = row.arrivalTime = row.departureTime = Number.NaN;
    row.arrivalDelay = row.departureDelay = Number.NaN;
    row.stopId = "";
    row.relationship = -1;
    row.events = 0;
  }

  endRow(): void {
    const { row } = this;
    if (this.#length === this.#relationships.length) this.#grow();
    const at = this.#length++;
    this.#values[at * numbers] = row.stopSequence;
    this.#values[at * numbers + 1] = row.arrivalTime * 1000;
    this.#values[at * numbers + 2] = row.departureTime * 1000;
    this.#values[at * numbers + 3] = row.arrivalDelay;
    this.#values[at * numbers + 4] = row.departureDelay;
    this.#relationships[at] = Math.max(0, row.relationship);
    this.#events[at] = row.events;
    this.#stopIds[at] = row.stopId;
    if (row.relationship < 0) this.withoutRelationship++;
  }

  /** Forgets the rows of a trip that could not be read to its end. */
  clear(): void {
    this.#length = 0;
    this.withoutRelationship = 0;
  }

  /** The columns of the rows since the last `take`. */
  take(): { stopTimeUpdates: StopTimeUpdates; events: Uint8Array; withoutRelationship: number } {
    const bytes = this.#reserve(this.#length * rowBytes);
    const stopTimeUpdates = {
      stopSequence: this.#column(0, bytes),
      stopId: this.#stopIds.slice(0, this.#length),
      arrivalAt: this.#column(1, bytes),
      departureAt: this.#column(2, bytes),
      arrivalDelaySeconds: this.#column(3, bytes),
      departureDelaySeconds: this.#column(4, bytes),
      scheduleRelationship: this.#relationshipColumn(bytes),
    };
    const { withoutRelationship } = this;
    this.clear();
    return { stopTimeUpdates, events: this.#events, withoutRelationship };
  }

  /** The next free bytes of the chunk, which is then `#chunk`. */
  #reserve(bytes: number): number {
    const padded = (bytes + 7) & ~7;
    if (this.#used + padded > this.#chunk.byteLength) {
      this.#chunk = new ArrayBuffer(Math.max(chunkBytes, padded));
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += padded;
    return from;
  }

  #column(index: number, from: number): Float64Array {
    const length = this.#length;
    const column = new Float64Array(this.#chunk, from + index * length * 8, length);
    const values = this.#values;
    for (let at = 0; at < length; at++) column[at] = values[at * numbers + index] as number;
    return column;
  }

  #relationshipColumn(from: number): Uint8Array {
    const column = new Uint8Array(this.#chunk, from + this.#length * numbers * 8, this.#length);
    for (let at = 0; at < column.length; at++) column[at] = this.#relationships[at] as number;
    return column;
  }

  #grow(): void {
    const [values, relationships, events] = [this.#values, this.#relationships, this.#events];
    this.#values = new Float64Array(values.length * 2);
    this.#values.set(values);
    this.#relationships = new Uint8Array(relationships.length * 2);
    this.#relationships.set(relationships);
    this.#events = new Uint8Array(events.length * 2);
    this.#events.set(events);
  }
}
