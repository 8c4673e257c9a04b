import { expect, test } from "vitest";
import type { AlarmEvent } from "../../shared/alarms.ts";
import { readAlarmLog } from "./alarm-log.ts";

/** A log of so many events, each at the instant of its number. */
function logOf(count: number) {
  const asked: number[] = [];
  const events = async ({ atMost, before }: { readonly atMost: number; readonly before?: number | null }) => {
    asked.push(atMost);
    const to = before ?? count;
    const from = Math.max(0, to - atMost);
    const page = Array.from({ length: to - from }, (_, i) => ({ at: from + i }) as AlarmEvent);
    return { events: page, older: from === 0 ? null : from };
  };
  return { asked, events };
}

const day = { fromAt: 0, toAt: 1e9 };

test("a long log is read in pages, and comes in its order", async () => {
  const log = logOf(7_001);
  const read = await readAlarmLog(log, day);
  expect(read.map(({ at }) => at)).toEqual(Array.from({ length: 7_001 }, (_, i) => i));
  expect(Math.max(...log.asked)).toBeLessThanOrEqual(2_000);
});

test("of a log without end the newest is read", async () => {
  const read = await readAlarmLog(logOf(150_000), day);
  expect([read.length, read[0]!.at, read.at(-1)!.at]).toEqual([100_000, 50_000, 149_999]);
});

test("an empty log is read as one", async () => {
  expect(await readAlarmLog(logOf(0), day)).toEqual([]);
});
