/** Pixel orbit: a wall that hangs for a year moves by a few units, so that no line burns into its screen. */

import { useEffect } from "react";

const stepMs = 120_000;
/** In u: wider than a rule or a stroke, less than anybody notices. */
const reach = 4;
const round: readonly (readonly [x: number, y: number])[] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
];

/** Where the drawing sits at a wall instant, in u from its place: nine places, one every two minutes. */
export function orbitAt(wallMs: number): readonly [x: number, y: number] {
  const [x, y] = round[Math.floor(wallMs / stepMs) % round.length]!;
  return [x * reach, y * reach];
}

/** The same in CSS pixels. Whole ones: thin strokes must not fade because the wall stands between two pixels. */
export function orbitPixelsAt(wallMs: number, pixelsPerU: number): readonly [x: number, y: number] {
  const [x, y] = orbitAt(wallMs);
  return [Math.round(x * pixelsPerU), Math.round(y * pixelsPerU)];
}

/** Keeps `--orbit-x` and `--orbit-y` of the document, which `wall.module.css` adds to the wall's margins. */
export function useOrbit(): void {
  useEffect(() => {
    const { style } = document.documentElement;
    const move = (): void => {
      const pixelsPerU = parseFloat(getComputedStyle(document.documentElement).fontSize) / 10;
      const [x, y] = orbitPixelsAt(Date.now(), pixelsPerU);
      style.setProperty("--orbit-x", `${x}px`);
      style.setProperty("--orbit-y", `${y}px`);
    };
    move();
    const timer = setInterval(move, stepMs / 4);
    return () => {
      clearInterval(timer);
      style.removeProperty("--orbit-x");
      style.removeProperty("--orbit-y");
    };
  }, []);
}
