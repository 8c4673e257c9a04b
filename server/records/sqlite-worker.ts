/** The thread that holds the records' file: `node:sqlite` waits for the disk, and nothing live may wait with it. */

import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import type { SqlAnswer, SqlQuestion } from "./sqlite-dialect.ts";

const database = new DatabaseSync(workerData as string);
// Committed is on disk, also when the power fails; readers do not wait for a writer.
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");

parentPort!.on("message", (question: SqlQuestion | null) => {
  if (question === null) {
    database.close();
    parentPort!.close();
    return;
  }
  parentPort!.postMessage(answerTo(question));
});

function answerTo({ number, sql, parameters }: SqlQuestion): SqlAnswer {
  try {
    // On a full disk SQLite has rolled back by itself, and would say that, not that the disk is full.
    if (sql === "rollback" && !database.isTransaction) return { number, rows: [], changes: 0 };
    const statement = database.prepare(sql);
    // A statement without columns (an INSERT, a CREATE TABLE) has no rows to read.
    if (statement.columns().length > 0) return { number, rows: statement.all(...parameters), changes: 0 };
    return { number, rows: [], changes: Number(statement.run(...parameters).changes) };
  } catch (error) {
    return { number, error: String(error) };
  }
}
