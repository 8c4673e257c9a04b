/** Instants as a `datetime-local` field has them, by the city's clock. Pure. */

import { localToInstant, zoneOffsetMs } from "../../../shared/city-time.ts";

/** `2026-11-27T15:21` */
export function localText(at: number, zone: string): string {
  return new Date(at + zoneOffsetMs(at, zone)).toISOString().slice(0, 16);
}

/** `null` for what is no time. */
export function instantOfLocal(local: string, zone: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(local)?.slice(1).map(Number);
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts as [number, number, number, number, number];
  return localToInstant({ year, month, day, hour, minute, second: 0 }, zone);
}
