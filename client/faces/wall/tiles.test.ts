import { expect, it } from "vitest";
import type { Domain } from "../../../shared/city.ts";
import { fitTiles } from "./tiles.tsx";

function columns(...wanted: [Domain, number][]) {
  return wanted.map(([domain, count]) => ({ domain, wanted: count }));
}

it("shows three domains of four figures, and Citydeck's own small below them", () => {
  expect(fitTiles(columns(["transport", 4], ["security", 4], ["community", 4], ["platform", 4]))).toEqual([
    4, 4, 4, 4,
  ]);
});

it("takes from the longest column what does not fit", () => {
  expect(fitTiles(columns(["transport", 9], ["security", 4], ["community", 4], ["platform", 8]))).toEqual([
    4, 4, 4, 4,
  ]);
  expect(fitTiles(columns(["transport", 30]))).toEqual([15]);
});

it("ends even when headings alone fill the column", () => {
  const many = Array.from({ length: 30 }, (): [Domain, number] => ["security", 1]);
  expect(fitTiles(columns(...many)).every((count) => count === 0)).toBe(true);
});
