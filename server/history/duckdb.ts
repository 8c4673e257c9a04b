/** The embedded engine. One process alone may open a file, and only this file knows DuckDB. */

import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
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
import { MustReopen } from "./history.ts";
import type { Archive, Columns, ColumnType, Dialect, Engine, Read, Rows, SetAside } from "./engine.ts";

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

/**
 * Opens the file at `path`, or makes it; days that no longer change lie in the folder `closed` beside it. What cannot be
 * read (cut in half, something else) is set aside. Rejects when another process has the file, when it may not be
 * read, and when a newer DuckDB wrote it.
 */
export async function openDuckDb(path: string, options: Partial<DuckDbOptions> = {}): Promise<Engine> {
  const { memoryMegabytes, threads, readers } = { ...defaults, ...options };
  await mkdir(dirname(path), { recursive: true });
  const { instance, setAside } = await openOrSetAside(path, {
    memory_limit: `${memoryMegabytes}MB`,
    threads: String(threads),
  });
  const writer = await instance.connect();
  const archive = new ParquetFolder(join(dirname(path), "closed"), writer);
  setAside.push(...(await archive.setAsideBroken()));
  const idle = await Promise.all(Array.from({ length: readers }, () => instance.connect()));
  return new DuckDb(path, instance, archive, setAside, writer, idle);
}

/** How many rows a Parquet file has, and a number that another order of them does not change, but any other content does. */
export async function contentOfParquet(
  path: string,
): Promise<{ readonly rows: number; readonly hash: string }> {
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "128MB", threads: "1" });
  const connection = await instance.connect();
  try {
    const sql = `SELECT count(*) AS rows, sum(hash(content)::HUGEINT) AS hash FROM read_parquet(${quoted(path)}) content`;
    const [[rows, hash]] = (await connection.runAndReadAll(sql)).getRows() as [[bigint, bigint | null]];
    return { rows: Number(rows), hash: String(hash ?? 0n) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Not the file's fault, or not ours to judge: it stays where it is. */
const notBroken =
  /Could not set lock|Permission denied|Cannot open file|No space left|Out of Memory|can only read versions/i;

async function openOrSetAside(
  path: string,
  options: Record<string, string>,
): Promise<{ readonly instance: DuckDBInstance; readonly setAside: SetAside[] }> {
  const setAside: SetAside[] = [];
  // What came last may be all that is broken.
  for (const file of [`${path}.wal`, path]) {
    try {
      return { instance: await openWhole(path, options), setAside };
    } catch (error) {
      if (notBroken.test(String(error))) throw error;
      if (existsSync(file)) setAside.push(await putAside(file, error));
    }
  }
  return { instance: await openWhole(path, options), setAside };
}

async function putAside(path: string, reason: unknown): Promise<SetAside> {
  const aside = `${path}.set-aside-${Date.now()}`;
  await rename(path, aside);
  return { file: basename(aside), reason: String(reason) };
}

/** Before the first block of a DuckDB file. */
const headersBytes = 3 * 4096;

/** DuckDB opens a file whose end is missing, and fails when somebody asks for what was there. */
async function openWhole(path: string, options: Record<string, string>): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(path, options);
  const connection = await instance.connect();
  const ask = async (sql: string): Promise<DuckDBValue[][]> =>
    (await connection.runAndReadAll(sql)).getRows();
  try {
    const [[blockSize]] = (await ask("SELECT block_size FROM pragma_database_size()")) as [[bigint]];
    const { size } = await stat(path);
    for (const [table] of await ask("SELECT table_name FROM duckdb_tables()")) {
      const [[last]] = (await ask(`SELECT max(block_id) FROM pragma_storage_info('${String(table)}')`)) as [
        [bigint | null],
      ];
      const needed = last === null ? 0 : headersBytes + (Number(last) + 1) * Number(blockSize);
      if (size < needed) throw new Error(`${size} bytes of at least ${needed}`);
    }
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  } finally {
    connection.closeSync();
  }
}

/** Of a column with more of them, a file has the steps from value to value rather than a dictionary. */
const mostDistinct = 1_000;

/** After a commit without memory, DuckDB 1.5 has columns of different lengths in memory, and its next checkpoint ends it. */
const isSpent = /out of memory|failed to (?:pin|allocate)|reopen the database|must be restarted/i;

class ParquetFolder implements Archive {
  readonly folder: string;
  readonly #writer: DuckDBConnection;

  constructor(folder: string, writer: DuckDBConnection) {
    this.folder = folder;
    this.#writer = writer;
  }

  async setAsideBroken(): Promise<SetAside[]> {
    const setAside: SetAside[] = [];
    for (const name of await this.list()) {
      const path = join(this.folder, name);
      try {
        await this.#writer.run(`FROM parquet_file_metadata(${quoted(path)})`);
      } catch (error) {
        setAside.push(await putAside(path, error));
      }
    }
    return setAside;
  }

  async write(name: string, select: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, name);
    await this.#writer.run(
      `COPY (${select}) TO ${quoted(`${path}.new`)}
        (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT ${mostDistinct})`,
    );
    await rename(`${path}.new`, path);
  }

  source(names: readonly string[]): string {
    return `read_parquet([${names.map((name) => quoted(join(this.folder, name))).join(", ")}])`;
  }

  async list(): Promise<readonly string[]> {
    return (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(".parquet"));
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.folder, name), { force: true });
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

