/** What a row holds, in this order; instants in epoch milliseconds. The place of a number in its row is its place here. */
const rowNumbers = [
  "stopSequence",
  "arrivalAt",
  "departureAt",
  "arrivalDelaySeconds",
  "departureDelaySeconds",
  "scheduleRelationship",
] as const;

export const numbersPerRow = rowNumbers.length;

/** Relationships of a row to its timetable: the run does not stop there, or nobody predicts when it does. */
export const skipped = 1;
export const noData = 2;

export type StopTimeRow = Readonly<Partial<Record<(typeof rowNumbers)[number], number>>> & {
  readonly stopId?: string;
};

/**
 * The StopTimeUpdates of one TripUpdate, row by row. Numbers are NaN and stop ids "" where the source said nothing. They
 * lie in one array: a city has ten thousand rows, and an object for each would cost more than what they say. It is a
 * plain array, which is moved and freed with the trip; a typed one this small costs more than its numbers, and its
 * buffer lies where memory falls to pieces over a day.
 */
export class StopTimeUpdates {
  readonly stopIds: readonly string[];
  readonly #numbers: readonly number[];

  /** `numbers` has `numbersPerRow` for each of `stopIds`, in the order of the methods below. */
  constructor(stopIds: readonly string[], numbers: readonly number[]) {
    this.stopIds = stopIds;
    this.#numbers = numbers;
  }

  static of(rows: readonly StopTimeRow[]): StopTimeUpdates {
    const numbers = rows.flatMap((row) =>
      rowNumbers.map((name) => row[name] ?? (name === "scheduleRelationship" ? 0 : Number.NaN)),
    );
    return new StopTimeUpdates(
      rows.map(({ stopId }) => stopId ?? ""),
      numbers,
    );
  }

  get length(): number {
    return this.stopIds.length;
  }

  stopId(row: number): string {
    return this.stopIds[row]!;
  }

  stopSequence(row: number): number {
    return this.#numbers[row * numbersPerRow]!;
  }

  /** Epoch milliseconds, and so is `departureAt`. */
  arrivalAt(row: number): number {
    return this.#numbers[row * numbersPerRow + 1]!;
  }

  departureAt(row: number): number {
    return this.#numbers[row * numbersPerRow + 2]!;
  }

  arrivalDelaySeconds(row: number): number {
    return this.#numbers[row * numbersPerRow + 3]!;
  }

  departureDelaySeconds(row: number): number {
    return this.#numbers[row * numbersPerRow + 4]!;
  }

  /** 0 SCHEDULED, 1 SKIPPED, 2 NO_DATA, 3 UNSCHEDULED (gtfs-realtime.proto, StopTimeUpdate.ScheduleRelationship). */
  scheduleRelationship(row: number): number {
    return this.#numbers[row * numbersPerRow + 5]!;
  }

  /** The same with `shiftMs` added to every instant. */
  shifted(shiftMs: number): StopTimeUpdates {
    const numbers = this.#numbers.slice();
    for (let at = 0; at < numbers.length; at += numbersPerRow) {
      numbers[at + 1]! += shiftMs;
      numbers[at + 2]! += shiftMs;
    }
    return new StopTimeUpdates(this.stopIds, numbers);
  }
}
