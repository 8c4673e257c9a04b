import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { kinds, type FieldValue, type Kind } from "../../shared/kinds.ts";
import {
  atlas,
  crowdFactor,
  drawnKinds,
  isOnMap,
  kindSymbol,
  symbolNames,
  symbolOf,
  zoomFactor,
} from "./symbols.ts";

const now = 1_000_000;

function row(kind: Kind, fields: Record<string, FieldValue> = {}, rest: Partial<EntityRow> = {}): EntityRow {
  const id = `f/${kind}/1`;
  return { slot: 1, id, kind, position: [0, 0], estimated: false, observedAt: now, fields, ...rest };
}

describe("symbolOf", () => {
  const bus = (ageSeconds: number, bearing: number | null = 90) =>
    row("VehiclePosition", { bearing }, { observedAt: now - ageSeconds * 1_000 });

  it("draws a vehicle full, hollow after 90 s, dashed after 5 min", () => {
    expect(symbolOf(bus(8), now, "fresh")).toBe("arrow");
    expect(symbolOf(bus(91), now, "fresh")).toBe("arrow-late");
    expect(symbolOf(bus(301), now, "fresh")).toBe("arrow-stale");
  });

  it("never guesses a heading", () => {
    expect(symbolOf(bus(8, null), now, "fresh")).toBe("dot");
    expect(symbolOf(bus(91, null), now, "fresh")).toBe("dot-late");
  });

  it("marks an estimated place", () => {
    expect(symbolOf(row("TripUpdate", {}, { estimated: true }), now, "fresh")).toBe("placed");
  });

  it("believes no symbol of a feed that is stale or down", () => {
    expect(symbolOf(bus(8), now, "down")).toBe("arrow-stale");
    expect(symbolOf(row("StationStatus", { numVehiclesAvailable: 0 }), now, "stale")).toBe("ring-stale");
    // A warning holds until its own end, whatever becomes of its feed.
    for (const kind of drawnKinds.filter((one) => one !== "CapAlert" && one !== "Vehicle"))
      expect([kind, symbolOf(row(kind), now, "down")]).toEqual([
        kind,
        expect.stringMatching(/-(stale|late)$/),
      ]);
  });

  it("fills a station by what it has; nothing known is neither empty nor full", () => {
    const station = (bikes: number | null, docks: number | null) =>
      symbolOf(row("StationStatus", { numVehiclesAvailable: bikes, numDocksAvailable: docks }), now, "fresh");
    expect(station(0, 12)).toBe("station-empty");
    expect(station(12, 0)).toBe("station-full");
    expect(station(3, 9)).toBe("station-some");
    expect(station(null, null)).toBe("station-some");
  });

  it("has a symbol for every kind", () => {
    for (const kind of kinds) expect(symbolNames).toContain(kindSymbol(kind));
  });
});

describe("isOnMap", () => {
  it("shows what is open and has a place", () => {
    expect(isOnMap(row("DispatchCall", { status: "open" }), 0)).toBe(true);
    expect(isOnMap(row("ServiceRequest", { status: "Closed" }), 0)).toBe(false);
    expect(isOnMap(row("DispatchCall", { status: null }), 0)).toBe(true);
    expect(isOnMap(row("DispatchCall", { status: "open" }, { position: null }), 0)).toBe(false);
  });

  it("shows works from their start to their end", () => {
    const works = row("WorkZone", { startsAt: 100, endsAt: 200 });
    expect([99, 100, 199, 200].map((now) => isOnMap(works, now))).toEqual([false, true, true, false]);
    expect(isOnMap(row("WorkZone", { startsAt: null, endsAt: null }), 99)).toBe(true);
    expect(isOnMap(works, null)).toBe(true);
  });

  it("shows a situation while it is in force, whatever its times are", () => {
    const over = { startsAt: 100, endsAt: 200 };
    expect(isOnMap(row("Situation", { ...over, isActive: true }), 300)).toBe(true);
    expect(isOnMap(row("Situation", { ...over, isActive: false }), 150)).toBe(false);
    expect(isOnMap(row("Situation", { isActive: true }, { position: null }), 150)).toBe(false);
  });
});

describe("the atlas", () => {
  it("keeps the symbols apart", () => {
    atlas.cells.forEach(({ x, y, size }, i) => {
      expect([x > 0, y > 0, x + size < atlas.width, y + size < atlas.height]).toEqual(Array(4).fill(true));
      for (const other of atlas.cells.slice(i + 1))
        expect(other.y > y + size || (other.y === y && other.x > x + size)).toBe(true);
    });
    expect(atlas.cells).toHaveLength(symbolNames.length);
  });

  it("fits the largest texture that every WebGL 2 has, on a 4K wall at street level", () => {
    for (const side of [atlas.width, atlas.height]) expect(2 * 2 * zoomFactor(20) * side).toBeLessThan(2_048);
  });
});

describe("crowdFactor", () => {
  it("leaves symbols as they are until they would cover the ground, and then makes them fit", () => {
    expect(crowdFactor(1_000, 1_000)).toBe(1);
    const factor = crowdFactor(2_400, 1_000);
    expect(2_400 * factor ** 2).toBeCloseTo(1_000);
    expect(crowdFactor(1e9, 1_000)).toBe(0.3);
    expect(crowdFactor(0, 0)).toBe(1);
  });
});

it("draws every kind once", () => {
  expect(new Set(drawnKinds).size).toBe(drawnKinds.length);
});
