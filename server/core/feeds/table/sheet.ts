/** The rows of a CSV or JSON body, in the form in which the body has them. */

import { parse as parseCsv } from "csv-parse/sync";
import { unzipSync } from "fflate";
import type { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import { describeBody, isObject, quote, unreadable, type JsonObject } from "../body.ts";
import type { Failure, Part } from "../connector.ts";
import { matchesName } from "./file-name.ts";
import type { TableOptions } from "./options.ts";

/** A number is one that JSON gave as a number: reading and writing it as text would cost more than all else. */
export type Cell = string | number;

/** A record of CSV, an object of JSON, what a message tells: only the readers of its columns look inside. */
export type Row = object;

/** The cell of one column of a row, a text trimmed; `""` for none. */
export type ReadCell = (row: Row) => Cell;

/** The reader of a column; of several of one name the first counts. `null`: no row has it. */
export type Columns = (name: string) => ReadCell | null;

export interface Sheet {
  /** The file's name, or those of the files inside a ZIP: the end of the part's URL, else the part's name. */
  readonly fileNames: readonly string[];
  readonly form: "csv" | "json";
  /** CSV: all columns of the file. JSON: the columns that were asked for. */
  readonly header: readonly string[];
  readonly rows: Row[];
  readonly columns: Columns;
}

/** Rows whose cells stand in the order of a header. */
export type CellRecord = readonly Cell[];

/** The columns of rows that are records. */
export function recordColumns(header: readonly string[]): Columns {
  // Reversed, so that of two columns of one name the first wins.
  const places = new Map(header.map((column, i) => [column, i] as const).toReversed());
  return (name) => {
    const place = places.get(name);
    return place === undefined ? null : (row) => (row as CellRecord)[place] ?? "";
  };
}

/** The columns of rows that are objects: members by name or dotted path. */
export const memberColumns: Columns = (name) => {
  if (!isPlainMember(name)) return (row) => cellOf(memberAt(row, name));
  return (row) => cellOf((row as JsonObject)[name]);
};

/** The cells of the sheet's rows under `header`. */
export function recordsOf({ rows, columns }: Sheet, header: readonly string[]): CellRecord[] {
  const reads = header.map((name) => columns(name));
  return rows.map((row) => reads.map((read) => read?.(row) ?? ""));
}

/** What a table may cost: a file of a city's year stays below, a ZIP bomb does not. */
export interface SheetLimits {
  readonly files: number;
  readonly bytes: number;
  readonly rows: number;
}

export const sheetLimits: SheetLimits = { files: 100, bytes: 128 << 20, rows: 2_000_000 };

/** The rows of a body, or of all wanted files of a ZIP. `columns` are those that the options name. */
export function readSheet(
  part: Part,
  options: TableOptions,
  columns: readonly string[],
  notices: Notices,
  limits: SheetLimits = sheetLimits,
): Result<Sheet, Failure> {
  const files = openFiles(part, options.files, limits);
  if (!files.ok) return files;
  const sheets: Sheet[] = [];
  for (const file of files.value) {
    const sheet = readFile(file, part.name, options, columns, notices);
    if (!sheet.ok) return sheet;
    sheets.push(sheet.value);
  }
  const sheet = sheets.length === 1 ? sheets[0]! : oneSheet(sheets, columns);
  if (sheet.rows.length > limits.rows)
    return tooLarge(`${part.name}: ${sheet.rows.length} rows, expected at most ${limits.rows}`);
  return ok(sheet);
}

/** Files of a ZIP may order their columns differently: only the wanted ones are kept. */
function oneSheet(sheets: readonly Sheet[], columns: readonly string[]): Sheet {
  return {
    fileNames: sheets.flatMap((sheet) => sheet.fileNames),
    form: sheets.every((sheet) => sheet.form === "json") ? "json" : "csv",
    header: columns,
    rows: sheets.flatMap((sheet) => recordsOf(sheet, columns)),
    columns: recordColumns(columns),
  };
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file that a part is, or the wanted ones of the ZIP that it is; `wanted` is a name with `*`, default all tables. */
export function openFiles(
  part: Part,
  wanted: string | undefined,
  limits: Pick<SheetLimits, "files" | "bytes">,
): Result<readonly NamedBytes[], Failure> {
  const { bytes } = part;
  if (bytes.length > limits.bytes) return tooLarge(`${part.name}: ${bytes.length} bytes`);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return unzip(part, wanted, limits);
  return ok([{ name: nameOf(part), bytes }]);
}

function nameOf(part: Part): string {
  const path = part.url?.replace(/[?#].*$/s, "") ?? "";
  return path.slice(path.lastIndexOf("/") + 1) || part.name;
}

function tooLarge(message: string): { ok: false; failure: Failure } {
  return fail({ class: "too-large", message });
}

/** Thrown out of the ZIP library's walk over the directory, and caught right here. */
class TooLarge extends Error {}

/** Sizes are checked in the ZIP's directory before anything is inflated; a file that lies about its size is cut there. */
function unzip(
  part: Part,
  wanted: string | undefined,
  limits: Pick<SheetLimits, "files" | "bytes">,
): Result<NamedBytes[], Failure> {
  const names: string[] = [];
  let total = 0;
  let seen = 0;
  try {
    const files = unzipSync(part.bytes, {
      filter: ({ name, originalSize }) => {
        if (++seen > 10_000) throw new TooLarge(`more than 10000 entries in the ZIP`);
        names.push(name);
        if (!isWanted(name, wanted)) return false;
        total += originalSize;
        if (!(total <= limits.bytes))
          throw new TooLarge(`${name} makes ${total} bytes in the ZIP, expected at most ${limits.bytes}`);
        return true;
      },
    });
    const found = Object.entries(files).map(([name, bytes]) => ({ name, bytes }));
    if (found.length > limits.files) return tooLarge(`${part.name}: ${found.length} tables in the ZIP`);
    if (found.length > 0) return ok(found);
    return unreadable(
      part.name,
      `a file ${wanted ?? "*.csv or *.json"} in the ZIP`,
      names.slice(0, 5).join(", "),
    );
  } catch (error) {
    if (error instanceof TooLarge) return tooLarge(`${part.name}: ${error.message}`);
    const reason = error instanceof Error ? error.message : String(error);
    return unreadable(part.name, "a ZIP", `a broken one (${reason})`);
  }
}

function isWanted(name: string, wanted: string | undefined): boolean {
  if (name.endsWith("/") || name.startsWith("__MACOSX/")) return false;
  const file = name.slice(name.lastIndexOf("/") + 1);
  return wanted === undefined ? /\.(csv|json)$/i.test(file) : matchesName(file, wanted);
}

function readFile(
  file: NamedBytes,
  partName: string,
  options: TableOptions,
  columns: readonly string[],
  notices: Notices,
): Result<Sheet, Failure> {
  const text = decodeText(file, notices);
  const start = text.trimStart()[0];
  const looks = start === "[" || start === "{" ? "json" : "csv";
  const form = options.format === undefined || options.format === "auto" ? looks : options.format;
  if (start === undefined || start === "<" || form !== looks)
    return unreadable(partName, `a ${form.toUpperCase()} table`, describeBody(file.bytes));
  return form === "csv"
    ? readCsv(file, text, partName, options, columns, notices)
    : readJson(file, text, partName, options, columns, notices);
}

/** UTF-8 or UTF-16 by its mark; else Windows-1252, which spreadsheets still write, with a notice. */
function decodeText({ name, bytes }: NamedBytes, notices: Notices): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(utf16 ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
  } catch {
    notices.add("table-encoding", "warning", `${name}: not UTF-8, read as Windows-1252`);
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function parseRecords(text: string, delimiter: string, records?: number): string[][] {
  return parseCsv(text, {
    delimiter,
    ...(records === undefined ? {} : { to: records }),
    // Named, because looking for them costs more than the rest of a small body.
    record_delimiter: ["\r\n", "\n", "\r"],
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
}

/** The records before the one that the parser cannot end, usually because a quote never closes. */
function parseAsFarAsPossible(name: string, text: string, delimiter: string, notices: Notices): string[][] {
  try {
    return parseRecords(text, delimiter);
  } catch (error) {
    const records = isObject(error) && typeof error["records"] === "number" ? error["records"] : 0;
    const reason = error instanceof Error ? error.message : String(error);
    notices.add("table-broken-csv", "error", `${name}: the rows after ${records} are lost: ${reason}`);
    return records === 0 ? [] : parseRecords(text, delimiter, records);
  }
}

function readCsv(
  file: NamedBytes,
  text: string,
  partName: string,
  options: TableOptions,
  columns: readonly string[],
  notices: Notices,
): Result<Sheet, Failure> {
  const [header, ...records] = parseAsFarAsPossible(file.name, text, options.delimiter ?? ",", notices);
  if (!header) return unreadable(partName, "a CSV header", describeBody(file.bytes));
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0)
    return unreadable(
      partName,
      `${missing.length === 1 ? "a column" : "columns"} ${missing.map(quote).join(", ")}`,
      `the columns ${header.slice(0, 60).map(quote).join(", ")}`,
    );
  for (const column of columns)
    if (header.indexOf(column) !== header.lastIndexOf(column))
      notices.add("table-repeated-column", "warning", `${quote(column)} twice, the first counts`);
  const rows = records.filter((record, i) => hasLength(record, header.length, i, notices));
  return ok({ fileNames: [file.name], form: "csv", header, rows, columns: recordColumns(header) });
}

/** Its text stays out of the notice: it may name people. A row of another length has its cells in the wrong columns, or was cut. Surplus empty cells do no harm. */
function hasLength(record: readonly string[], length: number, i: number, notices: Notices): boolean {
  if (record.length === length) return true;
  if (record.length > length && record.slice(length).every((cell) => cell === "")) return true;
  notices.add(
    record.length < length ? "table-short-row" : "table-long-row",
    "error",
    () => `row ${i + 1}: ${record.length} cells, expected ${length} as in the header`,
  );
  return false;
}

function readJson(
  file: NamedBytes,
  text: string,
  partName: string,
  options: TableOptions,
  columns: readonly string[],
  notices: Notices,
): Result<Sheet, Failure> {
  let body: unknown;
  try {
    body = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return unreadable(partName, "JSON", describeBody(file.bytes));
  }
  const path = options.rows ?? "";
  const list = path === "" ? body : path === onlyRow ? rowsOfOne(body) : memberAt(body, path);
  if (!Array.isArray(list))
    return unreadable(partName, `a list of rows at ${quote(path)}`, describeMember(body, list));
  const rows = objectsIn(list, notices);
  for (const column of rows.length === 0 ? [] : absentMembers(rows, columns))
    notices.add("table-missing-column", "warning", `no row has ${quote(column)}, expected it in some`);
  return ok({ fileNames: [file.name], form: "json", header: columns, rows, columns: memberColumns });
}

function objectsIn(list: readonly unknown[], notices: Notices): Row[] {
  if (list.every(isObject)) return list as Row[];
  return list.filter((entry, i): entry is Row => {
    if (isObject(entry)) return true;
    const found = Array.isArray(entry) ? "a list" : typeof entry;
    notices.add("table-bad-row", "error", `row ${i + 1}: expected an object, found ${found}`);
    return false;
  });
}

/** Those of the members that none of the rows has. */
function absentMembers(rows: readonly Row[], names: readonly string[]): readonly string[] {
  let absent = names.map((name) => ({ name, read: memberReader(name) }));
  for (const row of rows) {
    if (absent.length === 0) break;
    absent = absent.filter(({ read }) => read(row) === undefined);
  }
  return absent.map(({ name }) => name);
}

/** `rows` of a body that is one row itself: a GeoJSON Feature, a document about one thing. */
const onlyRow = ".";

function rowsOfOne(body: unknown): readonly unknown[] | undefined {
  return isObject(body) ? [body].filter((row) => Object.keys(row).length > 0) : undefined;
}

function describeMember(body: unknown, found: unknown): string {
  if (found !== undefined) return quote(found);
  if (!isObject(body)) return quote(body);
  const members = Object.keys(body).slice(0, 20).map(quote);
  return members.length === 0 ? "no members" : `the members ${members.join(", ")}`;
}

/** The member of that very name, else the one at the dotted path (`geometry.coordinates.0`). */
export function memberAt(value: unknown, path: string): unknown {
  if (isObject(value) && Object.hasOwn(value, path)) return value[path];
  let at = value;
  for (const name of path.split(".")) {
    if ((!isObject(at) && !Array.isArray(at)) || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** Whether there is but one place where a member of that name can be. */
function isPlainMember(path: string): boolean {
  return !path.includes(".") && !(path in Object.prototype);
}

/** `memberAt` made ready for one path. */
export function memberReader(path: string): (value: unknown) => unknown {
  if (!isPlainMember(path)) return (value) => memberAt(value, path);
  return (value) => (isObject(value) ? value[path] : memberAt(value, path));
}

/** A JSON value as a cell; `""` for none. */
export function cellOf(value: unknown): Cell {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.trim();
  if (typeof value === "boolean") return String(value);
  return typeof value === "object" && value !== null ? nestedText(value) : "";
}

/** A JSON value as the text of a cell; `""` for none. */
export function cellText(value: unknown): string {
  return String(cellOf(value));
}

/** A place or a list inside a cell; one nested too deeply to be either is nothing. */
function nestedText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
}

/** A body that `readSheets` reads back as records under the sheet's header, in the form in which the sheet came. */
export function writeSheet(
  sheet: Pick<Sheet, "form" | "header">,
  rows: readonly CellRecord[],
  options: TableOptions,
): Uint8Array {
  const text =
    sheet.form === "csv" ? csvText([sheet.header, ...rows], options) : jsonText(sheet, rows, options);
  return new TextEncoder().encode(text);
}

function csvText(rows: readonly CellRecord[], options: TableOptions): string {
  const delimiter = options.delimiter ?? ",";
  const cell = (value: Cell): string => {
    const text = String(value);
    return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(delimiter)}\r\n`).join("");
}

function jsonText(
  { header }: Pick<Sheet, "header">,
  rows: readonly CellRecord[],
  options: TableOptions,
): string {
  const entries = rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i]] as const)));
  const path = options.rows ?? "";
  if (path === onlyRow) return JSON.stringify(entries[0] ?? {});
  return JSON.stringify(path === "" ? entries : { [path]: entries });
}
