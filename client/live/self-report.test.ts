import { expect, test } from "vitest";
import { FreezeWatch, frozenAfterMs } from "./self-report.ts";

test("a page that was frozen is loaded anew once nobody touches it", () => {
  const watch = new FreezeWatch(0);
  expect(watch.beat(1_000, false)).toBe(false);
  const thawedMs = 1_000 + frozenAfterMs;
  watch.touch(thawedMs - 5_000);
  expect(watch.beat(thawedMs, false)).toBe(false);
  watch.touch(thawedMs + 3_000);
  expect(watch.beat(thawedMs + 12_000, false)).toBe(false);
  expect(watch.beat(thawedMs + 13_000, false)).toBe(true);
});

test("slow beats of a hidden page are no freeze", () => {
  const watch = new FreezeWatch(0);
  expect(watch.beat(5 * frozenAfterMs, true)).toBe(false);
  expect(watch.beat(5 * frozenAfterMs + 1_000, false)).toBe(false);
});

test("a busy second or ten are no freeze", () => {
  const watch = new FreezeWatch(0);
  for (let nowMs = 10_000; nowMs < 200_000; nowMs += 10_000) expect(watch.beat(nowMs, false)).toBe(false);
});
