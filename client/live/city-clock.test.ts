import { describe, expect, it } from "vitest";
import { cityNow, elapsedMs } from "./city-clock.ts";

const heard = { monotonicMs: 1_000, wallMs: 50_000 };

describe("the city's now in the browser", () => {
  it("runs on between pulses at the clock's own speed", () => {
    const clock = { kind: "simulated", cityAt: 900_000, speed: 10 } as const;
    expect(cityNow({ clock, heard }, { monotonicMs: 3_000, wallMs: 52_000 })).toBe(920_000);
  });

  it("counts the time a laptop slept, which the monotonic clock does not", () => {
    expect(elapsedMs(heard, { monotonicMs: 1_200, wallMs: 3_650_000 })).toBe(3_600_000);
  });

  it("does not make a number younger when the wall clock is set back", () => {
    expect(elapsedMs(heard, { monotonicMs: 9_000, wallMs: 10_000 })).toBe(8_000);
  });

  it("stands still for a past moment", () => {
    const clock = { kind: "past", cityAt: 900_000, speed: 0 } as const;
    expect(cityNow({ clock, heard }, { monotonicMs: 60_000, wallMs: 109_000 })).toBe(900_000);
  });
});
