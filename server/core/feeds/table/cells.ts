/** The cells of a row as values of the types that the kinds declare. */

import type { Position } from "../../../../shared/entity.ts";
import type { FieldType, FieldValue } from "../../../../shared/kinds.ts";
import { isObject } from "../body.ts";
import { dateHint, dateReader, LocalTimes, type DateReader } from "../date-text.ts";
import { readPlainInstant } from "../instant.ts";
import { judgePlace, placeExpectation, type Bounds, type PlaceFault } from "../place.ts";
import type { ColumnRule, FieldRule, InstantRule, PlaceRule, RowFilter, TableOptions } from "./options.ts";
import type { RowNotices } from "./row-notices.ts";
import type { Cell, Columns, Row } from "./sheet.ts";

/** Reads one thing from a row; `i` is the row's number, for the notices in `report`. `null`: the row does not say. */
export type Read<T> = (row: Row, i: number, report: RowNotices) => T | null;

type CellRule = Exclude<FieldRule, string | { readonly value: unknown } | { readonly count: string }>;

const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const flags: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  y: true,
  t: true,
  "1": true,
  false: false,
  no: false,
  n: false,
  f: false,
  "0": false,
};
const twoNumbers = /^[^\d.+-]*([+-]?\d+(?:\.\d+)?)[\s,;]+([+-]?\d+(?:\.\d+)?)[^\d]*$/;

/** Compiles rules into readers for rows of one form, so that a row costs no decision that could be made before. */
export class Cells {
  readonly #columns: Columns;
  readonly #options: TableOptions;
  readonly #zone: string;
  /** `null`: only the empty text is none. */
  readonly #absent: ReadonlySet<Cell> | null;
  readonly #zones = new Map<string, LocalTimes>();
  readonly #dates = new Map<string, DateReader>();
  readonly #instants = new Map<string, Read<number>>();
  readonly #places = new Map<string, Read<Position>>();

  /** `zone`: the city's. */
  constructor(columns: Columns, options: TableOptions, zone: string) {
    this.#columns = columns;
    this.#options = options;
    this.#zone = zone;
    this.#absent = options.absent ? cellsWritten(options.absent) : null;
  }

  /** The text of a cell, `null` where the table means none. */
  text(column: string): (row: Row) => string | null {
    const cell = this.#cell(column);
    return (row) => {
      const found = cell(row);
      return typeof found === "number" ? String(found) : found;
    };
  }

  /** The texts of several cells, those that there are. */
  joined(columns: readonly string[]): (row: Row) => string {
    const cells = columns.map((column) => this.#cell(column));
    return (row) => cells.map((cell) => cell(row) ?? "").join("\0");
  }

  #cell(column: string): (row: Row) => Cell | null {
    const read = this.#columns(column);
    if (read === null) return () => null;
    const absent = this.#absent;
    if (absent === null)
      return (row) => {
        const cell = read(row);
        return cell === "" ? null : cell;
      };
    return (row) => {
      const cell = read(row);
      return cell === "" || absent.has(cell) ? null : cell;
    };
  }

  instant(rule: InstantRule): Read<number> {
    return typeof rule === "string" ? this.#instant({ column: rule }) : this.#instant(rule);
  }

  /** The value of a field of type `type`. */
  field(type: FieldType, rule: FieldRule): Read<FieldValue> {
    if (typeof rule === "string") return this.#value(type, { column: rule });
    if ("value" in rule) return () => rule.value;
    if ("count" in rule) {
      const text = this.text(rule.count);
      return (row) => (text(row) === null ? 0 : 1);
    }
    return this.#value(type, rule);
  }

  /** `null`: every row passes. */
  filter(filter: RowFilter = {}): ((row: Row) => boolean) | null {
    const tests = Object.entries(filter).map(([column, condition]) => {
      const text = this.text(column);
      if (typeof condition === "string") return (row: Row) => text(row) === condition;
      if ("exists" in condition) return (row: Row) => (text(row) !== null) === condition.exists;
      const words = new Set("in" in condition ? condition.in : condition.notIn);
      const listed = "in" in condition;
      return (row: Row) => words.has(text(row) ?? "") === listed;
    });
    return tests.length === 0 ? null : (row) => tests.every((test) => test(row));
  }