class DuckDb implements Engine {
  readonly dialect = dialect;
  readonly archive: ParquetFolder;
  readonly setAside: readonly SetAside[];
  readonly #path: string;
  readonly #instance: DuckDBInstance;
  readonly #writer: DuckDBConnection;
  readonly #readers: readonly DuckDBConnection[];
  readonly #idle: DuckDBConnection[];
  readonly #waiting: (() => void)[] = [];
  /** Of the tables that were appended to. */
  readonly #columns = new Map<string, readonly string[]>();

  constructor(
    path: string,
    instance: DuckDBInstance,
    archive: ParquetFolder,
    setAside: readonly SetAside[],
    writer: DuckDBConnection,
    readers: readonly DuckDBConnection[],
  ) {
    this.#path = path;
    this.#instance = instance;
    this.setAside = setAside;
    this.archive = archive;
    this.#writer = writer;
    this.#readers = readers;
    this.#idle = [...readers];
  }

  async run(sql: string): Promise<void> {
    // It may be about a table's columns.
    this.#columns.clear();
    await this.#writer.run(sql);
  }

  async append(table: string, columns: Columns): Promise<void> {
    const length = Object.values(columns)[0]?.length ?? 0;
    if (length === 0) return;
    const declared = await this.#columnsOf(table);
    const appender = await this.#writer.createAppender(table);
    try {
      const columnTypes = declared.map((_, index) => appender.columnType(index));
      for (let from = 0; from < length; from += chunkRows) {
        const count = Math.min(chunkRows, length - from);
        const chunk = DuckDBDataChunk.create(columnTypes, count);
        declared.forEach((name, index) => {
          fill(chunk, index, columnTypes[index]!, columns[name], from, count);
        });
        appender.appendDataChunk(chunk);
      }
    } catch (error) {
      // Else closing would write what there is.
      appender.clear();
      throw error;
    } finally {
      appender.closeSync();
    }
  }

  async #columnsOf(table: string): Promise<readonly string[]> {
    let columns = this.#columns.get(table);
    if (!columns) {
      columns = (await this.#writer.run(`SELECT * FROM ${table} LIMIT 0`)).columnNames();
      this.#columns.set(table, columns);
    }
    return columns;
  }

  async together(write: () => Promise<void>): Promise<void> {
    await this.#writer.run("BEGIN");
    try {
      await write();
      await this.#writer.run("COMMIT");
    } catch (error) {
      // A failed COMMIT has rolled back by itself.
      await this.#writer.run("ROLLBACK").catch(() => undefined);
      throw isSpent.test(String(error)) ? new MustReopen(String(error), { cause: error }) : error;
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
    const closed = (await this.archive.list()).map((name) => join(this.archive.folder, name));
    const sizes = await Promise.all(
      [this.#path, `${this.#path}.wal`, ...closed].map(
        async (path) => (await stat(path).catch(() => null))?.size ?? 0,
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async backup(dir: string): Promise<void> {
    await mkdir(dir, { recursive: true });
    if ((await readdir(dir)).length > 0) throw new Error(`${dir} is not empty`);
    const connection = await this.#instance.connect();
    try {
      const result = await connection.runAndReadAll("SELECT current_database()");
      const name = String(result.getRows()[0]![0]);
      await connection.run(`ATTACH ${quoted(join(dir, basename(this.#path)))} AS backup_copy`);
      await connection.run(`COPY FROM DATABASE "${name.replaceAll('"', '""')}" TO backup_copy`);
      await connection.run("DETACH backup_copy");
      // After the database: of days that it does not know as closed it has the rows.
      const { folder } = this.archive;
      await cp(folder, join(dir, basename(folder)), { recursive: true }).catch(unlessMissing);
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
        const leave = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(wake), 1);
          resolve();
        };
        const wake = (): void => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        this.#waiting.push(wake);
        signal.addEventListener("abort", leave, { once: true });
      });
    }
  }
}

