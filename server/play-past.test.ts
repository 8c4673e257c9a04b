import { expect, test } from "vitest";
import type { Epoch } from "./epoch.ts";
import type { Recent } from "./live/recent.ts";
import { pastSteps, playPast } from "./play-past.ts";

const minute = 60_000;
const now = Date.parse("2026-11-23T12:00:30Z");

function minutesBefore(fromAt: number): number[] {
  return [...pastSteps(fromAt, now)].map((at) => (now - at) / minute);
}

test("the past is sampled once in every bucket of five minutes, and every minute in the last hour", () => {
  const steps = minutesBefore(now - 24 * 60 * minute);
  expect(steps[0]).toBe(1440);
  expect(steps.filter((minutes) => minutes <= 60)).toEqual(Array.from({ length: 60 }, (_, i) => 60 - i));
  const gaps = steps.slice(1).map((minutes, i) => steps[i]! - minutes);
  expect(new Set(gaps)).toEqual(new Set([5, 1]));
  expect(steps).toHaveLength(276 + 60);
});

test("a short gap is sampled every minute, none not at all", () => {
  expect(minutesBefore(now - 3 * minute)).toEqual([3, 2, 1]);
  expect(minutesBefore(now)).toEqual([]);
});

test("a step waits for room for what it makes", async () => {
  const happened: string[] = [];
  const replay = {
    advanceTo: () => Promise.resolve(happened.push("step")),
    follow: () => happened.push("follow"),
  };
  const epoch = {
    folder: { isSimulated: false },
    feeds: [{ ready: Promise.resolve(), replay }],
    live: { tick: () => false },
  } as unknown as Epoch;
  const recent = { newestMinute: Math.floor(now / minute) - 3 } as Recent;
  await playPast(epoch, recent, now, async () => {
    await Promise.resolve();
    happened.push("room");
  });
  expect(happened).toEqual([...Array.from({ length: 4 }, () => ["room", "step"]).flat(), "follow"]);
});
