import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { parse } from "csv-parse/sync";
import { strFromU8, unzipSync } from "fflate";
import { Hono } from "hono";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { indicator } from "../../test/planned-city.ts";
import type { SeriesItem } from "../../shared/series.ts";
import { openDuckDb } from "../history/duckdb.ts";
import type { PointColumns, PointsQuery } from "../history/history.ts";
import { serveExport } from "./export.ts";
import { Unanswered, type Past } from "./past.ts";
import { unanswered } from "./problem.ts";
import { serveSeries } from "./series.ts";

const now = Date.UTC(2026, 0, 10);
const bikes = { ...indicator({ id: "transport.bikes", by: ["name"] }), feeds: ["bikes"] };
const groups = [bikes.id, `${bikes.id}{name:=HYPERLINK("x"), "y"}`, `${bikes.id}{name:<b>&\u0001}`];

/** Every third bucket is a gap, every fifth stale. */
function columns({ edges }: PointsQuery, series: string): PointColumns {
  const of = (value: (i: number) => number) => Float64Array.from(edges.slice(1), (_, i) => value(i));
  const fresh = (i: number) => i % 3 !== 0 && i % 5 !== 0;
  const unlessGap = (value: (i: number) => number) => of((i) => (fresh(i) ? value(i) : Number.NaN));
  return {
    series,
    mean: unlessGap((i) => i / 3 + series.length),
    min: unlessGap((i) => -i),
    max: unlessGap((i) => i + 1e6),
    freshSeconds: of((i) => (fresh(i) ? 60 : 0)),
    code: Uint8Array.from(edges.slice(1), (_, i) => (i % 3 === 0 ? 255 : i % 5 === 0 ? 1 : 0)),
  };
}

let asked: { readonly signal: AbortSignal }[] = [];
let server: Server;
let url: string;

beforeEach(() => {
  asked = [];
});

beforeAll(async () => {
  const past = {
    seriesOf: () => Promise.resolve(groups),
    points: (query: PointsQuery, signal: AbortSignal) => {
      asked.push({ signal });
      if (query.asOf === 0) return Promise.reject(new Unanswered("busy", "30 wait"));
      return Promise.resolve(query.series.map((id) => columns(query, id)));
    },
  } as unknown as Past;
  const source = {
    past,
    context: () => ({ indicators: [bikes], seriesIds: groups, zone: "Europe/Berlin", now }),
    about: () => ({
      city: { title: { en: "Bay", zh: "湾" }, zone: "Europe/Berlin" },
      feeds: [],
      departments: new Map([[bikes.department, "Mobility / 交通局"]]),
    }),
  };
  const app = new Hono();
  serveSeries(app, source);
  serveExport(app, source);
  app.onError((error, c) => unanswered(c, error) ?? c.text(String(error), 500));
  const answer = getRequestListener(app.fetch);
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
});
afterAll(() => server.close());

type Row = readonly [series: string, at: number, ...(string | number | null)[]];
const query = `indicator=${groups.map(encodeURIComponent).join()}&from=2026-01-01&to=2026-01-03&bucket=hour`;

async function seriesRows(): Promise<Row[]> {
  const items = (await (await fetch(`${url}/series?${query}`)).json()) as SeriesItem[];
  return items.flatMap(({ id, points }) =>
    points.map(({ at, value, min, max, state, reason }): Row => [id, at, value, min, max, state, reason]),
  );
}

const idOf = (indicatorId: string, group: string | null): string =>
  group === null || group === "" ? indicatorId : `${indicatorId}{${group}}`;
const number = (text: string): number | null => (text === "" ? null : Number(text));

test("CSV has the numbers of the series, after what they are about", async () => {
  const answer = await fetch(`${url}/export?${query}`);
  expect(answer.headers.get("content-disposition")).toBe(
    'attachment; filename="citydeck-2025-12-31-2026-01-02.csv"',
  );
  const text = await answer.text();
  for (const line of ["# city: Bay / 湾", `# unit ${bikes.id}: ${bikes.unit}`, `# query: ?${query}`])
    expect(text.split("\r\n")).toContain(line);
  const rows = parse(text, {
    comment: "#",
    comment_no_infix: true,
    columns: true,
    relax_column_count: false,
  });
  const told = (rows as Record<string, string>[]).map((row): Row => {
    const {
      indicator: id,
      group,
      at,
      value,
      min,
      max,
      state,
      reason,
    } = row as Record<string, string> & object;
    return [
      idOf(id!, group!),
      Date.parse(at!),
      number(value!),
      number(min!),
      number(max!),
      state!,
      reason || null,
    ];
  });
  expect(told).toEqual(await seriesRows());
});

