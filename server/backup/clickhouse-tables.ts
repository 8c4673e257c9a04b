/** The history of a city that has ClickHouse: its tables lie in a backup as files, and go back to a server. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { clickHouseServer } from "../history/chosen-engine.ts";
import { endRestore, refuseTables, restoreTables } from "../history/clickhouse-copy.ts";
import { connectToCopy, copyFolder } from "../history/clickhouse.ts";
import { UnusableBackup, type BackupManifest } from "./manifest.ts";
import type { RestOfRestore } from "./restore-backup.ts";

/** Whether the backup has the tables; those of earlier versions have none. */
export function hasTables({ files }: Pick<BackupManifest, "files">): boolean {
  return files.some(({ path }) => path.startsWith(`history/${copyFolder}/`));
}

/**
 * What puts the tables back once the backup's files are in the data folder, and takes them away there; and what says last
 * of all that the database is whole. Rejects, before anything is touched, when no server is named or its database is not empty.
 */
export async function tablesToRestore(manifest: BackupManifest, dataDir: string): Promise<RestOfRestore> {
  if (!hasTables(manifest)) return {};
  const server = clickHouseServer();
  if (server === undefined)
    throw new UnusableBackup(
      "the history in it was kept by ClickHouse: name a server and an empty database by CITYDECK_CLICKHOUSE",
    );
  const connected = async (run: (client: ClickHouseClient) => Promise<void>): Promise<void> => {
    const client = connectToCopy(server);
    try {
      await run(client);
    } finally {
      await client.close();
    }
  };
  await connected(refuseTables);
  const dir = join(dataDir, "history", copyFolder);
  return {
    async rest() {
      await connected((client) => restoreTables(client, dir));
      await rm(dir, { recursive: true });
    },
    last: () => connected(endRestore),
  };
}
