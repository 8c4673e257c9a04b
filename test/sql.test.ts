/** Feeds of declared queries on a real PostgreSQL server. */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Transport } from "../server/core/feeds/feed-entry.ts";
import { connectorFor } from "../server/core/feeds/index.ts";
import type { SqlOptions } from "../server/core/feeds/sql/options.ts";
import { startFeed } from "../server/ingest/intake.ts";
import { temporaryDir, writeJsonFiles } from "./city-files.ts";
import { eventually, rig, type Rig } from "./feed-rig.ts";
import { findPostgres, postgresAdvice, startPostgres, type RunningPostgres } from "./postgres.ts";
import { startCity } from "./running-city.ts";

type Query = Transport & { readonly type: "query" };

const bin = findPostgres();
if (bin === null && process.env["CI"]) throw new Error(postgresAdvice);
if (bin === null) console.warn(postgresAdvice);

const sensors: SqlOptions = {
  entities: [
    {
      kind: "Sensor",
      id: ["id"],
      fields: { name: "name", property: { value: "level" }, value: "value" },
      observedAt: ["at"],
    },
  ],
};

const both = (en: string, zh: string) => ({ en, zh });

/** The city around the feed of the documents' example. */
const databaseCity = {
  "city.json": {
    version: 1,
    id: "harbour-town",
    title: both("Harbour town", "海港城"),
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
    allowHosts: ["127.0.0.1"],
  },
  "departments.json": {
    version: 1,
    departments: [{ id: "civil-protection", title: both("Civil protection", "应急管理局") }],
  },
  "indicators/security.calls-open.json": {
    version: 1,
    id: "security.calls-open",
    department: "civil-protection",
    title: both("Calls open", "未结呼叫"),
    definition: both("Calls that are not closed.", "尚未结束的呼叫。"),
    unit: "count",
    better: "lower",
    reads: "DispatchCall",
    where: { status: "open" },
    measure: { count: true },
    staleAfterSeconds: 120,
  },
} as const;

/** The feed, the statement and the rights that docs/adding-a-feed.md shows. */
async function documentedExample(): Promise<readonly string[]> {
  const text = await readFile(join(import.meta.dirname, "../docs/adding-a-feed.md"), "utf8");
  const section = text.slice(text.indexOf("## From a database"));
  return [...section.matchAll(/```(?:json|sql)\n([^]*?)```/g)].map(([, block]) => block!);
}

// Vitest types its matchers as any.
const containing = (text: string): unknown => expect.stringContaining(text);

