/** A figure by area: where is it, and where is nothing known? */

import type { MapGround } from "../../../shared/briefing.ts";
import { deepestPoint, depthInside, ringArea, ringBounds, type Ring } from "../../../shared/polygon.ts";
import { placeLabels, type Box } from "./place.ts";
import { roundMarks } from "./scale.ts";
import { extent } from "./series.ts";
import { drawing, element, hatch, hatchPattern, label, paint, textSize, type ChartLook } from "./svg.ts";
import { textWidth } from "./text-width.ts";

export interface MapArea {
  readonly name: string;
  /** `null`: not known, which is a hatch and no colour. */
  readonly value: number | null;
  /** Too few to tell it from chance: pale, and said in brackets. */
  readonly isSmall: boolean;
  /** Longitude and latitude in degrees; holes by the even-odd rule. */
  readonly rings: readonly Ring[];
}

export interface AreaMap {
  readonly areas: readonly MapArea[];
  readonly write: (value: number) => string;
  /** What the legend's numbers are: `requests per 10,000 inhabitants`. */
  readonly legend: string;
  /** Drawn around and faintly over the areas. */
  readonly ground?: MapGround | undefined;
  /** "not known" in the reader's language. */
  readonly missing: string;
}

const ramp = ["#eaf1f8", "#ccddee", "#a2c2e0", "#76a3ce", "#4f81b6", "#345d93", "#223a68"].map(
  (colour, i) => `var(--s${i + 1}, ${colour})`,
);
const legendHeight = 54;
const lineHeight = textSize + 3;

/**
 * Land is drawn true to length and area: degrees of longitude are shortened as at the city's middle latitude, which over a
 * city is exact to a thousandth. Names stand where they lie over no other; the values of all are in the text beside it.
 */
export function areaMap(map: AreaMap, look: ChartLook): string {
  const { areas, write } = map;
  const bounds = boundsOf(areas);
  const mapHeight = Math.min(look.width / shapeOf(bounds), look.width);
  const project = projection(bounds, look.width, mapHeight);
  const known = areas.flatMap(({ value }) => (value === null ? [] : [value]));
  const steps = roundMarks(...(extent([0, ...known]) ?? ([0, 1] as const)), 4);
  const shades = steps.slice(0, -1).map((_, i, all) => shadeOf(i, all.length));
  const shapes = areas.map((area) =>
    element("path", {
      d: area.rings.map((ring) => ringPath(ring, project)).join(""),
      "fill-rule": "evenodd",
      fill: area.value === null ? hatch(look.id) : shades[stepOf(area.value, steps)]!.fill,
      stroke: paint.page,
      "stroke-width": 1,
      "stroke-linejoin": "round",
    }),
  );
  const room = element(
    "clipPath",
    { id: `${look.id}-land` },
    element("rect", { width: look.width, height: mapHeight }),
  );
  const clip = { "clip-path": `url(#${look.id}-land)`, fill: "none" };
  const { water = [], roads = [] } = map.ground ?? {};
  const parts = [
    hatchPattern(look.id),
    ...(map.ground ? [room, element("g", clip, waterPaths(water, project))] : []),
    ...shapes,
    ...(map.ground ? [element("g", clip, roadPaths(roads, project))] : []),
    ...names(map, project, look.width, mapHeight, (value) => shades[stepOf(value, steps)]!),
    legend({ steps, shades, write, words: map.legend, missing: map.missing }, look, mapHeight),
  ];
  return drawing(look, mapHeight + legendHeight, parts.join(""));
}

function waterPaths(water: MapGround["water"], project: Project): string {
  return water
    .map((polygon) =>
      element("path", {
        d: polygon.map((ring) => ringPath(ring, project)).join(""),
        "fill-rule": "evenodd",
        fill: "var(--map-water, #d0dbe2)",
      }),
    )
    .join("");
}

/** Seen through the areas' colours, which say what matters. */
function roadPaths(roads: MapGround["roads"], project: Project): string {
  const lines = roads.map((line) => ringPath(line, project).replace(/Z$/, "")).join("");
  return element("path", { d: lines, stroke: paint.ink3, "stroke-width": 1, "stroke-opacity": 0.45 });
}

type Bounds = readonly [west: number, south: number, east: number, north: number];
type Project = (place: Ring[number]) => readonly [x: number, y: number];

