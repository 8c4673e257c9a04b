import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clickHouse } from "./clickhouse.ts";
import { batchOf, conformance } from "./conformance.ts";
import { openHistory } from "./sql-history.ts";

/** The folder with ClickHouse as the package `chdb`, which `npm run test:clickhouse` installs and names. */
const folder = process.env["CITYDECK_CHDB"];

describe.skipIf(folder === undefined)("ClickHouse, which npm run test:clickhouse brings", () => {
  let path: string;
  let server: ClickHouseClient;
  /** How many connections each database has. */
  const databases = new Map<string, number>();
  let made = 0;

  /** Each has the database that it uses to itself, whatever is still under way in others. */
  const connected = (): ClickHouseClient => {
    const chdb = createRequire(`${folder}/`)("chdb/connection") as {
      createChdbConnection(options: { path: string }): never;
    };
    return createClient({ connection: chdb.createChdbConnection({ path }) } as object);
  };
  /** Tables that nobody needs any more are merged in the background all the same. */
  const dropUnused = async (): Promise<void> => {
    for (const [database, connections] of databases) {
      if (connections > 0) continue;
      await server.command({ query: `DROP DATABASE ${database} SYNC` });
      databases.delete(database);
    }
  };

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), "clickhouse-"));
    server = connected();
  });
  afterAll(async () => {
    await server.close();
    await rm(path, { recursive: true, force: true });
  }, 300_000);

  test("a database that is backed up by ClickHouse's own statement comes back with all rows", async () => {
    await server.command({ query: "CREATE DATABASE backed_up" });
    const client = connected();
    await client.command({ query: "USE backed_up" });
    const history = await openHistory(clickHouse(client), { zone: "UTC" });
    const moment = {
      at: 5,
      kind: "feed-down",
      subject: "bikes",
      department: null,
      value: 1.5,
      text: null,
    } as const;
    await history.append(batchOf({ moments: [{ knownAt: 7, moment }] }));
    // This one may write to no folder; that it says so is how far the statement comes.
    await expect(history.backup(join(path, "it's one"))).rejects.toThrow("backups.allowed_path");
    await history.close();
    const again = connected();
    await again.command({ query: "BACKUP DATABASE backed_up TO Memory('one')" });
    await again.command({ query: "DROP DATABASE backed_up SYNC" });
    await again.command({ query: "RESTORE DATABASE backed_up FROM Memory('one')" });
    await again.command({ query: "USE backed_up" });
    const restored = await openHistory(clickHouse(again), { zone: "UTC" });
    expect(await restored.moments({ fromAt: 0, toAt: 10 }, new AbortController().signal)).toEqual([moment]);
    await restored.close();
    await server.command({ query: "DROP DATABASE backed_up SYNC" });
  }, 300_000);

  conformance(async () => {
    await dropUnused();
    const database = `history_${++made}`;
    await server.command({ query: `CREATE DATABASE ${database}` });
    const count = (change: number): void => void databases.set(database, databases.get(database)! + change);
    databases.set(database, 0);
    return async () => {
      const client = connected();
      await client.command({ query: `USE ${database}` });
      count(1);
      const engine = clickHouse(client);
      const close = engine.close.bind(engine);
      engine.close = async () => {
        await close();
        count(-1);
      };
      return engine;
    };
  });
});