  place(rule: PlaceRule, bounds: Bounds): Read<Position> {
    return shared(this.#places, JSON.stringify([rule, bounds]), () => this.#placeOf(rule, bounds));
  }

  #placeOf(rule: PlaceRule, bounds: Bounds): Read<Position> {
    const column = "lon" in rule ? `${rule.lon}, ${rule.lat}` : "text" in rule ? rule.text : rule.geojson;
    const refuse = (report: RowNotices, fault: PlaceFault | "unreadable", i: number, value: string): null => {
      const expected = fault === "unreadable" ? "two numbers of degrees" : placeExpectation(fault);
      report.add(`place-${fault}`, fault === "missing" ? "info" : "warning", i, column, value, expected);
      return null;
    };
    const judged = (lon: number, lat: number, i: number, report: RowNotices): Position | null => {
      const place = judgePlace(lon, lat, bounds);
      return typeof place === "string" ? refuse(report, place, i, coarse(lon, lat)) : place;
    };
    const unreadable = (text: string, i: number, report: RowNotices): null =>
      refuse(report, "unreadable", i, `${text.length} characters`);
    if ("lon" in rule) {
      const [lon, lat] = [this.#cell(rule.lon), this.#cell(rule.lat)];
      return (row, i, report) => {
        const x = lon(row);
        const y = lat(row);
        if (x === null || y === null) return refuse(report, "missing", i, "");
        if (!isNumber(x) || !isNumber(y)) return unreadable(`${x}, ${y}`, i, report);
        return judged(Number(x), Number(y), i, report);
      };
    }
    const text = this.text(column);
    const pairOf = "text" in rule ? remembering((cell) => pairIn(cell, rule.order)) : pointOf;
    return (row, i, report) => {
      const cell = text(row);
      if (cell === null) return refuse(report, "missing", i, "");
      const pair = pairOf(cell);
      return pair === null ? unreadable(cell, i, report) : judged(pair[0], pair[1], i, report);
    };
  }

  #value(type: FieldType, rule: CellRule): Read<FieldValue> {
    if (type === "at") return this.#instant(rule);
    if (type === "texts") return this.#texts(rule);
    const read = this.#joined(rule);
    const name = columnsOf(rule).join(" + ");
    const known = rule.map ? new Map(Object.entries(rule.map)) : null;
    const valueOf = valueReader(type, rule.times ?? 1);
    return (row, i, report) => {
      const cell = read(row);
      if (cell === null) return null;
      const mapped = known === null ? cell : known.get(String(cell));
      if (mapped === undefined)
        report.add("unmapped", "warning", i, name, String(cell), `one of ${[...known!.keys()].join(", ")}`);
      const value = valueOf(mapped ?? cell);
      if (value === null) {
        const expected = `a ${type === "flag" ? "yes or no" : type}`;
        report.add(`bad-${type}`, "error", i, name, String(cell), expected);
      }
      return value;
    };
  }

  #texts(rule: CellRule): Read<readonly string[]> {
    const cells = columnsOf(rule).map((column) => this.text(column));
    return (row) => {
      const found = cells.flatMap((cell) => {
        const text = cell(row);
        if (text === null) return [];
        return rule.separator === undefined ? [text] : text.split(rule.separator);
      });
      const texts = found.map((text) => text.trim()).filter((text) => text !== "");
      return texts.length > 0 ? texts : null;
    };
  }

  #instant(rule: CellRule): Read<number> {
    return shared(this.#instants, JSON.stringify(rule), () => this.#instantOf(rule));
  }

  #instantOf(rule: CellRule): Read<number> {
    const read = this.#joined(rule);
    const name = columnsOf(rule).join(" + ");
    const form = this.#options.time;
    const format = rule.format ?? form?.format ?? "ISO";
    const dates = this.#dateReader(format, rule.zone ?? form?.zone ?? this.#zone);
    return (row, i, report) => {
      const cell = read(row);
      if (cell === null) return null;
      const text = String(cell);
      const at = dates.read(text);
      if (at === null)
        report.add("bad-time", "error", i, name, text, `a time as ${format}${dateHint(text, format)}`);
      return at;
    };
  }

  /** The rule's one cell, or the texts of its columns with a space between them. */
  #joined(rule: CellRule): (row: Row) => Cell | null {
    const absent = rule.absent ? cellsWritten(rule.absent) : null;
    const cells = columnsOf(rule).map((column) => this.#cell(column));
    const [only] = cells;
    if (cells.length === 1 && only) {
      if (absent === null) return only;
      return (row) => {
        const cell = only(row);
        return cell === null || absent.has(cell) ? null : cell;
      };
    }
    return (row) => {
      const texts = cells.map((cell) => cell(row)).filter((cell) => cell !== null && !absent?.has(cell));
      return texts.length > 0 ? texts.join(" ") : null;
    };
  }

  #dateReader(format: string, zone: string): DateReader {
    const key = `${zone} ${format}`;
    const known = this.#dates.get(key);
    if (known) return known;
    let times = this.#zones.get(zone);
    if (!times) this.#zones.set(zone, (times = new LocalTimes(zone)));
    const dates = dateReader(format, times);
    const slow = remembering((text) => dates.read(text));
    const reader: DateReader =
      format === "ISO" ? { read: (text) => readPlainInstant(text) ?? slow(text) } : { read: slow };
    this.#dates.set(key, reader);
    return reader;
  }
}

