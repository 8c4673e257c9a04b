import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/feed-rig.ts";
import type { Log } from "./wiring.ts";
import { openJournal, type Journal, type JournalOptions, type KeptBody } from "./journal.ts";

const logged: string[] = [];
const say = (_event: object, text: string): void => void logged.push(text);
const log = { info: say, warn: say, error: say } as unknown as Log;

function options(folder: string, more: Partial<JournalOptions> = {}): JournalOptions {
  return { folder, feedId: "sensors", log, now: () => 1_000, keepMs: 500, ...more };
}

function body(text: string, mode: KeptBody["mode"], at = 1_000, scope = "body"): KeptBody {
  return { at, part: scope, url: null, scope, mode, bytes: new TextEncoder().encode(text) };
}

async function texts(journal: Journal): Promise<string[]> {
  const found = [];
  for await (const { bytes } of journal.restore()) found.push(new TextDecoder().decode(bytes));
  return found;
}

async function reopened(of: JournalOptions): Promise<string[]> {
  const journal = await openJournal(of);
  const found = await texts(journal);
  await journal.close();
  return found;
}

test("gives back the last full body of each scope and the partial ones after it", async () => {
  const of = options(await temporaryFolder());
  const journal = await openJournal(of);
  expect(await texts(journal)).toEqual([]);
  await Promise.all([
    journal.append(body("news before", "partial"), false),
    journal.append(body("all 1", "full"), true),
    journal.append(body("stations", "full", 1_000, "stations"), false),
    journal.append(body("all 2", "full"), true),
    journal.append(body("news", "partial"), true),
  ]);
  await journal.close();
  expect(await reopened(of)).toEqual(["stations", "all 2", "news"]);
});

test("segments whose bodies are superseded are removed", async () => {
  const folder = await temporaryFolder();
  const of = options(folder, { segmentBytes: 100 });
  const journal = await openJournal(of);
  await journal.append(body("stations", "full", 1_000, "stations"), false);
  for (let n = 0; n < 30; n++) await journal.append(body(`all ${n} ${"x".repeat(60)}`, "full"), false);
  await journal.close();
  expect((await readdir(folder)).length).toBeLessThanOrEqual(3);
  expect((await reopened(of)).map((text) => text.slice(0, 8))).toEqual(["stations", "all 29 x"]);
});

test("partial bodies are forgotten by age, the full one they build on is not", async () => {
  const folder = await temporaryFolder();
  let now = 1_000;
  const of = options(folder, { segmentBytes: 1, now: () => now });
  const journal = await openJournal(of);
  await journal.append(body("all", "full", 0), false);
  for (let at = 100; at <= 1_000; at += 100) await journal.append(body(`news ${at}`, "partial", at), false);
  now = 1_300;
  await journal.close();
  expect(await reopened(of)).toEqual(["all", "news 800", "news 900", "news 1000"]);
  now = 5_000;
  expect(await reopened(of)).toEqual(["all"]);
  expect(await readdir(folder)).toHaveLength(1);
});

test("very many bodies that have grown old are let go of at once", async () => {
  const folder = await temporaryFolder();
  let now = 1_000;
  const of = options(folder, { now: () => now });
  const journal = await openJournal(of);
  await Promise.all([
    journal.append(body("all", "full"), false),
    ...Array.from({ length: 150_000 }, () => journal.append(body("news", "partial"), false)),
  ]);
  await journal.close();
  const openedIn = async (): Promise<number> => {
    const begunAt = performance.now();
    await (await openJournal(of)).close();
    return performance.now() - begunAt;
  };
  const young = await openedIn();
  now = 5_000;
  expect(await openedIn()).toBeLessThan(2 * young + 200);
});

test("a torn last record is left out and said; what came before and what comes after is there", async () => {
  const folder = await temporaryFolder();
  const of = options(folder);
  const journal = await openJournal(of);
  await journal.append(body("whole", "partial"), true);
  await journal.append(body("torn", "partial"), true);
  await journal.close();
  const path = join(folder, (await readdir(folder))[0]!);
  await writeFile(path, (await readFile(path)).subarray(0, -2));
  logged.length = 0;
  const second = await openJournal(of);
  expect(logged).toEqual([expect.stringContaining("torn record")]);
  await second.append(body("later", "partial"), true);
  await second.close();
  expect(await reopened(of)).toEqual(["whole", "later"]);
});

