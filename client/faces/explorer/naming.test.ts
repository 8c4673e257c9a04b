import { expect, it } from "vitest";
import "../../words/explorer-words.ts";
import { wordsIn, type UsedWords } from "../../words/words.ts";
import { rangeInWords, stretchInWords } from "./naming.ts";
import { formatRange, lastUnits, namedPeriods, type Range } from "./range.ts";
import { parseTypedRange } from "./typed-range.ts";

const zone = "Europe/Lisbon";
const now = Date.parse("2026-11-27T12:00Z");
const spoken: readonly UsedWords[] = (["en", "zh"] as const).map((language) => ({
  t: wordsIn(language),
  language,
  text: (text) => text[language],
}));

const ranges: readonly Range[] = [
  ...lastUnits.flatMap((unit) => [1, 2, 90].map((count) => ({ kind: "last", count, unit }) as const)),
  ...namedPeriods.map((period) => ({ kind: "named", period }) as const),
  { kind: "dates", from: "2025-01-31", to: "2026-11-02" },
  { kind: "dates", from: "2026-11-02", to: "2026-11-02" },
  { kind: "instants", fromAt: now - 90 * 60_000, toAt: now - 60_000 },
];

it("calls every range what can be typed to get it, in both languages", () => {
  for (const words of spoken)
    for (const range of ranges) {
      const typed = rangeInWords(range, zone, words);
      const read = parseTypedRange(typed, zone, now);
      expect(read.ok && formatRange(read.value), typed).toBe(formatRange(range));
    }
});

it("says whole days as dates", () => {
  const day = 86_400_000;
  const fromAt = Date.parse("2026-11-20T00:00Z");
  expect(stretchInWords({ fromAt, toAt: fromAt + 2 * day }, zone, spoken[0]!)).toBe(
    "20 Nov 2026 to 21 Nov 2026",
  );
  expect(stretchInWords({ fromAt, toAt: fromAt + day }, zone, spoken[0]!)).toBe("20 Nov 2026");
  expect(stretchInWords({ fromAt, toAt: fromAt + day / 2 }, zone, spoken[0]!)).toBe(
    "20 Nov 2026 00:00 to 20 Nov 2026 12:00",
  );
});
