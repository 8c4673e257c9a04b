/** The map's symbols: which one a thing has, how large, how it is drawn, and how all of them share one atlas. */

import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatusWord } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { MapTokens } from "./map-tokens.ts";

export const symbolNames = [
  "arrow",
  "arrow-late",
  "arrow-stale",
  "dot",
  "dot-late",
  "placed",
  "ring-stale",
  "station-some",
  "station-empty",
  "station-full",
  "bike",
  "call",
  "call-stale",
  "request",
  "request-stale",
  "works",
  "works-stale",
  "situation",
  "situation-stale",
  "device",
  "device-stale",
  "sensor",
  "sensor-stale",
  "counter",
  "counter-stale",
  "warning",
  "selected",
] as const;
export type SymbolName = (typeof symbolNames)[number];

/** A vehicle that has not spoken for this long is drawn hollow … */
export const lateAfterMs = 90_000;
/** … and dashed after this. */
export const staleAfterMs = 300_000;

/**
 * A thing that is over at the city's `now`, or has not begun, is not on the map. Sources write the word in their own
 * case.
 */
export function isOnMap(row: EntityRow, now: number | null): boolean {
  if (row.position === null) return false;
  const { status, startsAt, endsAt, isActive } = row.fields;
  // Its times may say more than a start and an end, or less: the source may call it in force whatever they are.
  if (row.kind === "Situation") return isActive !== false;
  if (now !== null && typeof startsAt === "number" && startsAt > now) return false;
  if (now !== null && typeof endsAt === "number" && endsAt <= now) return false;
  // An exercise or a test is no warning.
  if (row.kind === "CapAlert" && status !== "Actual") return false;
  return typeof status !== "string" || !/^(closed|completed|cancell?ed)$/i.test(status);
}

/** The symbol of a thing at the city's `now`; `feed` is the state of the feed that gives it. */
export function symbolOf(row: EntityRow, now: number | null, feed: FeedStatusWord): SymbolName {
  const silent = feed === "stale" || feed === "down";
  switch (row.kind) {
    case "VehiclePosition":
    case "TripUpdate":
      return vehicleSymbol(row, now, silent);
    case "StationStatus":
    case "Station":
      return silent ? "ring-stale" : stationSymbol(row);
    case "Vehicle":
      return "bike";
    case "DispatchCall":
    case "DispatchUnit":
    case "SecurityEvent":
      return silent ? "call-stale" : "call";
    case "ServiceRequest":
      return silent ? "request-stale" : "request";
    case "WorkZone":
      return silent ? "works-stale" : "works";
    case "Situation":
      return silent ? "situation-stale" : "situation";
    case "FieldDevice":
      return silent ? "device-stale" : "device";
    case "CapAlert":
    case "ServiceAlert":
      return "warning";
    case "ServiceCounter":
    case "PublicService":
      return silent ? "counter-stale" : "counter";
    case "Sensor":
    case "Stop":
    case "Route":
    case "Trip":
      return silent ? "sensor-stale" : "sensor";
  }
}

function vehicleSymbol(row: EntityRow, now: number | null, silent: boolean): SymbolName {
  const ageMs = now === null || row.observedAt === null ? 0 : now - row.observedAt;
  const stale = silent || ageMs > staleAfterMs;
  if (row.estimated) return stale ? "ring-stale" : "placed";
  if (typeof row.fields["bearing"] !== "number") return stale || ageMs > lateAfterMs ? "dot-late" : "dot";
  return stale ? "arrow-stale" : ageMs > lateAfterMs ? "arrow-late" : "arrow";
}

/** A figure the source does not give shows as some bikes: never as an empty or a full station. */
function stationSymbol({ fields }: EntityRow): SymbolName {
  if (fields["numVehiclesAvailable"] === 0) return "station-empty";
  return fields["numDocksAvailable"] === 0 ? "station-full" : "station-some";
}

