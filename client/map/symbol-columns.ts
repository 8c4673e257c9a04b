/** Rows of one kind as the columns that `symbol-canvas.ts` uploads: rebuilt when the rows change, never per frame. */

import type { EntityRow } from "../../shared/entity-frame.ts";
import type { FeedStatusWord } from "../../shared/feed.ts";
import type { Glides } from "./glide.ts";
import { worldX, worldY } from "./mercator.ts";
import { atlas, isOnMap, symbolNames, symbolOf, type SymbolName } from "./symbols.ts";

export interface SymbolColumns {
  readonly length: number;
  /** x and y of the last report in shares of the world from the anchor: so they are exact in 32 bits. */
  readonly places: Float32Array;
  /** The same of where a glide to it began. */
  readonly origins: Float32Array;
  /** Start and length of the glide in seconds since `epochMs`. */
  readonly glides: Float32Array;
  /** Degrees clockwise. */
  readonly angles: Float32Array;
  /** Numbers of `symbolNames`. */
  readonly symbols: Uint8Array;
  readonly slots: Uint32Array;
  /** Wall milliseconds that the glides count from, so that they fit 32 bits for weeks of uptime. */
  readonly epochMs: number;
  /** What the symbols would cover side by side, in square u of the wall's own view. */
  readonly covered: number;
}

export const numberOfSymbol = Object.fromEntries(symbolNames.map((name, i) => [name, i])) as Readonly<
  Record<SymbolName, number>
>;

export interface Seen {
  /** x and y in the middle of the city, in shares of the world. */
  readonly anchor: readonly [x: number, y: number];
  /** `null` for a kind that does not move. */
  readonly glides: Glides | null;
  /** City time, for ages. */
  readonly now: number | null;
  readonly nowMs: number;
  /** Reduced motion: everything stands at its last report. */
  readonly steps: boolean;
  readonly feedOf: (row: EntityRow) => FeedStatusWord;
}

export function symbolColumns(rows: ReadonlyMap<number, EntityRow>, seen: Seen): SymbolColumns {
  const { glides, nowMs } = seen;
  const columns = emptyColumns(rows.size, nowMs);
  let [length, covered] = [0, 0];
  glides?.nextRound(nowMs, seen.steps);
  for (const row of rows.values()) {
    if (row.position === null) continue;
    const x = worldX(row.position[0]) - seen.anchor[0];
    const y = worldY(row.position[1]) - seen.anchor[1];
    glides?.report(row.slot, x, y);
    if (!isOnMap(row, seen.now)) continue;
    place(columns, length, x, y);
    if (glides !== null) glide(columns, length, glides, row.slot);
    const symbol = symbolOf(row, seen.now, seen.feedOf(row));
    // Only arrows point: a ring of dashes that turned with the heading would seem to move.
    const { bearing } = row.fields;
    columns.angles[length] = symbol.startsWith("arrow") && typeof bearing === "number" ? bearing : 0;
    columns.slots[length] = row.slot;
    columns.symbols[length] = numberOfSymbol[symbol];
    covered += atlas.cells[numberOfSymbol[symbol]]!.size ** 2;
    length++;
  }
  return { ...cut(columns, length), epochMs: nowMs, covered };
}

function emptyColumns(length: number, epochMs: number): SymbolColumns {
  return {
    length,
    places: new Float32Array(length * 2),
    origins: new Float32Array(length * 2),
    glides: new Float32Array(length * 2),
    angles: new Float32Array(length),
    symbols: new Uint8Array(length),
    slots: new Uint32Array(length),
    epochMs,
    covered: 0,
  };
}

function place({ places, origins }: SymbolColumns, i: number, x: number, y: number): void {
  places[i * 2] = origins[i * 2] = x;
  places[i * 2 + 1] = origins[i * 2 + 1] = y;
}

function glide({ origins, glides, epochMs }: SymbolColumns, i: number, of: Glides, slot: number): void {
  origins[i * 2] = of.from[slot * 2]!;
  origins[i * 2 + 1] = of.from[slot * 2 + 1]!;
  glides[i * 2] = (of.startMs[slot]! - epochMs) / 1000;
  glides[i * 2 + 1] = of.spanMs[slot]! / 1000;
}

function cut(columns: SymbolColumns, length: number) {
  return {
    length,
    places: columns.places.subarray(0, length * 2),
    origins: columns.origins.subarray(0, length * 2),
    glides: columns.glides.subarray(0, length * 2),
    angles: columns.angles.subarray(0, length),
    symbols: columns.symbols.subarray(0, length),
    slots: columns.slots.subarray(0, length),
  };
}

/** One symbol that stands. */
export function oneSymbol(name: SymbolName, x: number, y: number): SymbolColumns {
  const columns = emptyColumns(1, 0);
  place(columns, 0, x, y);
  columns.symbols[0] = numberOfSymbol[name];
  return columns;
}

/** The shown thing nearest to a point, within `reach`, or `null`; all in shares of the world from the anchor. */
export function nearestSlot(
  { length, places, slots }: SymbolColumns,
  x: number,
  y: number,
  reach: number,
): { slot: number; distance: number } | null {
  let nearest: { slot: number; distance: number } | null = null;
  for (let i = 0; i < length; i++) {
    const distance = Math.hypot(places[i * 2]! - x, places[i * 2 + 1]! - y);
    if (distance <= (nearest?.distance ?? reach)) nearest = { slot: slots[i]!, distance };
  }
  return nearest;
}
