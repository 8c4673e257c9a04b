/** Kysely over SQLite in a thread of its own. The same questions go to PostgreSQL by Kysely's own dialect. */

import { once } from "node:events";
import type { SQLInputValue } from "node:sqlite";
import { Worker } from "node:worker_threads";
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
} from "kysely";

export interface SqlQuestion {
  readonly number: number;
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
}

export type SqlAnswer =
  | { readonly number: number; readonly rows: readonly unknown[]; readonly changes: number }
  | { readonly number: number; readonly error: string };

/** `path` is the file, made when there is none. */
export function sqliteDialect(path: string): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new WorkerDriver(path),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** One connection, lent to one user at a time, so that nobody else's statement gets into a transaction. */
class WorkerDriver implements Driver {
  readonly #path: string;
  #connection: WorkerConnection | null = null;
  #free: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async init(): Promise<void> {
    this.#connection = new WorkerConnection(this.#path);
    await this.#connection.ready;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#free;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#free = promise;
    await before;
    this.#release = resolve;
    return this.#connection!;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async destroy(): Promise<void> {
    await this.#free;
    await this.#connection?.close();
  }
}

interface Waiting {
  readonly resolve: (answer: QueryResult<never>) => void;
  readonly reject: (error: Error) => void;
}

class WorkerConnection implements DatabaseConnection {
  /** Rejects when the file cannot be opened. */
  readonly ready: Promise<unknown>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(path: string) {
    this.#worker = new Worker(new URL("./sqlite-worker.ts", import.meta.url), { workerData: path });
    this.#worker.on("message", (answer: SqlAnswer) => this.#take(answer));
    this.#worker.on("error", (error: Error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the records' thread has ended")));
    this.ready = this.executeQuery(CompiledQuery.raw("select 1"));
    // Nothing is lost by ending while it waits for questions.
    this.#worker.unref();
  }

  executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const number = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.ref();
      this.#worker.postMessage({ number, sql, parameters } as SqlQuestion);
    });
  }

  // oxlint-disable-next-line require-yield
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error("records are few: read them at once");
  }

  async close(): Promise<void> {
    const ended = once(this.#worker, "exit");
    // Somebody waits for it now, who may be all that is left of the process.
    this.#worker.ref();
    this.#worker.postMessage(null);
    await ended;
  }

  #take(answer: SqlAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else
      waiting?.resolve({
        rows: answer.rows as readonly never[] as never[],
        numAffectedRows: BigInt(answer.changes),
      });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
