/** `Recent` beside the simplest thing that does the same: a map of minutes for each series. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Reading } from "../../shared/protocol.ts";
import { freshCode, notRecorded, stateCode } from "../../shared/state-code.ts";
import { unrecorded, type HeldMinute } from "./minute-runs.ts";
import { Recent, type MeasuredMinutes } from "./recent.ts";

const minuteMs = 60_000;
const start = Date.UTC(2026, 0, 5, 22, 40) / minuteMs;
const ids = ["transport.bikes", "transport.docks", "transport.runs"];

class Model {
  readonly series = new Map<string, Map<number, HeldMinute>>();
  newest = -1;

  sample(readings: readonly Reading[], minute: number): void {
    if (minute === this.newest) return;
    if (minute < this.newest) this.#forget((held) => held >= minute);
    this.#startMinute(minute);
    for (const reading of readings) {
      const mean = reading.value ?? Number.NaN;
      const code = stateCode(reading);
      const freshSeconds = code === freshCode ? 60 : 0;
      this.#of(reading.id).set(minute, { mean, min: mean, max: mean, freshSeconds, code });
    }
  }

  hold(until: number): void {
    for (let minute = this.newest + 1; minute < until; minute++) {
      this.#startMinute(minute);
      for (const held of this.series.values()) {
        const before = held.get(minute - 1);
        if (before) held.set(minute, { ...before, min: before.mean, max: before.mean });
      }
    }
  }

  put(id: string, from: number, count: number, word: HeldMinute): void {
    for (let minute = from; minute < from + count; minute++) {
      if (minute > this.newest || minute <= this.newest - 1440) continue;
      const last = this.#of(id).get(minute) ?? unrecorded;
      const { freshSeconds, code } = word;
      this.#of(id).set(minute, freshSeconds === 0 ? { ...last, freshSeconds, code } : word);
    }
  }

  /** Mean, least, greatest, fresh seconds and code of [`from`, `to`). */
  bucket(id: string, from: number, to: number): number[] {
    const minutes = Array.from({ length: to - from }, (_, i) => from + i)
      .filter((minute) => minute <= this.newest && minute > this.newest - 1440)
      .flatMap((minute) => this.series.get(id)?.get(minute) ?? []);
    const fresh = minutes.filter(({ freshSeconds }) => freshSeconds > 0);
    const seconds = fresh.reduce((sum, { freshSeconds }) => sum + freshSeconds, 0);
    const weighted = fresh.reduce((sum, { mean, freshSeconds }) => sum + mean * freshSeconds, 0);
    const code = minutes.at(-1)?.code ?? notRecorded;
    if (fresh.length === 0) return [Number.NaN, Number.NaN, Number.NaN, 0, code];
    const [least, greatest] = [fresh.map(({ min }) => min), fresh.map(({ max }) => max)];
    return [weighted / seconds, Math.min(...least), Math.max(...greatest), seconds, code];
  }

  #startMinute(minute: number): void {
    // A day that begins and ends within an hour has minutes of 25.
    const hour = Math.floor(minute / 60);
    this.#forget((held) => Math.floor(held / 60) % 25 === hour % 25 && Math.floor(held / 60) !== hour);
    this.newest = minute;
  }

  #forget(isForgotten: (minute: number) => boolean): void {
    for (const held of this.series.values())
      for (const minute of held.keys()) if (isForgotten(minute)) held.delete(minute);
  }

  #of(id: string): Map<number, HeldMinute> {
    const held = this.series.get(id) ?? new Map<number, HeldMinute>();
    this.series.set(id, held);
    return held;
  }
}

const readings = fc
  .subarray(ids)
  .chain((some) =>
    fc.tuple(
      ...some.map((id) =>
        fc
          .tuple(fc.constantFrom(1, 2.5, 7), fc.constantFrom("fresh", "stale", "none" as const))
          .map(([value, state]): Reading => ({
            id,
            value: state === "none" ? null : value,
            state,
            reason: { fresh: null, stale: "stale", none: "no-data" }[state] as Reading["reason"],
            quality: "good",
            observedAt: 0,
            oldestAt: 0,
          })),
      ),
    ),
  );

