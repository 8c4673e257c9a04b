import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRange } from "./range.ts";
import { parseTypedRange } from "./typed-range.ts";

const now = Date.parse("2026-11-27T10:30:20Z");
const read = (text: string): string => {
  const range = parseTypedRange(text, "Europe/Berlin", now);
  return range.ok ? formatRange(range.value) : `${range.failure.why}: ${range.failure.part}`;
};

describe("a typed range", () => {
  it.each([
    ["last 6 weeks", "last-6-week"],
    ["Last six weeks", "last-6-week"],
    ["the past 24 hours", "last-24-hour"],
    ["past week", "last-1-week"],
    ["7d", "last-7-day"],
    ["90 min", "last-90-minute"],
    ["last week", "last-week"],
    ["today", "today"],
    ["2026-11-01 to 2026-11-20", "2026-11-01..2026-11-20"],
    ["1 to 20 November", "2026-11-01..2026-11-20"],
    ["from Nov 1st, 2025 to Nov 20th, 2025", "2025-11-01..2025-11-20"],
    ["3 dec – 5 dec", "2025-12-03..2025-12-05"],
    ["since 1 Nov", "2026-11-01..2026-11-27"],
    ["october", "2026-10-01..2026-10-31"],
    ["february 2024", "2024-02-01..2024-02-29"],
    ["2026-11", "2026-11-01..2026-11-30"],
    ["2025", "2025-01-01..2025-12-31"],
    ["1 nov 2026", "2026-11-01..2026-11-01"],
    ["2026-11-01 08:00 to 2026-11-01 12:30", "2026-11-01T07:00Z..2026-11-01T11:30Z"],
    ["1 nov 08:00 to 12:30", "2026-11-01T07:00Z..2026-11-01T11:30Z"],
    ["yesterday 22:00 to today 06:00", "2026-11-26T21:00Z..2026-11-27T05:00Z"],
  ])("is English: %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ["最近 6 周", "last-6-week"],
    ["最近六周", "last-6-week"],
    ["过去二十四小时", "last-24-hour"],
    ["近十二个月", "last-12-month"],
    ["过去两天", "last-2-day"],
    ["最近７天", "last-7-day"],
    ["今天", "today"],
    ["上个月", "last-month"],
    ["11月1日到11月20日", "2026-11-01..2026-11-20"],
    ["2025年12月1日至2025年12月3日", "2025-12-01..2025-12-03"],
    ["10月", "2026-10-01..2026-10-31"],
    ["2025年", "2025-01-01..2025-12-31"],
    ["11月1日以来", "2026-11-01..2026-11-27"],
  ])("is Chinese: %s", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ["", "empty: "],
    ["last 0 days", "zero: 0"],
    ["last 6 fortnights", "unknown: fortnights"],
    ["20 nov to 1 nov", "reversed: 20 nov to 1 nov"],
    ["31 november", "no-such-date: 31 november"],
    ["1/2/2026", "ambiguous: 1/2/2026"],
    ["2027-01-01 to 2027-01-02", "future: 2027-01-01 to 2027-01-02"],
    ["gestern", "unknown: gestern"],
    ["1 nov 25:00 to 2 nov", "no-such-date: 1 nov 25:00"],
  ])("says what is wrong with “%s”", (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => void read(text)));
    const words = fc.constantFrom(
      "last",
      "1",
      "31",
      "feb",
      "to",
      "2026-02-30",
      "最近",
      "月",
      "08:00",
      "日",
      "..",
    );
    fc.assert(fc.property(fc.array(words, { maxLength: 7 }), (list) => void read(list.join(" "))));
  });
});
