/**
 * What a database must be able to do to keep a history. Everything else (tables, questions, roll-ups, retention) is SQL in
 * `sql-history.ts` and the files beside it, the same for every engine.
 */

/** `at`: epoch milliseconds in 64 bits. NULL is NaN in columns of numbers and `null` in columns of texts. */
export type ColumnType = "u8" | "u16" | "u32" | "at" | "number" | "flag" | "text";

export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** Columns to append: by name, each as long as the others. Flags are 0 and 1. */
export type Columns = Readonly<Record<string, ArrayLike<number> | readonly (string | null)[]>>;

/** An answer, by the columns' names in the question. Asking for a column that is not there throws. */
export interface Rows {
  readonly length: number;
  readonly columns: readonly string[];
  /** NULL is NaN; flags are 0 and 1. */
  numbers(column: string): Float64Array;
  texts(column: string): readonly (string | null)[];
}

/** The words that engines have each their own of. */
export interface Dialect {
  /** A statement that makes the table where there is none, its rows mostly read by ranges of `sortedBy`. */
  createTable(table: string, columns: ColumnTypes, sortedBy: readonly string[]): string;
  /** A statement that adds a column, NULL in the rows there are. */
  addColumn(table: string, column: string, type: ColumnType): string;
  /** `value` of the row in which `by` is greatest. */
  argMax(value: string, by: string): string;
  /** Whole quotient of two whole numbers that are not negative. */
  quotient(dividend: string, divisor: number): string;
}

export interface SetAside {
  readonly file: string;
  readonly reason: string;
}

/** Files that hold the answer of a question each; their names are ours: letters, digits, `-` and `.`. */
export interface Archive {
  /** Writes the answer of a SELECT; what had the name before is replaced when the new file is whole. */
  write(name: string, select: string): Promise<void>;
  /** What stands after FROM to read files that were written alike. */
  source(names: readonly string[]): string;
  list(): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

export type Read = (sql: string) => Promise<Rows>;

/**
 * No text from outside stands in a statement: texts go in by `append`, statements name numbers only. `run`, `append` and
 * `together` are called one after the other, reads whenever somebody asks.
 */
export interface Engine {
  readonly dialect: Dialect;
  /** Files beside the database for what no longer changes; `null` where the engine itself packs well enough. */
  readonly archive: Archive | null;
  /** What could not be read when the database was opened: it stands under another name, and an empty one in its place. */
  readonly setAside: readonly SetAside[];
  run(sql: string): Promise<void>;
  append(table: string, columns: Columns): Promise<void>;
  /** What `write` writes is in the database entirely or not at all, where the engine knows transactions. */
  together(write: () => Promise<void>): Promise<void>;
  /**
   * Questions that see one state of the database, where the engine knows transactions. When the signal aborts, what runs
   * is cancelled and the promise rejects with the signal's reason.
   */
  ask<T>(signal: AbortSignal, questions: (read: Read) => Promise<T>): Promise<T>;
  /** What the database takes on disk. */
  bytes(): Promise<number>;
  /** A copy of one state of everything (of each table, without transactions) into a folder, while others read and write. */
  backup(dir: string): Promise<void>;
  close(): Promise<void>;
}
