import { expect, it } from "vitest";
import { advanceRotation, pinnedScene, turnTo, type Rotation } from "./rotation.ts";

const scenes = [
  { id: "overview", seconds: 30 },
  { id: "transport", seconds: 10 },
  { id: "today", seconds: 5 },
];
const start: Rotation = { index: 0, elapsedMs: 0, isPaused: false };

function after(seconds: number, from = start): Rotation {
  let now = from;
  for (let s = 0; s < seconds; s++) now = advanceRotation(now, 1_000, scenes);
  return now;
}

it("gives each scene its own time and begins again", () => {
  expect(after(29)).toEqual({ index: 0, elapsedMs: 29_000, isPaused: false });
  expect(after(30).index).toBe(1);
  expect(after(40).index).toBe(2);
  expect(after(45)).toEqual(start);
});

it("stands while paused, and where there is one scene", () => {
  expect(after(100, { ...start, isPaused: true })).toEqual({ ...start, isPaused: true });
  expect(advanceRotation(start, 99_000, scenes.slice(0, 1))).toEqual(start);
});

it("does not run through the scenes of a night that the screen slept", () => {
  expect(advanceRotation(start, 8 * 3_600_000, scenes)).toEqual({ ...start, elapsedMs: 5_000 });
});

it("turns both ways round", () => {
  expect(turnTo(start, -1, scenes).index).toBe(2);
  expect(turnTo({ ...start, index: 2, elapsedMs: 3_000 }, 3, scenes)).toEqual(start);
});

it("is pinned by a scene in the address that the wall has", () => {
  expect(pinnedScene("?lang=zh&scene=transport", scenes)).toBe(1);
  expect(pinnedScene("?scene=gone", scenes)).toBe(-1);
  expect(pinnedScene("", scenes)).toBe(-1);
});
