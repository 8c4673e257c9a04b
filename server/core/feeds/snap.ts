import type { Position } from "../../../shared/entity.ts";

const stepDegrees = 0.0009;

function toMicrodegrees(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

/** The nearest point of a grid of about 100 m, so that the place of an emergency call no longer names a door. */
export function snapped([lon, lat]: Position): Position {
  const snappedLat = Math.round(lat / stepDegrees) * stepDegrees;
  const step = stepDegrees / Math.max(0.01, Math.cos((snappedLat * Math.PI) / 180));
  return [toMicrodegrees(Math.round(lon / step) * step), toMicrodegrees(snappedLat)];
}
