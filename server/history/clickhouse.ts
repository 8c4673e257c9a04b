/**
 * The engine for cities that outgrow one machine: a ClickHouse server, by its official client. There are no transactions
 * over several tables; one append is in the database entirely or not at all.
 */

import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { join } from "node:path";
import { copyTables } from "./clickhouse-copy.ts";
import type { Columns, ColumnType, Dialect, Engine, Read, Rows } from "./engine.ts";

const settings = {
  // Instants in milliseconds are far below 2 ** 53: they come as numbers.
  output_format_json_quote_64bit_integers: 0,
  // As other engines have it: `sum(mean) AS mean` sums the column, not itself.
  prefer_column_name_to_alias: 1,
} as const;

const types: Record<ColumnType, string> = {
  u8: "UInt8",
  u16: "UInt16",
  u32: "UInt32",
  at: "Int64",
  number: "Float64",
  flag: "Bool",
  text: "String",
};

const dialect: Dialect = {
  createTable(table, columns, sortedBy) {
    const declared = Object.entries(columns).map(([name, type]) => {
      const columnType = sortedBy.includes(name) ? types[type] : `Nullable(${types[type]})`;
      return `"${name}" ${columnType}${type === "at" ? " CODEC(Delta, ZSTD)" : " CODEC(ZSTD)"}`;
    });
    return `CREATE TABLE IF NOT EXISTS ${table} (${declared.join(", ")}) ENGINE = MergeTree ORDER BY (${sortedBy.join(", ")})`;
  },
  addColumn: (table, column, type) =>
    `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS "${column}" Nullable(${types[type]})`,
  argMax: (value, by) => `argMax(${value}, ${by})`,
  quotient: (dividend, divisor) => `intDiv(${dividend}, ${divisor})`,
};

/** Of a backup's folder: the tables. */
export const copyFolder = "clickhouse";

/** `url` names the server, the user and a database that is there: `http://user:password@host:8123/citydeck`. */
export function openClickHouse(url: string): Engine {
  return clickHouse(createClient({ url, application: "citydeck" }), connectToCopy(url));
}

/** A connection on which a statement may be silent for long, as it is while a large table is taken in. */
export function connectToCopy(url: string): ClickHouseClient {
  return createClient({
    url,
    application: "citydeck",
    request_timeout: 3_600_000,
    // So that nobody on the way takes the silence for an end.
    clickhouse_settings: { send_progress_in_http_headers: 1, http_headers_progress_interval_ms: "110000" },
  });
}

/** Clients are connected to the database that the tables are, or will be, in. */
export function clickHouse(client: ClickHouseClient, copying = client): Engine {
  return new ClickHouse(client, copying);
}

class ClickHouse implements Engine {
  readonly dialect = dialect;
  readonly archive = null;
  readonly setAside = [];
  readonly #client: ClickHouseClient;
  readonly #copying: ClickHouseClient;

  constructor(client: ClickHouseClient, copying: ClickHouseClient) {
    this.#client = client;
    this.#copying = copying;
  }

  async run(sql: string): Promise<void> {
    await this.#client.command({ query: sql });
  }

  async append(table: string, columns: Columns): Promise<void> {
    const names = Object.keys(columns);
    const values = rowsOf(Object.values(columns));
    if (values.length === 0) return;
    await this.#client.insert({
      table,
      columns: names as [string, ...string[]],
      values,
      format: "JSONCompactEachRow",
    });
  }

  together(write: () => Promise<void>): Promise<void> {
    return write();
  }

  ask<T>(signal: AbortSignal, questions: (read: Read) => Promise<T>): Promise<T> {
    return questions((sql) => this.#read(sql, signal)).catch((error: unknown) => {
      throw signal.aborted ? signal.reason : error;
    });
  }

  async bytes(): Promise<number> {
    const sql =
      "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()";
    const rows = await this.#read(sql, new AbortController().signal);
    return rows.numbers("bytes")[0]!;
  }

  backup(dir: string): Promise<void> {
    return copyTables(this.#copying, join(dir, copyFolder));
  }

  async close(): Promise<void> {
    await this.#client.close();
    if (this.#copying !== this.#client) await this.#copying.close();
  }

  async #read(sql: string, signal: AbortSignal): Promise<Rows> {
    signal.throwIfAborted();
    const answer = await this.#client.query({
      query: sql,
      format: "JSONColumnsWithMetadata",
      abort_signal: signal,
      clickhouse_settings: settings,
    });
    return answeredRows(JSON.parse(await answer.text()) as Answer);
  }
}

type Cell = number | boolean | string | null;

/** ClickHouse's format `JSONColumnsWithMetadata`; without rows, `data` has no columns. */
interface Answer {
  readonly meta: readonly { readonly name: string }[];
  readonly data: Readonly<Record<string, readonly Cell[]>>;
  readonly rows: number;
}

function rowsOf(columns: readonly Columns[string][]): (number | string | null)[][] {
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    columns.map((column) => {
      const value = column[row]!;
      return Number.isNaN(value) ? null : value;
    }),
  );
}

function answeredRows({ meta, data, rows }: Answer): Rows {
  const columns = meta.map(({ name }) => name);
  const cellsOf = (column: string): readonly Cell[] => {
    if (!columns.includes(column)) throw new Error(`no column ${column} in ${columns.join(", ")}`);
    return data[column] ?? [];
  };
  return {
    length: rows,
    columns,
    numbers: (column) =>
      Float64Array.from(cellsOf(column), (cell) => (cell === null ? Number.NaN : Number(cell))),
    texts: (column) => cellsOf(column) as readonly (string | null)[],
  };
}
