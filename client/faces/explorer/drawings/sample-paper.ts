/** Two days by the hour on a desk's paper, for tests of drawings. */

import type { SeriesPoint } from "../../../../shared/series.ts";
import "../../../words/explorer-words.ts";
import { wordsIn, type UsedWords } from "../../../words/words.ts";
import type { Figure, Paper } from "./drawing.ts";

export const hour = 3_600_000;
export const startAt = Date.parse("2026-11-23T00:00Z");
const words: UsedWords = { t: wordsIn("en"), language: "en", text: ({ en }) => en };
const look = {
  ink0: "#000",
  ink1: "#111",
  ink2: "#222",
  ink3: "#333",
  line: "#444",
  edge: "#555",
  band: "#666",
  page: "#fff",
  select: "#00f",
  data: ["#a", "#b", "#c", "#d", "#e"],
  ramp: ["1", "2", "3", "4", "5", "6", "7"],
  changeRamp: ["-3", "-2", "-1", "0", "+1", "+2", "+3"],
  priorities: { low: "#low", medium: "#medium", high: "#high", critical: "#critical" },
  font: "sans",
  u: 1,
};
export const paper: Paper = {
  look,
  width: 900,
  room: 300,
  scale: 1,
  words,
  zone: "Europe/Lisbon",
  bucket: "hour",
  comparedWith: null,
  stretch: { fromAt: startAt, toAt: startAt + 48 * hour },
  measuredTo: startAt + 48 * hour,
  now: startAt + 48 * hour,
  marks: [],
  annotations: [],
  bands: new Map(),
  forecasts: new Map(),
};

function point(i: number, value: number | null): SeriesPoint {
  return value === null
    ? { at: startAt + i * hour, value, min: null, max: null, state: "none", reason: "source-down" }
    : { at: startAt + i * hour, value, min: value - 1, max: value + 2, state: "fresh", reason: null };
}

export function figure(
  id: string,
  value: (i: number) => number | null,
  unit: Figure["unit"] = "count",
): Figure {
  const points = Array.from({ length: 48 }, (_, i) => point(i, value(i)));
  return { id, title: id, unit, better: "neither", target: null, points, compare: null };
}
