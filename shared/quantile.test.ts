import { expect, test } from "vitest";
import { quantile } from "./quantile.ts";

test("a quantile lies between its neighbours", () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([5], 0.9)).toBe(5);
  expect(quantile([], 0.5)).toBeNaN();
});
