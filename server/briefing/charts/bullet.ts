/** One figure against its target: is it met, by how much, and is that usual? */

import { linear } from "./scale.ts";
import { drawing, element, hatch, hatchPattern, paint, type ChartLook } from "./svg.ts";

export interface Bullet {
  /** `null`: not known, which is drawn as a hatch. */
  readonly value: number | null;
  readonly target: number | null;
  /** What is usual for the period. */
  readonly expected?: { readonly low: number; readonly high: number } | null;
  /** The figure of the period it is compared with. */
  readonly before?: number | null;
}

const height = 28;
const margin = 4;

/** The bar begins at zero, or at the least that is drawn where that is below zero. */
export function bullet({ value, target, expected = null, before = null }: Bullet, look: ChartLook): string {
  const middle = height / 2;
  const end = look.width - margin;
  if (value === null) {
    const bar = { x: margin, y: middle - 7, width: end - margin, height: 14, fill: hatch(look.id) };
    return drawing(look, height, hatchPattern(look.id) + element("rect", bar));
  }
  const drawn = [0, value, target, expected?.low, expected?.high, before].filter((one) => one != null);
  const x = linear(Math.min(...drawn), Math.max(...drawn) || 1, margin, end - 6);
  const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))];
  const parts = [
    element("path", { d: `M${margin} ${middle}H${end}`, stroke: paint.line, "stroke-width": 1.5 }),
    expected &&
      element("rect", {
        x: x(expected.low),
        y: middle - 9,
        width: Math.max(x(expected.high) - x(expected.low), 2),
        height: 18,
        fill: paint.band,
      }),
    element("rect", { x: from, y: middle - 4, width: Math.max(to - from, 1), height: 8, fill: paint.ink2 }),
    before !== null &&
      element("circle", {
        cx: x(before),
        cy: middle,
        r: 3.5,
        fill: paint.page,
        stroke: paint.ink2,
        "stroke-width": 1.5,
      }),
    target !== null &&
      element("path", {
        d: `M${x(target).toFixed(1)} ${middle - 12}V${middle + 12}`,
        stroke: paint.ink0,
        "stroke-width": 3,
      }),
  ];
  return drawing(look, height, parts.filter((part) => typeof part === "string").join(""));
}
