/** Web Mercator as the map draws it: a world one wide and one high, measured from its north-western corner. */

/** The world's width at zoom 0, CSS pixels. */
const worldAtZero = 512;

export function worldX(lon: number): number {
  return (lon + 180) / 360;
}

export function worldY(lat: number): number {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/** The width of the world at a zoom, CSS pixels. */
export function worldPixels(zoom: number): number {
  return worldAtZero * 2 ** zoom;
}
