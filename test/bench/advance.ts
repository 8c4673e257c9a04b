/** What a tick of the live city costs: beside its budget, and beside a city that holds a hundredth of the things. */

import type { IndicatorDefinition, Measure } from "../../shared/city.ts";
import type { Entity } from "../../shared/entity.ts";
import { indexAreas } from "../../server/core/city/areas.ts";
import { emptyBatch, type FeedWord } from "../../server/core/city/changes.ts";
import { City } from "../../server/core/city/city.ts";
import { entity, indicator, plan, plannedFeed, word } from "../planned-city.ts";
import type { Benchmark } from "./benchmark.ts";

const start = Date.UTC(2026, 2, 7, 12, 0);
const ticksPerSecond = 4;
const observationsPerTick = 15_000 / ticksPerSecond;
const kinds = ["StationStatus", "Sensor", "ServiceCounter", "Vehicle"] as const;

/** 40 square areas side by side. */
const areas = indexAreas([
  {
    level: "district",
    areas: Array.from({ length: 40 }, (_, i) => {
      const [west, south] = [(i % 8) / 10, Math.floor(i / 8) / 10];
      const [east, north] = [west + 0.1, south + 0.1];
      const ring = [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ];
      return { id: `d${i}`, geometry: { type: "Polygon", coordinates: [ring] } };
    }),
  },
]);

/** 60 indicators, 15 per kind, over every measure of the closed set that reads entities. */
function indicators(): IndicatorDefinition[] {
  const fields = {
    StationStatus: "numVehiclesAvailable",
    Sensor: "value",
    ServiceCounter: "waiting",
    Vehicle: "currentRangeMeters",
  };
  return kinds.flatMap((reads) => {
    const field = fields[reads];
    const measures: Measure[] = [
      { count: true },
      { sum: field },
      { mean: field },
      { max: field },
      { min: field },
      { percentile: { field, p: 50 } },
      { percentile: { field, p: 90 } },
      { share: { [field]: { from: 50 } } },
      { share: { [field]: 0 } },
      { latest: field },
    ];
    const all = [...measures, ...measures.slice(0, 5)];
    return all.map((measure, i) =>
      indicator({
        id: `transport.${reads}-${i}`.toLowerCase(),
        reads,
        measure,
        by: ["area.district"],
        where: i < measures.length ? {} : { [field]: { from: 10 } },
      }),
    );
  });
}

function thing(i: number, step: number): Entity {
  const kind = kinds[i % kinds.length]!;
  const amount = (i * 7919 + step * 104_729) % 100;
  const fields = {
    StationStatus: { numVehiclesAvailable: amount },
    Sensor: { value: amount },
    ServiceCounter: { waiting: amount },
    Vehicle: { currentRangeMeters: amount },
  }[kind];
  const at = start + step * 250;
  const position = [((i * 31) % 800) / 1000, ((i * 17) % 500) / 1000] as const;
  return entity(kind, `${i}`, {
    feedId: "all",
    observedAt: at,
    receivedAt: at,
    position,
    fields,
  } as Partial<Entity>) as Entity;
}

/** A city of `entities` things and a way to step it, `changes` things at a time. */
function steppedCity(entities: number, changes: number): { step(): void } {
  const feeds = [plannedFeed({ id: "all", gives: [...kinds] })];
  const city = new City(plan({ feeds, areas, indicators: indicators() }));
  const take = (first: number, count: number, step: number): FeedWord =>
    word(
      {
        mode: "partial",
        entities: Array.from({ length: count }, (_, i) => thing((first + i) % entities, step)),
      },
      { feedId: "all", receivedAt: start + step * 250 },
    );
  city.advance({ ...emptyBatch, words: [take(0, entities, 0)] }, start);
  let steps = 0;
  let words: FeedWord[] = [];
  return {
    step() {
      if (words.length === 0)
        words = Array.from({ length: 8 }, (_, i) => take((steps + i) * changes, changes, steps + i + 1));
      steps++;
      city.advance({ ...emptyBatch, words: [words.shift()!] }, start + steps * 250);
    },
  };
}

/** CPU milliseconds of `ticks` steps, each. */
function cpuPerTick(city: { step(): void }, ticks: number): number {
  let cpu = 0;
  for (let tick = 0; tick < ticks; tick += 8) {
    // The first of eight makes the input of all eight; it is not counted.
    city.step();
    const before = process.cpuUsage();
    for (let i = 1; i < 8; i++) city.step();
    const { user, system } = process.cpuUsage(before);
    cpu += (user + system) / 1000;
  }
  return cpu / ((ticks / 8) * 7);
}

/** 50,000 things, 15,000 observations a second, 60 indicators by 40 areas: a tenth of a core. */
export const advanceBudget: Benchmark = {
  name: "advance",
  unit: "ms CPU/tick",
  baselineName: "budget",
  target: 1,
  prepare() {
    const city = steppedCity(50_000, observationsPerTick);
    cpuPerTick(city, 64);
    return Promise.resolve({ ours: () => cpuPerTick(city, 64), baseline: () => 1000 / ticksPerSecond / 10 });
  },
};

function growth(times: number): Benchmark {
  return {
    name: `advance-${times}x`,
    unit: "ms CPU/tick",
    baselineName: "the same changes in a city of 1,000",
    target: 1.5,
    prepare() {
      const [large, small] = [steppedCity(1000 * times, 400), steppedCity(1000, 400)];
      cpuPerTick(large, 160);
      cpuPerTick(small, 160);
      return Promise.resolve({ ours: () => cpuPerTick(large, 160), baseline: () => cpuPerTick(small, 160) });
    },
  };
}

export const advanceGrowth: readonly Benchmark[] = [growth(10), growth(100)];
