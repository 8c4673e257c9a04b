import { expect, test } from "vitest";
import { calmEnd } from "./calm-end.ts";

const line = (...values: (number | null)[]) =>
  values.map((value, at) => ({ at, value, state: "fresh" as const }));

test("a target's words stand where the line is far from it, and best where there is none", () => {
  expect(calmEnd(line(10, 10, 40, 80, 80), 12, 0, 4)).toBe("insideStartTop");
  expect(calmEnd(line(80, 80, 40, 10, 10), 30, 0, 4)).toBe("insideStartBottom");
  expect(calmEnd(line(null, null, null, 10, 90), 50, 0, 4)).toBe("insideStartTop");
  expect(calmEnd([], 50, 0, 4)).toBe("insideEndTop");
});

test("a line just above the target leaves its words below, where there is room for them", () => {
  expect(calmEnd(line(100, 100, 100, 90, 80), 85, 0, 4)).toBe("insideStartBottom");
  expect(calmEnd(line(100, 99, 100, 98, 99), 98, 0, 4)).toMatch(/Top$/);
});