/** What was measured begins so many minutes before the newest. */
const measured = fc.record({
  id: fc.constantFrom(...ids),
  before: fc.oneof(fc.integer({ min: -1, max: 70 }), fc.integer({ min: 0, max: 1500 })),
  count: fc.integer({ min: 1, max: 130 }),
  mean: fc.constantFrom(1, 2.5, 1 / 3),
  spread: fc.constantFrom(0, 0, 0.5),
  freshSeconds: fc.constantFrom(0, 20, 60),
});

const steps = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("sample" as const), readings }) },
  { weight: 3, arbitrary: measured.map((word) => ({ does: "put" as const, ...word })) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("hold" as const), minutes: fc.integer({ min: 1, max: 200 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant("jump" as const),
      minutes: fc.oneof(fc.integer({ min: -90, max: 90 }), fc.integer({ min: -300, max: 1600 })),
    }),
  },
);

function columnsOf(id: string, from: number, count: number, held: HeldMinute): MeasuredMinutes {
  return {
    series: [id],
    seriesOf: Uint32Array.of(0),
    at: Float64Array.of(from * minuteMs),
    count: Uint16Array.of(count),
    mean: Float64Array.of(held.mean),
    min: Float64Array.of(held.min),
    max: Float64Array.of(held.max),
    freshSeconds: Uint8Array.of(held.freshSeconds),
    code: Uint8Array.of(held.code),
  };
}

function expectAlike(recent: Recent, model: Model, bucketMinutes: number): void {
  const first = model.newest - 1500;
  const count = Math.floor(1510 / bucketMinutes);
  const edges = Float64Array.from({ length: count + 1 }, (_, i) => (first + i * bucketMinutes) * minuteMs);
  const ofModel = ids.map((id) =>
    Array.from({ length: count }, (_, i) => {
      const from = first + i * bucketMinutes;
      const [mean, ...exact] = model.bucket(id, from, from + bucketMinutes);
      return [rounded(mean!), ...exact];
    }),
  );
  const told = recent.points({ series: ids, edges, asOf: null });
  const ours = told.map(({ mean, min, max, freshSeconds, code }) =>
    Array.from(mean, (one, i) => [rounded(one), min[i], max[i], freshSeconds[i], code[i]]),
  );
  expect(ours).toEqual(ofModel);
}

/** A sum has other last digits in another order. */
function rounded(mean: number): number {
  return Number(mean.toPrecision(12));
}

test("a day of minutes is what was sampled, measured and held, whatever the clock did", async () => {
  const folder = await mkdtemp(join(tmpdir(), "recent-model-"));
  const check = async (all: readonly (typeof steps extends fc.Arbitrary<infer S> ? S : never)[]) => {
    const recent = new Recent(join(folder, "\0"), { warn: () => undefined });
    const model = new Model();
    let minute = start;
    for (const step of all) {
      if (step.does === "sample") {
        recent.sample(step.readings, ++minute * minuteMs);
        model.sample(step.readings, minute);
      } else if (step.does === "hold") {
        minute += step.minutes;
        recent.hold((minute + 1) * minuteMs);
        if (model.newest >= 0) model.hold(minute + 1);
      } else if (step.does === "jump") minute += step.minutes;
      else if (model.newest >= 0) {
        const { id, before, count, mean, spread, freshSeconds } = step;
        const word = { mean, min: mean - spread, max: mean + spread, freshSeconds, code: 1 };
        recent.put(columnsOf(id, model.newest - before, count, word));
        model.put(id, model.newest - before, count, word);
      }
    }
    if (model.newest >= 0) for (const bucketMinutes of [1, 7]) expectAlike(recent, model, bucketMinutes);
    await recent.flushed();
  };
  await fc.assert(fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), check), {
    seed: 11,
    numRuns: 30,
  });
  await rm(folder, { recursive: true });
});
