import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { Notes } from "./notes.ts";

let path: string;
const warned: unknown[] = [];
const log = { warn: (...words: unknown[]) => void warned.push(words) };

beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-notes-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  path = join(dir, "data/notes.json");
  warned.length = 0;
});

const note = (indicator: string, text: string, setAt = 0, untilAt: number | null = null) => ({
  indicator,
  text,
  setAt,
  untilAt,
});

test("one note per figure, the newest, until its time or until it is taken away", async () => {
  const notes = new Notes(path, log);
  notes.set(note("a", "first"));
  notes.set(note("a", "known, back at 16:00", 5, 100));
  notes.set(note("b", "being repaired", 6));
  expect(notes.inForce(99).map(({ text }) => text)).toEqual(["known, back at 16:00", "being repaired"]);
  expect(notes.inForce(100).map(({ text }) => text)).toEqual(["being repaired"]);
  expect([notes.clear("b"), notes.clear("b")]).toEqual([true, false]);
  expect(notes.inForce(99).length).toBe(1);
  await notes.flushed();
});

test("survives a restart, without what is over", async () => {
  const notes = new Notes(path, log);
  notes.set(note("a", "over by then", 0, 100));
  notes.set(note("b", "stays"));
  await notes.flushed();
  const again = new Notes(path, log);
  await again.restore(100);
  expect(again.inForce(100)).toEqual([note("b", "stays")]);
  again.set(note("c", "new", 200));
  await again.flushed();
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual([note("b", "stays"), note("c", "new", 200)]);
});

test("a damaged file is said and left behind", async () => {
  const notes = new Notes(path, log);
  await notes.restore(0);
  expect(warned).toEqual([]);
  notes.set(note("a", "x"));
  await notes.flushed();
  await writeFile(path, "[{");
  await new Notes(path, log).restore(0);
  expect(JSON.stringify(warned)).toContain("notes cannot be read");
});
