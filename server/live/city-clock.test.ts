import { expect, test } from "vitest";
import { startCityClock } from "./city-clock.ts";

test("a live clock is the wall's, also when the wall is set back", () => {
  let wall = 1_000;
  const clock = startCityClock({ kind: "live", wallNow: () => wall });
  expect(clock.now()).toBe(1_000);
  wall = 500;
  expect(clock.read()).toEqual({ kind: "live", cityAt: 500, speed: 1 });
});

test("a replay starts at its instant and runs at its speed by steady time", () => {
  let steady = 70;
  let wall = 5_000;
  const clock = startCityClock({
    kind: "replay",
    startAt: 100_000,
    speed: 10,
    wallNow: () => wall,
    steadyNow: () => steady,
  });
  steady = 170;
  wall = 1;
  expect(clock.read()).toEqual({ kind: "replay", cityAt: 101_000, speed: 10 });
});

test("speed 0 stands still; impossible clocks are refused", () => {
  const clock = startCityClock({ kind: "past", startAt: 7, speed: 0 });
  expect(clock.now()).toBe(7);
  expect(() => startCityClock({ kind: "replay", speed: -1 })).toThrow(RangeError);
  expect(() => startCityClock({ kind: "replay", speed: Number.NaN })).toThrow(RangeError);
  expect(() => startCityClock({ kind: "live", speed: 2 })).toThrow(RangeError);
});
