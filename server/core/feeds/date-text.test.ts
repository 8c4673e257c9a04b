import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { localToInstant } from "../../../shared/city-time.ts";
import { dateHint, dateReader, isDateFormat, LocalTimes } from "./date-text.ts";

const sanFrancisco = "America/Los_Angeles";

function read(format: string, text: string, zone = sanFrancisco): string | null {
  const at = dateReader(format, new LocalTimes(zone)).read(text);
  return at === null ? null : new Date(at).toISOString();
}

describe("dateReader", () => {
  it("reads tokens in the zone", () => {
    expect(read("MM/DD/YYYY hh:mm:ss A", "04/07/2020 11:53:08 PM")).toBe("2020-04-08T06:53:08.000Z");
    expect(read("MM/DD/YYYY hh:mm:ss A", "04/08/2020 12:00:00 AM")).toBe("2020-04-08T07:00:00.000Z");
    expect(read("MM/DD/YYYY hh:mm:ss A", "04/08/2020 12:30:00 PM")).toBe("2020-04-08T19:30:00.000Z");
    expect(read("M/D/YYYY H:mm:ss.SSSSSS A", "10/1/2012 10:34:54.250000 AM")).toBe(
      "2012-10-01T17:34:54.250Z",
    );
    expect(read("M D YY H:mm:ss", "10 4 12 8:09:20")).toBe("2012-10-04T15:09:20.000Z");
    expect(read("YYYYMMDD_HH_mm_ss", "20250221_01_09_58", "UTC")).toBe("2025-02-21T01:09:58.000Z");
    expect(read("[am] DD.MM.YYYY", "am 07.04.2020", "Europe/Berlin")).toBe("2020-04-06T22:00:00.000Z");
  });

  it("reads every form of ISO, with and without a zone of its own", () => {
    expect(read("ISO", "2025-02-19T08:00:00-00:00")).toBe("2025-02-19T08:00:00.000Z");
    expect(read("ISO", "2010-11-15 01:05:25.727")).toBe("2010-11-15T09:05:25.727Z");
    expect(read("ISO", "2010-11-15 01:05:25.0")).toBe("2010-11-15T09:05:25.000Z");
    expect(read("ISO", "2010-04-14T06:37:38-08:00")).toBe("2010-04-14T14:37:38.000Z");
    expect(read("ISO", "20200407T115308Z")).toBe("2020-04-07T11:53:08.000Z");
    expect(read("ISO", "2020-04-07T11:53+0530")).toBe("2020-04-07T06:23:00.000Z");
    expect(read("ISO", "2020-04-07")).toBe("2020-04-07T07:00:00.000Z");
  });

  it("reads the plain form in UTC as it reads all others, and an odd one not at all", () => {
    const anyTime = { min: new Date("1900-01-01T00:00:00Z"), max: new Date("2199-12-31T23:59:59Z") };
    fc.assert(
      fc.property(fc.date({ ...anyTime, noInvalidDate: true }), (date) => {
        const text = date.toISOString();
        expect(read("ISO", text)).toBe(text);
        expect(read("ISO", text.replace(/\.\d+/, ""))).toBe(text.replace(/\.\d+/, ".000"));
        expect(read("ISO", text.replace("Z", "+00:00"))).toBe(text);
      }),
      { seed: 41 },
    );
    for (const odd of [
      "2026-13-05T11:00:00Z",
      "2026-02-30T11:00:00Z",
      "2026-01-00T11:00:00Z",
      "2026-01-05T24:00:00Z",
      "2026-01-05T11:00:00+99:99",
      "2026-01-05T11:00:00+24",
      "2026-01-05T11:00:00+0160",
    ])
      expect(read("ISO", odd)).toBeNull();
    for (const odd of [
      "2026-01-05T11:0a:00Z",
      "2026-01-05_11:00:00Z",
      "2026-01-05T11:00:00.00aZ",
      "1899-01-05T11:00:00Z",
    ])
      expect(read("ISO", odd)).toBeNull();
  });

  it("reads epochs and suspects the other unit", () => {
    expect(read("epoch-seconds", "1586300000")).toBe("2020-04-07T22:53:20.000Z");
    expect(read("epoch-milliseconds", "1586300000000")).toBe("2020-04-07T22:53:20.000Z");
    expect(read("epoch-seconds", "1586300000000")).toBeNull();
    expect(dateHint("1586300000000", "epoch-seconds")).toContain("milliseconds");
  });

  it.each([
    ["ISO", ":27.7"],
    ["ISO", "true"],
    ["ISO", "2020-02-30"],
    ["ISO", "2020-04-07T25:00:00"],
    ["ISO", "9999-12-31"],
    ["ISO", "0001-01-01T00:00:00"],
    ["MM/DD/YYYY hh:mm:ss A", "13/01/2020 11:00:00 PM"],
    ["MM/DD/YYYY hh:mm:ss A", "04/07/2020 13:00:00 PM"],
    ["MM/DD/YYYY hh:mm:ss A", "04/07/2020"],
    ["epoch-seconds", "now"],
  ])("as %s, %s is no time", (format, text) => {
    expect(read(format, text)).toBeNull();
  });

  it("knows whether a format can name an instant", () => {
    expect(["ISO", "epoch-seconds", "MM/DD/YYYY hh:mm:ss A", "M/D/YY"].map(isDateFormat)).not.toContain(
      false,
    );
    expect(["", "hh:mm", "MM/DD", "YYYY", "YYYY YYYY MM DD"].map(isDateFormat)).not.toContain(true);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (format, text) => {
        const at = dateReader(format, new LocalTimes("UTC")).read(text);
        return at === null || Number.isFinite(at);
      }),
      { seed: 1 },
    );
  });
});

describe("LocalTimes", () => {
  it.each([sanFrancisco, "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata", "UTC", "+05:45"])(
    "agrees with the calendar in %s, also where the clocks change",
    (zone) => {
      const times = new LocalTimes(zone);
      const from = Date.UTC(2019, 0, 1);
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2 * 365 * 1440 }), (minute) => {
          const local = new Date(from + minute * 60_000);
          const expected = localToInstant(
            {
              year: local.getUTCFullYear(),
              month: local.getUTCMonth() + 1,
              day: local.getUTCDate(),
              hour: local.getUTCHours(),
              minute: local.getUTCMinutes(),
              second: 0,
            },
            zone,
          );
          expect(times.instant(local.getTime())).toBe(expected);
        }),
        { seed: 2, numRuns: 500 },
      );
      // The night of a spring change and of an autumn change, minute by minute.
      for (const day of [Date.UTC(2020, 2, 8), Date.UTC(2020, 10, 1)])
        for (let minute = 0; minute < 240; minute++) {
          const local = new Date(day + minute * 60_000);
          const [hour, rest] = [Math.floor(minute / 60), minute % 60];
          const expected = localToInstant(
            {
              year: 2020,
              month: local.getUTCMonth() + 1,
              day: local.getUTCDate(),
              hour,
              minute: rest,
              second: 0,
            },
            zone,
          );
          expect(times.instant(local.getTime())).toBe(expected);
        }
    },
  );
});
