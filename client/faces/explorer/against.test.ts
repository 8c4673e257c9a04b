import { expect, it } from "vitest";
import { formatAgainst, parseAgainst, seriesAgainst, canCompare, type Against } from "./against.ts";
import { chartKinds } from "./view.ts";

it("stands in the address as it is read", () => {
  for (const text of ["previous", "week", "year", "city", "area.district:harbour", "kind:a:b"])
    expect(formatAgainst(parseAgainst(text)!)).toBe(text);
  expect(parseAgainst("city")).toEqual({ group: null });
  expect(["", "tomorrow", ":x", "kind:"].map(parseAgainst)).toEqual([null, null, null, null]);
});

it("compares a series with the same figure of another group, and none with itself", () => {
  expect(seriesAgainst("a.one", { group: "kind:x" })).toBe("a.one{kind:x}");
  expect(seriesAgainst("a.one{kind:y}", { group: "kind:x" })).toBe("a.one{kind:x}");
  expect(seriesAgainst("a.one{kind:y}", { group: null })).toBe("a.one");
  expect(seriesAgainst("a.one{kind:x}", { group: "kind:x" })).toBeNull();
});

it("says which charts cannot show it", () => {
  const without = (against: Against, by: string | null = null) =>
    chartKinds.filter((chart) => !canCompare({ chart, by }, against));
  expect(without("week")).toEqual([]);
  expect(without({ group: "kind:x" })).toEqual(["stack", "share", "relation", "ranks", "map"]);
  expect(canCompare({ chart: "lines", by: "kind" }, { group: "kind:x" })).toBe(true);
  expect(canCompare({ chart: "lines", by: "kind" }, { group: "line:5" })).toBe(false);
});
