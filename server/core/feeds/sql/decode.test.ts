import fc from "fast-check";
import { expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { Update } from "../connector.ts";
import { sql, usesColumn } from "./decode.ts";
import type { SqlOptions } from "./options.ts";
import type { QueryResult } from "./result.ts";

const askedAt = "2026-11-23T09:00:00.000Z";
const receivedAt = Date.parse(askedAt) + 1_000;
const sensors: SqlOptions = {
  entities: [{ kind: "Sensor", id: ["id"], fields: { name: "name", value: "value" }, observedAt: ["at"] }],
};

function feedOf(options: SqlOptions) {
  const bounds = [-12.16, 43.9, -11.84, 44.1] as const;
  return { id: "database", spec: "sql", zone: "Europe/Lisbon", bounds, url: null, options } as const;
}

function decode(body: unknown, options = sensors): Update {
  const bytes = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const decoded = sql.decode({ name: "body", url: null, bytes }, feedOf(options), receivedAt);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

const columns = [
  { name: "id", type: "int8" },
  { name: "name", type: "text" },
  { name: "value", type: "numeric" },
  { name: "at", type: "timestamptz" },
];
const sound = ["1", "Dock", "1.5", "2026-11-23 08:59:00+00"] as const;
const result = (more: Partial<QueryResult> = {}): QueryResult => ({
  askedAt,
  news: null,
  columns,
  rows: [sound],
  ...more,
});
const codes = (update: Update): string[] => update.notices.map(({ code }) => code);

test.each(listFeedCases("sql"))("reads $name as expected", ({ bytes, expected, options }) => {
  const decoded = sql.decode({ name: "body", url: null, bytes }, feedOf(options as SqlOptions), receivedAt);
  expect(decoded.ok && JSON.parse(JSON.stringify(decoded.value))).toEqual(expected);
});

test.each([
  ["sql-no-id", [null, "Dock", "1.5", sound[3]], 0],
  ["sql-bad-number", ["2", "Dock", "NaN", sound[3]], 1],
  ["sql-bad-time", ["2", "Dock", "1.5", "infinity"], 1],
  ["sql-no-observed-at", ["2", "Dock", "1.5", null], 1],
  ["sql-duplicate-id", ["1", "Dock", "1.5", sound[3]], 0],
  ["sql-future", ["2", "Dock", "1.5", "2027-01-01 00:00:00+00"], 1],
])("%s keeps what it can of the row and all the others", (code, row, kept) => {
  const update = decode(result({ rows: [row, sound] }));
  expect(codes(update)).toContain(code);
  expect(update.entities.length).toBe(1 + kept);
});

test("all there is without news, and only what is new with it", () => {
  expect(decode(result())).toMatchObject({ mode: "full", publishedAt: Date.parse(askedAt) });
  const news = { column: "at", since: null };
  const update = decode(result({ news }));
  expect(update).toMatchObject({ mode: "partial", cursor: { "newest at": sound[3] } });
  expect(decode(result({ news, rows: [] })).cursor).toBeUndefined();
});

test("one clock that is wrong does not hide everything until then", () => {
  const news = { column: "at", since: sound[3] };
  const update = decode(result({ news, rows: [sound, ["2", "Quay", "1", "2099-01-01 00:00:00+00"]] }));
  expect(update.cursor).toEqual({ "newest at": sound[3] });
  expect(codes(update)).toContain("sql-future-news");
});

test("a statement that forgot what NULL means is told so", () => {
  const news = { column: "at", since: null };
  expect(codes(decode(result({ news, rows: [] })))).toEqual(["sql-nothing-yet"]);
  expect(codes(decode(result({ news: { ...news, since: sound[3] }, rows: [] })))).toEqual([]);
});

test("what is no result, or one of no use, says what it is instead", () => {
  expect(() => decode("<html><title>Log in</title>")).toThrow(/an HTML page titled "Log in"/);
  expect(() => decode({ columns: 1 })).toThrow(/"columns" with name and type/);
  expect(() => decode(result({ rows: [["1"]] }))).toThrow(/"rows" of 4 texts or null/);
  expect(() => decode(result({ columns: columns.slice(0, 3), rows: [] }))).toThrow(
    /expected the columns "at", found the columns "id", "name", "value"/,
  );
  const shape = { name: "shape", type: "geometry" };
  expect(() => decode(result({ columns: [...columns, shape], rows: [] }))).toThrow(/ST_AsGeoJSON\(shape\)/);
  expect(() => decode(result({ news: { column: "name", since: null } }))).toThrow(
    /"name" among the columns, as a whole number or a time, found the type text/,
  );
});

test("only columns that a rule reads are kept, with those whose JSON it reads, and the one that tells news", () => {
  const options: SqlOptions = {
    entities: [{ kind: "Sensor", id: ["id"], fields: { value: "payload.value" }, where: { kind: "level" } }],
  };
  const uses = usesColumn(options, { column: "changed" });
  expect(["id", "payload", "kind", "changed", "citizen", "pay"].filter(uses)).toEqual([
    "id",
    "payload",
    "kind",
    "changed",
  ]);
});

test("never throws, whatever stands in its cells, and loses no other row", () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constant(null),
    fc.constantFrom("t", "NaN", "-infinity", "1e999", "{", '{"a":[', "\\x00", "2026-13-45 99:99:99+00"),
  );
  const type = fc.constantFrom("text", "bool", "jsonb", "timestamptz", "int8", "_text");
  fc.assert(
    fc.property(fc.tuple(cell, cell, cell, cell), fc.tuple(type, type), ([id, name, value, at], types) => {
      const mixed = columns.map((column, i) =>
        i === 1 || i === 2 ? { ...column, type: types[i - 1]! } : column,
      );
      const update = decode(result({ columns: mixed, rows: [[id, name, value, at], sound] }));
      expect(update.entities.some(({ sourceId }) => sourceId === "1")).toBe(true);
    }),
    { seed: 14, numRuns: 300 },
  );
});

test("a body that is cut or changed in one byte is read or refused", () => {
  const bytes = new TextEncoder().encode(JSON.stringify(result()));
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.nat(bytes.length - 1), fc.nat(255), (cut, at, byte) => {
      const changed = bytes.slice(0, cut);
      if (at < cut) changed[at] = byte;
      sql.decode({ name: "body", url: null, bytes: changed }, feedOf(sensors), receivedAt);
    }),
    { seed: 15, numRuns: 300 },
  );
});
