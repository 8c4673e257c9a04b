import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { kinds, type FieldValue, type Kind } from "../../shared/kinds.ts";
import {
  drawnKinds,
  isOnMap,
  kindSymbol,
  layOutAtlas,
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
});

describe("layOutAtlas", () => {
  it.each([0.5, 1, 2.75, 8])("keeps the symbols apart at %d device pixels per u", (pixelsPerU) => {
    const { width, height, cells } = layOutAtlas(pixelsPerU);
    let reached = 0;
    for (const name of symbolNames) {
      const cell = cells[name];
      expect(cell.x).toBeGreaterThan(reached);
      reached = cell.x + cell.width;
      expect(reached).toBeLessThan(width);
      expect(cell.y + cell.height).toBeLessThan(height);
    }
  });

  it("fits the largest texture that every WebGL 2 has, on a 4K wall at street level", () => {
    expect(layOutAtlas(2 * 2 * zoomFactor(20)).width).toBeLessThan(2_048);
  });
});

it("draws every kind once", () => {
  expect(new Set(drawnKinds).size).toBe(drawnKinds.length);
});
