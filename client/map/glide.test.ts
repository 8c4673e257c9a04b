import { describe, expect, it } from "vitest";
import type { EntityRow } from "../../shared/entity-frame.ts";
import { followRows, motionOf, nextFrameMs, placeAt } from "./glide.ts";

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
  const first = followRows([], [row(0, 0)], 0, false);
  const second = followRows(first, [row(0.001, 0)], 10_000, false);

  it("stands at the first report", () => {
    expect(placeAt(first[1]!, 5_000)).toEqual([0, 0]);
    expect(motionOf(first).untilMs).toBe(0);
  });

  it("glides to the next report in the time between the two, and not beyond it", () => {
    expect(placeAt(second[1]!, 10_000)).toEqual([0, 0]);
    expect(placeAt(second[1]!, 15_000)[0]).toBeCloseTo(0.0005, 9);
    expect(placeAt(second[1]!, 90_000)).toEqual([0.001, 0]);
    expect(motionOf(second).untilMs).toBe(20_000);
  });

  it("goes on from where it is drawn when a report comes early", () => {
    const third = followRows(second, [row(0.002, 0)], 15_000, false);
    expect(placeAt(third[1]!, 15_000)[0]).toBeCloseTo(0.0005, 9);
  });

  it("keeps gliding when the same place is reported again", () => {
    expect(followRows(second, [row(0.001, 0)], 12_000, false)[1]).toBe(second[1]);
  });

  it("jumps where nobody can drive so far, and with reduced motion", () => {
    const far = followRows(second, [row(0.5, 0)], 20_000, false);
    expect(placeAt(far[1]!, 20_000)).toEqual([0.5, 0]);
    const stepped = followRows(second, [row(0.002, 0)], 20_000, true);
    expect(placeAt(stepped[1]!, 20_000)).toEqual([0.002, 0]);
    expect(motionOf(stepped).untilMs).toBe(0);
  });

  it("is drawn anew when the fastest has moved a third of a pixel, within reason", () => {
    const motion = motionOf(second);
    const pixelsPerMs = motion.fastest * 20_000;
    expect(nextFrameMs(motion, 20_000) * pixelsPerMs).toBeCloseTo(1 / 3);
    expect(nextFrameMs(motion, 10_000_000)).toBe(50);
    expect(nextFrameMs(motion, 1)).toBe(1_000);
    const north = followRows(followRows([], [row(0, 60)], 0, false), [row(0, 60.001)], 10_000, false);
    // There a degree of latitude is drawn twice as long as one of longitude.
    expect(motionOf(north).fastest / motion.fastest).toBeCloseTo(2, 3);
  });

  it("forgets what is gone", () => {
    expect(followRows(second, [], 20_000, false)).toEqual([]);
  });
});
