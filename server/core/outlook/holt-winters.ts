/**
 * Exponential smoothing of a level, a damped trend and an additive season: Holt–Winters with a damped trend, ETS(A,Ad,A)
 * (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §8.3 and §8.5).
 */

const damping = 0.98;
const levelWeights = [0.02, 0.05, 0.1, 0.2, 0.4];
const trendWeights = [0, 0.005, 0.02];
const seasonWeights = [0.05, 0.15, 0.3];

export interface SmoothingWeights {
  readonly level: number;
  readonly trend: number;
  readonly season: number;
}

export class HoltWinters {
  readonly #weights: SmoothingWeights;
  readonly #season: Float64Array;
  #level: number;
  #trend = 0;

  /** Starts from the mean and the season of `values`, which may have gaps (NaN). */
  constructor(
    values: ArrayLike<number>,
    slots: ArrayLike<number>,
    slotCount: number,
    weights: SmoothingWeights,
  ) {
    this.#weights = weights;
    const sums = new Float64Array(slotCount);
    const counts = new Uint32Array(slotCount);
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i]!)) continue;
      sums[slots[i]!]! += values[i]!;
      counts[slots[i]!]!++;
    }
    const total = sums.reduce((sum, one) => sum + one, 0);
    this.#level =
      total /
      Math.max(
        1,
        counts.reduce((sum, one) => sum + one, 0),
      );
    this.#season = sums.map((sum, slot) => (counts[slot] === 0 ? 0 : sum / counts[slot]! - this.#level));
  }

  /** What is expected `steps` buckets ahead, in a bucket of `slot`. */
  ahead(steps: number, slot: number): number {
    const damped = (damping * (1 - damping ** steps)) / (1 - damping);
    return this.#level + damped * this.#trend + this.#season[slot]!;
  }

  /** Learns the next bucket's value; of a gap (NaN) it learns nothing and goes on. */
  learn(value: number, slot: number): void {
    const before = this.#level;
    const carried = before + damping * this.#trend;
    if (Number.isNaN(value)) {
      this.#level = carried;
      this.#trend *= damping;
      return;
    }
    const { level, trend, season } = this.#weights;
    this.#level = level * (value - this.#season[slot]!) + (1 - level) * carried;
    this.#trend = trend * (this.#level - before) + (1 - trend) * damping * this.#trend;
    this.#season[slot] = season * (value - this.#level) + (1 - season) * this.#season[slot]!;
  }
}

/** The weights that would have foretold the next bucket best: the least squared error, by search. */
export function fittedWeights(
  values: ArrayLike<number>,
  slots: ArrayLike<number>,
  slotCount: number,
): SmoothingWeights {
  let best: { readonly weights: SmoothingWeights; readonly error: number } | null = null;
  for (const level of levelWeights)
    for (const trend of trendWeights)
      for (const season of seasonWeights) {
        const weights = { level, trend, season };
        const error = oneStepError(values, slots, slotCount, weights);
        if (best === null || error < best.error) best = { weights, error };
      }
  return best!.weights;
}

function oneStepError(
  values: ArrayLike<number>,
  slots: ArrayLike<number>,
  slotCount: number,
  weights: SmoothingWeights,
): number {
  const model = new HoltWinters(values, slots, slotCount, weights);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isNaN(value)) sum += (value - model.ahead(1, slots[i]!)) ** 2;
    model.learn(value, slots[i]!);
  }
  return sum;
}
