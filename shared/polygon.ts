/** Plane geometry of polygons in degrees: how large, where the middle is, what lies inside. */

/** Places as longitude and latitude in degrees, the last as the first (RFC 7946 §3.1.6). */
export type Ring = readonly (readonly number[])[];

/** Shoelace formula, in square degrees; positive whatever the winding. */
export function ringArea(ring: Ring): number {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++)
    twice += (ring[j]![0]! - ring[i]![0]!) * (ring[j]![1]! + ring[i]![1]!);
  return Math.abs(twice) / 2;
}

/** Degrees of longitude shrink by this factor at the latitude. */
function squeeze(latitude: number): number {
  return Math.cos((latitude * Math.PI) / 180);
}

/**
 * A point far from every edge: the best of a grid over the bounding box, refined around the best three times. Good to
 * about a hundredth of the polygon's size, which is finer than a label needs.
 */
export function deepestPoint(rings: readonly Ring[]): [number, number] {
  let [west, south, east, north] = ringBounds(rings[0] ?? []);
  const stretch = squeeze((south + north) / 2);
  let best: [number, number] = [(west + east) / 2, (south + north) / 2];
  let depth = -Infinity;
  for (let pass = 0; pass < 4; pass++) {
    const steps = 8;
    const [stepX, stepY] = [(east - west) / steps, (north - south) / steps];
    for (let ix = 0; ix <= steps; ix++)
      for (let iy = 0; iy <= steps; iy++) {
        const point: [number, number] = [west + ix * stepX, south + iy * stepY];
        const here = depthInside(point, rings, stretch);
        if (here > depth) [best, depth] = [point, here];
      }
    [west, south, east, north] = [best[0] - stepX, best[1] - stepY, best[0] + stepX, best[1] + stepY];
  }
  return best;
}

/** Distance to the nearest edge in degrees of latitude, negative outside. */
export function depthInside(
  [x, y]: readonly [number, number],
  rings: readonly Ring[],
  stretch: number,
): number {
  let inside = false;
  let nearest = Infinity;
  for (const ring of rings)
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = [(ring[i]![0]! - x) * stretch, ring[i]![1]! - y];
      const [bx, by] = [(ring[j]![0]! - x) * stretch, ring[j]![1]! - y];
      if (ay > 0 !== by > 0 && 0 < ((bx - ax) * -ay) / (by - ay) + ax) inside = !inside;
      nearest = Math.min(nearest, distanceToOrigin(ax, ay, bx, by));
    }
  return inside ? nearest : -nearest;
}

function distanceToOrigin(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(Math.max(-(ax * dx + ay * dy) / length, 0), 1);
  return Math.hypot(ax + along * dx, ay + along * dy);
}

/** West, south, east, north. */
export function ringBounds(ring: Ring): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of ring as readonly [number, number][]) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}
