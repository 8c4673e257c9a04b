/** The embedded engine. One process alone may open a file, and only this file knows DuckDB. */

import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  UINTEGER,
  USMALLINT,
  UTINYINT,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { Columns, ColumnType, Dialect, Engine, Read, Rows } from "./engine.ts";

export interface DuckDbOptions {
  readonly memoryMegabytes: number;
  readonly threads: number;
  /** Questions that are answered at the same time; the others wait for their turn. */
  readonly readers: number;
}

const defaults: DuckDbOptions = { memoryMegabytes: 256, threads: 2, readers: 3 };

const types: Record<ColumnType, DuckDBType> = {
  u8: UTINYINT,
  u16: USMALLINT,
  u32: UINTEGER,
  at: BIGINT,
  number: DOUBLE,
  flag: BOOLEAN,
  text: VARCHAR,
};

/** Rows of a data chunk (DuckDB's vector size). */
const chunkRows = 2048;

const dialect: Dialect = {
  createTable: (table, columns) =>
    `CREATE TABLE IF NOT EXISTS ${table} (${Object.entries(columns)
      .map(([name, type]) => `"${name}" ${types[type].toString()}`)
      .join(", ")})`,
  addColumn: (table, column, type) => `ALTER TABLE ${table} ADD COLUMN "${column}" ${types[type].toString()}`,
  argMax: (value, by) => `arg_max(${value}, ${by})`,
  quotient: (dividend, divisor) => `(${dividend}) // ${divisor}`,
};

/** Opens the file at `path`, or makes it. Rejects when it is not a DuckDB file or another process has it. */
export async function openDuckDb(path: string, options: Partial<DuckDbOptions> = {}): Promise<Engine> {
  const { memoryMegabytes, threads, readers } = { ...defaults, ...options };
  await mkdir(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
    preserve_insertion_order: "false",
  });
  const writer = await instance.connect();
  const idle = await Promise.all(Array.from({ length: readers }, () => instance.connect()));
  return new DuckDb(path, instance, writer, idle);
}

class DuckDb implements Engine {
  readonly dialect = dialect;
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #readers: readonly DuckDBConnection[];
  readonly #idle: DuckDBConnection[];
  readonly #waiting: (() => void)[] = [];

  constructor(
    path: string,
    instance: DuckDBInstance,
    writer: DuckDBConnection,
    readers: readonly DuckDBConnection[],
  ) {
    this.#path = path;
    this.#instance = instance;
    this.#writer = writer;
    this.#readers = readers;
    this.#idle = [...readers];
  }

  async run(sql: string): Promise<void> {
    await this.#writer.run(sql);
  }

  async append(table: string, columns: Columns): Promise<void> {
    const length = Object.values(columns)[0]?.length ?? 0;
    if (length === 0) return;
    const declared = (await this.#writer.run(`SELECT * FROM ${table} LIMIT 0`)).columnNames();
    const appender = await this.#writer.createAppender(table);
    const columnTypes = declared.map((_, index) => appender.columnType(index));
    for (let from = 0; from < length; from += chunkRows) {
      const count = Math.min(chunkRows, length - from);
      const chunk = DuckDBDataChunk.create(columnTypes, count);
      declared.forEach((name, index) => {
        fill(chunk, index, columnTypes[index]!, columns[name], from, count);
      });
      appender.appendDataChunk(chunk);
    }
    appender.closeSync();
  }

  async together(write: () => Promise<void>): Promise<void> {
    await this.#writer.run("BEGIN");
    try {
      await write();
      await this.#writer.run("COMMIT");
    } catch (error) {
      // A failed COMMIT has rolled back by itself.
      await this.#writer.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  async ask<T>(signal: AbortSignal, questions: (read: Read) => Promise<T>): Promise<T> {
    const reader = await this.#takeReader(signal);
    const interrupt = (): void => {
      reader.interrupt();
    };
    signal.addEventListener("abort", interrupt);
    try {
      await reader.run("BEGIN");
      return await questions(async (sql) => {
        signal.throwIfAborted();
        const result = await reader.run(sql);
        return readAll(await result.fetchAllChunks(), result.columnNames());
      });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", interrupt);
      await reader.run("ROLLBACK").catch(() => undefined);
      this.#idle.push(reader);
      this.#waiting.shift()?.();
    }
  }

  async bytes(): Promise<number> {
    const sizes = await Promise.all(
      [this.#path, `${this.#path}.wal`].map(async (path) => (await stat(path).catch(() => null))?.size ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async backup(dir: string): Promise<void> {
    await mkdir(dir, { recursive: true });
    const connection = await this.#instance.connect();
    try {
      const own = (await connection.run("SELECT current_database()")).getRows();
      const [[name]] = (await own) as [[string]];
      const to = join(dir, basename(this.#path)).replaceAll("'", "''");
      await connection.run(`ATTACH '${to}' AS backup_copy`);
      await connection.run(`COPY FROM DATABASE "${name.replaceAll('"', '""')}" TO backup_copy`);
      await connection.run("DETACH backup_copy");
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.closeSync();
    this.#writer.closeSync();
    this.#instance.closeSync();
  }

  async #takeReader(signal: AbortSignal): Promise<DuckDBConnection> {
    for (;;) {
      signal.throwIfAborted();
      const reader = this.#idle.pop();
      if (reader) return reader;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        signal.addEventListener(
          "abort",
          () => {
            resolve();
          },
          { once: true },
        );
      });
    }
  }
}

/** Writes rows `from` to `from + count` of a column into a chunk; a column that is not given is NULL. */
function fill(
  chunk: DuckDBDataChunk,
  index: number,
  type: DuckDBType,
  values: Columns[string] | undefined,
  from: number,
  count: number,
): void {
  const vector = chunk.getColumnVector(index) as unknown as {
    setItem(item: number, value: DuckDBValue): void;
    flush(): void;
  };
  for (let row = 0; row < count; row++) {
    const value = values?.[from + row] ?? null;
    vector.setItem(row, value === null || Number.isNaN(value) ? null : itemOf(type, value));
  }
  vector.flush();
}

function itemOf(type: DuckDBType, value: number | string): DuckDBValue {
  if (type === BIGINT) return BigInt(value);
  if (type === BOOLEAN) return value !== 0;
  return value;
}

function readAll(chunks: readonly DuckDBDataChunk[], names: readonly string[]): Rows {
  const length = chunks.reduce((sum, { rowCount }) => sum + rowCount, 0);
  const place = (column: string): number => {
    const index = names.indexOf(column);
    if (index === -1) throw new Error(`no column ${column} in ${names.join(", ")}`);
    return index;
  };
  return {
    length,
    columns: names,
    numbers(column) {
      const index = place(column);
      const numbers = new Float64Array(length);
      let at = 0;
      for (const chunk of chunks) {
        const vector = chunk.getColumnVector(index);
        for (let row = 0; row < vector.itemCount; row++) {
          const item = vector.getItem(row);
          numbers[at++] = item === null ? Number.NaN : Number(item);
        }
      }
      return numbers;
    },
    texts(column) {
      const index = place(column);
      return chunks.flatMap((chunk) => chunk.getColumnValues(index) as (string | null)[]);
    },
  };
}