/**
 * The reader of that rule. It remembers what the last row said: often several rules make things of one row that have its
 * time and its place in common.
 */
function shared<T>(readers: Map<string, Read<T>>, rule: string, make: () => Read<T>): Read<T> {
  const known = readers.get(rule);
  if (known) return known;
  const read = make();
  let lastRow: Row | null = null;
  let lastValue: T | null = null;
  const reader: Read<T> = (row, i, report) => {
    if (row === lastRow) return lastValue;
    lastRow = row;
    return (lastValue = read(row, i, report));
  };
  readers.set(rule, reader);
  return reader;
}

const mostRemembered = 10_000;

/** Tables repeat their times and places: all units of a call, and both rules that read a column. */
function remembering<T>(read: (text: string) => T | null): (text: string) => T | null {
  const known = new Map<string, T | null>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered !== undefined) return remembered;
    if (known.size === mostRemembered) known.clear();
    const value = read(text);
    known.set(text, value);
    return value;
  };
}

function columnsOf(rule: ColumnRule): readonly string[] {
  return rule.column === undefined ? rule.columns : [rule.column];
}

/** What a JSON document may write for those texts. */
function cellsWritten(texts: readonly string[]): ReadonlySet<Cell> {
  return new Set<Cell>([...texts, ...texts.map(Number).filter((number, i) => String(number) === texts[i])]);
}

function isNumber(cell: Cell): boolean {
  return typeof cell === "number" || plainNumber.test(cell);
}

/** What a cell, or what a rule writes for it, is as a value of that type; `null` where it is none. */
function valueReader(
  type: "number" | "text" | "flag",
  times: number,
): (cell: string | number | boolean) => FieldValue {
  switch (type) {
    case "text":
      return String;
    case "number":
      return (cell) => {
        if (typeof cell === "boolean" || !isNumber(cell)) return null;
        const number = Number(cell) * times;
        return Number.isFinite(number) ? number : null;
      };
    case "flag":
      return (cell) => (typeof cell === "boolean" ? cell : (flags[String(cell).toLowerCase()] ?? null));
  }
}

/** A place in a notice: good to a kilometre, because it may be somebody's emergency. */
function coarse(lon: number, lat: number): string {
  return `${lon.toFixed(2)}, ${lat.toFixed(2)}`;
}

/** The two numbers in a text; `null` when there are not two. */
function pairIn(text: string, order: "lon,lat" | "lat,lon"): Position | null {
  const found = twoNumbers.exec(text);
  if (!found) return null;
  const [first, second] = [Number(found[1]), Number(found[2])];
  return order === "lat,lon" ? [second, first] : [first, second];
}

function pointOf(text: string): Position | null {
  try {
    const point: unknown = JSON.parse(text);
    if (!isObject(point) || point["type"] !== "Point" || !Array.isArray(point["coordinates"])) return null;
    const [lon, lat] = point["coordinates"] as readonly unknown[];
    return typeof lon === "number" && typeof lat === "number" ? [lon, lat] : null;
  } catch {
    return null;
  }
}
