/**
 * How vehicles move between two reports: from where they are drawn to where they were last seen, in about the time
 * that the last two reports lay apart. Nothing is ever drawn beyond the last report. Places are shares of the world
 * (`mercator.ts`) from the middle of the city, times wall milliseconds (`performance.now()`), because motion is for the
 * eye.
 */

const shortestMs = 1_000;
const longestMs = 60_000;
/** A longer way between two reports (2 km at the equator) is a jump (another trip, a corrected place), not a movement. */
const longestWay = 0.02 / 360;

/** The glides of the things of one kind, by slot; in columns, because twenty thousand may be reported at once. */
export class Glides {
  /** x and y of the last report, and of where the glide to it began. */
  to = new Float32Array(0);
  from = new Float32Array(0);
  startMs = new Float64Array(0);
  /** 0: it stands. */
  spanMs = new Float64Array(0);
  #lastRound = new Uint32Array(0);
  #round = 1;
  #nowMs = 0;
  #steps = false;
  #untilMs = 0;
  #fastest = 0;

  /**
   * Before the reports of all things there are: one that the round before did not report is new. With `steps` (reduced
   * motion) everything stands at its last report.
   */
  nextRound(nowMs: number, steps: boolean): void {
    this.#round++;
    this.#nowMs = nowMs;
    this.#steps = steps;
    this.#untilMs = this.#fastest = 0;
  }

  report(slot: number, x: number, y: number): void {
    if (slot >= this.startMs.length) this.#grow(slot + 1);
    const isKnown = this.#lastRound[slot] === this.#round - 1;
    this.#lastRound[slot] = this.#round;
    if (!isKnown || this.#steps) this.#stand(slot, x, y);
    else if (Math.fround(x) !== this.to[slot * 2] || Math.fround(y) !== this.to[slot * 2 + 1])
      this.#move(slot, x, y);
    if (this.spanMs[slot]! > 0) this.#count(slot);
  }

  /** How the things of this round move. */
  get motion(): Motion {
    return { untilMs: this.#untilMs, fastest: this.#fastest };
  }

  /** Where a thing is drawn at `nowMs`. */
  placeAt(slot: number, nowMs: number): [x: number, y: number] {
    return [this.#between(slot * 2, slot, nowMs), this.#between(slot * 2 + 1, slot, nowMs)];
  }

  #between(i: number, slot: number, nowMs: number): number {
    const spanMs = this.spanMs[slot]!;
    const gone = spanMs === 0 ? 1 : Math.min(Math.max((nowMs - this.startMs[slot]!) / spanMs, 0), 1);
    return gone === 1 ? this.to[i]! : this.from[i]! + (this.to[i]! - this.from[i]!) * gone;
  }

  #stand(slot: number, x: number, y: number): void {
    this.#set(slot, x, y, x, y, 0);
  }

  #move(slot: number, x: number, y: number): void {
    const fromX = this.#between(slot * 2, slot, this.#nowMs);
    const fromY = this.#between(slot * 2 + 1, slot, this.#nowMs);
    if (Math.hypot(x - fromX, y - fromY) > longestWay) return this.#stand(slot, x, y);
    const spanMs = Math.min(Math.max(this.#nowMs - this.startMs[slot]!, shortestMs), longestMs);
    this.#set(slot, x, y, fromX, fromY, spanMs);
  }

  #set(slot: number, x: number, y: number, fromX: number, fromY: number, spanMs: number): void {
    this.to[slot * 2] = x;
    this.to[slot * 2 + 1] = y;
    this.from[slot * 2] = fromX;
    this.from[slot * 2 + 1] = fromY;
    this.startMs[slot] = this.#nowMs;
    this.spanMs[slot] = spanMs;
  }

  #count(slot: number): void {
    const [x, y] = [slot * 2, slot * 2 + 1];
    const way = Math.hypot(this.to[x]! - this.from[x]!, this.to[y]! - this.from[y]!);
    this.#untilMs = Math.max(this.#untilMs, this.startMs[slot]! + this.spanMs[slot]!);
    this.#fastest = Math.max(this.#fastest, way / this.spanMs[slot]!);
  }

  #grow(slots: number): void {
    const room = Math.max(slots, this.startMs.length * 2, 64);
    this.to = grown(this.to, new Float32Array(room * 2));
    this.from = grown(this.from, new Float32Array(room * 2));
    this.startMs = grown(this.startMs, new Float64Array(room));
    this.spanMs = grown(this.spanMs, new Float64Array(room));
    this.#lastRound = grown(this.#lastRound, new Uint32Array(room));
  }
}

function grown<T extends Float32Array | Float64Array | Uint32Array>(old: T, room: T): T {
  room.set(old);
  return room;
}

export interface Motion {
  /** Until when something moves, wall milliseconds; 0 when nothing does. */
  readonly untilMs: number;
  /** How fast the fastest moves, in shares of the world per millisecond. */
  readonly fastest: number;
}

export const stillness: Motion = { untilMs: 0, fastest: 0 };

export function bothMotions(a: Motion, b: Motion): Motion {
  return { untilMs: Math.max(a.untilMs, b.untilMs), fastest: Math.max(a.fastest, b.fastest) };
}

/** Milliseconds to the next picture: when the fastest has moved far enough for an eye to see it. */
export function nextFrameMs({ fastest }: Motion, worldPixels: number): number {
  return Math.min(Math.max(visiblePixels / (fastest * worldPixels), quickestFrameMs), slowestFrameMs);
}

const visiblePixels = 1 / 3;
const quickestFrameMs = 50;
const slowestFrameMs = 1_000;
