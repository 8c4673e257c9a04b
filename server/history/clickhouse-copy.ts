/**
 * The tables of a ClickHouse database as files, and files as its tables: a Parquet file each, streamed by the client, so that
 * no server needs another setting. `tables.json` beside them says what the tables are.
 */

import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { contentOfParquet } from "./duckdb.ts";

const listFile = "tables.json";
/** Of a database whose tables are being put back, or the folder beside it: who finds it begins anew. */
const unfinished = "unfinished_restore";

/** Names and types go into statements: those of our own tables are of these letters. */
const name = z.string().regex(/^\w+$/);
const declared = z.string().regex(/^[\w(), ]*$/);
const tableSchema = z.strictObject({
  name,
  columns: z.array(z.strictObject({ name, type: declared, codec: declared })).min(1),
  sortedBy: z.array(name),
  rows: z.int().min(0),
});

type Table = z.infer<typeof tableSchema>;

/** The tables cannot be put back, or have not come back as they were; `message` says which and why. */
export class TablesNotRestored extends Error {}

/**
 * Writes all tables into a folder that it makes, while others go on appending. Rows come first, then what their numbers
 * stand for and what is marked to be put together: a row that is in the copy finds them there.
 */
export async function copyTables(client: ClickHouseClient, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const tables: Table[] = [];
  for (const table of (await listTables(client)).toSorted(rowsFirst)) {
    const file = fileOf(dir, table.name);
    await copyTable(client, table, file);
    tables.push({ ...table, rows: (await contentOfParquet(file)).rows });
  }
  await writeFile(join(dir, listFile), `${JSON.stringify(tables, null, 2)}\n`, { mode: 0o600, flush: true });
}

/** Rejects with `TablesNotRestored` when tables could not be put back into the database, because it has some. */
export async function refuseTables(client: ClickHouseClient): Promise<void> {
  const tables = await listTables(client);
  if (tables.length > 0 && !tables.some((table) => table.name === unfinished))
    throw new TablesNotRestored(
      `the database has the table ${tables[0]!.name} already: name an empty one by CITYDECK_CLICKHOUSE`,
    );
}

/**
 * Makes the tables of a folder that `copyTables` wrote, fills them, and reads each once more: it must hold the rows of its
 * file, as many and the same. Rejects with `TablesNotRestored` otherwise, and when the database has other tables. Until
 * `endRestore` the same may be done again.
 */
export async function restoreTables(client: ClickHouseClient, dir: string): Promise<void> {
  await refuseTables(client);
  const tables = z.array(tableSchema).parse(JSON.parse(await readFile(join(dir, listFile), "utf8")));
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS ${unfinished} (number UInt8) ENGINE = MergeTree ORDER BY number`,
  });
  const scratch = await mkdtemp(join(tmpdir(), "citydeck-restore-"));
  try {
    for (const table of tables) {
      const file = fileOf(dir, table.name);
      await client.command({ query: `DROP TABLE IF EXISTS ${table.name} SYNC` });
      await client.command({ query: createTable(table) });
      const columns = table.columns.map((column) => column.name) as [string, ...string[]];
      if (table.rows > 0)
        await client.insert({
          table: table.name,
          columns,
          values: createReadStream(file),
          format: "Parquet",
        });
      const again = fileOf(scratch, table.name);
      await copyTable(client, table, again);
      await refuseOther(table, file, again);
      await rm(again);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** All that belongs to the restore is done. */
export async function endRestore(client: ClickHouseClient): Promise<void> {
  await client.command({ query: `DROP TABLE IF EXISTS ${unfinished} SYNC` });
}

async function refuseOther(table: Table, file: string, again: string): Promise<void> {
  const [was, is] = [await contentOfParquet(file), await contentOfParquet(again)];
  if (was.rows !== table.rows)
    throw new TablesNotRestored(`${table.name}: its file has ${was.rows} rows, it had ${table.rows}`);
  if (is.rows !== was.rows)
    throw new TablesNotRestored(`${table.name}: ${is.rows} rows have come back of ${was.rows}`);
  if (is.hash !== was.hash) throw new TablesNotRestored(`${table.name}: its rows have come back as others`);
}

async function copyTable(
  client: ClickHouseClient,
  { name: table, columns }: Pick<Table, "name" | "columns">,
  file: string,
): Promise<void> {
  const listed = columns.map((column) => `"${column.name}"`).join(", ");
  const { stream } = await client.exec({
    query: `SELECT ${listed} FROM ${table} FORMAT Parquet`,
    clickhouse_settings: {
      output_format_parquet_compression_method: "zstd",
      // Else a text is bytes, and half a gigabyte is gathered before any of it is sent.
      output_format_parquet_string_as_string: 1,
      output_format_parquet_row_group_size: "100000",
    },
  });
  await pipeline(stream, createWriteStream(file, { mode: 0o600, flush: true }));
}

function rowsFirst(a: Table, b: Table): number {
  const isRows = (table: Table): boolean => table.columns.some((column) => column.name === "known_at");
  return Number(isRows(b)) - Number(isRows(a)) || (a.name < b.name ? -1 : 1);
}

/** Without their rows. */
async function listTables(client: ClickHouseClient): Promise<Table[]> {
  const answer = await client.query({
    query: `
      SELECT tables.name AS table, tables.sorting_key AS sorting, columns.name AS name, columns.type AS type,
        columns.compression_codec AS codec
      FROM system.tables AS tables
      INNER JOIN system.columns AS columns ON columns.table = tables.name AND columns.database = tables.database
      WHERE tables.database = currentDatabase()
      ORDER BY tables.name, columns.position`,
    format: "JSONEachRow",
  });
  const rows = await answer.json<Record<"table" | "sorting" | "name" | "type" | "codec", string>>();
  return Array.from(
    Map.groupBy(rows, ({ table }) => table),
    ([table, columns]) =>
      tableSchema.parse({
        name: table,
        columns: columns.map((column) => ({ name: column.name, type: column.type, codec: column.codec })),
        // `(number)` or `series, valid_at`.
        sortedBy: columns[0]!.sorting.match(/\w+/g) ?? [],
        rows: 0,
      }),
  );
}

function createTable({ name: table, columns, sortedBy }: Table): string {
  const all = columns.map((column) => `"${column.name}" ${column.type} ${column.codec}`);
  return `CREATE TABLE ${table} (${all.join(", ")}) ENGINE = MergeTree ORDER BY (${sortedBy.join(", ")})`;
}

function fileOf(dir: string, table: string): string {
  return join(dir, `${table}.parquet`);
}