/** The symbol that stands for a kind in the legend and in the list; `feed` is the state of the feeds that give it. */
export function kindSymbol(kind: Kind, feed: FeedStatusWord = "fresh"): SymbolName {
  const fields = kind === "VehiclePosition" ? { bearing: 0 } : {};
  const estimated = kind === "TripUpdate";
  return symbolOf({ slot: 0, id: "", kind, position: null, estimated, observedAt: null, fields }, null, feed);
}

/** Kinds from the ground up: what is rare and urgent lies on top. */
export const drawnKinds: readonly Kind[] = [
  "Vehicle",
  "StationStatus",
  "Sensor",
  "ServiceCounter",
  "PublicService",
  "ServiceRequest",
  "FieldDevice",
  "WorkZone",
  "Situation",
  "TripUpdate",
  "VehiclePosition",
  "DispatchUnit",
  "DispatchCall",
  "SecurityEvent",
  "CapAlert",
];

/** Width of a symbol's box in u on the wall's own view; it grows with the zoom. */
const boxOf: Record<SymbolName, number> = {
  arrow: 13,
  "arrow-late": 13,
  "arrow-stale": 13,
  dot: 13,
  "dot-late": 13,
  placed: 13,
  "ring-stale": 13,
  "station-some": 10,
  "station-empty": 10,
  "station-full": 10,
  bike: 5,
  call: 18,
  "call-stale": 18,
  request: 8.5,
  "request-stale": 8.5,
  works: 16,
  "works-stale": 16,
  situation: 16,
  "situation-stale": 16,
  device: 13,
  "device-stale": 13,
  sensor: 16,
  "sensor-stale": 16,
  counter: 16,
  "counter-stale": 16,
  warning: 16,
  selected: 30,
};

/** CSS pixels per u of a symbol's box on a map at `zoom`; `scale` are the wall's own CSS pixels per u. */
export function symbolScale(zoom: number, scale: number): number {
  return zoomFactor(zoom - Math.log2(scale)) * scale;
}

/** Symbols grow from the view of a whole city to that of a street. `zoom` is that of a 1080 canvas. */
export function zoomFactor(zoom: number): number {
  return Math.min(Math.max(1 + (zoom - 11.8) * 0.24, 0.8), 1.9);
}

/**
 * How much smaller symbols are drawn where side by side they would cover more than the whole ground: twenty thousand are
 * a haze of points that says where much is, and not a carpet. `covered` and `ground` in one square measure.
 */
export function crowdFactor(covered: number, ground: number): number {
  return covered <= ground ? 1 : Math.max(Math.sqrt(ground / covered), 0.3);
}

