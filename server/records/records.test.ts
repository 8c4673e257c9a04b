import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SavedView } from "../../shared/saved-view.ts";
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

async function saved(view: Omit<SavedView, "id">): Promise<SavedView> {
  const answer = await records.saveView(view);
  if (!answer.ok) throw new Error(answer.failure);
  return answer.value;
}

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

test("an annotation is changed by who has read it as it is", async () => {
  const { id } = await records.annotate(draft(0, 10));
  const later = { ...draft(5, 20), text: "Bridge open", madeAt: 6 };
  expect(await records.changeAnnotation(id, later, 5)).toEqual({ ok: true, value: { id, ...later } });
  expect(await records.annotations(0, 100, null)).toEqual([{ id, ...later }]);
  expect(await records.changeAnnotation(id, later, 5)).toEqual({ ok: false, failure: "changed" });
  await records.removeAnnotation(id, 7);
  expect(await records.changeAnnotation(id, later, 6)).toEqual({ ok: false, failure: "missing" });
  expect(await records.annotations(0, 100, null)).toEqual([]);
});

test("a removed annotation is gone, once", async () => {
  const { id } = await records.annotate(draft(0, 10));
  expect(await records.removeAnnotation(id, 7)).toBe(true);
  expect(await records.removeAnnotation(id, 8)).toBe(false);
  expect(await records.annotations(0, 100, null)).toEqual([]);
});

test("views are saved, changed and removed, and outlive the process", async () => {
  const view = await saved({ title: "Delays", query: "?show=a", author: "x", savedAt: 1 });
  const answer = await records.changeView(view.id, { ...view, title: "Late trams", savedAt: 2 }, 1);
  const changed = { ...view, title: "Late trams", savedAt: 2 };
  expect(answer).toEqual({ ok: true, value: changed });
  await records.close();
  records = await open();
  expect(await records.views()).toEqual([changed]);
  expect(await records.findView(view.id)).toEqual(changed);
  expect(await records.removeView(view.id)).toBe(true);
  expect(await records.removeView(view.id)).toBe(false);
  expect(await records.changeView(view.id, view, 2)).toEqual({ ok: false, failure: "missing" });
});

test("a view's title is its own, and who was slower does not write over somebody's change", async () => {
  const trams = await saved({ title: "Trams", query: "?show=a", author: "x", savedAt: 1 });
  const bikes = await saved({ title: "Bikes", query: "?show=b", author: "x", savedAt: 1 });
  const refused = (failure: string) => ({ ok: false, failure });
  expect(await records.saveView({ ...bikes, title: "Trams" })).toEqual(refused("title-taken"));
  expect(await records.changeView(bikes.id, { ...bikes, title: "Trams" }, 1)).toEqual(refused("title-taken"));
  const both = await Promise.all(
    ["?show=c", "?show=d"].map((query) => records.changeView(trams.id, { ...trams, query, savedAt: 2 }, 1)),
  );
  expect(both).toEqual([{ ok: true, value: { ...trams, query: "?show=c", savedAt: 2 } }, refused("changed")]);
  expect((await records.views()).map(({ query }) => query)).toEqual(["?show=b", "?show=c"]);
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
