/**
 * How places travel: one ArrayBuffer of aligned columns per frame (the msgpack parser gives typed arrays back as a
 * bare ArrayBuffer, so the layout is ours), with texts as numbers of a dictionary that grows with the frames.
 *
 * Layout, little-endian, each column starting at a multiple of 8 bytes, `n` rows:
 * slot Uint32, lon Int32, lat Int32 (1e-7 degrees, `noPlace` without one), flags Uint8, observedAt Float64 (NaN when
 * unknown), then one column per entry of the kind's `columns`: Float64 for instants, Uint32 (dictionary number, 0 for
 * none) for texts, Float32 (NaN for none; flags 0 or 1) for the rest.
 */

import type { Geometry } from "geojson";
import type { Entity } from "./entity.ts";
import { findFieldType, kindSchemas, type FieldValue, type Kind } from "./kinds.ts";

export interface EntityFrame {
  readonly kind: Kind;
  readonly count: number;
  readonly columns: ArrayBuffer;
  /** `[slot, id]` of entities seen for the first time. */
  readonly ids: readonly (readonly [number, string])[];
  /** Slots whose entities are gone. Applied before the rows: a slot may be taken again in the same frame. */
  readonly removed: readonly number[];
  /** Dictionary additions: `texts[i]` has the number `firstText + i`. */
  readonly firstText: number;
  readonly texts: readonly string[];
  /** `[slot, GeoJSON text]` of the rows that have an extent (CAP areas, work zones). */
  readonly geometries?: readonly (readonly [number, string])[];
  /** Of a past instant: nobody recorded things of this kind then, so that having none says nothing. */
  readonly notRecorded?: true;
}

const noPlace = 0x7fffffff;
const degrees = 1e7;
const estimatedFlag = 1;

/** A row as the client sees it. */
export interface EntityRow {
  readonly slot: number;
  readonly id: string;
  readonly kind: Kind;
  readonly position: readonly [number, number] | null;
  readonly estimated: boolean;
  readonly observedAt: number | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Its extent, where it has one beside or instead of a place. */
  readonly geometry?: Geometry;
}

/** Numbers for texts; 0 is no text. */
export class Dictionary {
  readonly #numbers = new Map<string, number>();
  #texts: string[] = [];

  get size(): number {
    return this.#texts.length;
  }

  numberOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#numbers.set(text, this.#texts.length);
    return this.#texts.length;
  }

  /** The texts with numbers from `first` on. */
  since(first: number): string[] {
    return this.#texts.slice(first - 1);
  }
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

type ColumnType = "float64" | "float32" | "text";

function columnType(kind: Kind, field: string): ColumnType {
  const type = findFieldType(kind, field);
  return type === "at" ? "float64" : type === "text" ? "text" : "float32";
}

/** The columns that every kind has; `take` gives the place of the next one, that of the first field's at first. */
function columnsIn(buffer: ArrayBuffer, count: number) {
  let offset = 0;
  const take = (bytes: number): number => {
    const at = offset;
    offset += aligned(bytes);
    return at;
  };
  return {
    slot: new Uint32Array(buffer, take(count * 4), count),
    lon: new Int32Array(buffer, take(count * 4), count),
    lat: new Int32Array(buffer, take(count * 4), count),
    flags: new Uint8Array(buffer, take(count), count),
    observedAt: new Float64Array(buffer, take(count * 8), count),
    take,
  };
}

function columnBytes(type: ColumnType, count: number): number {
  return aligned(count * (type === "float64" ? 8 : 4));
}

