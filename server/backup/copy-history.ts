import { clickHouseServer } from "../history/chosen-engine.ts";
import type { History } from "../history/history.ts";
import { schemaVersion } from "../history/schema.ts";
import type { HistoryCopy } from "./make-backup.ts";

/** Copies a history's database into a folder, and says which kind of database it is. */
export async function copyHistory(
  history: Pick<History, "backup">,
  dir: string,
): Promise<Pick<HistoryCopy, "engine" | "schema">> {
  await history.backup(dir);
  return { engine: clickHouseServer() === undefined ? "duckdb" : "clickhouse", schema: schemaVersion };
}
