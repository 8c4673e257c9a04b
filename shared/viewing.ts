/**
 * How large a wall's drawing must be to be read, and what room that leaves. The drawing has units u of a canvas whose
 * shorter side is 1,080 u at type scale 1. Cap height in millimetres ≥ distance ÷ 200 for what must be read (figures)
 * and ÷ 300 for what may be (age and owner), IBM Plex Sans.
 */

import type { PartContent, RegionName, Regions, SceneDefinition, Slot, Viewing } from "./wall.ts";
import { regionsFor } from "./wall.ts";

/** Share of IBM Plex Sans's em that a capital letter is high. */
const capShare = 0.698;
const canvasUnits = 1_080;
/** Sizes in u: a tile's value, and its age and owner. */
const figureUnits = 40;
const smallUnits = 17.5;

/** The picture of one screen in millimetres. */
function screenMillimetres({ diagonalInches, shape }: Pick<Viewing, "diagonalInches" | "shape">) {
  const [across, down] = shape.split(":").map(Number) as [number, number];
  const perPart = (diagonalInches * 25.4) / Math.hypot(across, down);
  return { width: across * perPart, height: down * perPart };
}

function capMillimetres(viewing: Viewing, units: number): number {
  const { width, height } = screenMillimetres(viewing);
  return (Math.min(width, height) / canvasUnits) * units * capShare;
}

/** By how much the drawing is larger than at scale 1, so that its figures can be read from the wall's distance. */
export function typeScale(viewing: Viewing): number {
  const needed = (viewing.distanceMetres * 1_000) / 200;
  return Math.max(1, needed / capMillimetres(viewing, figureUnits));
}

/** Metres from which the figures and the small print can be read at the wall's own type scale. */
export function readableMetres(viewing: Viewing): { figures: number; smallPrint: number } {
  const scale = typeScale(viewing);
  return {
    figures: (capMillimetres(viewing, figureUnits) * scale * 200) / 1_000,
    smallPrint: (capMillimetres(viewing, smallUnits) * scale * 300) / 1_000,
  };
}

/** What lies behind the bezels between two screens, as a share of one screen's width. */
export function bezelShare(viewing: Viewing): number {
  return viewing.screens.bezelMillimetres / screenMillimetres(viewing).width;
}

/** The whole drawing in u at the wall's type scale. */
export function canvasOf(viewing: Viewing): { width: number; height: number } {
  const { width, height } = screenMillimetres(viewing);
  const { across } = viewing.screens;
  const units = canvasUnits / typeScale(viewing) / Math.min(width, height);
  return {
    width: (width * across + viewing.screens.bezelMillimetres * (across - 1)) * units,
    height: height * units,
  };
}

/** Widths and heights in u that `wall.module.css` gives. */
const room = {
  margin: 28,
  header: 102,
  gap: 20,
  /** Between the left and middle columns and what lies under them. */
  overBottom: 10,
  /** Between the parts of a column of figures. */
  figureGap: 6,
  left: 370,
  right: 600,
  columnGap: 28,
  centreAtLeast: 420,
  mapAtLeast: 420,
} as const;

/** From this width over height on a drawing has the region `beside`. */
export const wideFrom = 2.6;

/** From this width over height on that region has room for two columns. */
export const veryWideFrom = 3.2;

/** The columns of the region `beside`, which a few parts do not fill. */
export function columnsBeside(slots: readonly Slot[], isVeryWide: boolean): readonly (readonly Slot[])[] {
  const half = Math.ceil(slots.length / 2);
  return isVeryWide && slots.length > 3 ? [slots.slice(0, half), slots.slice(half)] : [slots];
}

/** The least height of a part in u. */
export function partHeight(part: PartContent): number {
  switch (part.show) {
    // With everything that pulls it down, or misses its target, and can be named.
    case "score":
      return 410;
    case "off-target":
      return 490;
    case "data":
      return 108;
    case "tiles":
      return 42 + (part.compact ? Math.ceil(part.indicators.length / 2) * 34 : part.indicators.length * 58);
    case "ranking":
      return 104;
    case "distribution":
      return 220;
    case "trend":
      return 220 * Math.max(part.indicators.length, 1) + room.figureGap * (part.indicators.length - 1);
    case "headways":
      return 340;
    case "feeds":
      return 300;
    // The most urgent alarm in whole; what has to be done about it takes what is left.
    case "alarms":
      return 150;
    case "warnings":
      return 104;
    case "moments":
      return 180;
    // The cover line, which is never cut, and the first sentence.
    case "briefing":
      return 400;
    case "today":
      return 82 + 31 * Math.max(part.indicators.length, 1);
  }
}

