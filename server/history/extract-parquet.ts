/** Extracts of figures as Parquet: made into the CSV of `extract.ts` beside the history, and taken in like any other. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { NoExtract } from "./history.ts";

const number = /^(TINYINT|SMALLINT|INTEGER|BIGINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|HUGEINT)$/;
const real = /^(FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const instant = /^(TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?|DATE)$/;

/** What each column may be, as DuckDB calls it, and what is said when it is not. */
const columns = {
  series: { types: [/^VARCHAR$/], expected: "a text" },
  at: {
    types: [/^VARCHAR$/, number, instant],
    expected: "a timestamp, epoch milliseconds or a text as ISO 8601 in UTC",
  },
  seconds: { types: [number], expected: "a whole number" },
  value: { types: [number, real], expected: "a number" },
} as const;

/**
 * Writes the rows of a Parquet file, sorted by time, as CSV into a folder and gives its path; of the same file it is written
 * once. Rejects with `NoExtract` that names the file and the column when it is not such a table.
 */
export async function csvOfParquet(file: string, dir: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const print = createHash("sha256").update(`${file}\n${size}\n${mtimeMs}`).digest("hex").slice(0, 16);
  const path = join(dir, `extract-${print}.csv`);
  if (existsSync(path)) return path;
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: "256MB",
    temp_directory: join(dir, "extract.tmp"),
  });
  const connection = await instance.connect();
  try {
    const types = await typesOf(connection, file);
    const at = instantText(types.get("at")!);
    await connection
      .run(
        `COPY (SELECT series, ${at} AS "at", seconds, value::DOUBLE AS value FROM read_parquet(${quoted(file)})
               ORDER BY "at", series)
         TO ${quoted(`${path}.part`)} (FORMAT csv, HEADER, DELIMITER ',')`,
      )
      .catch((error: unknown) => {
        throw new NoExtract(`${file} cannot be read as Parquet: ${String(error)}`);
      });
    await rename(`${path}.part`, path);
    return path;
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(`${path}.part`, { force: true });
  }
}

async function typesOf(connection: DuckDBConnection, file: string): Promise<ReadonlyMap<string, string>> {
  const described = await connection
    .runAndReadAll(`DESCRIBE SELECT * FROM read_parquet(${quoted(file)})`)
    .catch((error: unknown) => {
      throw new NoExtract(`${file} cannot be read as Parquet: ${String(error)}`);
    });
  const types = new Map(described.getRows().map(([name, type]) => [String(name), String(type)]));
  for (const [name, { types: allowed, expected }] of Object.entries(columns)) {
    const type = types.get(name);
    if (type === undefined)
      throw new NoExtract(`${file}: there is no column "${name}", it has: ${[...types.keys()].join(", ")}`);
    if (!allowed.some((one) => one.test(type)))
      throw new NoExtract(`${file}: column "${name}" is ${type}, expected ${expected}`);
  }
  return types;
}

/** SQL for the column `at` as the text that an extract has. Milliseconds stay, so that no bucket becomes whole by rounding. */
function instantText(type: string): string {
  if (type === "VARCHAR") return '"at"';
  const ms = number.test(type) ? '"at"' : type === "DATE" ? 'epoch_ms("at"::TIMESTAMP)' : 'epoch_ms("at")';
  return `strftime(make_timestamp(${ms} * 1000), '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
