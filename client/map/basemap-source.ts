/** The city's basemap, one PMTiles file read in ranges. */

import { PMTiles, Protocol } from "pmtiles";
import { useLoaded } from "./ground-data.ts";

const protocol = new Protocol();
/** What MapLibre asks for `pmtiles://` addresses. */
export const pmtilesProtocol = protocol.tile;

export interface Basemap {
  /** TileJSON address. */
  readonly url: string;
  /** What the file holds: beyond it there is neither land nor water. */
  readonly bounds: readonly [west: number, south: number, east: number, north: number];
}

/** The basemap's address with its version, so that its parts may be kept for good, and what its header says. */
async function findBasemap(path: string): Promise<Basemap> {
  const answer = await fetch(path, { method: "HEAD", cache: "no-cache" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const version = (answer.headers.get("etag") ?? "").replaceAll(/^W\/|"/g, "");
  const file = new PMTiles(`${location.origin}${path}?v=${encodeURIComponent(version)}`);
  const { minLon, minLat, maxLon, maxLat } = await file.getHeader();
  // MapLibre reads on from the same file, whose beginning is here already.
  protocol.add(file);
  return { url: `pmtiles://${file.source.getKey()}`, bounds: [minLon, minLat, maxLon, maxLat] };
}

/** `null` when the city has no basemap or its file is missing, `undefined` until that is known. */
export function useBasemap(hasBasemap: boolean): Basemap | null | undefined {
  return useLoaded(hasBasemap ? "/basemap.pmtiles" : null, findBasemap);
}
