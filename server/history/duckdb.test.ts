import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { conformance } from "./conformance.ts";
import { openDuckDb } from "./duckdb.ts";

const dir = await mkdtemp(join(tmpdir(), "citydeck-history-"));
afterAll(() => rm(dir, { recursive: true }));

let count = 0;
conformance(() => {
  const path = join(dir, String(count++), "history.duckdb");
  return Promise.resolve(() => openDuckDb(path));
});
