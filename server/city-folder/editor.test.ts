import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FolderEditor } from "./editor.ts";
import { sampleFiles, writeFolder, type WrittenFolder } from "./sample-folder.ts";

const file = "indicators/transport.stations-empty.json";
let folder: WrittenFolder;
let previousDir: string;
let editor: FolderEditor;

beforeEach(() => {
  folder = writeFolder(sampleFiles());
  onTestFinished(folder.remove);
  previousDir = join(folder.recordings, "previous");
  editor = new FolderEditor(folder.dir, previousDir, {
    recordings: folder.recordings,
    env: { BIKES_KEY: "k" },
  });
});

const onDisk = (): Promise<string> => readFile(join(folder.dir, file), "utf8");

async function change(from: string, to: string) {
  const { text, print } = (await editor.read(file))!;
  return editor.write(file, text.replace(from, to), print);
}

test("a sound change is written, and what was there is kept", async () => {
  const before = await onDisk();
  expect(await editor.read(file)).toMatchObject({ file, text: before, previous: null });
  const written = await change('"better": "lower"', '"better": "lower",\n  "target": 7');
  expect(written).toMatchObject({ ok: true, value: { previous: before } });
  expect(JSON.parse(await onDisk())).toMatchObject({ target: 7 });
  expect(await editor.read(file)).toMatchObject({ text: await onDisk(), previous: before });
  expect((await readdir(join(folder.dir, "indicators"))).length).toBe(1);
});

test("a change that would break the city is not written, wherever it would break", async () => {
  const before = await onDisk();
  const renamed = await change('"by": [\n    "area.district"\n  ]', '"by": []');
  expect(renamed).toMatchObject({ ok: false, failure: { reason: "faults" } });
  expect(JSON.stringify(renamed)).toContain("walls/city.json");
  expect(await change('"percent"', '"bananas"')).toMatchObject({ ok: false });
  expect(await change("{", "")).toMatchObject({ ok: false });
  expect(await onDisk()).toBe(before);
  expect((await editor.read(file))!.previous).toBeNull();
});

test("check says the same without writing", async () => {
  const before = await onDisk();
  expect(editor.check(file, before)).toEqual([]);
  expect(editor.check(file, before.replace('"percent"', '"bananas"'))?.[0]).toMatch(/unit.*bananas/);
  expect(await onDisk()).toBe(before);
});

test("a change made from another version is refused, so that nobody overwrites anybody", async () => {
  const { text, print } = (await editor.read(file))!;
  expect(await editor.write(file, text.replace("180", "240"), print)).toMatchObject({ ok: true });
  expect(await editor.write(file, text.replace("180", "300"), print)).toMatchObject({
    ok: false,
    failure: { reason: "changed" },
  });
  expect(JSON.parse(await onDisk())).toMatchObject({ staleAfterSeconds: 240 });
});

test("two changes at once come one after the other", async () => {
  const { text, print } = (await editor.read(file))!;
  const both = await Promise.all(
    [240, 300].map((s) => editor.write(file, text.replace("180", String(s)), print)),
  );
  expect(both.map(({ ok }) => ok)).toEqual([true, false]);
});

test("only files of indicators and walls that are there", async () => {
  for (const other of [
    "city.json",
    "feeds/bikes.json",
    "indicators/../city.json",
    "walls/none.json",
    "walls/.json",
  ])
    expect(await editor.read(other)).toBeNull();
  expect(await editor.write("city.json", "{}", "")).toMatchObject({
    ok: false,
    failure: { reason: "missing" },
  });
});

test("a new file is made where there is none, when the city is sound with it", async () => {
  const rule = "rules/transport.more-stations-empty.json";
  const { text } = (await editor.read("rules/transport.stations-empty.json"))!;
  const made = text
    .replace('"transport.stations-empty"', '"transport.more-stations-empty"')
    .replace('"above": 20', '"above": 21');
  expect(editor.check(rule, made)).toEqual([]);
  expect(editor.check(rule, text)![0]).toMatch(/more-stations-empty/);
  expect(editor.check("feeds/new.json", "{}")).toBeNull();
  expect(await editor.write(rule, text, null)).toMatchObject({ ok: false, failure: { reason: "faults" } });
  expect(await editor.write(rule, made, null)).toMatchObject({ ok: true, value: { previous: null } });
  expect(await editor.read(rule)).toMatchObject({ text: made });
  expect(await editor.write(rule, made, null)).toMatchObject({ ok: false, failure: { reason: "changed" } });
  expect(await editor.write("feeds/new.json", "{}", null)).toMatchObject({ failure: { reason: "missing" } });
});

test("the last twenty versions are kept", async () => {
  for (let i = 1; i <= 23; i++)
    await change(`"staleAfterSeconds": ${i === 1 ? 180 : 180 + i - 1}`, `"staleAfterSeconds": ${180 + i}`);
  const versions = await readdir(join(previousDir, file));
  expect(versions.length).toBe(20);
  expect(versions.toSorted().at(-1)).toBe("000023.json");
});

test("without room for the earlier version nothing is changed", async () => {
  const before = await onDisk();
  const blocked = new FolderEditor(folder.dir, join(folder.dir, "city.json"), {
    recordings: folder.recordings,
    env: { BIKES_KEY: "k" },
  });
  const { text, print } = (await blocked.read(file))!;
  await expect(blocked.write(file, text.replace("180", "240"), print)).rejects.toThrow(/ENOTDIR/);
  expect(await onDisk()).toBe(before);
  expect(await blocked.write(file, text, print)).toMatchObject({ ok: true });
});
