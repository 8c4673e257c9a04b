import { describe, expect, it } from "vitest";
import { ageAgainstLimit, formatAge, formatLimit } from "./format-age.ts";
import { formatNumber } from "./format-number.ts";
import { formatDay, formatSeconds, formatTime } from "./format-time.ts";
import { formatGap, formatTarget, formatValue, gapInWords, valueInWords } from "./format-value.ts";

describe("figures", () => {
  it("writes value, unit and gap as they are compared", () => {
    expect(valueInWords(71, "percent", "en")).toBe("71 %");
    expect(gapInWords(71, 88, "percent", "en")).toBe("17 below 88");
    expect(gapInWords(71, 88, "percent", "zh")).toBe("比目标 88 低 17");
    expect(gapInWords(6.1, 5, "percent", "en")).toBe("1.1 above 5");
  });

  it("says the unit of a gap where it stands for thousands, or is not the value's", () => {
    expect(gapInWords(113_000, 120_000, "count", "zh")).toBe("比目标 12 万 低 0.7 万");
    expect(gapInWords(1_130_000, 1_200_000, "count", "en")).toBe("0.07 M below 1.2 M");
    expect(gapInWords(23, 30, "count", "en")).toBe("7 below 30");
    expect(gapInWords(1_800, 7 * 86_400, "seconds", "en")).toBe("7.0 d below 7 d");
  });

  it("lets the three numbers add up after rounding", () => {
    expect([formatValue(70.6, "percent", "en").figure, formatGap(70.6, 88, "percent", "en")]).toEqual([
      "71",
      "17",
    ]);
  });

  it("never writes a gap of nothing for a figure that is off target", () => {
    expect(formatGap(87.8, 88, "percent", "en")).toBe("0.2");
    expect(formatGap(87.9996, 88, "percent", "en")).toBe("0.0004");
  });

  it("writes durations in the unit of their target", () => {
    expect(valueInWords(708, "seconds", "en", 300)).toBe("11.8 min");
    expect(gapInWords(708, 300, "seconds", "en")).toBe("6.8 above 5");
    expect(valueInWords(45, "seconds", "en")).toBe("45 s");
    expect(valueInWords(45, "seconds", "en", 420)).toBe("0.8 min");
    expect(valueInWords(3 * 86_400, "seconds", "zh")).toBe("3.0 天");
    expect(formatTarget(420, "seconds", "en")).toBe("7");
    expect(valueInWords(1_800, "seconds", "en", 7 * 86_400)).toBe("30 min");
    expect(formatTarget(7 * 86_400, "seconds", "en", 1_800)).toBe("7 d");
  });

  it("groups counts and shortens only large ones", () => {
    expect(valueInWords(1_286, "count", "en")).toBe("1,286");
    expect(valueInWords(123_456, "count", "zh")).toBe("12.3 万");
    expect(valueInWords(123_456, "count", "en")).toBe("123,456");
  });

  it("never calls nearly all all", () => {
    expect(valueInWords(99.97, "percent", "en")).toBe("99.9 %");
    expect(valueInWords(100, "percent", "en")).toBe("100 %");
    expect(valueInWords(0, "percent", "en")).toBe("0 %");
  });

  it("uses a true minus sign", () => {
    expect(formatNumber(-3, 0, "en")).toBe("−3");
  });
});

describe("ages", () => {
  it("has one unit, rounded down", () => {
    expect([8.9, 59.9, 60, 479, 3 * 3_600, 47 * 3_600, 3 * 86_400].map((s) => formatAge(s, "en"))).toEqual([
      "8 s",
      "59 s",
      "1 min",
      "7 min",
      "3 h",
      "47 h",
      "3 d",
    ]);
    expect(formatAge(-2, "en")).toBe("0 s");
    expect(formatAge(8, "zh")).toBe("8 秒");
  });

  it("compares an age with its limit in the shortest honest way", () => {
    expect(ageAgainstLimit(430, 180, "en")).toBe("7 min old, limit 3");
    expect(ageAgainstLimit(430, 90, "en")).toBe("7 min old, limit 1.5");
    expect(ageAgainstLimit(7_300, 180, "en")).toBe("2 h old, limit 3 min");
    expect(ageAgainstLimit(430, 180, "zh")).toBe("已 7 分钟，时限 3");
  });

  it("writes limits as they were set", () => {
    expect([20, 90, 180, 5_400, 100].map((s) => formatLimit(s, "en"))).toEqual([
      "20 s",
      "1.5 min",
      "3 min",
      "1.5 h",
      "100 s",
    ]);
  });
});

describe("times", () => {
  const at = Date.UTC(2025, 9, 15, 0, 21, 24);

  it("is the city's time and day, not the browser's", () => {
    expect(formatTime(at, "America/Los_Angeles", "en")).toBe("17:21");
    expect(formatSeconds(at)).toBe("24");
    expect(formatDay(at, "America/Los_Angeles", "en")).toBe("Tuesday 14 October");
    expect(formatDay(at, "America/Los_Angeles", "zh")).toBe("10 月 14 日 星期二");
  });

  it("starts the day at 00", () => {
    expect(formatTime(Date.UTC(2025, 9, 14, 7), "America/Los_Angeles", "en")).toBe("00:00");
  });
});
