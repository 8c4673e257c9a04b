/** The process that alone has the history's file: `process.ts FOLDER ZONE`. */

import { join } from "node:path";
import { clickHouseServer } from "./chosen-engine.ts";
import { openClickHouse } from "./clickhouse.ts";
import { openDuckDb } from "./duckdb.ts";
import { serveHistory } from "./serve.ts";
import { openHistory } from "./sql-history.ts";

const [folder, zone] = process.argv.slice(2);
if (folder === undefined || zone === undefined) throw new Error("expected a folder and the city's zone");

/** The process's part of 400 MB that DuckDB may take, and the largest answer that fits beside it. */
const memoryMegabytes = 104;
const maxValues = 500_000;

const server = clickHouseServer();

serveHistory(async () => {
  const engine =
    server === undefined
      ? await openDuckDb(join(folder, "history.duckdb"), { memoryMegabytes })
      : openClickHouse(server);
  return openHistory(engine, { zone, maxValues });
});
