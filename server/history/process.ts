/** The process that alone has the history's file: `process.ts FOLDER ZONE`. */

import { join } from "node:path";
import { openDuckDb } from "./duckdb.ts";
import { serveHistory } from "./serve.ts";
import { openHistory } from "./sql-history.ts";

const [folder, zone] = process.argv.slice(2);
if (folder === undefined || zone === undefined) throw new Error("expected a folder and the city's zone");

serveHistory(async () => openHistory(await openDuckDb(join(folder, "history.duckdb")), { zone }));
