/**
 * The newest words about the times that are asked about most, in memory: two days of minutes, a month of hours, a year
 * of days. A question that lies in them whole is answered without the database. It holds what the tables say, never more, and
 * is bounded: what finds no room is read from the tables, as all else is.
 */

import type { Grid, Level, Stretch } from "./grid.ts";

/** Words about units of one level, a row each; instants are epoch milliseconds. */
export interface HeldWords {
  /** Numbers of series. */
  readonly series: ArrayLike<number>;
  /** Starts of units. */
  readonly at: ArrayLike<number>;
  readonly knownAt: ArrayLike<number>;
  /** Of no meaning where no second was fresh. */
  readonly mean: ArrayLike<number>;
  readonly min: ArrayLike<number>;
  readonly max: ArrayLike<number>;
  readonly freshSeconds: ArrayLike<number>;
  readonly code: ArrayLike<number>;
}

/** Where what is held is added up: by bucket, in the order of time. */
export interface HeldSums {
  add(
    bucket: number,
    unitAt: number,
    mean: number,
    min: number,
    max: number,
    freshSeconds: number,
    code: number,
  ): void;
}

interface Size {
  /** In a block. */
  readonly units: number;
  /** The newest of them has just begun at worst. */
  readonly blocks: number;
  /** Wide enough for `stateOf`. */
  readonly State: typeof Uint16Array | typeof Uint32Array;
}

const sizes: Readonly<Record<Level, Size>> = {
  minutes: { units: 300, blocks: 11, State: Uint16Array },
  hours: { units: 192, blocks: 5, State: Uint16Array },
  days: { units: 128, blocks: 4, State: Uint32Array },
};

export class Held {
  readonly #grid: Grid;
  readonly #room: { bytes: number };
  readonly #shelves: Readonly<Record<Level, Shelf>>;

