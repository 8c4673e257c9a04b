/** A history's process whose engine has memory for little at once. */

import { join } from "node:path";
import { openDuckDb } from "../server/history/duckdb.ts";
import { serveHistory } from "../server/history/serve.ts";
import { openHistory } from "../server/history/sql-history.ts";

const [dir = "", zone = ""] = process.argv.slice(2);

serveHistory(async () =>
  openHistory(await openDuckDb(join(dir, "history.duckdb"), { memoryMegabytes: 20 }), { zone }),
);