function boundsOf(areas: readonly MapArea[]): Bounds {
  const boxes = areas.flatMap(({ rings }) => rings.map(ringBounds));
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

/** How often its height its width is, on the ground. */
function shapeOf([west, south, east, north]: Bounds): number {
  return ((east - west) * Math.cos((((south + north) / 2) * Math.PI) / 180)) / (north - south);
}

/** Equirectangular with its true parallel in the middle of the city; centred in the room, north up. */
export function projection([west, south, east, north]: Bounds, width: number, height: number): Project {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((width - 4) / ((east - west) * squeeze), (height - 4) / (north - south));
  return ([lon = 0, lat = 0]) => [
    width / 2 + (lon - (west + east) / 2) * squeeze * scale,
    height / 2 - (lat - (south + north) / 2) * scale,
  ];
}

/** Neighbours share their border's points, and rounding each to half a pixel moves both alike. */
function ringPath(ring: Ring, project: Project): string {
  let before = "";
  return `${ring
    .map((place) => {
      const [x, y] = project(place);
      const here = `${Math.round(x * 2) / 2} ${Math.round(y * 2) / 2}`;
      if (here === before) return "";
      const command = before === "" ? "M" : "L";
      before = here;
      return command + here;
    })
    .join("")}Z`;
}

interface Shade {
  readonly fill: string;
  /** Ink that is read on it. */
  readonly ink: string;
}

/** Of the seven steps of the ramp as many as there are, lightest to darkest. */
function shadeOf(step: number, count: number): Shade {
  const place = count < 2 ? 2 : Math.round((step * (ramp.length - 1)) / (count - 1));
  return { fill: ramp[place]!, ink: place < 4 ? paint.ink0 : paint.page };
}

function stepOf(value: number, steps: readonly number[]): number {
  const step = steps.findLastIndex((from) => from <= value);
  return Math.min(Math.max(step, 0), steps.length - 2);
}

/** The greatest values choose their place first. What has no room for both has its value alone, or nothing. */
function names(
  { areas, write }: Pick<AreaMap, "areas" | "write">,
  project: Project,
  width: number,
  height: number,
  shade: (value: number) => Shade,
): string[] {
  const wanted = areas
    .toSorted((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity))
    .map((area) => ({ area, ...lines(area, write), middle: middleOf(area, project) }));
  const room = { x: 0, y: 0, width, height };
  const boxes = placeLabels(
    wanted.map(({ area, both, value, middle }) => {
      const land = area.rings.map((ring) => ring.map((place) => [...project(place)]));
      return [...besides(boxOf(both, middle)).filter((box) => liesIn(box, land)), boxOf(value, middle)];
    }),
    room,
  );
  return wanted.flatMap(({ area, both, value }, i) => {
    const box = boxes[i];
    if (!box) return [];
    const said = box.height > lineHeight ? both : value;
    const { fill, ink } = area.value === null ? { fill: paint.page, ink: paint.ink1 } : shade(area.value);
    return said.map((text, line) =>
      label(box.x + box.width / 2, box.y + (line + 1) * lineHeight - 3, text, {
        anchor: "middle",
        fill: ink,
        size: 11.5,
        weight: line === said.length - 1 && said.length > 1 ? 600 : 400,
        halo: fill,
      }),
    );
  });
}

function lines(
  { name, value, isSmall }: MapArea,
  write: AreaMap["write"],
): { both: string[]; value: string[] } {
  if (value === null) return { both: [name], value: ["–"] };
  const figure = isSmall ? `(${write(value)})` : write(value);
  return { both: [name, figure], value: [figure] };
}

function middleOf({ rings }: MapArea, project: Project): readonly [number, number] {
  const largest = rings.toSorted((a, b) => ringArea(b) - ringArea(a))[0];
  return project(deepestPoint(largest ? [largest] : []));
}

function boxOf(texts: readonly string[], [x, y]: readonly [number, number]): Box {
  const width = Math.max(...texts.map((text) => textWidth(text, 11.5))) + 6;
  const height = texts.length * lineHeight;
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** The box where it is wanted, then moved a little, least first. */
function besides(box: Box): Box[] {
  const moves = [0, 1, -1, 2, -2, 3, -3].flatMap((dx) =>
    [0, 1, -1, 2, -2].map((dy) => ({ dx: dx * 9, dy: dy * 7 })),
  );
  return moves
    .sort((a, b) => Math.hypot(a.dx, a.dy) - Math.hypot(b.dx, b.dy))
    .map(({ dx, dy }) => ({ ...box, x: box.x + dx, y: box.y + dy }));
}

/** A name that crosses a border would be read as its neighbour's too. */
function liesIn({ x, y, width, height }: Box, land: readonly Ring[]): boolean {
  const columns = [0, 0.25, 0.5, 0.75, 1].map((part) => x + 2 + part * (width - 4));
  return columns.every((column) =>
    [y + 2, y + height - 1].every((row) => depthInside([column, row], land, 1) > 0),
  );
}

interface Legend {
  readonly steps: readonly number[];
  readonly shades: readonly Shade[];
  readonly write: (value: number) => string;
  readonly words: string;
  readonly missing: string;
}

function legend({ steps, shades, write, words, missing }: Legend, look: ChartLook, top: number): string {
  const cell = Math.min(44, (look.width * 0.6) / shades.length);
  const y = top + 26;
  const swatches = shades.map((shade, i) =>
    element("rect", {
      x: 1 + i * cell,
      y,
      width: cell,
      height: 9,
      fill: shade.fill,
      stroke: paint.edge,
      "stroke-width": 0.5,
    }),
  );
  const figures = steps.map((step, i) =>
    label(1 + i * cell, y + 24, write(step), { anchor: i === 0 ? "start" : "middle", size: 11.5 }),
  );
  const x = 1 + shades.length * cell + 28;
  const unknown = element("rect", {
    x,
    y,
    width: 18,
    height: 9,
    fill: hatch(look.id),
    stroke: paint.edge,
    "stroke-width": 0.5,
  });
  return (
    label(0, top + 16, words, { fill: paint.ink2 }) +
    swatches.join("") +
    figures.join("") +
    unknown +
    label(x + 24, y + 9, missing, { size: 11.5 })
  );
}
