/** An area as the address names it and as it is drawn, corner by corner. */

export type Place = readonly [lon: number, lat: number];

export type Tool = "outline" | "box";

/** About a metre. */
const digits = 5;

/** Pure: the value of `within`: `lon,lat;lon,lat;…`. */
export function withinOf(corners: readonly Place[]): string {
  return corners.map(([lon, lat]) => `${lon.toFixed(digits)},${lat.toFixed(digits)}`).join(";");
}

/** Pure: the four corners of the box between two opposite ones. */
export function boxBetween([west, south]: Place, [east, north]: Place): readonly Place[] {
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
  ];
}

/**
 * Pure: what becomes of the corners when a place is pressed; `isFirst`: on the first corner. `done`: the corners of the
 * finished area, `null` while it is not finished.
 */
export function pressed(
  tool: Tool,
  corners: readonly Place[],
  place: Place,
  isFirst: boolean,
): { readonly corners: readonly Place[]; readonly done: readonly Place[] | null } {
  const [first] = corners;
  if (tool === "box" && first) {
    const isLine = first[0] === place[0] || first[1] === place[1];
    return isLine ? { corners, done: null } : { corners: [], done: boxBetween(first, place) };
  }
  if (isFirst) return corners.length >= 3 ? { corners: [], done: corners } : { corners, done: null };
  return { corners: [...corners, place], done: null };
}
