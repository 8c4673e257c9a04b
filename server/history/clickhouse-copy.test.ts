/** Over HTTP, to a server that keeps what it is sent; of a real ClickHouse see `clickhouse.test.ts`. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, onTestFinished, test } from "vitest";
import { endRestore, restoreTables } from "./clickhouse-copy.ts";
import { connectToCopy } from "./clickhouse.ts";

/** Tables by name, as the bytes that were inserted; `harm` is what the server makes of them. */
async function startServer(harm: (bytes: Buffer) => Buffer) {
  const kept = new Map<string, Buffer>();
  const statements: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const statement = new URL(request.url!, "http://x").searchParams.get("query") ?? body.toString();
    statements.push(statement.replaceAll(/\s+/g, " ").trim());
    const inserted = /^INSERT INTO (\w+)/.exec(statement)?.[1];
    const wanted = /FROM (\w+) FORMAT Parquet/.exec(statement)?.[1];
    if (inserted !== undefined) kept.set(inserted, harm(body));
    response.end(wanted === undefined ? "" : kept.get(wanted));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = connectToCopy(`http://127.0.0.1:${(server.address() as AddressInfo).port}/citydeck`);
  onTestFinished(async () => {
    await client.close();
    server.close();
  });
  return { client, statements };
}

async function parquetOf(select: string, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
}

async function copyOfNumbers(rows: number): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "tables-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await parquetOf(
    `SELECT number, number / 7 AS value FROM range(${rows}) n(number)`,
    join(dir, "numbers.parquet"),
  );
  const columns = [
    { name: "number", type: "Int64", codec: "CODEC(Delta(8), ZSTD(1))" },
    { name: "value", type: "Nullable(Float64)", codec: "" },
  ];
  await writeFile(
    join(dir, "tables.json"),
    JSON.stringify([{ name: "numbers", columns, sortedBy: ["number"], rows }]),
  );
  return dir;
}

test("a table goes to the server byte by byte, and comes back to be compared", async () => {
  const { client, statements } = await startServer((bytes) => bytes);
  await restoreTables(client, await copyOfNumbers(100_000));
  expect(statements.slice(1)).toEqual([
    "CREATE TABLE IF NOT EXISTS unfinished_restore (number UInt8) ENGINE = MergeTree ORDER BY number",
    "DROP TABLE IF EXISTS numbers SYNC",
    `CREATE TABLE numbers ("number" Int64 CODEC(Delta(8), ZSTD(1)), "value" Nullable(Float64) ) ENGINE = MergeTree ORDER BY (number)`,
    "INSERT INTO numbers (number, value) FORMAT Parquet",
    `SELECT "number", "value" FROM numbers FORMAT Parquet`,
  ]);
  await endRestore(client);
  expect(statements.at(-1)).toBe("DROP TABLE IF EXISTS unfinished_restore SYNC");
});

test("an answer that breaks off is no table", async () => {
  const { client, statements } = await startServer((bytes) => bytes.subarray(0, bytes.length - 100));
  await expect(restoreTables(client, await copyOfNumbers(1_000))).rejects.toThrow(/numbers.parquet/);
  expect(statements.at(-1)).not.toContain("DROP");
});
