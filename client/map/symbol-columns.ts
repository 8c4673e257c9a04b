/** Rows of one kind as the columns a symbol layer uploads: rebuilt when the rows change, never per frame. */

import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatusWord } from "../../shared/feed.ts";
import type { Tracks } from "./glide.ts";
import { isOnMap, symbolOf, type SymbolName } from "./symbols.ts";

export interface SymbolColumns {
  readonly length: number;
  /** Longitude and latitude of the last report. */
  readonly positions: Float64Array;
  /** Longitude and latitude from where it glides. */
  readonly origins: Float32Array;
  /** Start and length of the glide in seconds since `epochMs`. */
  readonly glides: Float32Array;
  /** Degrees counter-clockwise, as the icon layer turns. */
  readonly angles: Float32Array;
  readonly symbols: readonly SymbolName[];
  readonly slots: Uint32Array;
  /** Wall milliseconds that the glides count from, so that they fit 32 bits for weeks of uptime. */
  readonly epochMs: number;
}

export interface Seen {
  readonly tracks: Tracks;
  /** City time, for ages. */
  readonly now: number | null;
  readonly nowMs: number;
  readonly feedOf: (row: EntityRow) => FeedStatusWord;
}

export function symbolColumns(rows: ReadonlyMap<number, EntityRow>, seen: Seen): SymbolColumns {
  const shown = Array.from(rows.values()).filter((row) => isOnMap(row, seen.now));
  const { length } = shown;
  const columns = {
    length,
    positions: new Float64Array(length * 2),
    origins: new Float32Array(length * 2),
    glides: new Float32Array(length * 2),
    angles: new Float32Array(length),
    slots: new Uint32Array(length),
    epochMs: seen.nowMs,
  };
  const symbols = shown.map((row, i) => {
    const to = row.position!;
    const track = seen.tracks.get(row.slot);
    const from = track?.from ?? to;
    columns.positions.set(to, i * 2);
    columns.origins.set(from, i * 2);
    columns.glides[i * 2] = track ? (track.startMs - seen.nowMs) / 1000 : 0;
    columns.glides[i * 2 + 1] = track ? track.spanMs / 1000 : 0;
    const symbol = symbolOf(row, seen.now, seen.feedOf(row));
    // Only arrows point: a ring of dashes that turned with the heading would seem to move.
    const { bearing } = row.fields;
    columns.angles[i] = symbol.startsWith("arrow") && typeof bearing === "number" ? -bearing : 0;
    columns.slots[i] = row.slot;
    return symbol;
  });
  return { ...columns, symbols };
}

/** The place of the shown thing nearest to a point, within `reach` of the same measure, or `null`. */
export function nearestSlot(
  columns: SymbolColumns,
  project: (lon: number, lat: number) => { readonly x: number; readonly y: number },
  point: { readonly x: number; readonly y: number },
  reach: number,
): { slot: number; distance: number } | null {
  let nearest: { slot: number; distance: number } | null = null;
  for (let i = 0; i < columns.length; i++) {
    const { x, y } = project(columns.positions[i * 2]!, columns.positions[i * 2 + 1]!);
    const distance = Math.hypot(x - point.x, y - point.y);
    if (distance <= (nearest?.distance ?? reach)) nearest = { slot: columns.slots[i]!, distance };
  }
  return nearest;
}