/** A chunk's column as the package keeps it; value by value through its methods takes several times as long. */
interface NumberVector {
  readonly items: Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array | BigInt64Array;
  /** A bit for each row, 0 where it is NULL; `null` where none is. */
  readonly validity: { data: BigUint64Array | null };
  /** Of a column that is written. */
  flush(): void;
}

interface ValueVector {
  getItem(item: number): DuckDBValue;
  setItem(item: number, value: DuckDBValue): void;
  flush(): void;
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
  const vector = chunk.getColumnVector(index) as unknown;
  if (type === VARCHAR || type === BOOLEAN || !values)
    fillValues(vector as ValueVector, type, values, from, count);
  else fillNumbers(vector as NumberVector, values as ArrayLike<number>, from, count);
}

function fillValues(
  vector: ValueVector,
  type: DuckDBType,
  values: Columns[string] | undefined,
  from: number,
  count: number,
): void {
  for (let row = 0; row < count; row++) {
    const value = values?.[from + row] ?? null;
    const isNull = value === null || Number.isNaN(value);
    vector.setItem(row, isNull ? null : type === BOOLEAN ? value !== 0 : value);
  }
  vector.flush();
}

function fillNumbers(vector: NumberVector, values: ArrayLike<number>, from: number, count: number): void {
  const { items, validity } = vector;
  const halves =
    items instanceof BigInt64Array ? new Uint32Array(items.buffer, items.byteOffset, 2 * count) : null;
  let valid: Uint8Array | null = null;
  for (let row = 0; row < count; row++) {
    const value = values[from + row]!;
    if (Number.isNaN(value) || (halves && !Number.isFinite(value))) {
      valid ??= noneIsNull(validity, count);
      valid[row >>> 3]! &= ~(1 << (row & 7));
    } else if (halves) {
      // An instant between two milliseconds, as clocks of nanoseconds tell it, is the one before it.
      const whole = Math.floor(value);
      const high = Math.floor(whole / 2 ** 32);
      halves[2 * row] = whole - high * 2 ** 32;
      halves[2 * row + 1] = high;
    } else {
      items[row] = value;
    }
  }
  vector.flush();
}

/** Gives the column a bit for each row, all of them 1. */
function noneIsNull(validity: NumberVector["validity"], count: number): Uint8Array {
  validity.data = new BigUint64Array(Math.ceil(count / 64)).fill(2n ** 64n - 1n);
  return new Uint8Array(validity.data.buffer);
}

/** Reads a chunk's column of numbers or flags; NULL is NaN. */
function readNumbers(vector: unknown, into: Float64Array): void {
  const { items, validity } = vector as NumberVector;
  // Flags and whole numbers of 128 bits, as sums are.
  if (!ArrayBuffer.isView(items)) return readValues(vector as ValueVector, into);
  if (items instanceof BigInt64Array) {
    const halves = new Int32Array(items.buffer, items.byteOffset, 2 * into.length);
    for (let row = 0; row < into.length; row++)
      into[row] = halves[2 * row + 1]! * 2 ** 32 + (halves[2 * row]! >>> 0);
  } else {
    into.set(items);
  }
  if (!validity.data) return;
  const valid = new Uint8Array(validity.data.buffer, validity.data.byteOffset);
  for (let row = 0; row < into.length; row++)
    if ((valid[row >>> 3]! & (1 << (row & 7))) === 0) into[row] = Number.NaN;
}

function readValues(vector: ValueVector, into: Float64Array): void {
  for (let row = 0; row < into.length; row++) {
    const item = vector.getItem(row);
    into[row] = item === null ? Number.NaN : Number(item);
  }
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
        readNumbers(chunk.getColumnVector(index), numbers.subarray(at, at + chunk.rowCount));
        at += chunk.rowCount;
      }
      return numbers;
    },
    texts(column) {
      const index = place(column);
      return chunks.flatMap((chunk) => chunk.getColumnValues(index) as (string | null)[]);
    },
  };
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
