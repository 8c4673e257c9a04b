import { describe, expect, it } from "vitest";
import { dayBeside, dayOf, fieldsOf, hoursOf, instantOf, isRecorded, shareOf, sharesOf } from "./timeline.ts";

const zone = "Europe/Berlin";
const hour = 3_600_000;
/** The clocks go back: 03:00 CEST is 02:00 CET. */
const longDay = dayOf(Date.UTC(2026, 9, 25, 12), zone);
/** The clocks go forward: 02:00 CET is 03:00 CEST. */
const shortDay = dayOf(Date.UTC(2026, 2, 29, 12), zone);

describe("the timeline of a day", () => {
  it("has the hours that the day has", () => {
    expect((longDay.toAt - longDay.fromAt) / hour).toBe(25);
    expect((shortDay.toAt - shortDay.fromAt) / hour).toBe(23);
    expect(hoursOf(longDay, zone).map(({ label }) => label)).toEqual([
      "00:00",
      "03:00",
      "06:00",
      "09:00",
      "12:00",
      "15:00",
      "18:00",
      "21:00",
    ]);
    expect(shareOf(hoursOf(shortDay, zone)[1]!.at, shortDay)).toBeCloseTo(2 / 23);
    expect(shareOf(hoursOf(longDay, zone)[1]!.at, longDay)).toBeCloseTo(4 / 25);
  });

  it("shows what of it was recorded", () => {
    const { fromAt, toAt } = longDay;
    const recorded = [
      { fromAt: fromAt - hour, toAt: fromAt + 5 * hour },
      { fromAt: fromAt + 20 * hour, toAt: toAt + hour },
      { fromAt: toAt + 2 * hour, toAt: toAt + 3 * hour },
    ];
    expect(sharesOf(recorded, longDay)).toEqual([
      { from: 0, to: 0.2 },
      { from: 0.8, to: 1 },
    ]);
    expect([6, 21].map((hours) => isRecorded(fromAt + hours * hour, recorded))).toEqual([false, true]);
  });

  it("reads the city's clock, and writes what it reads", () => {
    const at = Date.UTC(2026, 10, 26, 16, 3, 5);
    expect(fieldsOf(at, zone)).toEqual({ date: "2026-11-26", time: "17:03:05" });
    expect(instantOf("2026-11-26", "17:03:05", zone)).toBe(at);
    expect(instantOf("2026-11-26", "17:03", zone)).toBe(at - 5_000);
    expect(instantOf("2026-10-25", "02:30", zone)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(instantOf("2026-03-29", "02:30", zone)).toBe(Date.UTC(2026, 2, 29, 1, 30));
    for (const [date, time] of [
      ["", "17:03"],
      ["2026-11-26", ""],
      ["2026-02-30", "10:00"],
    ] as const)
      expect(instantOf(date, time, zone)).toBeNull();
  });

  it("goes from day to day at the same time of the clock", () => {
    const at = instantOf("2026-10-24", "17:00:00", zone)!;
    expect(fieldsOf(dayBeside(at, 1, zone), zone)).toEqual({ date: "2026-10-25", time: "17:00:00" });
    expect(dayBeside(dayBeside(at, 1, zone), -1, zone)).toBe(at);
  });
});
