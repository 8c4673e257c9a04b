import { expect, it } from "vitest";
import type { SeriesPoint } from "../../shared/series.ts";
import type { TimeSpan } from "./time-span.ts";
import { dragged, envelopePath, instantOf, pixelOf } from "./overview-shape.ts";

const strip = { fromAt: 0, toAt: 1_000, width: 100 };

function point(at: number, min: number | null, max: number | null): SeriesPoint {
  return min === null
    ? { at, value: null, min, max, state: "missing", reason: "not-recorded" }
    : { at, value: min, min, max, state: "fresh", reason: null };
}

it("draws from the least to the most of each bucket, and nothing where nothing was known", () => {
  const path = envelopePath([point(0, 0, 10), point(250, null, null), point(500, 5, 5)], strip, 12);
  expect(path).toBe("M0.0 1.0L25.0 1.0L25.0 11.0L0.0 11.0ZM50.0 5.0L100.0 5.0L100.0 6.0L50.0 6.0Z");
  expect(envelopePath([point(0, null, null)], strip, 12)).toBe("");
});

it("knows the instant of a pixel and the pixel of an instant", () => {
  expect(pixelOf(strip, 250)).toBe(25);
  expect(instantOf(strip, 25)).toBe(250);
  expect(instantOf(strip, 400)).toBe(1_000);
});

it("moves the window and its ends, which stay in order and on the strip", () => {
  const minute = 60_000;
  const all = { fromAt: 0, toAt: 1_000 * minute };
  const span = { fromAt: 200 * minute, toAt: 400 * minute };
  const minutes = ({ fromAt, toAt }: TimeSpan): number[] => [fromAt / minute, toAt / minute];
  expect(minutes(dragged(span, "window", 100.7 * minute, all))).toEqual([300, 500]);
  expect(minutes(dragged(span, "window", -900 * minute, all))).toEqual([0, 200]);
  expect(minutes(dragged(span, "window", Infinity, all))).toEqual([800, 1_000]);
  expect(minutes(dragged(span, "from", -900 * minute, all))).toEqual([0, 400]);
  expect(minutes(dragged(span, "from", 900 * minute, all))).toEqual([398, 400]);
  expect(minutes(dragged(span, "to", -900 * minute, all))).toEqual([200, 202]);
});