  constructor(grid: Grid, mostBytes: number) {
    this.#grid = grid;
    this.#room = { bytes: mostBytes };
    const shelf = (level: Level): Shelf => new Shelf(sizes[level], this.#room);
    this.#shelves = { minutes: shelf("minutes"), hours: shelf("hours"), days: shelf("days") };
  }

  /** Bytes that blocks may still take. */
  get roomBytes(): number {
    return this.#room.bytes;
  }

  /** Takes words that are in the tables. The newest about a unit stands. */
  put(level: Level, words: HeldWords): void {
    this.#shelves[level].put(words, (at) => this.#grid.numberOf(level, at));
  }

  /** Whether a unit is new enough to be held. */
  hasPlaceFor(level: Level, at: number): boolean {
    return this.#shelves[level].hasPlaceFor(this.#grid.numberOf(level, at));
  }

  /** Takes the words that the tables have about some units, from which all others are gone. */
  replace(level: Level, starts: readonly number[], words: HeldWords): void {
    for (const at of starts) this.#shelves[level].clear(this.#grid.numberOf(level, at));
    this.put(level, words);
  }

  /** Every word about units from `fromAt` on was put; `null`: there are none before those that were. */
  isWholeFrom(level: Level, fromAt: number | null): void {
    this.#shelves[level].wholeFrom =
      fromAt === null ? Number.NEGATIVE_INFINITY : this.#grid.numberOf(level, fromAt);
  }

  /** What the tables say of minutes before `before` is no longer what was put. */
  forgetMinutes(before: number): void {
    const shelf = this.#shelves.minutes;
    shelf.wholeFrom = Math.max(shelf.wholeFrom, Math.ceil(this.#grid.numberOf("minutes", before)));
  }

  /**
   * Adds up the stretches that make up the buckets between `edges`, for each series by its number. Where not all of that
   * is held, it adds nothing and says so.
   */
  add(
    stretches: readonly Stretch[],
    edges: Float64Array,
    series: Iterable<readonly [number: number, sums: HeldSums]>,
  ): boolean {
    const all = [...series];
    const parts = stretches.map((stretch) => ({
      stretch,
      shelf: this.#shelves[stretch.level],
      first: this.#grid.numberOf(stretch.level, stretch.fromAt),
    }));
    for (const { shelf, first } of parts)
      if (!shelf.isWholeFrom(first) || !all.every(([number]) => shelf.takes(number))) return false;
    for (const { stretch, shelf, first } of parts) {
      const at = this.#grid.startsOf(stretch, shelf.end - first);
      const bucketOf = bucketsOf(at, edges);
      for (const [number, sums] of all) shelf.add(number, first, at, bucketOf, sums);
    }
    return true;
  }
}

/** As narrow as what is in it allows: counts, figures with few digits, any. */
type Numbers = Int16Array | Float32Array | Float64Array;

/** A stretch of one series. */
interface Block {
  mean: Numbers;
  /** Least and greatest in turns; made when they are not the mean. */
  spread: Numbers | null;
  /** 0 where nothing is recorded. */
  readonly state: Uint16Array | Uint32Array;
}

/** Of an hour, 16 bits. */
function stateOf(freshSeconds: number, code: number): number {
  return freshSeconds * 16 + code + 1;
}

/** Units of one level by their number, which grows by one from unit to unit. */
class Shelf {
  /** The first unit of which all is known. */
  wholeFrom = Number.POSITIVE_INFINITY;
  readonly #units: number;
  readonly #blocks: number;
  readonly #State: Size["State"];
  readonly #room: { bytes: number };
  readonly #series = new Map<number, (Block | undefined)[]>();
  /** Series for which there was no room. */
  readonly #refused = new Set<number>();
  /** Of each unit that is held, when its newest word was learnt. */
  readonly #knownAt: Float64Array;
  /** The last unit with a word that came after a newer one about another series, or perhaps about its own: nobody knows here. */
  #doubted = Number.NEGATIVE_INFINITY;
  /** The newest block. */
  #newest = Number.NEGATIVE_INFINITY;

  constructor({ units, blocks, State }: Size, room: { bytes: number }) {
    this.#units = units;
    this.#blocks = blocks;
    this.#State = State;
    this.#room = room;
    this.#knownAt = new Float64Array(units * blocks).fill(Number.NEGATIVE_INFINITY);
  }

  put(words: HeldWords, numberOf: (at: number) => number): void {
    for (let row = 0; row < words.series.length; row++) {
      const unit = numberOf(words.at[row]!);
      const block = Math.floor(unit / this.#units);
      if (block > this.#newest) this.#goTo(block);
      if (!this.hasPlaceFor(unit)) continue;
      const place = this.#placeOf(unit);
      const knownAt = words.knownAt[row]!;
      const isLatest = knownAt >= this.#knownAt[place]!;
      if (isLatest) this.#knownAt[place] = knownAt;
      this.#write(words, row, block, unit, isLatest);
    }
  }

  hasPlaceFor(unit: number): boolean {
    return unit >= this.end - this.#blocks * this.#units;
  }

  clear(unit: number): void {
    if (!this.hasPlaceFor(unit) || unit >= this.end) return;
    const number = Math.floor(unit / this.#units);
    this.#knownAt[this.#placeOf(unit)] = Number.NEGATIVE_INFINITY;
    for (const blocks of this.#series.values()) {
      const block = blocks[modulo(number, this.#blocks)];
      if (block) block.state[modulo(unit, this.#units)] = 0;
    }
  }

  /** The end of the newest block. */
  get end(): number {
    return (this.#newest + 1) * this.#units;
  }

  /** Whether all is known of a unit and those that follow. */
  isWholeFrom(unit: number): boolean {
    return unit >= this.wholeFrom && unit > this.#doubted && this.hasPlaceFor(unit);
  }

  takes(series: number): boolean {
    return !this.#refused.has(series);
  }

  /** Adds units `first` to `first + at.length` of a series, unit by unit. */
  add(series: number, first: number, at: Float64Array, bucketOf: Int32Array, sums: HeldSums): void {
    const blocks = this.#series.get(series);
    if (!blocks) return;
    for (let i = 0; i < at.length; i++) {
      const block = blocks[modulo(Math.floor((first + i) / this.#units), this.#blocks)];
      const place = modulo(first + i, this.#units);
      const state = block?.state[place] ?? 0;
      if (state === 0) continue;
      const mean = block!.mean[place]!;
      const [min, max] = block!.spread
        ? [block!.spread[2 * place]!, block!.spread[2 * place + 1]!]
        : [mean, mean];
      sums.add(bucketOf[i]!, at[i]!, mean, min, max, state >>> 4, (state & 15) - 1);
    }
  }

  #write(words: HeldWords, row: number, number: number, unit: number, isLatest: boolean): void {
    const series = words.series[row]!;
    const block = this.#blockOf(series, number);
    if (!block) return;
    const place = modulo(unit, this.#units);
    if (!isLatest && block.state[place] !== 0) {
      this.#doubted = Math.max(this.#doubted, unit);
      return;
    }
    const freshSeconds = words.freshSeconds[row]!;
    block.state[place] = stateOf(freshSeconds, words.code[row]!);
    const [mean, min, max] =
      freshSeconds > 0 ? [words.mean[row]!, words.min[row]!, words.max[row]!] : [0, 0, 0];
    if (!this.#fit(series, block, mean, min, max)) return;
    block.mean[place] = mean;
    if (!block.spread) return;
    block.spread[2 * place] = min;
    block.spread[2 * place + 1] = max;
  }

  /** Makes a block wide enough for the numbers; false when there is no room for that. */
  #fit(series: number, block: Block, mean: number, min: number, max: number): boolean {
    const before = bytesOf(block);
    if (!block.spread && (min !== mean || max !== mean)) {
      const { mean: same } = block;
      const spread = new (same.constructor as Int16ArrayConstructor)(2 * this.#units);
      for (let i = 0; i < spread.length; i++) spread[i] = same[i >>> 1]!;
      block.spread = spread;
    }
    if (block.spread) block.spread = wideEnough(wideEnough(block.spread, min), max);
    block.mean = wideEnough(block.mean, mean);
    return this.#take(series, bytesOf(block) - before);
  }

  /** The block of a series, made where there is none; `null` where there is no room for the series. */
  #blockOf(series: number, number: number): Block | null {
    if (this.#refused.has(series)) return null;
    let blocks = this.#series.get(series);
    if (!blocks) this.#series.set(series, (blocks = new Array<Block | undefined>(this.#blocks)));
    const place = modulo(number, this.#blocks);
    if (!blocks[place]) {
      const block = { mean: new Int16Array(this.#units), spread: null, state: new this.#State(this.#units) };
      blocks[place] = block;
      if (!this.#take(series, bytesOf(block))) return null;
    }
    return blocks[place];
  }

  /** Takes room for what a series' blocks have grown by; without any, the series is held no more. */
  #take(series: number, bytes: number): boolean {
    this.#room.bytes -= bytes;
    if (this.#room.bytes >= 0) return true;
    this.#refused.add(series);
    for (const block of this.#series.get(series) ?? []) this.#give(block);
    this.#series.delete(series);
    return false;
  }

  #give(block: Block | undefined): void {
    if (block) this.#room.bytes += bytesOf(block);
  }

  /** A newer block begins: what is too old by now goes. */
  #goTo(newest: number): void {
    const gone = Math.min(this.#blocks, newest - this.#newest);
    for (let number = newest - gone + 1; number <= newest; number++) {
      const place = modulo(number, this.#blocks);
      for (const blocks of this.#series.values()) {
        this.#give(blocks[place]);
        blocks[place] = undefined;
      }
      this.#knownAt.fill(Number.NEGATIVE_INFINITY, place * this.#units, (place + 1) * this.#units);
    }
    this.#newest = newest;
    for (const [series, blocks] of this.#series)
      if (blocks.every((block) => block === undefined)) this.#series.delete(series);
  }

  #placeOf(unit: number): number {
    return modulo(unit, this.#units * this.#blocks);
  }
}

function bytesOf({ mean, spread, state }: Block): number {
  return mean.byteLength + (spread?.byteLength ?? 0) + state.byteLength;
}

function wideEnough(numbers: Numbers, next: number): Numbers {
  if (numbers instanceof Float64Array) return numbers;
  if (numbers instanceof Int16Array && next === (next << 16) >> 16) return numbers;
  if (Math.fround(next) !== next) return Float64Array.from(numbers);
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}

/** The bucket of each unit. */
function bucketsOf(at: Float64Array, edges: Float64Array): Int32Array {
  let bucket = 0;
  return Int32Array.from(at, (one) => {
    while (edges[bucket + 1]! <= one) bucket++;
    return bucket;
  });
}

function modulo(number: number, by: number): number {
  return ((number % by) + by) % by;
}
