/** The areas of official warnings (CAP): which are drawn, as what, and where their words stand. */

import type { Feature, FeatureCollection, MultiLineString, MultiPolygon, Polygon, Position } from "geojson";
import { polygonsOf } from "../../shared/areas.ts";
import type { Language } from "../../shared/city.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";

/** CAP's severities (CAP 1.2 §3.2.2) with the priority whose colour each has; what is unknown has none. */
export const severityTokens = {
  Extreme: "critical",
  Severe: "high",
  Moderate: "medium",
  Minor: "low",
} as const;
export type KnownSeverity = keyof typeof severityTokens;

export interface WarningArea {
  readonly id: string;
  readonly severity: KnownSeverity | "Unknown";
  /** In the publisher's words. */
  readonly headline: string;
  /** Epoch milliseconds, `null` when it does not say. */
  readonly expiresAt: number | null;
  readonly geometry: Polygon | MultiPolygon;
}

/** Whether a warning is meant (an exercise or a test is not) and not over. Without a `now` nothing is over. */
export function isInForce({ fields }: EntityRow, now: number | null): boolean {
  const { status, expiresAt } = fields;
  return status === "Actual" && (now === null || typeof expiresAt !== "number" || expiresAt > now);
}

const weights: readonly WarningArea["severity"][] = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];

export function severityOf({ fields }: Pick<EntityRow, "fields">): WarningArea["severity"] {
  return weights.find((one) => one === fields["severity"]) ?? "Unknown";
}

/** The gravest is 0. */
export function weightOf(row: Pick<EntityRow, "fields">): number {
  return weights.indexOf(severityOf(row));
}

/** A warning's headline and area in the wall's language, as far as its publisher wrote them in it. */
export function warningWords(
  { fields }: Pick<EntityRow, "fields">,
  language: Language,
): { readonly headline: string; readonly area: string } {
  const { headline, headlineZh, event, areaDesc, areaDescZh } = fields;
  const first = (...texts: readonly unknown[]): string =>
    texts.find((text): text is string => typeof text === "string") ?? "";
  return language === "zh"
    ? { headline: first(headlineZh, headline, event), area: first(areaDescZh, areaDesc) }
    : { headline: first(headline, event), area: first(areaDesc) };
}

/** The areas of the warnings in force, the gravest first. */
export function warningAreas(
  rows: Iterable<EntityRow>,
  now: number | null,
  language: Language,
): readonly WarningArea[] {
  const areas: WarningArea[] = [];
  for (const row of rows) {
    const { geometry, fields, id } = row;
    if (geometry?.type !== "Polygon" && geometry?.type !== "MultiPolygon") continue;
    if (row.kind !== "CapAlert" || !isInForce(row, now)) continue;
    const { expiresAt } = fields;
    areas.push({
      id,
      severity: severityOf(row),
      headline: warningWords(row, language).headline,
      expiresAt: typeof expiresAt === "number" ? expiresAt : null,
      geometry,
    });
  }
  return areas.toSorted(
    (a, b) => weights.indexOf(a.severity) - weights.indexOf(b.severity) || a.id.localeCompare(b.id),
  );
}

/** As MapLibre draws them; the gravest last, so that it lies on top. */
export function warningFeatures(
  areas: readonly WarningArea[],
): FeatureCollection<MultiLineString, { readonly severity: string }> {
  const features = areas.map(({ severity, geometry }): Feature<MultiLineString, { severity: string }> => ({
    type: "Feature",
    properties: { severity },
    geometry: outlineOf(geometry),
  }));
  return { type: "FeatureCollection", features: features.toReversed() };
}

/**
 * The lines around an area as a whole: a border between two of its polygons is none of them. Publishers put areas
 * together from districts, and the dashes of two that meet would make one solid line.
 */
function outlineOf(geometry: Polygon | MultiPolygon): MultiLineString {
  const rings = polygonsOf(geometry).flat();
  const edgeOf = (a: Position, b: Position): string => [String(a), String(b)].sort().join(" ");
  const times = new Map<string, number>();
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const edge = edgeOf(ring[i - 1]!, ring[i]!);
      times.set(edge, (times.get(edge) ?? 0) + 1);
    }
  const lines: Position[][] = [];
  for (const ring of rings) {
    let line: Position[] | null = null;
    for (let i = 1; i < ring.length; i++) {
      const [from, to] = [ring[i - 1]!, ring[i]!];
      if (times.get(edgeOf(from, to)) !== 1) line = null;
      else if (line === null) lines.push((line = [from, to]));
      else line.push(to);
    }
  }
  return { type: "MultiLineString", coordinates: lines };
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Where the words of all areas stand, the gravest first: in the middle that they ask for with `at`, else where `labelPlace`
 * wants them, never over those before them; `null` for one that finds no room.
 */
