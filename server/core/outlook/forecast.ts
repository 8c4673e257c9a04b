/**
 * What is to come, by whichever of two named methods would have foretold the last weeks better: Holt–Winters, or the
 * same slot of the season before ("seasonal naive"). Its error is not promised but measured, by forecasts from many
 * instants of the past (rolling origin; Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §5.10).
 */

import { forecastMethods, type BackTest, type ForecastMethod } from "../../../shared/outlook.ts";
import { bandOf, type Band } from "./band.ts";
import { fittedWeights, HoltWinters } from "./holt-winters.ts";

/** Known seasons without which nothing is foretold: two to learn from, two to be tested by. */
const fewestSeasons = 4;
/** From how many past instants it is tested at most. */
const mostOrigins = 28;
/** A gap may hide so much of what is learnt from. */
const leastKnownShare = 0.5;

/** The band held 80 percent of what came, in the back-test. */
export interface ForecastPoint extends Band {
  readonly value: number;
}

export interface Forecast {
  readonly method: ForecastMethod;
  readonly points: readonly ForecastPoint[];
  readonly backTest: BackTest;
}

export interface ForecastInput {
  /** Buckets in the order of time, NaN for gaps; the last one is the one before the first that is foretold. */
  readonly values: Float64Array;
  /** Of `values` and of the buckets to come. */
  readonly slots: Uint16Array;
  readonly slotCount: number;
  /** How many buckets to come are asked for. */
  readonly horizon: number;
  /** What the figure can never pass, such as 0 and 100 for a percentage. */
  readonly least: number;
  readonly greatest: number;
}

/**
 * Foretells, or `null` when less is known than four seasons, more than half of them is gaps, or nothing is known far enough
 * back to test it this far ahead.
 */
export function forecast(input: ForecastInput): Forecast | null {
  const { values, slotCount, horizon } = input;
  const known = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  if (values.length < fewestSeasons * slotCount || known < values.length * leastKnownShare) return null;
  const origins = originsOf(values.length, slotCount, horizon);
  const ways = forecastMethods.map((method) => tested(method, input, origins));
  const scores = ways.map(({ errors }) => meanAbsolute(errors.flat()));
  if (scores.includes(Number.POSITIVE_INFINITY)) return null;
  const best = scores[0]! <= scores[1]! ? 0 : 1;
  const { ahead, errors } = ways[best]!;
  const bands = errors.map((atStep) => errorBand(atStep, errors));
  const within = (value: number): number => Math.min(input.greatest, Math.max(input.least, value));
  return {
    method: forecastMethods[best]!,
    points: ahead.map((value, step) => ({
      value: within(value),
      low: within(value + bands[step]!.low),
      high: within(value + bands[step]!.high),
    })),
    backTest: {
      origins: origins.length,
      meanAbsoluteError: scores[best]!,
      naiveMeanAbsoluteError: scores[1]!,
      insidePercent: insidePercent(errors),
    },
  };
}

/** The places in `values` from which it is foretold in the back-test, after half of what is known. */
function originsOf(length: number, slotCount: number, horizon: number): readonly number[] {
  const from = Math.max(2 * slotCount, Math.ceil(length / 2));
  const to = length - horizon;
  // Origins a whole number of days apart would only ever test one hour of the day.
  const step = Math.max(1, Math.floor((to - from) / mostOrigins)) | 1;
  return Array.from({ length: Math.max(0, Math.floor((to - from) / step) + 1) }, (_, i) => from + i * step);
}

interface Tested {
  readonly ahead: readonly number[];
  /** What came less what was foretold, by steps ahead. */
  readonly errors: readonly (readonly number[])[];
}

function tested(method: ForecastMethod, input: ForecastInput, origins: readonly number[]): Tested {
  const { values, horizon } = input;
  const errors = Array.from({ length: horizon }, (): number[] => []);
  const model = method === "holt-winters" ? smoothed(input, origins) : naive(input);
  for (const origin of origins) {
    model.learnUntil(origin);
    for (let step = 0; step < horizon; step++) {
      const error = values[origin + step]! - model.ahead(step);
      if (!Number.isNaN(error)) errors[step]!.push(error);
    }
  }
  model.learnUntil(values.length);
  return { ahead: Array.from({ length: horizon }, (_, step) => model.ahead(step)), errors };
}

interface Model {
  /** Knows of the buckets before `end`; ends only grow. */
  learnUntil(end: number): void;
  /** Of the bucket `step` after those it knows, from 0. */
  ahead(step: number): number;
}

function smoothed({ values, slots, slotCount }: ForecastInput, origins: readonly number[]): Model {
  // Nothing of what it is tested by may have been learnt from.
  const first = origins[0] ?? values.length;
  const learnt = values.subarray(0, first);
  const model = new HoltWinters(learnt, slots, slotCount, fittedWeights(learnt, slots, slotCount));
  let known = 0;
  return {
    learnUntil(end) {
      for (; known < end; known++) model.learn(values[known]!, slots[known]!);
    },
    ahead: (step) => model.ahead(step + 1, slots[known + step]!),
  };
}

function naive({ values, slots, slotCount }: ForecastInput): Model {
  const last = new Float64Array(slotCount).fill(Number.NaN);
  let known = 0;
  return {
    learnUntil(end) {
      for (; known < end; known++) if (!Number.isNaN(values[known]!)) last[slots[known]!] = values[known]!;
    },
    ahead: (step) => last[slots[known + step]!]!,
  };
}

function meanAbsolute(errors: readonly number[]): number {
  if (errors.length === 0) return Number.POSITIVE_INFINITY;
  return errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
}

/** Of one step's errors; where hardly any came, of all steps'. */
function errorBand(atStep: readonly number[], all: readonly (readonly number[])[]): Band {
  return bandOf((atStep.length >= 5 ? atStep : all.flat()).toSorted((a, b) => a - b));
}

/** Bands of the earlier half of the test, judged by the later one; `null` when too little came. */
function insidePercent(errors: Tested["errors"]): number | null {
  const earlier = errors.map((atStep) => atStep.slice(0, Math.floor(atStep.length / 2)));
  const later = errors.map((atStep) => atStep.slice(Math.floor(atStep.length / 2)));
  const bands = earlier.map((atStep) => errorBand(atStep, earlier));
  const isInside = later.flatMap((atStep, step) =>
    atStep.map((error) => error >= bands[step]!.low && error <= bands[step]!.high),
  );
  return isInside.length === 0 ? null : (100 * isInside.filter(Boolean).length) / isInside.length;
}
