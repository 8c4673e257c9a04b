/** What the rings of polygons have in common, whoever drew them. */

import type { Position } from "geojson";

/** Positive where `at` lies to the left of the way from `from` to `to`. */
export function side(from: Position, to: Position, at: Position): number {
  return Math.sign((to[0]! - from[0]!) * (at[1]! - from[1]!) - (to[1]! - from[1]!) * (at[0]! - from[0]!));
}

/** Whether the last position is the first once more (RFC 7946 §3.1.6). */
export function isClosed(ring: readonly Position[]): boolean {
  const [first, last] = [ring[0], ring.at(-1)];
  return first?.[0] === last?.[0] && first?.[1] === last?.[1];
}
