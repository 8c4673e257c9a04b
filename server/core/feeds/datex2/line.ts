/** Lengths along a line of places; on the plane of its own latitude, good to a part in a thousand at the size of a city. */

import type { Position as GeoPosition } from "geojson";
import type { Position } from "../../../../shared/entity.ts";

const metresPerDegree = 111_195;

export function metresBetween(a: GeoPosition, b: GeoPosition): number {
  const [lonA = 0, latA = 0] = a;
  const [lonB = 0, latB = 0] = b;
  const east = (lonB - lonA) * Math.cos((((latA + latB) / 2) * Math.PI) / 180);
  return Math.hypot(east, latB - latA) * metresPerDegree;
}

/** The point half way along a line; of a single place the place itself. The line has at least one place. */
export function midway(line: readonly GeoPosition[]): Position {
  const at = pointAlong(line, lengthOf(line) / 2).point;
  return [at[0]!, at[1]!];
}

/** The line without what lies before `startMetres` and behind `endMetres` from its ends; at least a point is left of it. */
export function trimLine(
  line: readonly GeoPosition[],
  startMetres: number,
  endMetres: number,
): GeoPosition[] {
  const length = lengthOf(line);
  if (startMetres + endMetres <= 0 || startMetres + endMetres >= length) return [...line];
  const [from, to] = [pointAlong(line, startMetres), pointAlong(line, length - endMetres)];
  return [from.point, ...line.slice(from.next, to.next), to.point];
}

function lengthOf(line: readonly GeoPosition[]): number {
  return line.reduce((sum, place, i) => (i === 0 ? 0 : sum + metresBetween(line[i - 1]!, place)), 0);
}

/** The point `metres` along a line, and the number of the place behind it. */
function pointAlong(line: readonly GeoPosition[], metres: number): { point: GeoPosition; next: number } {
  let left = metres;
  for (let next = 1; next < line.length; next++) {
    const [from, to] = [line[next - 1]!, line[next]!];
    const length = metresBetween(from, to);
    if (left <= length && length > 0) return { point: between(from, to, left / length), next };
    left -= length;
  }
  return { point: line.at(-1)!, next: line.length };
}

/** To about 10 cm. */
function between(from: GeoPosition, to: GeoPosition, share: number): GeoPosition {
  const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
  return [0, 1].map((axis) => round(from[axis]! + (to[axis]! - from[axis]!) * share));
}