export function labelPlaces(
  labels: readonly {
    readonly geometry: Polygon | MultiPolygon;
    readonly at?: [number, number] | null;
    readonly size: Size;
  }[],
  project: (place: [number, number]) => Point,
  view: Box,
  gap: number,
  cost: (box: Box) => number = () => 0,
): (Point | null)[] {
  const taken: Box[] = [];
  const costOf = (box: Box): number => (taken.some((other) => meet(box, other, gap)) ? Infinity : cost(box));
  return labels.map(({ geometry, at, size }) => {
    const place = at
      ? middlePlace(project(at), size, view, costOf)
      : labelPlace(geometry, project, size, view, gap, costOf);
    if (place) taken.push(boxAt(place, size));
    return place;
  });
}

/** Words in another area would be taken for that one's: those that have no room in the middle of theirs stand nowhere. */
function middlePlace({ x, y }: Point, size: Size, view: Box, cost: (box: Box) => number): Point | null {
  const place = { x: x - size.width / 2, y: y - size.height / 2 };
  const { left, top, right, bottom } = boxAt(place, size);
  const isInView = left >= view.left && top >= view.top && right <= view.right && bottom <= view.bottom;
  return isInView && cost(boxAt(place, size)) < Infinity ? place : null;
}

/** How many heights are tried for the words of an area. */
const tries = 9;

/**
 * Where the words of a warning stand: right or left of its edge where they cost least, there as near to its middle height
 * as there is room for them; else in the view right of its easternmost corner, or left. `null` when no part of the area's
 * box is in view, or when they would cost infinitely much everywhere. All in CSS pixels of the map.
 */
export function labelPlace(
  geometry: Polygon | MultiPolygon,
  project: (place: [number, number]) => Point,
  size: Size,
  view: Box,
  gap: number,
  cost: (box: Box) => number = () => 0,
): Point | null {
  const { width, height } = size;
  const room = { ...view, right: view.right - width, bottom: view.bottom - height };
  if (room.right < room.left || room.bottom < room.top) return null;
  const edges = polygonsOf(geometry).map((rings) =>
    (rings[0] ?? []).map(([lon, lat]: Position) => project([lon!, lat!])),
  );
  const box = boxOf(edges.flat());
  if (box.right < view.left || box.left > view.right || box.bottom < view.top || box.top > view.bottom)
    return null;
  const [top, bottom] = [Math.max(box.top, view.top), Math.min(box.bottom, view.bottom)];
  const beside = heightsBetween(top, bottom, (top + bottom) / 2).flatMap((at) => {
    const y = clamp(at - height / 2, room.top, room.bottom);
    const [west, east] = spanOf(edges, y, y + height);
    return [east + gap, west - gap - width]
      .filter((x) => x >= room.left && x <= room.right)
      .map((x) => ({ x, y }));
  });
  const corner = edges.flat().reduce((a, b) => (b.x > a.x ? b : a));
  const corners = heightsBetween(room.top, room.bottom, clamp(corner.y - height / 2, room.top, room.bottom));
  const within = [corner.x + gap, room.left].flatMap((x) =>
    corners.map((y) => ({ x: clamp(x, room.left, room.right), y })),
  );
  const costOf = (place: Point): number => cost(boxAt(place, size));
  return cheapest(beside, costOf) ?? cheapest(within, costOf);
}

/** Evenly spaced, with the wanted one, which comes first; then those near it. */
function heightsBetween(top: number, bottom: number, wanted: number): number[] {
  const even = Array.from({ length: tries }, (_, i) => top + ((bottom - top) * i) / (tries - 1));
  return [wanted, ...even.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))];
}

/** The first of those that cost least; `null` when all cost infinitely much. */
function cheapest(places: readonly Point[], cost: (place: Point) => number): Point | null {
  let [best, least]: [Point | null, number] = [null, Infinity];
  for (const place of places) {
    const here = cost(place);
    if (here < least) [best, least] = [place, here];
    if (here === 0) break;
  }
  return best;
}

function boxAt({ x, y }: Point, { width, height }: Size): Box {
  return { left: x, top: y, right: x + width, bottom: y + height };
}

function meet(a: Box, b: Box, gap: number): boolean {
  return a.left < b.right + gap && b.left < a.right + gap && a.top < b.bottom + gap && b.top < a.bottom + gap;
}

function boxOf(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** How far left and right edges reach between two heights; infinitely little when none comes there. */
function spanOf(edges: readonly (readonly Point[])[], top: number, bottom: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const edge of edges)
    for (let i = 1; i < edge.length; i++) {
      const [a, b] = [edge[i - 1]!, edge[i]!];
      const from = Math.max(Math.min(a.y, b.y), top);
      const to = Math.min(Math.max(a.y, b.y), bottom);
      if (from > to) continue;
      const xs =
        a.y === b.y ? [a.x, b.x] : [from, to].map((y) => a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y));
      least = Math.min(least, ...xs);
      most = Math.max(most, ...xs);
    }
  return [least, most];
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least);
}
