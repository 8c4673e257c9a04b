import fc from "fast-check";
import { expect, test } from "vitest";
import { cityDate, weekday, zoneOffsetMs } from "../../shared/city-time.ts";
import { replayWindowAt } from "./replay-window.ts";

const zone = "America/Los_Angeles";
const hour = 3_600_000;
const day = 24 * hour;

test("hour and weekday stay true although the recording was made in winter and plays in summer", () => {
  const fromAt = Date.parse("2023-11-27T14:35:00-08:00");
  const window = replayWindowAt(
    Date.parse("2026-07-13T15:00:00-07:00"),
    { fromAt, toAt: fromAt + 11 * hour, loop: false },
    zone,
  );
  expect(new Date(window.fromAt).toISOString()).toBe("2026-07-13T21:35:00.000Z");
  expect(cityDate(window.fromAt, zone)).toBe("2026-07-13");
  expect(window.covers).toBe(true);
});

test("after its window the recording is silent until the same weekday and hour come again", () => {
  const fromAt = Date.parse("2024-02-08T12:59:15Z");
  const at = Date.parse("2026-11-20T12:00:00Z");
  const window = replayWindowAt(at, { fromAt, toAt: fromAt + 80 * 60_000, loop: false }, "America/New_York");
  expect(window.covers).toBe(false);
  expect(new Date(window.fromAt).toISOString()).toBe("2026-11-19T12:59:15.000Z");
  expect(new Date(window.untilAt).toISOString()).toBe("2026-11-26T12:59:15.000Z");
});

test("two recorded weeks play with the first one as the past", () => {
  const fromAt = Date.parse("2020-04-07T00:00:00-07:00");
  const span = { fromAt, toAt: fromAt + 14 * day, loop: false };
  const at = Date.parse("2026-11-24T00:30:00-08:00");
  const window = replayWindowAt(at, span, zone);
  expect(window.covers).toBe(true);
  expect(cityDate(window.fromAt, zone)).toBe("2026-11-17");
});

const anyAt = fc.integer({ min: Date.parse("2010-01-01"), max: Date.parse("2035-01-01") });

test("at every instant: whole local weeks, never in the future, and the answer holds until it says", () => {
  fc.assert(
    fc.property(anyAt, anyAt, fc.integer({ min: 1_000, max: 30 * day }), (at, fromAt, length) => {
      const span = { fromAt, toAt: fromAt + length, loop: false };
      const window = replayWindowAt(at, span, zone);
      const local = (instant: number): number => instant + zoneOffsetMs(instant, zone);
      // A time that daylight saving skips or repeats may move by the hour.
      const off = (((local(window.fromAt) - local(fromAt)) % (7 * day)) + 7 * day) % (7 * day);
      expect([0, hour, 7 * day - hour]).toContain(off);
      if (off === 0) expect(weekday(window.fromAt, zone)).toBe(weekday(fromAt, zone));
      expect(window.fromAt).toBeLessThanOrEqual(at);
      expect(window.untilAt).toBeGreaterThan(at);
      expect(replayWindowAt(window.untilAt - 1, span, zone)).toEqual(window);
    }),
    { seed: 41, numRuns: 300 },
  );
});

test("a loop always covers now, and one window ends where the next begins", () => {
  fc.assert(
    fc.property(anyAt, anyAt, fc.integer({ min: 1_000, max: 10 * day }), (at, fromAt, length) => {
      const span = { fromAt, toAt: fromAt + length, loop: true };
      const window = replayWindowAt(at, span, zone);
      expect(window.covers).toBe(true);
      expect(window.fromAt).toBeLessThanOrEqual(at);
      expect(window.toAt).toBeGreaterThan(at);
      const next = replayWindowAt(window.untilAt, span, zone);
      expect(next.fromAt).toBe(window.untilAt);
    }),
    { seed: 42, numRuns: 300 },
  );
});
