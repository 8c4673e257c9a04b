import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Moment } from "../../shared/moment.ts";
import { endRestore, refuseTables, restoreTables, TablesNotRestored } from "./clickhouse-copy.ts";
import { clickHouse, copyFolder } from "./clickhouse.ts";
import { batchOf, conformance } from "./conformance.ts";
import type { History } from "./history.ts";
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

  /** A new database, connected to; chdb's connection takes in texts alone, so that Parquet goes to it by a file. */
  const madeDatabase = async (): Promise<ClickHouseClient> => {
    const database = `copied_${++made}`;
    await server.command({ query: `CREATE DATABASE ${database}` });
    databases.set(database, 0);
    const client = connected();
    await client.command({ query: `USE ${database}` });
    const insert = client.insert.bind(client);
    client.insert = (async (params: Parameters<typeof insert>[0]) => {
      if (params.format !== "Parquet") return insert(params);
      const file = join(path, `inserted-${++made}.parquet`);
      await pipeline(params.values as Readable, createWriteStream(file));
      const columns = (params.columns as string[]).join(", ");
      const query = `INSERT INTO ${params.table} (${columns}) SELECT ${columns} FROM file('${file}', Parquet)`;
      return { ...(await client.command({ query })), executed: true };
    }) as typeof insert;
    return client;
  };
  const minuteMs = 60_000;
  const noon = Date.UTC(2026, 4, 4, 10);
  const moment = (i: number): Moment => ({
    at: noon + i,
    kind: "feed-down",
    subject: `it's "${i}" 自行车\n\\`,
    department: null,
    value: i % 3 === 0 ? null : i / 7,
    text: null,
  });
  const filled = async (client: ClickHouseClient): Promise<History> => {
    const history = await openHistory(clickHouse(client), { zone: "UTC" });
    const length = 300;
    const at = Float64Array.from({ length }, (_, i) => noon + i * minuteMs);
    const value = at.map((_, i) => Math.sin(i) * 1e3);
    const minutes = {
      series: ["transport.bikes{area.district:港}"],
      seriesOf: new Uint32Array(length),
      at,
      count: new Uint16Array(length).fill(1),
      knownAt: at.map((one) => one + minuteMs),
      mean: value,
      min: value.map((one) => one - 1),
      max: value.map((one) => one + 2),
      freshSeconds: new Uint8Array(length).fill(60),
      code: new Uint8Array(length),
      revisions: ["1"],
      revisionOf: new Uint32Array(length),
    };
    const moments = Array.from({ length: 50 }, (_, i) => ({ knownAt: noon + i, moment: moment(i) }));
    await history.append(batchOf({ minutes, moments }));
    await history.maintain(noon + 3 * 3_600_000);
    return history;
  };
  const told = async (history: History): Promise<unknown> => {
    const never = new AbortController().signal;
    const edges = Float64Array.from({ length: 31 }, (_, i) => noon + i * 10 * minuteMs);
    const series = await history.seriesOf("transport.bikes", never);
    return [
      await history.points({ series, edges, asOf: null }, never),
      await history.moments({ fromAt: noon, toAt: noon + 1_000 }, never),
      await history.recorded(minuteMs, never),
    ];
  };

  test("what is copied while others append comes back row by row, and goes on from there", async () => {
    const client = await madeDatabase();
    const history = await filled(client);
    const before = await told(history);
    const dir = join(path, "backup");
    await Promise.all([
      history.backup(dir),
      history.append(batchOf({ moments: [{ knownAt: noon + 60_000, moment: moment(60_000) }] })),
    ]);
    await history.close();
    expect(await readdir(join(dir, copyFolder))).toEqual(
      expect.arrayContaining(["tables.json", "minutes.parquet", "series.parquet", "keyframes.parquet"]),
    );
    const other = await madeDatabase();
    await restoreTables(other, join(dir, copyFolder));
    await refuseTables(other);
    await endRestore(other);
    await expect(refuseTables(other)).rejects.toThrow("already: name an empty one");
    await expect(restoreTables(other, join(dir, copyFolder))).rejects.toThrow(TablesNotRestored);
    const restored = await openHistory(clickHouse(other), { zone: "UTC" });
    expect(await told(restored)).toEqual(before);
    await restored.append(batchOf({ moments: [{ knownAt: noon + 100, moment: moment(100) }] }));
    const moments = await restored.moments(
      { fromAt: noon + 100, toAt: noon + 101 },
      new AbortController().signal,
    );
    expect(moments).toEqual([moment(100)]);
    await restored.close();
  }, 300_000);

  test("a table that comes back with fewer rows or with others is named, and a restore that was cut short begins anew", async () => {
    const client = await madeDatabase();
    const history = await filled(client);
    const dir = join(path, "backup-harmed");
    await history.backup(dir);
    await history.close();
    const tables = join(dir, copyFolder);
    const list = JSON.parse(await readFile(join(tables, "tables.json"), "utf8")) as {
      name: string;
      rows: number;
    }[];
    const harmed = list.map((table) => (table.name === "moments" ? { ...table, rows: 51 } : table));
    await writeFile(join(tables, "tables.json"), JSON.stringify(harmed));
    const other = await madeDatabase();
    await expect(restoreTables(other, tables)).rejects.toThrow("moments: its file has 50 rows, it had 51");
    await writeFile(join(tables, "tables.json"), JSON.stringify(list));
    const insert = other.insert.bind(other);
    const spoilt = (query: string): void => {
      other.insert = (async (params: Parameters<typeof insert>[0]) => {
        const done = await insert(params);
        if (params.table === "moments") await other.command({ query });
        return done;
      }) as typeof insert;
    };
    spoilt("INSERT INTO moments SELECT * FROM moments LIMIT 1");
    await expect(restoreTables(other, tables)).rejects.toThrow("moments: 51 rows have come back of 50");
    spoilt("ALTER TABLE moments UPDATE value = 1 WHERE value IS NULL SETTINGS mutations_sync = 1");
    await expect(restoreTables(other, tables)).rejects.toThrow("moments: its rows have come back as others");
    other.insert = insert;
    await restoreTables(other, tables);
    await other.close();
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
