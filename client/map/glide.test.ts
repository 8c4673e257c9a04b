import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { followRows, movesUntil, placeAt } from "./glide.ts";

function row(lon: number, lat: number, slot = 1): EntityRow {
  return {
    slot,
    id: `bus/VehiclePosition/${slot}`,
    kind: "VehiclePosition",
    position: [lon, lat],
    estimated: false,
    observedAt: 0,
    fields: {},
  };
}

describe("followRows", () => {
  const first = followRows(new Map(), [row(0, 0)], 0, false);
  const second = followRows(first, [row(0.001, 0)], 10_000, false);

  it("stands at the first report", () => {
    expect(placeAt(first.get(1)!, 5_000)).toEqual([0, 0]);
    expect(movesUntil(first)).toBe(0);
  });

  it("glides to the next report in the time between the two, and not beyond it", () => {
    expect(placeAt(second.get(1)!, 10_000)).toEqual([0, 0]);
    expect(placeAt(second.get(1)!, 15_000)[0]).toBeCloseTo(0.0005, 9);
    expect(placeAt(second.get(1)!, 90_000)).toEqual([0.001, 0]);
    expect(movesUntil(second)).toBe(20_000);
  });

  it("goes on from where it is drawn when a report comes early", () => {
    const third = followRows(second, [row(0.002, 0)], 15_000, false);
    expect(placeAt(third.get(1)!, 15_000)[0]).toBeCloseTo(0.0005, 9);
  });

  it("keeps gliding when the same place is reported again", () => {
    expect(followRows(second, [row(0.001, 0)], 12_000, false).get(1)).toBe(second.get(1));
  });

  it("jumps where nobody can drive so far, and with reduced motion", () => {
    const far = followRows(second, [row(0.5, 0)], 20_000, false);
    expect(placeAt(far.get(1)!, 20_000)).toEqual([0.5, 0]);
    const stepped = followRows(second, [row(0.002, 0)], 20_000, true);
    expect(placeAt(stepped.get(1)!, 20_000)).toEqual([0.002, 0]);
    expect(movesUntil(stepped)).toBe(0);
  });

  it("forgets what is gone", () => {
    expect(followRows(second, [], 20_000, false).size).toBe(0);
  });
});
