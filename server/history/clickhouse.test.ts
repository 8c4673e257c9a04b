import { createRequire } from "node:module";
import { createClient, type ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe } from "vitest";
import { clickHouse } from "./clickhouse.ts";
import { conformance } from "./conformance.ts";

/** The folder with ClickHouse as the package `chdb`, which `npm run test:clickhouse` installs and names. */
const folder = process.env["CITYDECK_CHDB"];

describe.skipIf(folder === undefined)("ClickHouse, which npm run test:clickhouse brings", () => {
  let server: ClickHouseClient;
  let made = 0;

  beforeAll(() => {
    const chdb = createRequire(`${folder}/`)("chdb/connection") as {
      createChdbConnection(options: { path: string }): never;
    };
    server = createClient({ connection: chdb.createChdbConnection({ path: ":memory:" }) } as object);
  });
  afterAll(() => server.close(), 300_000);

  conformance(async () => {
    const database = `history_${++made}`;
    await server.command({ query: `CREATE DATABASE ${database}` });
    return async () => {
      await server.command({ query: `USE ${database}` });
      const engine = clickHouse(server);
      // All of them are in one server, which ends after the last.
      engine.close = () => Promise.resolve();
      return engine;
    };
  });
});