describe.skipIf(bin === null)("on a real PostgreSQL server", () => {
  let postgres: RunningPostgres;

  beforeAll(async () => {
    postgres = await startPostgres(bin!);
    await postgres.run(`
      CREATE TABLE sensor (id int8, name text, value numeric, at timestamptz);
      INSERT INTO sensor VALUES
        (9007199254740993, 'Dock', 1.50, '2026-11-23 10:00:00.123456+01'),
        (2, 'Quay', NULL, '2026-11-23 10:00:01+01');
      CREATE SEQUENCE counter;
      CREATE ROLE reader LOGIN PASSWORD 'secret';
      GRANT SELECT ON sensor TO reader;
      CREATE TABLE hidden (a int);
    `);
  }, 60_000);

  afterAll(() => postgres?.stop());

  interface Asked extends Partial<Omit<Query, "type" | "sql" | "connection">> {
    readonly address?: string;
    readonly options?: SqlOptions;
    readonly dataFolder?: string;
  }

  async function query(
    sql: string,
    { address = postgres.address("reader"), options = sensors, dataFolder, ...transport }: Asked = {},
  ): Promise<Rig & { stop(): Promise<void> }> {
    const city = await rig(
      {
        type: "query",
        connection: () => address,
        sql,
        incremental: null,
        everySeconds: 0.05,
        timeoutSeconds: 10,
        maxRows: 1_000,
        maxBytes: 1 << 20,
        isSimulated: false,
        outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" },
        ...transport,
      },
      {
        connector: connectorFor("sql"),
        random: () => 0,
        entry: { spec: "sql", options },
        ...(dataFolder === undefined ? {} : { dataFolder }),
      },
    );
    const feed = startFeed(city.wiring);
    onTestFinished(() => feed.stop());
    await feed.ready;
    return { ...city, stop: () => feed.stop() };
  }

  async function firstUpdate(sql: string, asked: Asked = {}) {
    const city = await query(sql, { everySeconds: 60, ...asked });
    await eventually(() => expect(city.words.length).toBeGreaterThan(0));
    expect(city.words[0]?.error).toBeNull();
    return city.delivered[0]!.update;
  }

  async function errorOf(sql: string, asked: Asked = {}): Promise<object> {
    const city = await query(sql, asked);
    await eventually(() => expect(city.words.length).toBeGreaterThan(0));
    expect(city.delivered).toEqual([]);
    await city.stop();
    return city.words[0]!.error!;
  }

  test("the example of docs/adding-a-feed.md, from the database to the figure", async () => {
    const [feed, statement, grants] = await documentedExample();
    await postgres.run(`
      CREATE SCHEMA dispatch;
      CREATE TABLE dispatch.call (call_number int8, call_type text, is_urgent bool, received_at timestamptz,
        closed_at timestamptz, lon float8, lat float8, updated_at timestamptz, caller_name text);
      INSERT INTO dispatch.call VALUES
        (1, 'Medical', true, now(), NULL, -122.4, 37.75, now(), 'Ann Example'),
        (2, 'Fire', false, now(), now(), -122.41, 37.76, now(), 'Bo Example');
      ${grants!.replace("…", "secret")}`);
    const dir = await temporaryDir("database-city");
    await writeJsonFiles(dir, { ...databaseCity, "feeds/calls.json": JSON.parse(feed!) as object });
    await writeFile(join(dir, "feeds/calls.sql"), statement!);
    process.env["DISPATCH_DATABASE"] = postgres.address("citydeck");
    const running = await startCity({ cityDir: dir, dataDir: join(dir, "data") });
    onTestFinished(async () => {
      await running.stop();
      delete process.env["DISPATCH_DATABASE"];
      await rm(dir, { recursive: true, force: true });
    });
    const open = async (): Promise<unknown> => {
      const answer = await fetch(`${running.url}/api/v1/indicators`);
      return ((await answer.json()) as { value: number | null }[])[0]?.value;
    };
    await expect.poll(open, { timeout: 10_000 }).toBe(1);
    await postgres.run(`INSERT INTO dispatch.call VALUES
      (3, 'Fire', true, now(), NULL, -122.4, 37.75, now(), 'Cy Example')`);
    await expect.poll(open, { timeout: 15_000 }).toBe(2);
  }, 40_000);

  const all = "SELECT id, name, value, at FROM sensor ORDER BY id";

  test("rows become things by the rules of a table, and no digit is lost", async () => {
    const update = await firstUpdate(all);
    expect(update.mode).toBe("full");
    expect(update.notices).toEqual([]);
    expect(
      update.entities.map(({ sourceId, observedAt, fields }) => ({ sourceId, observedAt, fields })),
    ).toEqual([
      {
        sourceId: "2",
        observedAt: Date.parse("2026-11-23T09:00:01Z"),
        fields: { name: "Quay", property: "level", value: null },
      },
      {
        sourceId: "9007199254740993",
        observedAt: Date.parse("2026-11-23T09:00:00.123Z"),
        fields: { name: "Dock", property: "level", value: 1.5 },
      },
    ]);
  });

  test("every type that a city's tables have", async () => {
    const update = await firstUpdate(
      `SELECT 'a' AS id, true AS up, '2026-01-15 08:30:00'::timestamp AS local_at, '2026-01-15'::date AS day_at,
        '{"name": "from JSON", "deep": {"status": 7}}'::jsonb AS payload, 12345678901234567890.123::numeric AS big,
        '{"type": "Point", "coordinates": [-122.4, 37.75]}'::json AS place, NULL::text AS nothing,
        point(-122.41, 37.76) AS geometric, '\\x00'::text AS note`,
      {
        options: {
          time: { format: "ISO", zone: "America/Los_Angeles" },
          entities: [
            {
              kind: "PublicService",
              id: ["id", "big"],
              fields: {
                name: "payload.name",
                isAvailable: "up",
                reason: "nothing",
                status: "payload.deep.status",
                certificateExpiresAt: "local_at",
              },
              observedAt: ["day_at"],
              position: { geojson: "place" },
            },
            { kind: "Stop", id: ["id"], fields: {}, position: { text: "geometric", order: "lon,lat" } },
          ],
        },
      },
    );
    expect(update.entities[0]).toMatchObject({
      sourceId: "a|12345678901234567890.123",
      observedAt: Date.parse("2026-01-15T08:00:00Z"),
      position: [-122.4, 37.75],
      fields: {
        name: "from JSON",
        isAvailable: true,
        reason: null,
        status: 7,
        certificateExpiresAt: Date.parse("2026-01-15T16:30:00Z"),
      },
    });
    expect(update.entities[1]).toMatchObject({ kind: "Stop", position: [-122.41, 37.76] });
  });

  test("what no rule reads is not kept", async () => {
    const city = await query(`SELECT id, name, value, at, 'Ann Example' AS citizen FROM sensor`);
    await eventually(() => expect(city.delivered.length).toBeGreaterThan(0));
    await city.stop();
    const again = await query(all, { dataFolder: city.folder, everySeconds: 60 });
    expect(again.delivered[0]).toMatchObject({ restored: true });
    const files = await readdir(city.folder, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), "latin1")),
    );
    expect(texts.join("\n")).toContain("Quay");
    expect(texts.join("\n")).not.toContain("Ann Example");
  });

  test("asks for news alone, from where it stood before a restart, and forgets nothing that came late", async () => {
    await postgres.run(`
      CREATE TABLE IF NOT EXISTS reading (id text, name text, value int, at timestamptz);
      TRUNCATE reading; GRANT SELECT ON reading TO reader;
      INSERT INTO reading VALUES ('a', 'A', 1, '2026-11-23 10:00:00.000001Z')`);
    const news = `SELECT id, name, value, at FROM reading
      WHERE $1::timestamptz IS NULL OR at > $1 ORDER BY at`;
    const incremental = { column: "at", overlapSeconds: 0 };
    const first = await query(news, { incremental });
    await eventually(() => expect(first.readings()).toContain("a=1"));
    await eventually(() => expect(first.readings()).toContain(""));
    expect(first.delivered.every(({ update }) => update.mode === "partial")).toBe(true);
    await first.stop();
    await postgres.run(`INSERT INTO reading VALUES ('b', 'B', 2, '2026-11-23 10:00:00.000002Z')`);
    const second = await query(news, { incremental, dataFolder: first.folder });
    await eventually(() => expect(second.readings()).toContain("b=2"));
    const live = second.delivered.filter(({ restored }) => !restored).map(({ text }) => text);
    expect(live.filter((text) => text.includes("a"))).toEqual([]);
    await second.stop();
    // Committed after newer rows had been read.
    await postgres.run(`INSERT INTO reading VALUES ('late', 'L', 3, '2026-11-23 09:59:30Z')`);
    const overlapping = { column: "at", overlapSeconds: 60 };
    const third = await query(news, { incremental: overlapping, dataFolder: first.folder });
    await eventually(() => expect(third.readings()).toContain("late=3 a=1 b=2"));
  });

  test("news by a number longer than a double holds", async () => {
    await postgres.run(`
      CREATE TABLE IF NOT EXISTS entry (id int8, at timestamptz DEFAULT now(), name text, value int);
      TRUNCATE entry; GRANT SELECT ON entry TO reader;
      INSERT INTO entry VALUES (9007199254740992, now(), 'a', 1)`);
    const news = "SELECT id, name, value, at FROM entry WHERE id > coalesce($1::int8, 0)";
    const city = await query(news, { incremental: { column: "id", overlapSeconds: 60 } });
    await eventually(() => expect(city.readings()).toContain(""));
    await postgres.run(`INSERT INTO entry VALUES (9007199254740993, now(), 'b', 2)`);
    await eventually(() => expect(city.readings()).toContain("9007199254740993=2"));
    const found = city.readings().filter((text) => text !== "");
    expect(found).toEqual(["9007199254740992=1", "9007199254740993=2"]);
  });

  test.each([
    ["DELETE FROM sensor", "cannot execute DELETE in a read-only transaction"],
    ["SELECT nextval('counter') AS id", "cannot execute nextval() in a read-only transaction"],
    ["CREATE TABLE mine (a int)", "cannot execute CREATE TABLE in a read-only transaction"],
    ["WITH gone AS (DELETE FROM sensor RETURNING *) SELECT * FROM gone", "error 25006"],
    [
      "DO $$ BEGIN SET TRANSACTION READ WRITE; DELETE FROM sensor; END $$",
      "transaction read-write mode must be set before any query",
    ],
    [
      "SELECT set_config('transaction_read_only', 'off', true), nextval('counter') AS id",
      "transaction read-write mode must be set before any query",
    ],
  ])("the server refuses to write: %s", async (sql, why) => {
    const address = postgres.address();
    expect(await errorOf(sql, { address })).toMatchObject({ class: "query", message: containing(why) });
    const [count] = await postgres.run("SELECT count(*)::int AS n FROM sensor");
    expect(count).toEqual({ n: 2 });
    expect(await postgres.run("SELECT is_called FROM counter")).toEqual([{ is_called: false }]);
  });

  test("several statements are refused", async () => {
    expect(
      await errorOf("SELECT 1; ROLLBACK; DELETE FROM sensor", { address: postgres.address() }),
    ).toMatchObject({ class: "query", message: containing("cannot insert multiple commands") });
  });

  test("a wrong statement is named with its SQLSTATE and place", async () => {
    const error = await errorOf("SELECT id,\n  nme FROM sensor");
    expect(error).toMatchObject({
      class: "query",
      message: containing('error 42703 at line 2, column 3: column "nme" does not exist'),
    });
    expect(await errorOf("LISTEN x")).toMatchObject({
      class: "query",
      message: containing("expected a SELECT"),
    });
    expect(await errorOf("SELECT * FROM hidden")).toMatchObject({
      class: "unauthorized",
      message: containing("42501"),
    });
  });

  test("results of no use are refused, and say what would be", async () => {
    expect(await errorOf("SELECT id, name, value FROM sensor")).toMatchObject({
      class: "unreadable",
      message: containing('expected the columns "at", found the columns "id", "name", "value"'),
    });
    const photo = "SELECT 1 AS id, '\\x00'::bytea AS name, 1 AS value, now() AS at";
    expect(await errorOf(photo)).toMatchObject({
      class: "unreadable",
      message: containing("encode(name, 'hex')"),
    });
  });

  test("rows and bytes are bounded, and the server is told to stop", async () => {
    expect(await errorOf(all, { maxRows: 1 })).toMatchObject({
      class: "too-large",
      message: containing("more than 1 rows"),
    });
    const endless =
      "SELECT generate_series(1, 1000000000) AS id, repeat('x', 1000) AS name, 1 AS value, now() AS at";
    expect(await errorOf(endless, { maxRows: 1e9, maxBytes: 1 << 20 })).toMatchObject({
      class: "too-large",
      message: containing("exceeds 1048576 bytes"),
    });
    const before = process.memoryUsage().rss;
    const giant = "SELECT 1 AS id, repeat('x', 300000000) AS name, 1 AS value, now() AS at";
    expect(await errorOf(giant, { maxBytes: 1 << 20 })).toMatchObject({ class: "too-large" });
    expect(process.memoryUsage().rss - before).toBeLessThan(250 << 20);
    await nothingRuns();
  });

  /** No statement of ours is left on the server. */
  function nothingRuns(): Promise<void> {
    const running =
      "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'Citydeck%' AND state = 'active'";
    return expect.poll(() => postgres.run(running), { timeout: 5_000 }).toEqual([]);
  }

  test("a slow statement is cancelled at the time-out, and at the stop", async () => {
    expect(await errorOf("SELECT pg_sleep(60)", { timeoutSeconds: 0.5 })).toMatchObject({ class: "timeout" });
    await nothingRuns();
    const city = await query("SELECT pg_sleep(60)");
    const running =
      "SELECT pid FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
    await expect.poll(() => postgres.run(running), { timeout: 5_000 }).toHaveLength(1);
    const startedAt = performance.now();
    await city.stop();
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    await nothingRuns();
  });

  test("one statement at a time", async () => {
    const city = await query("SELECT 1 AS id, 'a' AS name, 1 AS value, now() AS at FROM pg_sleep(0.2)", {
      everySeconds: 0.01,
    });
    const active = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name LIKE 'Citydeck%'";
    let most = 0;
    for (let i = 0; i < 10; i++) {
      const [row] = await postgres.run(active);
      most = Math.max(most, row!["n"] as number);
    }
    // The one before may still be saying goodbye.
    expect(most).toBeLessThanOrEqual(2);
    await eventually(() => expect(city.delivered.length).toBeGreaterThan(1));
  });

  test("says who asks", async () => {
    const update = await firstUpdate(
      "SELECT 1 AS id, current_setting('application_name') AS name, 1 AS value, now() AS at",
    );
    expect(update.entities[0]?.fields).toMatchObject({ name: "Citydeck sensors" });
  });

  test("what keeps us from the database has its class", async () => {
    const at = (address: string, more: Asked = {}) => errorOf(all, { address, ...more });
    const address = postgres.address("reader");
    expect(await at(address.replace("secret", "wrong"))).toMatchObject({ class: "unauthorized" });
    expect(await at(address.replace(":secret", ""))).toMatchObject({ class: "unauthorized" });
    expect(await at(address.replace("/postgres?", "/x").replace(/\/postgres$/, "/nowhere"))).toMatchObject({
      class: "connection",
      message: containing("3D000"),
    });
    const outgoing = { allowHosts: ["nothing.invalid", "127.0.0.1"], userAgent: "" };
    expect(await at(address.replace("127.0.0.1", "nothing.invalid"), { outgoing })).toMatchObject({
      class: "dns",
    });
    expect(await at(address.replace(`:${postgres.port}`, ":9"))).toMatchObject({ class: "connection" });
    expect(await at(`${address}?sslmode=verify-full`)).toMatchObject({
      class: "tls",
      message: containing("DEPTH_ZERO_SELF_SIGNED_CERT"),
    });
    expect(await at("mysql://reader@127.0.0.1/x")).toMatchObject({ class: "settings" });
    expect(await at(`${address}?sslmode=prefer`)).toMatchObject({ class: "settings" });
    expect(await at(address.replace("secret", "%zz"))).toMatchObject({ class: "settings" });
    const errors = await Promise.all([at(address.replace("secret", "hush")), at("postgres://u:hush@[::1")]);
    expect(JSON.stringify(errors)).not.toContain("hush");
  });

  test("encrypted, and bounded there as well", async () => {
    const address = `${postgres.address("reader")}?sslmode=require`;
    expect((await firstUpdate(all, { address })).entities).toHaveLength(2);
    const giant = "SELECT 1 AS id, repeat('x', 50000000) AS name, 1 AS value, now() AS at";
    expect(await errorOf(giant, { address, maxBytes: 1 << 20 })).toMatchObject({ class: "too-large" });
  });

  test("a database inside is asked when the city names its host; a Unix socket is this machine's own", async () => {
    const outgoing = { allowHosts: [], userAgent: "" };
    expect(await errorOf(all, { outgoing })).toMatchObject({
      class: "not-allowed",
      message: containing('name "127.0.0.1" in "allowHosts"'),
    });
    const localhost = postgres.address("reader").replace("127.0.0.1", "localhost");
    expect(await errorOf(all, { outgoing, address: localhost })).toMatchObject({ class: "not-allowed" });
    const update = await firstUpdate(all, { outgoing, address: postgres.socketAddress });
    expect(update.entities).toHaveLength(2);
  });
});
