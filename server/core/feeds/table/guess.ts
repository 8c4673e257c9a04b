/** Options for a table that nobody has described yet, by the names of its columns and what stands in them. */

import { decodeUtf, isObject } from "../body.ts";
import type { Part } from "../connector.ts";
import { LocalTimes, dateReader } from "../date-text.ts";
import { Notices } from "../../../../shared/notice.ts";
import type { EntityRule, FieldRule, PlaceRule, TableOptions } from "./options.ts";
import { findRows, type RowsInJson } from "./rows-in-json.ts";
import { readSheet, type Sheet } from "./sheet.ts";

/** Rows that are looked at. */
const sampled = 2_000;
/** Columns that are looked at for two or three that are an id together. */
const mostTogether = 12;
const formats = [
  "ISO",
  "epoch-seconds",
  "epoch-milliseconds",
  "MM/DD/YYYY hh:mm:ss A",
  "MM/DD/YYYY HH:mm",
  "DD.MM.YYYY HH:mm",
  "YYYY/MM/DD",
  "MM/DD/YYYY",
];

/** Options that read the table as things of kind Sensor; a text says what kept them from being guessed. */
export function guessTable(part: Part): TableOptions | string {
  const { bytes } = part;
  if (isBinary(bytes)) return "no table: expected text or a ZIP of it, found other bytes";
  const json = findJsonRows(bytes);
  if (typeof json === "string") return json;
  const rows = json === null ? {} : { rows: json.path };
  const sheet = readSheet(part, { ...rows, entities: [] }, json?.columns ?? wantedOf(part), new Notices());
  if (!sheet.ok) return sheet.failure.message;
  if (sheet.value.header.length < 2 || sheet.value.rows.length === 0)
    return "no table: expected a header of two columns or more, and rows";
  const columns = sheet.value.header.map((name) => columnOf(name, sheet.value));
  const time = findTime(columns);
  const id = findId(columns, time?.column);
  if (id === null)
    return `no columns of ${columns
      .slice(0, 8)
      .map(({ name }) => name)
      .join(", ")} tell the rows apart, expected an id`;
  const position = findPlace(columns);
  const fields = findFields(columns, [...id, ...(time === null ? [] : [time.column])]);
  if (time === null && position === null && !("value" in fields))
    return "no table of things: expected a time, a place or a figure in each row";
  const rule: EntityRule = {
    kind: "Sensor",
    id,
    fields,
    ...(time === null ? {} : { observedAt: [time.column] }),
    ...(position === null ? {} : { position }),
  };
  return { ...rows, ...(time === null ? {} : { time: { format: time.format } }), entities: [rule] };
}

function isBinary(bytes: Uint8Array): boolean {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return !isZip && !isUtf16 && bytes.subarray(0, 4_096).includes(0);
}