test("a group that looks like a formula is a text", async () => {
  const name = encodeURIComponent(`${bikes.id}{=1+1:x}`);
  const text = await (await fetch(`${url}/export?indicator=${name}&to=2026-01-01&bucket=day`)).text();
  expect(text).toContain(`${bikes.id},'=1+1:x,`);
});

test("Parquet has the numbers of the series, as another program reads them", async () => {
  const dir = await mkdtemp(join(tmpdir(), "export-"));
  const path = join(dir, "export.parquet");
  const answer = await fetch(`${url}/export?${query}&format=parquet`);
  await writeFile(path, Buffer.from(await answer.arrayBuffer()));
  const engine = await openDuckDb(join(dir, "reader.duckdb"));
  const [rows, about] = await engine.ask(new AbortController().signal, async (read) => [
    await read(`SELECT * REPLACE (epoch_ms("at") AS "at") FROM '${path}'`),
    await read(`SELECT decode(value) AS said FROM parquet_kv_metadata('${path}') WHERE decode(key) = 'city'`),
  ]);
  const [ids, group, state, reason] = ["indicator", "group", "state", "reason"].map((name) =>
    rows!.texts(name),
  );
  const [at, value, min, max] = ["at", "value", "min", "max"].map((name) => rows!.numbers(name));
  const known = (one: number): number | null => (Number.isNaN(one) ? null : one);
  const told = Array.from({ length: rows!.length }, (_, i): Row => [
    idOf(ids![i]!, group![i]!),
    at![i]!,
    known(value![i]!),
    known(min![i]!),
    known(max![i]!),
    state![i]!,
    reason![i]!,
  ]);
  expect(told).toEqual(await seriesRows());
  expect(about!.texts("said")).toEqual(["Bay / 湾"]);
  await engine.close();
  await rm(dir, { recursive: true });
});

test("a workbook has the numbers of the series on a sheet of its own", async () => {
  const answer = await fetch(`${url}/export?${query}&format=xlsx`);
  const parts = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  const sheet = (i: number) =>
    Array.from(strFromU8(parts[`xl/worksheets/sheet${i}.xml`]!).matchAll(/<row>(.*?)<\/row>/g), ([, row]) =>
      Array.from(
        row!.matchAll(/<c\/>|<c><v>(.*?)<\/v><\/c>|<c t="inlineStr"><is><t[^>]*>(.*?)<\/t><\/is><\/c>/g),
        (cell) =>
          cell[1] === undefined
            ? (cell[2]?.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&") ?? null)
            : Number(cell[1]),
      ),
    );
  const [header, ...rows] = sheet(2);
  expect(header).toEqual(["indicator", "group", "at", "value", "min", "max", "state", "reason"]);
  const told = rows.map(([id, group, at, ...rest]): Row => [
    idOf(String(id), group as string | null),
    Date.parse(String(at)),
    ...(rest as (string | number | null)[]),
  ]);
  // XML has no word for a control character.
  expect(told).toEqual((await seriesRows()).map(([id, ...row]) => [id.replace("\u0001", " "), ...row]));
  expect(sheet(1)).toContainEqual(["city", "Bay / 湾"]);
});

test("a reader that goes away ends the questions, and nothing is asked ahead of it", async () => {
  const leaving = new AbortController();
  const many = Array.from({ length: 60 }, (_, i) => `${bikes.id}{name:${i}}`).join();
  const path = `${url}/export?indicator=${many}&from=2025-12-20&to=2026-01-10&bucket=60`;
  const answer = await fetch(path, { signal: leaving.signal });
  await answer.body!.getReader().read();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const askedUnread = asked.length;
  expect(askedUnread).toBeLessThan(30);
  leaving.abort();
  await expect.poll(() => asked[0]!.signal.aborted).toBe(true);
  expect(asked.length).toBeLessThanOrEqual(askedUnread + 1);
});

test("what has no answer says so instead of an empty file", async () => {
  const answer = await fetch(`${url}/export?${query}&asOf=0`);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await answer.json()).toMatchObject({ type: "urn:citydeck:problem:history:busy" });
});

test.each([
  ["format", `${query}&format=pdf`],
  ["format", `indicator=${bikes.id}&from=2023-12-01&to=2025-12-01&bucket=60&format=xlsx`],
  ["bucket", `indicator=${bikes.id}&from=2005-12-01&to=2025-12-01&bucket=60`],
  ["compare", `${query}&compare=week`],
  ["indicator", "format=csv"],
])("what cannot be used names %s: %s", async (parameter, asking) => {
  const answer = await fetch(`${url}/export?${asking}`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ type: `urn:citydeck:problem:parameter:${parameter}` });
});
