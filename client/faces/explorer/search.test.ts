import { expect, it } from "vitest";
import { hasWords, matchingIndicators } from "./search.ts";

const both = (en: string, zh: string) => ({ en, zh });
const indicators = [
  { id: "a.bikes", title: both("Bikes available", "可用单车"), definition: both("", ""), replacedBy: null },
  { id: "b.cafe", title: both("Cafés", "咖啡馆"), definition: both("Bikes beside", ""), replacedBy: null },
  { id: "c.old", title: both("Bikes once", "旧"), definition: both("", ""), replacedBy: "a.bikes" },
];
const found = (typed: string): string[] => matchingIndicators(indicators, typed).map(({ id }) => id);

it("finds by words of either language, without case, accents or order", () => {
  expect(found("")).toEqual(["a.bikes", "b.cafe"]);
  expect(found("AVAILABLE bike")).toEqual(["a.bikes"]);
  expect(found("cafe")).toEqual(["b.cafe"]);
  expect(found("单车")).toEqual(["a.bikes"]);
  expect(found("bikes")).toEqual(["a.bikes", "b.cafe"]);
  expect(found("trams")).toEqual([]);
});

it("finds every typed word anywhere in a text", () => {
  expect(hasWords("Late trams · Zoë", "zoe TRAM")).toBe(true);
  expect(hasWords("Late trams · Zoë", "trams early")).toBe(false);
});
