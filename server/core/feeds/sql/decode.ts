/** Results of declared queries, whose columns the feed declares as for a table. */

import { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import { isObject, parseJsonObject, quote, unreadable } from "../body.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { isoText, parseRfc3339 } from "../instant.ts";
import { columnNames } from "../table/columns.ts";
import { sheetUpdate } from "../table/decode.ts";
import { faultsText, tableFaults } from "../table/faults.ts";
import { cellText, memberAt, recordColumns, type Sheet } from "../table/sheet.ts";
import { newestKey, newestOf, tellsNews } from "./newest.ts";
import type { SqlOptions } from "./options.ts";
import type { QueryColumn, QueryNews, QueryResult } from "./result.ts";

export const sql: Connector<SqlOptions> = {
  spec: "sql",
  gives: (options) => [...new Set(options.entities.map((rule) => rule.kind))],
  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),
  decode: decodeResult,
};

/** Types whose texts are of no use, and what to write instead. */
const refusedTypes: Readonly<Record<string, (name: string) => string>> = {
  bytea: (name) => `no bytea; leave it out, or encode(${name}, 'hex')`,
  geometry: (name) => `text or GeoJSON, as of ST_AsGeoJSON(${name})`,
  geography: (name) => `text or GeoJSON, as of ST_AsGeoJSON(${name})`,
};

/** Which of a result's columns the feed has a use for: what no rule reads need not be kept. */
export function usesColumn(
  options: SqlOptions,
  news: Pick<QueryNews, "column"> | null,
): (name: string) => boolean {
  const named = columnNames(options);
  return (name) =>
    name === news?.column || named.some((column) => column === name || column.startsWith(`${name}.`));
}

function decodeResult(
  part: Part,
  feed: ConnectorFeed<SqlOptions>,
  receivedAt: number,
): Result<Update, Failure> {
  const { options } = feed;
  const faults = tableFaults(options);
  if (faults.length > 0) return fail({ class: "unreadable", message: `options: ${faultsText(faults)}` });
  const body = parseResult(part);
  if (!body.ok) return body;
  const { columns, news, rows, askedAt } = body.value;
  const notices = new Notices();
  const sheet = sheetOf(part.name, body.value, options, notices);
  if (!sheet.ok) return sheet;
  const update = sheetUpdate(part.name, sheet.value, feed, notices, receivedAt);
  const publishedAt = parseRfc3339(askedAt);
  if (news === null) return ok({ ...update, mode: "full", publishedAt, notices: notices.list() });
  const index = columns.findIndex(({ name }) => name === news.column);
  const column = columns[index];
  if (!column || !tellsNews(column))
    return unreadable(
      part.name,
      `${quote(news.column)} among the columns, as a whole number or a time`,
      column ? `the type ${column.type}` : namesOf(columns),
    );
  const zone = options.time?.zone ?? feed.zone;
  const texts = rows.map((row) => row[index] ?? null);
  const { newest, future } = newestOf(texts, column, zone, receivedAt);
  noticeNews(news, rows.length, future, receivedAt, notices);
  const cursor = newest === null ? {} : { cursor: { [newestKey(news.column)]: newest } };
  return ok({ ...update, mode: "partial", publishedAt, notices: notices.list(), ...cursor });
}

function noticeNews(
  { column, since }: QueryNews,
  rows: number,
  future: number,
  receivedAt: number,
  notices: Notices,
): void {
  if (future > 0)
    notices.add(
      "sql-future-news",
      "warning",
      `${quote(column)} after ${isoText(receivedAt)} in some rows: they are read, and asked for again until then`,
      future,
    );
  if (since === null && rows === 0)
    notices.add(
      "sql-nothing-yet",
      "info",
      `no row while $1 is NULL: expected the statement to say what that means, such as coalesce($1::timestamptz, now() - interval '1 day')`,
    );
}

function parseResult(part: Part): Result<QueryResult, Failure> {
  const body = parseJsonObject(part.name, part.bytes);
  if (!body.ok) return body;
  const { askedAt, columns, news = null, rows } = body.value;
  if (!Array.isArray(columns) || !columns.every(isColumn))
    return unreadable(part.name, `"columns" with name and type`, quote(columns));
  if (!Array.isArray(rows) || !rows.every((row) => isRow(row, columns.length)))
    return unreadable(part.name, `"rows" of ${columns.length} texts or null`, quote(rows));
  if (news !== null && !isNews(news))
    return unreadable(part.name, `"news" with column and since`, quote(news));
  return ok({ askedAt: typeof askedAt === "string" ? askedAt : "", columns, news, rows });
}

function isColumn(value: unknown): value is QueryColumn {
  return isObject(value) && typeof value["name"] === "string" && typeof value["type"] === "string";
}

function isRow(value: unknown, length: number): value is readonly (string | null)[] {
  return (
    Array.isArray(value) &&
    value.length === length &&
    value.every((cell) => cell === null || typeof cell === "string")
  );
}

function isNews(value: unknown): value is QueryNews {
  return (
    isObject(value) &&
    typeof value["column"] === "string" &&
    (value["since"] === null || typeof value["since"] === "string")
  );
}

/** The columns that the rules name, each found in the result or inside its JSON. */
function sheetOf(
  partName: string,
  { columns, rows }: QueryResult,
  options: SqlOptions,
  notices: Notices,
): Result<Sheet, Failure> {
  const header = columnNames(options);
  const found = header.map((name) => findCell(columns, name));
  const missing = header.filter((_, i) => found[i] === null);
  if (missing.length > 0)
    return unreadable(partName, `the columns ${missing.map(quote).join(", ")}`, namesOf(columns));
  for (const { name, type } of columns) {
    const instead = Object.hasOwn(refusedTypes, type) ? refusedTypes[type]!(name) : null;
    if (instead !== null) return unreadable(partName, instead, `${quote(name)} of type ${type}`);
    if (columns.filter((column) => column.name === name).length > 1 && header.includes(name))
      notices.add("sql-repeated-column", "warning", `${quote(name)} twice, the first counts`);
  }
  const sheetRows = rows.map((row) => found.map((cell) => cell!(row)));
  return ok({ fileNames: [partName], form: "json", header, rows: sheetRows, columns: recordColumns(header) });
}

type ReadCell = (row: readonly (string | null)[]) => string;

/** The column of that very name, else a member inside a JSON column (`payload.level`); `null` when there is neither. */
function findCell(columns: readonly QueryColumn[], name: string): ReadCell | null {
  const index = columns.findIndex((column) => column.name === name);
  if (index >= 0) {
    const write = writerOf(columns[index]!);
    return (row) => write(row[index] ?? null);
  }
  const json = columns.findIndex((column) => isJson(column) && name.startsWith(`${column.name}.`));
  if (json < 0) return null;
  const path = name.slice(columns[json]!.name.length + 1);
  return (row) => cellText(memberAt(parsed(row[json] ?? null), path));
}

function isJson({ type }: QueryColumn): boolean {
  return type === "json" || type === "jsonb";
}

/** A cell as the tables of files write it. */
function writerOf(column: QueryColumn): (text: string | null) => string {
  if (isJson(column)) return (text) => cellText(parsed(text));
  if (column.type === "bool") return (text) => (text === null ? "" : text === "t" ? "true" : "false");
  return (text) => text?.trim() ?? "";
}

function parsed(text: string | null): unknown {
  if (text === null) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function namesOf(columns: readonly QueryColumn[]): string {
  return `the columns ${columns
    .slice(0, 60)
    .map(({ name }) => quote(name))
    .join(", ")}`;
}
