/** The areas of official warnings (CAP): which are drawn, as what, and where their words stand. */

import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from "geojson";
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
): FeatureCollection<Polygon | MultiPolygon, { readonly severity: string }> {
  const features = areas.map(
    ({ severity, geometry }): Feature<Polygon | MultiPolygon, { severity: string }> => ({
      type: "Feature",
      properties: { severity },
      geometry,
    }),
  );
  return { type: "FeatureCollection", features: features.toReversed() };
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
 * Where the words of all warnings stand, the gravest first: each where `labelPlace` wants it, below those before it, else
 * above them; `null` for one that would lie over others or has no room in the view.
 */
export function labelPlaces(
  labels: readonly { readonly geometry: Polygon | MultiPolygon; readonly size: Size }[],
  project: (place: [number, number]) => Point,
  view: Box,
  gap: number,
): (Point | null)[] {
  let rooms: readonly Box[] = [view];
  let [highest, lowest] = [Infinity, -Infinity];
  return labels.map(({ geometry, size }) => {
    for (const room of rooms) {
      if (room.right - room.left < size.width || room.bottom - room.top < size.height) continue;
      const place = labelPlace(geometry, project, size, room, gap);
      if (place === null) continue;
      highest = Math.min(highest, place.y);
      lowest = Math.max(lowest, place.y + size.height);
      rooms = [
        { ...view, top: lowest + gap },
        { ...view, bottom: highest - gap },
      ];
      return place;
    }
    return null;
  });
}

/** How many heights of an area are tried for its words. */
const tries = 9;

/**
 * Where the words of a warning stand: right or else left of its edge, as near to its middle height as there is room for
 * them, else right of its easternmost corner and pushed into the view; `null` when no part of the area's box is in view.
 * All in CSS pixels of the map.
 */
export function labelPlace(
  geometry: Polygon | MultiPolygon,
  project: (place: [number, number]) => Point,
  { width, height }: Size,
  view: Box,
  gap: number,
): Point | null {
  const edges = polygonsOf(geometry).map((rings) =>
    (rings[0] ?? []).map(([lon, lat]: Position) => project([lon!, lat!])),
  );
  const box = boxOf(edges.flat());
  if (box.right < view.left || box.left > view.right || box.bottom < view.top || box.top > view.bottom)
    return null;
  const [top, bottom] = [Math.max(box.top, view.top), Math.min(box.bottom, view.bottom)];
  const middle = (top + bottom) / 2;
  const heights = Array.from({ length: tries }, (_, i) => top + ((bottom - top) * i) / (tries - 1));
  for (const at of heights.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle))) {
    const y = clamp(at - height / 2, view.top, view.bottom - height);
    const [west, east] = spanOf(edges, y, y + height);
    const x = [east + gap, west - gap - width].find((one) => one >= view.left && one + width <= view.right);
    if (x !== undefined) return { x, y };
  }
  const corner = edges.flat().reduce((a, b) => (b.x > a.x ? b : a));
  return {
    x: clamp(corner.x + gap, view.left, view.right - width),
    y: clamp(corner.y - height / 2, view.top, view.bottom - height),
  };
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
