import { expect, onTestFinished, test } from "vitest";
import { eventually } from "../../test/feed-rig.ts";
import { startRounds } from "./rounds.ts";

const settings = { everyMs: 20, longestPauseMs: 80, random: () => 0 };

test("one round at a time, from one beginning to the next", async () => {
  const begins: number[] = [];
  let busy = 0;
  const rounds = startRounds(settings, async () => {
    expect(++busy).toBe(1);
    begins.push(performance.now());
    await new Promise((wait) => setTimeout(wait, 10));
    busy--;
    return true;
  });
  onTestFinished(() => rounds.stop());
  await eventually(() => expect(begins.length).toBeGreaterThan(3));
  expect(begins[3]! - begins[0]!).toBeGreaterThanOrEqual(3 * 19);
});

test("pauses double after failures, up to the longest, and are short again after a good round", async () => {
  const begins: number[] = [];
  const rounds = startRounds(settings, () => Promise.resolve(begins.push(performance.now()) > 5));
  onTestFinished(() => rounds.stop());
  await eventually(() => expect(begins.length).toBeGreaterThan(6));
  const gaps = begins.slice(1).map((at, i) => at - begins[i]!);
  [40, 80, 80, 80, 80].forEach((gap, i) => expect(gaps[i]).toBeGreaterThanOrEqual(gap - 2));
});

test("a stop ends the pause, and tells the round that is under way", async () => {
  let told = false;
  const rounds = startRounds({ ...settings, everyMs: 60_000 }, async (signal) => {
    await new Promise<void>((given) => signal.addEventListener("abort", () => given()));
    told = true;
    return true;
  });
  await rounds.stop();
  expect(told).toBe(true);
  const resting = startRounds({ ...settings, everyMs: 60_000 }, () => Promise.resolve(true));
  await resting.stop();
});

test("a pause that is longer than any timer is kept", async () => {
  let begun = 0;
  const month = 31 * 86_400_000;
  const rounds = startRounds({ ...settings, everyMs: month }, () => Promise.resolve(begun++ >= 0));
  onTestFinished(() => rounds.stop());
  await new Promise((wait) => setTimeout(wait, 100));
  expect(begun).toBe(1);
});
