/**
 * A TMC location table (EN ISO 14819-3) in columns: where each code of an Alert-C reference is. Only what resolving a
 * reference needs is kept; forty thousand locations are about four megabytes.
 */

import type { Position } from "../../../../shared/entity.ts";
import type { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import { describeBody, quote, unreadable } from "../body.ts";
import type { Failure, Part } from "../connector.ts";
import { CsvRows } from "../gtfs/csv.ts";
import { openFiles } from "../table/sheet.ts";

export const tableLimits = { files: 8, bytes: 64 << 20, rows: 400_000 };

/** Rows by the class of their location. */
interface Counts {
  points: number;
  lines: number;
  areas: number;
}

/** A location as its table has it. */
export interface Location {
  readonly code: number;
  /** `null` for lines and areas, and for what the table places nowhere. */
  readonly position: Position | null;
  readonly name: string | null;
  readonly roadNumber: string | null;
  readonly roadName: string | null;
}

const none = 0;
/** Location codes have 16 bits, table numbers 6 (EN ISO 14819-3). */
const codeLimit = 65_536;
const tableLimit = 64;

export class LocationTable {
  /** What tells two tables from each other without comparing them. */
  readonly version: string;
  /** Table number and code as one number, ascending. */
  readonly #keys: Int32Array;
  readonly #lon: Float64Array;
  readonly #lat: Float64Array;
  readonly #negative: Int32Array;
  readonly #positive: Int32Array;
  readonly #line: Int32Array;
  readonly #name: Int32Array;
  readonly #roadNumber: Int32Array;
  readonly #roadName: Int32Array;
  readonly #texts: readonly string[];
  /** By the line's key; made when a whole line is first asked for. */
  #pointsOfLine: ReadonlyMap<number, readonly number[]> | null = null;

  constructor(rows: readonly TableRow[]) {
    const byKey = new Map(rows.map((row) => [row.key, row]));
    const sorted = [...byKey.values()].sort((a, b) => a.key - b.key);
    const texts = new Map<string, number>([["", none]]);
    const number = (text: string): number => {
      const known = texts.get(text) ?? texts.size;
      texts.set(text, known);
      return known;
    };
    const codes = (pick: (row: TableRow) => number): Int32Array => Int32Array.from(sorted, pick);
    this.#keys = codes(({ key }) => key);
    this.#lon = Float64Array.from(sorted, ({ lon }) => lon);
    this.#lat = Float64Array.from(sorted, ({ lat }) => lat);
    this.#negative = codes(({ negative }) => negative);
    this.#positive = codes(({ positive }) => positive);
    this.#line = codes(({ line }) => line);
    this.#name = codes(({ name }) => number(name));
    this.#roadNumber = codes((row) => number(roadOf(row, byKey)?.roadNumber ?? ""));
    this.#roadName = codes((row) => number(row.roadName || (roadOf(row, byKey)?.roadName ?? "")));
    this.#texts = [...texts.keys()];
    this.version = fingerprint(sorted);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** `tableNumber` is `null` when the reference names none: then the table with the lowest number that has the code. */
  find(tableNumber: number | null, code: number): Location | null {
    const at = this.#rowOf(tableNumber, code);
    if (at < 0) return null;
    const [lon, lat] = [this.#lon[at]!, this.#lat[at]!];
    return {
      code,
      position: Number.isNaN(lon) ? null : [lon, lat],
      name: this.#text(this.#name[at]!),
      roadNumber: this.#text(this.#roadNumber[at]!),
      roadName: this.#text(this.#roadName[at]!),
    };
  }

  /** The codes of the points before and behind a point of a road, in the line's positive direction; `null` at its end. */
  neighbour(tableNumber: number | null, code: number, direction: "negative" | "positive"): number | null {
    const at = this.#rowOf(tableNumber, code);
    const next = at < 0 ? none : (direction === "positive" ? this.#positive : this.#negative)[at]!;
    return next === none ? null : next;
  }

  /** The codes of the points of a line that have a place, in no particular order. */
  pointsOf(tableNumber: number | null, line: number): readonly number[] {
    this.#pointsOfLine ??= this.#groupByLine();
    const row = this.#rowOf(tableNumber, line);
    return row < 0 ? [] : (this.#pointsOfLine.get(this.#keys[row]!) ?? []);
  }

  #groupByLine(): ReadonlyMap<number, readonly number[]> {
    const points = new Map<number, number[]>();
    this.#keys.forEach((key, at) => {
      if (this.#line[at] === none || Number.isNaN(this.#lon[at]!)) return;
      const line = key - (key % codeLimit) + this.#line[at]!;
      const known = points.get(line);
      if (known) known.push(key % codeLimit);
      else points.set(line, [key % codeLimit]);
    });
    return points;
  }

  #text(number: number): string | null {
    return number === none ? null : this.#texts[number]!;
  }

  #rowOf(tableNumber: number | null, code: number): number {
    if (tableNumber !== null) return this.#search(tableNumber * codeLimit + code);
    for (let table = 0; table < tableLimit; table++) {
      const at = this.#search(table * codeLimit + code);
      if (at >= 0) return at;
    }
    return -1;
  }

  #search(key: number): number {
    let [low, high] = [0, this.#keys.length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#keys[middle]!;
      if (found === key) return middle;
      if (found < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

export interface TableRow {
  readonly key: number;
  /** Degrees; NaN where the table gives none. */
  readonly lon: number;
  readonly lat: number;
  /** Codes; 0 for none. */
  readonly negative: number;
  readonly positive: number;
  readonly line: number;
  readonly name: string;
  readonly roadName: string;
  /** Of a line; of a point it would be the junction's. */
  readonly roadNumber: string;
}

/** The line that a location lies on, or the one above it, as far as it has a number: roads are lines of lines. */
function roadOf(row: TableRow, byKey: ReadonlyMap<number, TableRow>): TableRow | null {
  const table = Math.floor(row.key / codeLimit) * codeLimit;
  let at: TableRow | undefined = row;
  for (let steps = 0; steps < 4 && at; steps++) {
    if (at.roadNumber !== "") return at;
    at = at.line === none ? undefined : byKey.get(table + at.line);
  }
  return null;
}

/** FNV-1a over what a table says. */
function fingerprint(rows: readonly TableRow[]): string {
  let hash = 0x811c9dc5;
  for (const row of rows) {
    const text = Object.values(row).join(" ");
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return `${rows.length}-${(hash >>> 0).toString(16)}`;
}

/** The columns by the names that published tables give them, without blanks and case. */
const columnNames = {
  table: ["tablecode", "tabcd", "tablenumber"],
  code: ["locationcode", "lcd"],
  class: ["class", "cls"],
  number: ["road/junctionno", "roadnumber"],
  roadName: ["roadname"],
  name: ["firstname"],
  line: ["linearref", "linearreference"],
  negative: ["negoffset", "negativeoffset"],
  positive: ["posoffset", "positiveoffset"],
  lat: ["wgs84lat", "latitude", "lat"],
  lon: ["wgs84long", "wgs84lon", "longitude", "lon"],
} as const;
type Column = keyof typeof columnNames;
const required: readonly Column[] = ["code", "class", "lat", "lon"];

/** Whether a body is no XML but a table, by its first bytes. */
export function isTable(bytes: Uint8Array): boolean {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return true;
  const start = new TextDecoder().decode(bytes.subarray(0, 2048));
  const header = start
    .slice(0, Math.max(start.search(/[\r\n]/), 0))
    .split(",")
    .map(plain);
  return required.every((column) => columnNames[column].some((name) => header.includes(name)));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_"]/g, "");
}

/** A CSV with one row per location, alone or in a ZIP. */
export function readTable(
  part: Part,
  notices: Notices,
): Result<{ readonly table: LocationTable; readonly counts: Readonly<Counts> }, Failure> {
  const files = openFiles(part, undefined, tableLimits);
  if (!files.ok) return files;
  const rows: TableRow[] = [];
  const counts: Counts = { points: 0, lines: 0, areas: 0 };
  for (const { name, bytes } of files.value) {
    if (!isTable(bytes))
      return unreadable(
        part.name,
        "a location table with the columns LocationCode, Class, WGS84Lat and WGS84Long",
        `${name}: ${describeBody(bytes)}`,
      );
    readRows(new CsvRows(bytes), notices, rows, counts);
    if (rows.length > tableLimits.rows)
      return fail({
        class: "too-large",
        message: `${part.name}: more than ${tableLimits.rows} locations in ${name}`,
      });
  }
  return ok({ table: new LocationTable(rows), counts });
}

function readRows(csv: CsvRows, notices: Notices, rows: TableRow[], counts: Counts): void {
  const columns = columnsIn(csv.header.map(plain));
  const text = (column: Column): string => csv.text(columns[column]);
  while (rows.length <= tableLimits.rows && csv.next()) {
    const row = readRow(text, csv.row, notices, counts);
    if (row !== null) rows.push(row);
  }
}

function columnsIn(header: readonly string[]): Readonly<Record<Column, number>> {
  const found = Object.entries(columnNames).map(([column, names]) => [
    column,
    header.findIndex((name) => (names as readonly string[]).includes(name)),
  ]);
  return Object.fromEntries(found) as Record<Column, number>;
}

/** `null`, with a notice, for what is no location. */
function readRow(
  text: (column: Column) => string,
  number: number,
  notices: Notices,
  counts: Counts,
): TableRow | null {
  const whole = (column: Column): number => wholeNumber(text(column));
  const [code, table, kind] = [whole("code"), whole("table"), text("class").charAt(0).toUpperCase()];
  if (code === none || code >= codeLimit || table >= tableLimit) {
    notices.add("datex2-table-row", "error", () => {
      const found = `code ${quote(text("code"))} of table ${quote(text("table"))}`;
      return `row ${number}: ${found}, expected 1 to 65535 of 1 to 63`;
    });
    return null;
  }
  counts[kind === "P" ? "points" : kind === "L" ? "lines" : "areas"]++;
  const place = placeOf(text("lon"), text("lat"));
  if (kind === "P" && place === null)
    notices.add("datex2-table-place", "warning", () => {
      const found = `${quote(text("lat"))}, ${quote(text("lon"))}`;
      return `point ${code}: ${found}, expected latitude and longitude in degrees`;
    });
  return {
    key: table * codeLimit + code,
    lon: place?.[0] ?? Number.NaN,
    lat: place?.[1] ?? Number.NaN,
    negative: whole("negative"),
    positive: whole("positive"),
    line: whole("line"),
    name: text("name"),
    roadName: text("roadName"),
    roadNumber: kind === "L" ? text("number") : "",
  };
}

function placeOf(lonText: string, latText: string): Position | null {
  const [lon, lat] = [degrees(lonText), degrees(latText)];
  const isPlaced = Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && (lon !== 0 || lat !== 0);
  return isPlaced ? [lon, lat] : null;
}

/** 0 for what is none. */
function wholeNumber(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : none;
}

/** With a point or, as some tables write it, a comma; NaN for what is no number. */
function degrees(text: string): number {
  return /^[+-]?\d{1,3}([.,]\d*)?$/.test(text) ? Number(text.replace(",", ".")) : Number.NaN;
}
