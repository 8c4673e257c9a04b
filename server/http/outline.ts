/** An outline that somebody has drawn, as a parameter of a query. */

import type { Polygon } from "geojson";
import { fail, ok, type Result } from "../../shared/result.ts";
import { shown } from "./instants.ts";
import type { BadParameter } from "./parameters.ts";

const cornersAtMost = 200;

export const outlineText = `Only what lies in this outline or touches it: its corners, \`lon,lat;lon,lat;…\`, 3 to ${cornersAtMost}.`;

/** A ring that need not be closed; `null` when absent. */
export function readOutline(
  parameter: string,
  text: string | undefined,
): Result<Polygon | null, BadParameter> {
  if (text === undefined) return ok(null);
  const corners = text
    .split(";")
    .map((corner) => corner.split(",").map((part) => Number(part.trim() || NaN)));
  const isPlace = ([lon = NaN, lat = NaN, ...more]: readonly number[]): boolean =>
    Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && more.length === 0;
  if (!corners.every(isPlace) || corners.length < 3 || corners.length > cornersAtMost)
    return fail({
      parameter,
      detail: `${parameter}: "${shown(text)}" is not 3 to ${cornersAtMost} corners lon,lat;…`,
    });
  const [first, last] = [corners[0]!, corners.at(-1)!];
  const isClosed = first[0] === last[0] && first[1] === last[1];
  return ok({ type: "Polygon", coordinates: [isClosed ? corners : [...corners, first]] });
}
