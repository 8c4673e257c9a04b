/** Where the map looks: the whole city between the wall's columns, and back to it when nobody touches the map. */

/** Space in u that other parts of the face cover at each side of the map's canvas. */
export interface Bleed {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const noBleed: Bleed = { top: 0, right: 0, bottom: 0, left: 0 };

/** After this long without a touch the map returns to the whole city. */
export const returnAfterMs = 60_000;

/** CSS pixels per u: the faces set 1 rem = 10 u. Never 0, whatever the page says. */
export function scaleOf(rootFontSize: string): number {
  const pixels = Number.parseFloat(rootFontSize);
  return Number.isFinite(pixels) && pixels > 0 ? Math.min(Math.max(pixels / 10, 0.5), 8) : 1;
}

/**
 * Padding in CSS pixels around the city for a canvas of this size: the bleed and a margin, but never so much that
 * less than a third of the canvas is left.
 */
export function paddingFor(bleed: Bleed, scale: number, width: number, height: number): Bleed {
  const margin = 14 * scale;
  const [left, right] = squeeze(bleed.left * scale + margin, bleed.right * scale + margin, width);
  const [top, bottom] = squeeze(bleed.top * scale + margin, bleed.bottom * scale + margin, height);
  return { top, right, bottom, left };
}

function squeeze(a: number, b: number, length: number): [number, number] {
  const most = (length * 2) / 3;
  const factor = a + b > most ? most / (a + b) : 1;
  return [a * factor, b * factor];
}
