/** Where the rows of a JSON document are and what they call their columns, for somebody who was told neither. */

import { isObject, type JsonObject } from "../body.ts";

export interface RowsInJson {
  /** As `options.rows` has it: `""`, `"."` or a dotted path. */
  readonly path: string;
  /** Dotted paths of every member that is no object; lists and GeoJSON geometries are one column. */
  readonly columns: readonly string[];
  readonly rows: readonly JsonObject[];
}

const deepestList = 3;
const deepestColumn = 4;
const mostColumns = 200;
const lookedAt = 50;

/** The longest list of objects in the document, else the document itself as the only row; `null` when it is no object. */
export function findRows(body: unknown): RowsInJson | null {
  const [longest] = listsIn(body, "", 0).toSorted((a, b) => b.rows.length - a.rows.length);
  // A GeoJSON Feature is a row, however many members of it are lists.
  const isRow = isObject(body) && (longest === undefined || body["type"] === "Feature");
  const found = isRow ? { path: ".", rows: [body] } : longest;
  return found === undefined ? null : { ...found, columns: columnsOf(found.rows) };
}

function listsIn(value: unknown, path: string, depth: number): { path: string; rows: JsonObject[] }[] {
  if (Array.isArray(value)) {
    const rows = value.filter(isObject);
    return rows.length > 0 && rows.length * 2 > value.length ? [{ path, rows }] : [];
  }
  if (!isObject(value) || depth === deepestList) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    listsIn(member, path === "" ? name : `${path}.${name}`, depth + 1),
  );
}

function columnsOf(rows: readonly JsonObject[]): readonly string[] {
  const columns = new Set<string>();
  for (const row of rows.slice(0, lookedAt)) addColumns(row, "", 1, columns);
  return [...columns].slice(0, mostColumns);
}

function addColumns(row: JsonObject, prefix: string, depth: number, columns: Set<string>): void {
  for (const [name, value] of Object.entries(row)) {
    const path = prefix + name;
    const isPlace = isObject(value) && typeof value["type"] === "string" && "coordinates" in value;
    if (isObject(value) && !isPlace && depth < deepestColumn)
      addColumns(value, `${path}.`, depth + 1, columns);
    else columns.add(path);
  }
}
