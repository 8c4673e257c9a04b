/** Whether it is night in the city: a control room dims with its street. */

import { getPosition } from "suncalc";

/** Civil dusk and dawn: the sun six degrees below the horizon. */
const civilDegrees = -6;

/** Whether the sun is below civil twilight over the middle of the bounds (west, south, east, north) at an instant. */
export function isNight(
  at: number,
  [west, south, east, north]: readonly [number, number, number, number],
): boolean {
  return getPosition(new Date(at), (south + north) / 2, (west + east) / 2).altitude < civilDegrees;
}
