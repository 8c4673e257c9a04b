import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FieldValue, Kind } from "../../shared/kinds.ts";
import { newestFirst, placeOf, stateOf, titleOf } from "./entity-rows.ts";
import { visibleRange } from "./row-window.ts";

const now = 10_000_000;
function row(kind: Kind, fields: Record<string, FieldValue>, rest: Partial<EntityRow> = {}): EntityRow {
  const id = `f/${kind}/1`;
  return { slot: 1, id, kind, position: [-122.4, 37.8], estimated: false, observedAt: now, fields, ...rest };
}

describe("newestFirst", () => {
  it("orders by when the thing began, leaves out what is over, puts what has no time last", () => {
    const old = row("DispatchCall", { callAt: 1 }, { id: "old" });
    const young = row("DispatchCall", { callAt: 2 }, { id: "young" });
    const closed = row("DispatchCall", { callAt: 3, status: "closed" }, { id: "closed" });
    const timeless = row("DispatchCall", {}, { id: "timeless", observedAt: null });
    expect(newestFirst([timeless, old, closed, young], null).map(({ id }) => id)).toEqual([
      "young",
      "old",
      "timeless",
    ]);
  });
});

describe("the words of a thing", () => {
  it("names it by what it is called, else by its kind", () => {
    expect(titleOf(row("StationStatus", { name: "Market at 10th" }), "en")).toBe("Market at 10th");
    expect(titleOf(row("VehiclePosition", { routeName: "38", label: "5012" }), "en")).toBe("38, 5012");
    expect(titleOf(row("Vehicle", {}), "zh")).toBe("散停单车");
    const flood = row("CapAlert", { headline: "Flood", headlineZh: "洪水" });
    expect([titleOf(flood, "en"), titleOf(flood, "zh")]).toEqual(["Flood", "洪水"]);
    expect(titleOf(row("CapAlert", { headline: "Flood" }), "zh")).toBe("Flood");
  });

  it("says its address, else where it is, else that it has no place", () => {
    expect(placeOf(row("ServiceRequest", { address: "1 Main St" }), "en")).toBe("1 Main St");
    expect(placeOf(row("CapAlert", { areaDesc: "Coast", areaDescZh: "海岸" }), "zh")).toBe("海岸");
    expect(placeOf(row("ServiceRequest", {}), "en")).toBe("37.8000, -122.4000");
    expect(placeOf(row("ServiceRequest", {}, { position: null }), "en")).toBe("no place given");
  });

  it("says its state and every doubt about it", () => {
    const station = row("StationStatus", { numVehiclesAvailable: 0, numDocksAvailable: 12 });
    expect(stateOf(station, now, "down", "en")).toBe("bikes 0, docks 12, feed down");
    const late = row("VehiclePosition", { delaySeconds: 190 }, { observedAt: now - 100_000 });
    expect(stateOf(late, now, "fresh", "en")).toBe("3 min late, silent over 90 s");
    expect(stateOf(row("TripUpdate", { delaySeconds: -30 }, { estimated: true }), now, "fresh", "zh")).toBe(
      "准点，位置为推算",
    );
    const accident = { recordType: "Accident", severity: "high" };
    expect(titleOf(row("Situation", accident), "zh")).toBe("事故");
    expect(stateOf(row("Situation", accident), now, "fresh", "en")).toBe("high severity");
    expect(stateOf(row("Situation", { ...accident, name: "Road 3" }), now, "fresh", "en")).toBe(
      "accident, high severity",
    );
    const sign = { deviceType: "dynamic-message-sign", deviceStatus: "error", message: "Road closed" };
    expect(titleOf(row("FieldDevice", sign), "en")).toBe("message sign");
    expect(stateOf(row("FieldDevice", { ...sign, name: "Sign 4" }), now, "fresh", "zh")).toBe(
      "可变信息标志，故障，“Road closed”",
    );
    expect(stateOf(row("ServiceRequest", { expectedAt: now - 1 }), now, "fresh", "en")).toBe("overdue");
  });
});

describe("visibleRange", () => {
  it("keeps a few rows beyond the box, however long the list", () => {
    expect(visibleRange({ top: 0, height: 500, row: 50 }, 20_000)).toEqual({ first: 0, last: 16 });
    expect(visibleRange({ top: 500_000, height: 500, row: 50 }, 20_000)).toEqual({
      first: 9_994,
      last: 10_016,
    });
    expect(visibleRange({ top: 900, height: 500, row: 50 }, 3)).toEqual({ first: 3, last: 3 });
    expect(visibleRange({ top: 0, height: 500, row: 0 }, 3)).toEqual({ first: 0, last: 3 });
  });
});
