import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { Glides } from "./glide.ts";
import { worldX, worldY } from "./mercator.ts";
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
  anchor: [worldX(-122), worldY(37)] as const,
  glides: null,
  now: 2_000,
  nowMs: 50_000,
  steps: false,
  feedOf: () => "fresh" as const,
};

describe("symbolColumns", () => {
  it("has one row per thing with a place", () => {
    const columns = symbolColumns(mapOf(bus(1, -122), { ...bus(2, 0), position: null }, bus(3, -121)), seen);
    expect(columns.length).toBe(2);
    expect(Array.from(columns.places)).toEqual([0, 0, Math.fround(1 / 360), 0]);
    expect(Array.from(columns.slots)).toEqual([1, 3]);
  });

  it("turns arrows clockwise with the bearing, and nothing else", () => {
    const columns = symbolColumns(mapOf(bus(1, -122, 90), bus(2, -122, null)), seen);
    expect(Array.from(columns.symbols, (number) => symbolNames[number])).toEqual(["arrow", "dot"]);
    expect(Array.from(columns.angles)).toEqual([90, 0]);
  });

  it("carries the glide in seconds since its own epoch", () => {
    const glides = new Glides();
    symbolColumns(mapOf(bus(1, -122)), { ...seen, glides, nowMs: 40_000 });
    symbolColumns(mapOf(bus(1, -121.999)), { ...seen, glides, nowMs: 45_000 });
    const columns = symbolColumns(mapOf(bus(1, -121.999)), { ...seen, glides });
    expect(Array.from(columns.glides)).toEqual([-5, 5]);
    expect(columns.origins[0]).toBeCloseTo(0, 9);
    expect(columns.places[0]).toBeCloseTo(0.001 / 360, 9);
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
  const columns = symbolColumns(mapOf(bus(1, -122), bus(2, -121)), seen);
  const east = (degrees: number): number => degrees / 360;

  it("finds the nearest within reach", () => {
    const found = nearestSlot(columns, east(0.8), 0, east(0.3));
    expect(found?.slot).toBe(2);
    expect(found?.distance).toBeCloseTo(east(0.2));
    expect(nearestSlot(columns, east(0.5), 0, east(0.3))).toBeNull();
  });
});