test("garbage of any kind behind whole records costs none of them", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), async (garbage, cut) => {
      const folder = await temporaryFolder();
      const of = options(folder);
      const journal = await openJournal(of);
      await journal.append(body("one", "partial"), false);
      await journal.append(body("two", "partial"), false);
      await journal.close();
      const path = join(folder, (await readdir(folder))[0]!);
      const record = await readFile(path);
      await appendFile(path, Buffer.concat([record.subarray(0, cut % 16), garbage]));
      expect(await reopened(of)).toEqual(["one", "two"]);
    }),
    { seed: 5, numRuns: 40 },
  );
});

test("over its limit the oldest bodies are given up, and that is said", async () => {
  const folder = await temporaryFolder();
  const of = options(folder, { segmentBytes: 1_000, maxBytes: 5_000 });
  const journal = await openJournal(of);
  logged.length = 0;
  for (let n = 0; n < 40; n++) await journal.append(body(`${n} ${"x".repeat(400)}`, "partial"), false);
  await journal.close();
  expect(logged[0]).toContain("over its limit");
  const kept = (await reopened(of)).map((text) => text.split(" ")[0]);
  expect(kept.at(-1)).toBe("39");
  expect(kept.length).toBeGreaterThan(5);
  expect(kept.length).toBeLessThan(15);
});

test("very many small bodies are over a limit of their own", async () => {
  const folder = await temporaryFolder();
  const of = options(folder, { segmentBytes: 1_000, maxBodies: 30 });
  const journal = await openJournal(of);
  for (let n = 0; n < 100; n++) await journal.append(body(`${n}`, "partial"), false);
  await journal.close();
  const kept = await reopened(of);
  expect(kept.at(-1)).toBe("99");
  expect(kept.length).toBeGreaterThan(15);
  expect(kept.length).toBeLessThan(40);
});

test("what waits for a slow disk is bounded: beyond it bodies are refused, and taken again when it has caught up", async () => {
  const folder = await temporaryFolder();
  const journal = await openJournal(options(folder));
  const large = { ...body("", "full"), bytes: new Uint8Array(1 << 20) };
  const appended = await Promise.allSettled(Array.from({ length: 80 }, () => journal.append(large, false)));
  expect(appended.at(-1)).toMatchObject({
    status: "rejected",
    reason: expect.objectContaining({
      message: expect.stringContaining("the disk is too slow") as string,
    }) as Error,
  });
  expect(appended.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(60);
  await journal.append(body("all", "full"), true);
  await journal.close();
  expect(await reopened(options(folder))).toEqual(["all"]);
});

test("a disk that refuses one body takes the next one", async () => {
  const folder = await temporaryFolder();
  const of = options(folder, { segmentBytes: 1 });
  const journal = await openJournal(of);
  await writeFile(join(folder, "0000000001.segment"), "in the way");
  await expect(journal.append(body("refused", "partial"), true)).rejects.toThrow("EEXIST");
  await journal.append(body("taken", "partial"), true);
  await journal.close();
  expect(await reopened(of)).toEqual(["taken"]);
});

test("of ever new scopes those that pass are forgotten by age, whole bodies and all", async () => {
  const folder = await temporaryFolder();
  const passing = (scope: string, at: number): KeptBody => ({
    ...body(scope, "full", at, scope),
    passing: true,
  });
  const of = options(folder, { segmentBytes: 1_000 });
  const journal = await openJournal(of);
  for (let n = 0; n < 100; n++) await journal.append(passing(`topic ${n}`, n === 99 ? 1_000 : 400), false);
  await journal.close();
  expect(await reopened(of)).toEqual(["topic 99"]);
  expect((await readdir(folder)).length).toBeLessThanOrEqual(2);
});
