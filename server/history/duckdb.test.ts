import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conformance } from "./conformance.ts";
import { openDuckDb } from "./duckdb.ts";

conformance(async () => openDuckDb(join(await mkdtemp(join(tmpdir(), "history-")), "history.duckdb")));
