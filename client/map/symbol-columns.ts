/** Rows of one kind as the columns a symbol layer uploads: rebuilt when the rows change, never per frame. */

import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatusWord } from "../../shared/feed.ts";
import type { Tracks } from "./glide.ts";
import { atlas, isOnMap, symbolNames, symbolOf, type SymbolName } from "./symbols.ts";

export interface SymbolColumns {
  readonly length: number;
  /** Longitude and latitude of the last report. */
  readonly positions: Float64Array;
  /** The same and, for what glides, from where, as degrees from `anchor`: so they are exact in 32 bits. */
  readonly places: Float32Array;
  readonly origins: Float32Array;
  /** Longitude and latitude in the middle of the city. */
  readonly anchor: readonly [number, number];
  /** Start and length of the glide in seconds since `epochMs`. */
  readonly glides: Float32Array;
  /** Degrees counter-clockwise, as the icon layer turns. */
  readonly angles: Float32Array;
  /** Numbers of `symbolNames`. */
  readonly symbols: Uint8Array;
  readonly slots: Uint32Array;
  /** Wall milliseconds that the glides count from, so that they fit 32 bits for weeks of uptime. */
  readonly epochMs: number;
  /** What the symbols would cover side by side, in square u of the wall's own view. */
  readonly covered: number;
}

const numberOf = Object.fromEntries(symbolNames.map((name, i) => [name, i])) as Record<SymbolName, number>;

export interface Seen {
  readonly anchor: readonly [number, number];
  readonly tracks: Tracks;
  /** City time, for ages. */
  readonly now: number | null;
  readonly nowMs: number;
  readonly feedOf: (row: EntityRow) => FeedStatusWord;
}

export function symbolColumns(rows: ReadonlyMap<number, EntityRow>, seen: Seen): SymbolColumns {
  const shown = Array.from(rows.values()).filter((row) => isOnMap(row, seen.now));
  const { length } = shown;
  const { anchor } = seen;
  const columns = {
    length,
    anchor,
    positions: new Float64Array(length * 2),
    places: new Float32Array(length * 2),
    origins: new Float32Array(length * 2),
    glides: new Float32Array(length * 2),
    angles: new Float32Array(length),
    symbols: new Uint8Array(length),
    slots: new Uint32Array(length),
    epochMs: seen.nowMs,
  };
  let covered = 0;
  shown.forEach((row, i) => {
    const to = row.position!;
    const track = seen.tracks[row.slot];
    const from = track?.from ?? to;
    columns.positions[i * 2] = to[0];
    columns.positions[i * 2 + 1] = to[1];
    columns.places[i * 2] = to[0] - anchor[0];
    columns.places[i * 2 + 1] = to[1] - anchor[1];
    columns.origins[i * 2] = from[0] - anchor[0];
    columns.origins[i * 2 + 1] = from[1] - anchor[1];
    columns.glides[i * 2] = track ? (track.startMs - seen.nowMs) / 1000 : 0;
    columns.glides[i * 2 + 1] = track ? track.spanMs / 1000 : 0;
    const symbol = symbolOf(row, seen.now, seen.feedOf(row));
    // Only arrows point: a ring of dashes that turned with the heading would seem to move.
    const { bearing } = row.fields;
    columns.angles[i] = symbol.startsWith("arrow") && typeof bearing === "number" ? -bearing : 0;
    columns.slots[i] = row.slot;
    columns.symbols[i] = numberOf[symbol];
    covered += atlas.cells[numberOf[symbol]]!.size ** 2;
  });
  return { ...columns, covered };
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
