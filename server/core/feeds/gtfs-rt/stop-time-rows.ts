import { numbersPerRow, StopTimeUpdates } from "../../../../shared/stop-time-updates.ts";
import { inMilliseconds } from "./judge.ts";

/**
 * Collects the StopTimeUpdates of one trip after the other. A row is started, told what the source says of it (times in
 * POSIX seconds), and ended.
 */
export class StopTimeRows {
  #length = 0;
  #row = 0;
  /** Only ever doubles, so that a copy of them is one piece of memory. */
  readonly #numbers: number[] = [];
  #events = new Uint8Array(64);
  readonly #stopIds: string[] = [];
  #withoutRelationship = 0;
  #inMilliseconds: number[] = [];

  startRow(): void {
    if (this.#length === this.#events.length) this.#grow();
    this.#row = this.#length * numbersPerRow;
    for (let at = this.#row; at < this.#row + numbersPerRow; at++) this.#numbers[at] = Number.NaN;
    this.#events[this.#length] = 0;
    this.#stopIds[this.#length] = "";
  }

  stopSequence(value: number): void {
    this.#numbers[this.#row] = value;
  }

  stopId(value: string): void {
    this.#stopIds[this.#length] = value;
  }

  /** There is an arrival, whatever it says; `departs` likewise. */
  arrives(): void {
    this.#events[this.#length]! |= 1;
  }

  departs(): void {
    this.#events[this.#length]! |= 2;
  }

  arrivalTime(seconds: number): void {
    this.#numbers[this.#row + 1] = this.#instant(seconds);
  }

  departureTime(seconds: number): void {
    this.#numbers[this.#row + 2] = this.#instant(seconds);
  }

  arrivalDelay(seconds: number): void {
    this.#numbers[this.#row + 3] = seconds;
  }

  departureDelay(seconds: number): void {
    this.#numbers[this.#row + 4] = seconds;
  }

  /** Below 0 as if the source gave none. */
  scheduleRelationship(value: number): void {
    if (value >= 0) this.#numbers[this.#row + 5] = value;
  }

  endRow(): void {
    if (Number.isNaN(this.#numbers[this.#row + 5])) {
      this.#numbers[this.#row + 5] = 0;
      this.#withoutRelationship++;
    }
    this.#length++;
  }

  /** Forgets the rows of a trip, such as one that could not be read to its end. */
  clear(): void {
    this.#length = 0;
    this.#withoutRelationship = 0;
    if (this.#inMilliseconds.length > 0) this.#inMilliseconds = [];
  }

  /** The rows since the last `take` or `clear`, and what a judge may want to say of them. */
  take(): TakenRows {
    const taken = {
      stopTimeUpdates: new StopTimeUpdates(
        this.#stopIds.slice(0, this.#length),
        this.#numbers.slice(0, this.#length * numbersPerRow),
      ),
      events: this.#events,
      withoutRelationship: this.#withoutRelationship,
      inMilliseconds: this.#inMilliseconds,
    };
    this.clear();
    return taken;
  }

  #instant(seconds: number): number {
    const at = inMilliseconds(seconds);
    if (at === seconds && at !== 0) this.#inMilliseconds.push(seconds);
    return at;
  }

  #grow(): void {
    const events = new Uint8Array(this.#events.length * 2);
    events.set(this.#events);
    this.#events = events;
  }
}

export interface TakenRows {
  readonly stopTimeUpdates: StopTimeUpdates;
  /** Which of arrival and departure were there at all: bit 0 arrival, bit 1 departure. Holds until the next row starts. */
  readonly events: Uint8Array;
  /** Rows without their own schedule_relationship. */
  readonly withoutRelationship: number;
  /** Times that were too large for seconds and were read as milliseconds. */
  readonly inMilliseconds: readonly number[];
}