export interface Misfit {
  readonly region: RegionName | "map";
  readonly side: "width" | "height";
  readonly neededUnits: number;
  readonly roomUnits: number;
}

/** What of a scene does not fit its wall at the size that can be read from its distance. */
export function misfits(scene: SceneDefinition, viewing: Viewing): Misfit[] {
  const regions = regionsFor(scene, viewing.shape);
  const canvas = canvasOf(viewing);
  return viewing.shape === "9:16" && viewing.screens.across === 1
    ? uprightMisfits(scene, regions, canvas)
    : sideBySideMisfits(scene, regions, canvas);
}

function sideBySideMisfits(
  scene: SceneDefinition,
  regions: Regions,
  canvas: { width: number; height: number },
): Misfit[] {
  const shape = canvas.width / canvas.height;
  const beside = shape >= wideFrom ? columnsBeside(regions.beside, shape >= veryWideFrom) : [];
  const columns = [
    regions.left.length > 0 ? room.left : 0,
    regions.right.length > 0 ? room.right : 0,
    ...beside.map((slots) => (slots.length > 0 ? room.right : 0)),
  ].filter((width) => width > 0);
  const width = canvas.width - 2 * room.margin - columns.reduce((sum, one) => sum + one + room.columnGap, 0);
  const bottom = regionHeight(regions.bottom);
  const whole = canvas.height - room.header;
  const found: Misfit[] = [];
  if (width < room.centreAtLeast)
    found.push({
      region: scene.map ? "map" : "centre",
      side: "width",
      neededUnits: room.centreAtLeast,
      roomUnits: width,
    });
  const heights: [RegionName, number][] = [
    ["left", whole - bottom - room.overBottom],
    ["centre", whole - bottom - room.overBottom],
    ["right", whole],
    ["beside", whole - bottom],
  ];
  for (const [region, roomUnits] of heights) {
    const neededUnits =
      region === "centre"
        ? centreHeight(scene, regions.centre, width)
        : region === "beside"
          ? Math.max(0, ...beside.map((slots) => regionHeight(slots, room.figureGap)))
          : regionHeight(regions[region], region === "left" ? room.gap : room.figureGap);
    if (neededUnits > roomUnits) found.push({ region, side: "height", neededUnits, roomUnits });
  }
  return found;
}

function uprightMisfits(
  scene: SceneDefinition,
  regions: Regions,
  canvas: { width: number; height: number },
): Misfit[] {
  const parts: [RegionName | "map", number][] = [
    ["left", regionHeight(regions.left) / 2],
    [scene.map ? "map" : "centre", centreHeight(scene, regions.centre, canvas.width)],
    ["right", regionHeight(regions.right) / 2],
    ["bottom", regionHeight(regions.bottom)],
  ];
  const neededUnits = parts.reduce((sum, [, height]) => sum + (height > 0 ? height + room.gap : 0), 0);
  const roomUnits = canvas.height - room.header;
  const tallest = parts.reduce((a, b) => (b[1] > a[1] ? b : a));
  return neededUnits > roomUnits ? [{ region: tallest[0], side: "height", neededUnits, roomUnits }] : [];
}

/** The parts of the centre stand in columns of at least 480 u. */
function centreHeight(scene: SceneDefinition, slots: readonly Slot[], width: number): number {
  if (scene.map) return room.mapAtLeast;
  const columns = Math.max(1, Math.min(2, Math.floor(width / 480)));
  const heights = slots.map(slotHeight);
  let height = 0;
  for (let i = 0; i < heights.length; i += columns)
    height += Math.max(...heights.slice(i, i + columns)) + room.gap;
  return Math.max(0, height - room.gap);
}

function regionHeight(slots: readonly Slot[], gap: number = room.gap): number {
  return slots.reduce((sum, slot, i) => sum + slotHeight(slot) + (i > 0 ? gap : 0), 0);
}

/** The tallest of the candidates: any of them may stand there. */
function slotHeight(slot: Slot): number {
  return Math.max(...slot.map(partHeight));
}
