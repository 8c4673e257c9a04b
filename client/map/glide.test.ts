import { describe, expect, it } from "vitest";
import { Glides, nextFrameMs } from "./glide.ts";

/** Shares of the world that are exact in 32 bits. */
const step = 2 ** -20;

/** Reports of one thing, `[nowMs, x]` each. */
function reported(reports: readonly (readonly [number, number])[], steps = false): Glides {
  const glides = new Glides();
  for (const [nowMs, x] of reports) {
    glides.nextRound(nowMs, steps);
    glides.report(1, x, 0);
  }
  return glides;
}

describe("Glides", () => {
  it("stands at the first report", () => {
    const glides = reported([[0, step]]);
    expect(glides.placeAt(1, 5_000)).toEqual([step, 0]);
    expect(glides.motion.untilMs).toBe(0);
  });

  it("glides to the next report in the time between the two, and not beyond it", () => {
    const glides = reported([
      [0, 0],
      [10_000, step],
    ]);
    expect(glides.placeAt(1, 10_000)).toEqual([0, 0]);
    expect(glides.placeAt(1, 15_000)).toEqual([step / 2, 0]);
    expect(glides.placeAt(1, 90_000)).toEqual([step, 0]);
    expect(glides.motion).toEqual({ untilMs: 20_000, fastest: step / 10_000 });
  });

  it("goes on from where it is drawn when a report comes early", () => {
    const glides = reported([
      [0, 0],
      [10_000, step],
      [15_000, 2 * step],
    ]);
    expect(glides.placeAt(1, 15_000)).toEqual([step / 2, 0]);
  });

  it("keeps gliding when the same place is reported again", () => {
    const glides = reported([
      [0, 0],
      [10_000, step],
      [12_000, step],
    ]);
    expect(glides.placeAt(1, 15_000)).toEqual([step / 2, 0]);
    expect(glides.motion.untilMs).toBe(20_000);
  });

  it("jumps where nobody can drive so far, and with reduced motion", () => {
    const far = 2 ** -8;
    const jumped = reported([
      [0, 0],
      [10_000, far],
    ]);
    expect(jumped.placeAt(1, 10_000)).toEqual([far, 0]);
    const still = reported(
      [
        [0, 0],
        [10_000, step],
      ],
      true,
    );
    expect(still.placeAt(1, 10_000)).toEqual([step, 0]);
    expect(still.motion.untilMs).toBe(0);
  });

  it("takes what was gone for a new thing, and has room for any slot", () => {
    const glides = reported([[0, 0]]);
    glides.nextRound(10_000, false);
    glides.report(20_000, step, step);
    glides.nextRound(20_000, false);
    glides.report(1, step, 0);
    glides.report(20_000, step, step);
    expect(glides.placeAt(1, 20_000)).toEqual([step, 0]);
    expect(glides.placeAt(20_000, 20_000)).toEqual([step, step]);
  });

  it("is drawn anew when the fastest has moved a third of a pixel, within reason", () => {
    const motion = { untilMs: 0, fastest: step / 10_000 };
    const world = 2 ** 20 * 20;
    expect(nextFrameMs(motion, world) * motion.fastest * world).toBeCloseTo(1 / 3);
    expect(nextFrameMs(motion, 1e12)).toBe(50);
    expect(nextFrameMs(motion, 1)).toBe(1_000);
  });
});
