/** The cells of a row as values of the types that the kinds declare. */

import type { Position } from "../../../../shared/entity.ts";
import type { FieldType, FieldValue } from "../../../../shared/kinds.ts";
import { isObject } from "../body.ts";
import { dateHint, dateReader, LocalTimes, type DateReader } from "../date-text.ts";
import { readPlainInstant } from "../instant.ts";
import { judgePlace, placeExpectation, type Bounds, type PlaceFault } from "../place.ts";
import type { ColumnRule, FieldRule, InstantRule, PlaceRule, RowFilter, TableOptions } from "./options.ts";
import type { RowNotices } from "./row-notices.ts";
import type { Cell, Row } from "./sheet.ts";

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

/** Compiles rules into readers for sheets of one header, so that a row costs no look-up by name. */
export class Cells {
  readonly #columns: ReadonlyMap<string, number>;
  readonly #options: TableOptions;
  readonly #zone: string;
  /** `null`: only the empty text is none. */
  readonly #absent: ReadonlySet<Cell> | null;
  readonly #zones = new Map<string, LocalTimes>();
  readonly #dates = new Map<string, DateReader>();

  /** `zone`: the city's. */
  constructor(header: readonly string[], options: TableOptions, zone: string) {
    // Reversed, so that of two columns of one name the first wins.
    this.#columns = new Map(header.map((column, i) => [column, i] as const).toReversed());
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

  #cell(column: string): (row: Row) => Cell | null {
    const index = this.#columns.get(column);
    if (index === undefined) return () => null;
    return (row) => {
      const cell = row[index] ?? "";
      return cell === "" || this.#absent?.has(cell) ? null : cell;
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

  filter(filter: RowFilter | undefined): (row: Row) => boolean {
    const tests = Object.entries(filter ?? {}).map(([column, condition]) => {
      const text = this.text(column);
      if (typeof condition === "string") return (row: Row) => text(row) === condition;
      if ("exists" in condition) return (row: Row) => (text(row) !== null) === condition.exists;
      const words = new Set("in" in condition ? condition.in : condition.notIn);
      const listed = "in" in condition;
      return (row: Row) => words.has(text(row) ?? "") === listed;
    });
    return (row) => tests.every((test) => test(row));
  }

  place(rule: PlaceRule, bounds: Bounds): Read<Position> {
    const pair = this.#pair(rule);
    const column = "lon" in rule ? `${rule.lon}, ${rule.lat}` : "text" in rule ? rule.text : rule.geojson;
    const refuse = (
      report: RowNotices,
      fault: PlaceFault | "unreadable",
      i: number,
      value: string,
      expected: string,
    ): null => {
      report.add(`place-${fault}`, fault === "missing" ? "info" : "warning", i, column, value, expected);
      return null;
    };
    return (row, i, report) => {
      const found = pair(row);
      if (found === null) return refuse(report, "missing", i, "", placeExpectation("missing"));
      if (typeof found === "string")
        return refuse(report, "unreadable", i, `${found.length} characters`, "two numbers of degrees");
      const judged = judgePlace(found[0], found[1], bounds);
      if (judged.fault === null) return judged.position;
      return refuse(report, judged.fault, i, coarse(found), placeExpectation(judged.fault));
    };
  }

  /** Longitude and latitude; the cell's text where it holds no such two numbers; `null` where it holds nothing. */
  #pair(rule: PlaceRule): (row: Row) => Position | string | null {
    if ("geojson" in rule) {
      const text = this.text(rule.geojson);
      return (row) => {
        const cell = text(row);
        return cell === null ? null : (pointOf(cell) ?? cell);
      };
    }
    if ("text" in rule) {
      const text = this.text(rule.text);
      const pairOf = remembering((cell) => pairIn(cell, rule.order));
      return (row) => {
        const cell = text(row);
        return cell === null ? null : (pairOf(cell) ?? cell);
      };
    }
    const lon = this.#cell(rule.lon);
    const lat = this.#cell(rule.lat);
    return (row) => {
      const [x, y] = [lon(row), lat(row)];
      if (x === null || y === null) return null;
      return isNumber(x) && isNumber(y) ? [Number(x), Number(y)] : `${x}, ${y}`;
    };
  }

  #value(type: FieldType, rule: CellRule): Read<FieldValue> {
    if (type === "at") return this.#instant(rule);
    if (type === "texts") return this.#texts(rule);
    const read = this.#joined(rule);
    const name = columnsOf(rule).join(" + ");
    const known = rule.map ? new Map(Object.entries(rule.map)) : null;
    const times = rule.times ?? 1;
    return (row, i, report) => {
      const cell = read(row);
      if (cell === null) return null;
      const mapped = known?.get(String(cell));
      if (known !== null && mapped === undefined)
        report.add("unmapped", "warning", i, name, String(cell), `one of ${[...known.keys()].join(", ")}`);
      const value = valueOf(type, mapped ?? cell, times);
      if (value === null)
        report.add(
          `bad-${type}`,
          "error",
          i,
          name,
          String(cell),
          `a ${type === "flag" ? "yes or no" : type}`,
        );
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

function valueOf(
  type: "number" | "text" | "flag",
  cell: string | number | boolean,
  times: number,
): FieldValue {
  switch (type) {
    case "text":
      return String(cell);
    case "number": {
      if (typeof cell !== "boolean" && !isNumber(cell)) return null;
      const number = Number(cell) * times;
      return Number.isFinite(number) ? number : null;
    }
    case "flag":
      return typeof cell === "boolean" ? cell : (flags[String(cell).toLowerCase()] ?? null);
  }
}

/** A place in a notice: good to a kilometre, because it may be somebody's emergency. */
function coarse([lon, lat]: Position): string {
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
