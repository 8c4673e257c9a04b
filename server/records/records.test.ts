import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Records } from "./records.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";

let folder: string;
let records: Records;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "citydeck-records-"));
  records = await open();
});

afterEach(async () => {
  await records.close();
  await rm(folder, { recursive: true });
});

const open = () => Records.open(sqliteDialect(join(folder, "records.sqlite")));
const draft = (fromAt: number, toAt: number, series: string | null = null) => ({
  series,
  fromAt,
  toAt,
  text: "Bridge closed; 桥梁关闭 ' \" ;--",
  author: "O'Neil",
  madeAt: 5,
});

test("what touches the stretch is found, and what is about another series is not", async () => {
  const before = await records.annotate(draft(0, 99));
  const across = await records.annotate(draft(90, 100));
  const inside = await records.annotate(draft(150, 150, "transport.delay"));
  const other = await records.annotate(draft(160, 170, "security.calls"));
  await records.annotate(draft(200, 300));
  expect(await records.annotations(100, 200, null)).toEqual([across, inside, other]);
  expect(await records.annotations(100, 200, ["transport.delay"])).toEqual([across, inside]);
  expect(await records.annotations(100, 200, [])).toEqual([across]);
  expect(await records.annotations(99, 100, null)).toEqual([before, across]);
});

test("a removed annotation is gone, once", async () => {
  const { id } = await records.annotate(draft(0, 10));
  expect(await records.removeAnnotation(id, 7)).toBe(true);
  expect(await records.removeAnnotation(id, 8)).toBe(false);
  expect(await records.annotations(0, 100, null)).toEqual([]);
});

test("views are saved, changed and removed, and outlive the process", async () => {
  const view = await records.saveView({ title: "Delays", query: "?indicator=a", author: "x", savedAt: 1 });
  const changed = await records.changeView(view.id, { ...view, title: "Late trams", savedAt: 2 });
  await records.close();
  records = await open();
  expect(await records.views()).toEqual([changed]);
  expect(await records.findView(view.id)).toEqual(changed);
  expect(await records.removeView(view.id)).toBe(true);
  expect(await records.removeView(view.id)).toBe(false);
  expect(await records.changeView(view.id, view)).toBeNull();
});

test("statements at the same time come through one after another", async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => records.annotate(draft(i, i))));
  expect(await records.annotations(0, 100, null)).toHaveLength(40);
});

test("a file that is no database is refused by name", async () => {
  await writeFile(
    join(folder, "broken.sqlite"),
    "this is not a database, however long it may be ".repeat(50),
  );
  await expect(Records.open(sqliteDialect(join(folder, "broken.sqlite")))).rejects.toThrow(/not a database/);
});
