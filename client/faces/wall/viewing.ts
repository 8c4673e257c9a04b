/** From how far a screen can be read. Cap height in millimetres ≥ distance ÷ 200 for what must be read, ÷ 300 else. */

import type { WallDefinition } from "../../../shared/city.ts";

/** Share of IBM Plex Sans's em that a capital letter is high. */
const capShare = 0.698;
const canvasUnits = 1_080;
/** Sizes in units of the wall's canvas: a tile's value, and its age and owner. */
const figureUnits = 40;
const smallUnits = 17.5;

/** Metres from which the figures and the small print of a 16:9 screen of this diagonal can be read. */
export function readableMetres(viewing: Pick<WallDefinition["viewing"], "diagonalInches">): {
  far: number;
  near: number;
} {
  const heightMm = (viewing.diagonalInches * 25.4 * 9) / Math.hypot(16, 9);
  const capMm = (units: number): number => (heightMm / canvasUnits) * units * capShare;
  return { far: (capMm(figureUnits) * 200) / 1_000, near: (capMm(smallUnits) * 300) / 1_000 };
}