/** A square of the atlas, in u. */
export interface AtlasCell {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

const atlasGap = 1;
/** A texture may be no wider than 2,048 pixels everywhere. */
const atlasWidth = 180;

/** Rows of square cells, a gap between them. In u: whatever the resolution, a cell is the same part of the whole. */
export const atlas = layOutAtlas();

function layOutAtlas() {
  const rowHeight = Math.max(...symbolNames.map((name) => boxOf[name])) + atlasGap;
  let [x, y] = [atlasGap, atlasGap];
  const cells = symbolNames.map((name): AtlasCell => {
    const size = boxOf[name];
    if (x + size + atlasGap > atlasWidth) [x, y] = [atlasGap, y + rowHeight];
    const cell = { x, y, size };
    x += size + atlasGap;
    return cell;
  });
  return { width: atlasWidth, height: y + rowHeight, cells };
}

/** Draws every symbol into its cell. */
export function drawAtlas(pen: CanvasRenderingContext2D, pixelsPerU: number, tokens: MapTokens): void {
  atlas.cells.forEach(({ x, y, size }, i) => {
    pen.save();
    pen.scale(pixelsPerU, pixelsPerU);
    pen.translate(x + size / 2, y + size / 2);
    pen.scale(size / 2, size / 2);
    drawSymbol(pen, symbolNames[i]!, tokens);
    pen.restore();
  });
}

/** Draws a symbol into the square from −1 to 1, north up, with the halo that keeps it legible on any ground. */
export function drawSymbol(pen: CanvasRenderingContext2D, name: SymbolName, tokens: MapTokens): void {
  const live = tokens.live;
  const halo = tokens["map-halo"];
  pen.lineJoin = "round";
  switch (name) {
    case "arrow":
      return fillPath(pen, arrowPath(0.72), live, halo, 0.3);
    case "arrow-late":
      return strokePath(pen, arrowPath(0.72), live, halo, 0.17);
    case "arrow-stale":
      return strokePath(pen, arrowPath(0.72), live, halo, 0.15, [0.22, 0.2]);
    case "dot":
      return fillPath(pen, circlePath(0.4), live, halo, 0.28);
    case "dot-late":
      return strokePath(pen, circlePath(0.4), live, halo, 0.17);
    case "placed":
      fillPath(pen, circlePath(0.26), live, halo, 0.2);
      return strokePath(pen, circlePath(0.68), live, halo, 0.17, dots(0.68, 8));
    case "ring-stale":
      return strokePath(pen, circlePath(0.66), live, halo, 0.16, dots(0.66, 8));
    case "station-some":
      fillPath(pen, circlePath(0.72), halo, halo, 0.2);
      fillPath(pen, halfPath(0.72), tokens.ink3, null, 0);
      return strokePath(pen, circlePath(0.66), tokens.ink3, null, 0.2);
    case "station-empty":
      fillPath(pen, circlePath(0.72), halo, halo, 0.2);
      return strokePath(pen, circlePath(0.64), tokens.ink2, null, 0.24);
    case "station-full":
      return fillPath(pen, circlePath(0.74), tokens.ink2, halo, 0.2);
    case "bike":
      return fillPath(pen, circlePath(0.55), tokens.edge, null, 0);
    case "call":
      return fillPath(pen, crossPath(0.78, 0.27), tokens.ink0, halo, 0.28);
    case "call-stale":
      return strokePath(pen, crossPath(0.74, 0.27), live, halo, 0.11, [0.16, 0.12]);
    case "request":
      return fillPath(pen, boxPath(0.6), tokens.ink3, halo, 0.36);
    case "request-stale":
      return strokePath(pen, boxPath(0.56), live, halo, 0.2, [0.3, 0.26]);
    case "works":
      for (const x of [-0.6, 0, 0.6]) fillPath(pen, barPath(x), tokens.ink1, halo, 0.16);
      return;
    case "works-stale":
      for (const x of [-0.6, 0, 0.6]) strokePath(pen, barPath(x), live, halo, 0.09);
      return;
    case "situation":
      fillPath(pen, trianglePath(0.8), tokens.ink1, halo, 0.2);
      return fillPath(pen, markPath(), halo, null, 0);
    case "situation-stale":
      return strokePath(pen, trianglePath(0.76), live, halo, 0.13, [0.24, 0.18]);
    case "device":
      return strokePath(pen, signPath(), tokens.ink1, halo, 0.2);
    case "device-stale":
      return strokePath(pen, signPath(), live, halo, 0.14, [0.24, 0.2]);
    case "sensor":
      return strokePath(pen, postPath(), tokens.ink1, halo, 0.18);
    case "sensor-stale":
      return strokePath(pen, postPath(), live, halo, 0.13, [0.22, 0.2]);
    case "counter":
      return strokePath(pen, housePath(), tokens.ink1, halo, 0.18);
    case "counter-stale":
      return strokePath(pen, housePath(), live, halo, 0.13, [0.22, 0.2]);
    case "warning":
      return strokePath(pen, boxPath(0.68), tokens.ink1, halo, 0.16, [0.34, 0.22]);
    case "selected":
      return strokePath(pen, circlePath(0.82), tokens.select, halo, 0.13);
  }
}

function fillPath(
  pen: CanvasRenderingContext2D,
  path: Path2D,
  ink: string,
  halo: string | null,
  rim: number,
): void {
  if (halo !== null) {
    pen.strokeStyle = halo;
    pen.lineWidth = rim * 2;
    pen.stroke(path);
  }
  pen.fillStyle = ink;
  pen.fill(path);
}

function strokePath(
  pen: CanvasRenderingContext2D,
  path: Path2D,
  ink: string,
  halo: string | null,
  width: number,
  dashes: readonly number[] = [],
): void {
  if (halo !== null) {
    pen.strokeStyle = halo;
    pen.lineWidth = width * 2.6;
    pen.stroke(path);
  }
  pen.setLineDash([...dashes]);
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  pen.stroke(path);
  pen.setLineDash([]);
}

/** A dash pattern with `count` equal dashes around a circle. */
function dots(radius: number, count: number): readonly number[] {
  const step = (2 * Math.PI * radius) / count;
  return [step * 0.55, step * 0.45];
}

function arrowPath(size: number): Path2D {
  const path = new Path2D();
  path.moveTo(0, -size * 1.1);
  path.lineTo(size * 0.78, size * 0.9);
  path.lineTo(0, size * 0.46);
  path.lineTo(-size * 0.78, size * 0.9);
  path.closePath();
  return path;
}

function circlePath(radius: number): Path2D {
  const path = new Path2D();
  path.arc(0, 0, radius, 0, 2 * Math.PI);
  return path;
}

/** The right half of a disc. */
function halfPath(radius: number): Path2D {
  const path = new Path2D();
  path.arc(0, 0, radius, -Math.PI / 2, Math.PI / 2);
  path.closePath();
  return path;
}

function crossPath(reach: number, half: number): Path2D {
  const path = new Path2D();
  const corners = [
    [-half, -reach],
    [half, -reach],
    [half, -half],
    [reach, -half],
    [reach, half],
    [half, half],
    [half, reach],
    [-half, reach],
    [-half, half],
    [-reach, half],
    [-reach, -half],
    [-half, -half],
  ] as const;
  for (const [x, y] of corners) path.lineTo(x, y);
  path.closePath();
  return path;
}

function boxPath(half: number): Path2D {
  const path = new Path2D();
  path.rect(-half, -half, 2 * half, 2 * half);
  return path;
}

function barPath(x: number): Path2D {
  const path = new Path2D();
  path.rect(x - 0.2, -0.26, 0.4, 0.52);
  return path;
}

/** The danger sign of the road … */
function trianglePath(reach: number): Path2D {
  const path = new Path2D();
  path.moveTo(0, -reach);
  path.lineTo(reach, reach * 0.75);
  path.lineTo(-reach, reach * 0.75);
  path.closePath();
  return path;
}

/** … and the mark in it. */
function markPath(): Path2D {
  const path = new Path2D();
  path.rect(-0.1, -0.32, 0.2, 0.5);
  path.rect(-0.1, 0.27, 0.2, 0.2);
  return path;
}

function postPath(): Path2D {
  const path = new Path2D();
  path.moveTo(0, -0.75);
  path.lineTo(0, 0.7);
  path.moveTo(-0.5, 0.7);
  path.lineTo(0.5, 0.7);
  path.moveTo(-0.42, -0.15);
  path.lineTo(0.42, -0.15);
  return path;
}

/** A sign on its post. */
function signPath(): Path2D {
  const path = new Path2D();
  path.rect(-0.72, -0.75, 1.44, 0.8);
  path.moveTo(0, 0.05);
  path.lineTo(0, 0.78);
  return path;
}

function housePath(): Path2D {
  const path = new Path2D();
  path.moveTo(-0.78, -0.2);
  path.lineTo(0, -0.72);
  path.lineTo(0.78, -0.2);
  path.moveTo(-0.6, -0.2);
  path.lineTo(-0.6, 0.7);
  path.lineTo(0.6, 0.7);
  path.lineTo(0.6, -0.2);
  path.closePath();
  return path;
}