/** Encodes `entities`; `slots[i]` is the small number that stands for `entities[i]` in this topic. */
export function encodeEntityColumns(
  kind: Kind,
  entities: readonly Entity[],
  slots: ArrayLike<number>,
  dictionary: Dictionary,
): ArrayBuffer {
  const count = entities.length;
  const fields = kindSchemas[kind].columns;
  const types = fields.map((field) => columnType(kind, field));
  const head = aligned(count * 4) * 3 + aligned(count) + count * 8;
  const buffer = new ArrayBuffer(types.reduce((bytes, type) => bytes + columnBytes(type, count), head));
  const { slot, lon, lat, flags, observedAt, take } = columnsIn(buffer, count);
  entities.forEach((entity, i) => {
    slot[i] = slots[i]!;
    lon[i] = entity.position ? Math.round(entity.position[0] * degrees) : noPlace;
    lat[i] = entity.position ? Math.round(entity.position[1] * degrees) : noPlace;
    flags[i] = entity.quality === "estimated" ? estimatedFlag : 0;
    observedAt[i] = entity.observedAt ?? Number.NaN;
  });
  fields.forEach((field, f) => {
    const type = types[f]!;
    const column =
      type === "float64"
        ? new Float64Array(buffer, take(count * 8), count)
        : type === "text"
          ? new Uint32Array(buffer, take(count * 4), count)
          : new Float32Array(buffer, take(count * 4), count);
    entities.forEach((entity, i) => {
      const value = (entity.fields as Readonly<Record<string, FieldValue>>)[field];
      if (type === "text") column[i] = typeof value === "string" ? dictionary.numberOf(value) : 0;
      else
        column[i] =
          typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : Number.NaN;
    });
  });
  return buffer;
}

/** The extents of `entities` as they travel; nothing for the many kinds without any. */
export function encodeGeometries(
  entities: readonly Entity[],
  slots: ArrayLike<number>,
): Pick<EntityFrame, "geometries"> {
  const geometries = entities.flatMap(({ geometry }, i) =>
    geometry ? [[slots[i]!, JSON.stringify(geometry)] as const] : [],
  );
  return geometries.length === 0 ? {} : { geometries };
}

/** What the receiving side remembers of a topic between frames. */
export interface EntityTopicMemory {
  readonly ids: Map<number, string>;
  readonly texts: string[];
}

/**
 * The columns as the parser gave them: Node's side gives an ArrayBuffer or a view of one, the browser's side an
 * ArrayBuffer or, for what Node encodes as MessagePack's extension type 0, the pair `[0, ArrayBuffer]`.
 */
export function bareBuffer(columns: unknown): ArrayBuffer {
  const bytes: unknown = Array.isArray(columns) ? columns[1] : columns;
  if (bytes instanceof ArrayBuffer) return bytes;
  if (!ArrayBuffer.isView(bytes)) throw new TypeError("columns: not bytes");
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice().buffer;
}

/** Rows of a frame; `memory` learns the frame's new ids and texts. Removed slots are left to the caller. */
export function decodeEntityFrame(frame: EntityFrame, memory: EntityTopicMemory): EntityRow[] {
  for (const [slot, id] of frame.ids) memory.ids.set(slot, id);
  frame.texts.forEach((text, i) => {
    memory.texts[frame.firstText + i] = text;
  });
  const { count, kind } = frame;
  const buffer = bareBuffer(frame.columns);
  const { slot, lon, lat, flags, observedAt, take } = columnsIn(buffer, count);
  const columns = kindSchemas[kind].columns.map((field) => {
    const type = columnType(kind, field);
    const at = take(count * (type === "float64" ? 8 : 4));
    const Numbers = { float64: Float64Array, float32: Float32Array, text: Uint32Array }[type];
    const isFlag = findFieldType(kind, field) === "flag";
    return {
      field,
      numbers: new Numbers(buffer, at, count),
      texts: type === "text" ? memory.texts : null,
      isFlag,
    };
  });
  // A copy that has all fields is made faster than an object that grows field by field.
  const unknown: Readonly<Record<string, FieldValue>> = Object.fromEntries(
    columns.map(({ field }) => [field, null]),
  );
  const rows: EntityRow[] = [];
  const geometries = new Map(frame.geometries);
  for (let i = 0; i < count; i++) {
    const fields = { ...unknown };
    for (const { field, numbers, texts, isFlag } of columns) {
      const number = numbers[i]!;
      if (texts !== null) fields[field] = texts[number] ?? null;
      else if (!Number.isNaN(number)) fields[field] = isFlag ? number !== 0 : number;
    }
    const row: EntityRow = {
      slot: slot[i]!,
      id: memory.ids.get(slot[i]!) ?? "",
      kind,
      position: lon[i] === noPlace ? null : [lon[i]! / degrees, lat[i]! / degrees],
      estimated: (flags[i]! & estimatedFlag) !== 0,
      observedAt: Number.isNaN(observedAt[i]!) ? null : observedAt[i]!,
      fields,
    };
    const geometry = geometries.get(row.slot);
    rows.push(geometry === undefined ? row : { ...row, geometry: JSON.parse(geometry) as Geometry });
  }
  return rows;
}
