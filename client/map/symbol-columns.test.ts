import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { followRows } from "./glide.ts";
import { nearestSlot, symbolColumns } from "./symbol-columns.ts";
import { symbolNames } from "./symbols.ts";

function bus(slot: number, lon: number, bearing: number | null = 90): EntityRow {
  return {
    slot,
    id: `bus/VehiclePosition/${slot}`,
    kind: "VehiclePosition",
    position: [lon, 37],
    estimated: false,
    observedAt: 1_000,
    fields: { bearing },
  };
}
const mapOf = (...rows: EntityRow[]) => new Map(rows.map((row) => [row.slot, row]));
const seen = {
  anchor: [-122, 37] as const,
  tracks: [],
  now: 2_000,
  nowMs: 50_000,
  feedOf: () => "fresh" as const,
};

describe("symbolColumns", () => {
  it("has one row per thing with a place", () => {
    const columns = symbolColumns(mapOf(bus(1, -122), { ...bus(2, 0), position: null }, bus(3, -121)), seen);
    expect(columns.length).toBe(2);
    expect(Array.from(columns.positions)).toEqual([-122, 37, -121, 37]);
    expect(Array.from(columns.slots)).toEqual([1, 3]);
  });

  it("turns arrows clockwise with the bearing, and nothing else", () => {
    const columns = symbolColumns(mapOf(bus(1, -122, 90), bus(2, -122, null)), seen);
    expect(Array.from(columns.symbols, (number) => symbolNames[number])).toEqual(["arrow", "dot"]);
    expect(Array.from(columns.angles)).toEqual([-90, 0]);
  });

  it("carries the glide in seconds since its own epoch", () => {
    const first = followRows([], [bus(1, -122)], 40_000, false);
    const tracks = followRows(first, [bus(1, -121.999)], 45_000, false);
    const columns = symbolColumns(mapOf(bus(1, -121.999)), { ...seen, tracks });
    expect(Array.from(columns.glides)).toEqual([-5, 5]);
    expect(columns.origins[0]).toBeCloseTo(0, 6);
    expect(columns.places[0]).toBeCloseTo(0.001, 6);
  });

  it("is empty without things and quick with 20,000", () => {
    expect(symbolColumns(new Map(), seen).length).toBe(0);
    const many = mapOf(...Array.from({ length: 20_000 }, (_, i) => bus(i, -122 + i / 1e6)));
    const start = performance.now();
    expect(symbolColumns(many, seen).length).toBe(20_000);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe("nearestSlot", () => {
  const columns = symbolColumns(mapOf(bus(1, 0), bus(2, 10)), seen);
  const project = (lon: number) => ({ x: lon, y: 0 });

  it("finds the nearest within reach", () => {
    expect(nearestSlot(columns, project, { x: 8, y: 0 }, 3)).toEqual({ slot: 2, distance: 2 });
    expect(nearestSlot(columns, project, { x: 5, y: 0 }, 3)).toBeNull();
  });
});