/** `null`: it is no JSON. */
function findJsonRows(bytes: Uint8Array): RowsInJson | string | null {
  if (!/^\uFEFF?\s*[[{]/.test(decodeUtf(bytes.subarray(0, 4_096)))) return null;
  let body: unknown;
  try {
    body = JSON.parse(decodeUtf(bytes).replace(/^\uFEFF/, "")) as unknown;
  } catch {
    return "no table: broken or cut JSON";
  }
  const found = findRows(body);
  if (found === null) return "no table: expected a list of objects somewhere in the JSON";
  return isOfAreas(found) ? "polygons: areas of a city, not things in it" : found;
}

function isOfAreas({ rows }: RowsInJson): boolean {
  return (
    rows.length > 1 &&
    rows.every(({ type, geometry }) => {
      const shape = isObject(geometry) ? geometry["type"] : undefined;
      return type === "Feature" && (shape === "Polygon" || shape === "MultiPolygon");
    })
  );
}

/** Several files of a ZIP are read together by the columns that the first one has. */
function wantedOf(part: Part): readonly string[] {
  const first = readSheet(part, { entities: [] }, [], new Notices());
  return first.ok ? first.value.header : [];
}

interface Column {
  readonly name: string;
  /** What it is called where it stands: `properties.stop_id` is a `stop_id`. */
  readonly word: string;
  /** The cells of the rows that are looked at, blank ones too. */
  readonly cells: readonly string[];
  /** Those that are not blank. */
  readonly values: readonly string[];
}

function columnOf(name: string, { rows, columns }: Sheet): Column {
  const read = columns(name);
  const cells = rows.slice(0, sampled).map((row) => String(read?.(row) ?? ""));
  return {
    name,
    word: name.slice(name.lastIndexOf(".") + 1),
    cells,
    values: cells.filter((cell) => cell !== ""),
  };
}

/**
 * What tells the rows apart: a column with another value in every row, one that is called an id before others; else two
 * or three together. Measured figures and places do not name a thing unless there is nothing else.
 */
function findId(columns: readonly Column[], time: string | undefined): readonly string[] | null {
  const names = columns.filter((column) => column.name !== time && isName(column));
  const single = names.filter((column) => tellsApart([column]));
  const called = single.find(({ word }) =>
    /(^|[^a-z])(id|uid|key|number|no|nr|code|guid|uuid)$|id$|ID$|编号|编码|編號/i.test(word),
  );
  const [best = called ?? single[0]] = called ? [called] : [];
  if (best) return [best.name];
  const some = names.slice(0, mostTogether);
  const timed = columns.filter(({ name }) => name === time);
  const together =
    smallestThatTell(some, 1) ??
    smallestThatTell([...timed, ...some], 1) ??
    columns.find((column) => tellsApart([column])) ??
    // A few rows twice are a fault of the table, and a notice says so.
    names.find((column) => tellsApart([column], 0.9)) ??
    smallestThatTell(some, 0.9);
  return together === null ? null : [together].flat().map(({ name }) => name);
}

function isName({ word, values }: Column): boolean {
  if (
    values.length === 0 ||
    /^(lat|lon|lng|long|latitude|longitude|x|y)$|geometry|coordinates|^point$/i.test(word)
  )
    return false;
  return !values.some((value) => /^-?\d+\.\d*[1-9]\d*$|^[[{]/.test(value));
}

/** Two or three columns that tell at least such a share of the rows from each other. */
function smallestThatTell(columns: readonly Column[], share: number): readonly Column[] | null {
  const pairs = columns.flatMap((a, i) => columns.slice(i + 1).map((b) => [a, b]));
  const triples = columns.flatMap((a, i) =>
    columns.slice(i + 1).flatMap((b, k) => columns.slice(i + k + 2).map((c) => [a, b, c])),
  );
  return [...pairs, ...triples].find((some) => tellsApart(some, share)) ?? null;
}

function tellsApart(columns: readonly Column[], share = 1): boolean {
  const seen = new Set<string>();
  const count = columns[0]!.cells.length;
  let spare = Math.floor(count * (1 - share));
  for (let i = 0; i < count; i++) {
    const texts = columns.map(({ cells }) => cells[i]!);
    const key = texts.join("\0");
    if ((texts.includes("") || seen.has(key)) && --spare < 0) return false;
    seen.add(key);
  }
  return count > 0;
}

/** A column whose every value is a time in one form; one with an hour before a mere date. */
function findTime(columns: readonly Column[]): { column: string; format: string } | null {
  const named = columns.filter(({ word }) =>
    /[Tt]ime|TIME|[Dd]ate|DATE|Dt[A-Z]|_dt$|_at$|[a-z]At$|时间|時間|日期/.test(word),
  );
  for (const format of formats) {
    const reader = dateReader(format, new LocalTimes("UTC"));
    const found = named.find(
      ({ values }) => values.length > 0 && values.every((value) => reader.read(value) !== null),
    );
    if (found) return { column: found.name, format };
  }
  return null;
}

function findPlace(columns: readonly Column[]): PlaceRule | null {
  const point = columns.find(({ values }) => values.length > 0 && values.every(isPoint));
  if (point) return { geojson: point.name };
  const lon = columns.find(({ word }) => /^(lon|long|lng|longitude|经度|經度)$/i.test(word));
  const lat = columns.find(({ word }) => /^(lat|latitude|纬度|緯度)$/i.test(word));
  if (lon && lat) return { lon: lon.name, lat: lat.name };
  const pair = columns.find(
    ({ values }) => values.length > 0 && values.every((value) => twoNumbers.test(value)),
  );
  if (!pair) return null;
  const isLonFirst = pair.values.some(
    (value) => Math.abs(Number.parseFloat(value.replace(/^\W*?(?=-?\d)/, ""))) > 90,
  );
  return { text: pair.name, order: isLonFirst ? "lon,lat" : "lat,lon" };
}

const twoNumbers = /^[([]?\s*-?\d{1,3}\.\d+\s*[, ]\s*-?\d{1,3}\.\d+\s*[)\]]?$/;

function isPoint(cell: string): boolean {
  return cell.startsWith("{") && /"type":"Point"/.test(cell);
}

/** What it is called, and the one figure that it may be about. */
function findFields(columns: readonly Column[], taken: readonly string[]): Record<string, FieldRule> {
  const free = columns.filter(
    ({ name, word }) => !taken.includes(name) && !/^(lat|lon|lng|long|latitude|longitude)$/i.test(word),
  );
  const name = free.find(({ word }) => /^(name|title|label)$|_name$|名称|名稱/i.test(word));
  const figures = free.filter(
    ({ values, word }) =>
      values.length > 0 &&
      !/id$|code$/i.test(word) &&
      values.every((value) => /^[-+]?\d+(\.\d+)?$/.test(value)),
  );
  const figure =
    figures.find(({ word }) =>
      /value|level|reading|count|rate|speed|temp|avail|measure|数值|數值/i.test(word),
    ) ?? figures[0];
  return {
    ...(name ? { name: name.name } : {}),
    ...(figure ? { property: { value: kebab(figure.word) }, value: figure.name } : {}),
  };
}

function kebab(word: string): string {
  return word
    .replace(/([a-z])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
