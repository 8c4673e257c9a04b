import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import { startFeed } from "./intake.ts";

const timing = { file: { settleMs: 10, lookMs: 100 } };

async function fileRig(path: string, maxBytes = 1_000): Promise<Rig> {
  return rig({ type: "file", files: [{ name: "body", path }], maxBytes }, { timing });
}

async function start(started: Rig): Promise<void> {
  const feed = startFeed(started.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
}

test("reads a file at the start and at every change", async () => {
  const path = join(await temporaryFolder(), "sensors.txt");
  await writeFile(path, "sensor a 1");
  const city = await fileRig(path);
  await start(city);
  expect(city.readings()).toEqual(["a=1"]);
  await writeFile(path, "sensor a 2");
  await eventually(() => expect(city.readings()).toEqual(["a=1", "a=2"]));
  expect(city.words.at(-1)).toMatchObject({ error: null });
});

test("follows a file that is replaced by rename, removed and written again", async () => {
  const folder = await temporaryFolder();
  const path = join(folder, "sensors.txt");
  await writeFile(path, "sensor a 1");
  const city = await fileRig(path);
  await start(city);
  await writeFile(`${path}.new`, "sensor a 2");
  await rename(`${path}.new`, path);
  await eventually(() => expect(city.readings().at(-1)).toBe("a=2"));
  await rm(path);
  await eventually(() =>
    expect(city.words.at(-1)).toMatchObject({ good: null, error: { class: "missing" } }),
  );
  await writeFile(path, "sensor a 3");
  await eventually(() => expect(city.readings().at(-1)).toBe("a=3"));
  expect(city.words.at(-1)).toMatchObject({ error: null });
});

test("finds a file whose folder did not exist at the start", async () => {
  const folder = join(await temporaryFolder(), "later");
  const path = join(folder, "sensors.txt");
  const city = await fileRig(path);
  await start(city);
  expect(city.words).toMatchObject([{ good: null, error: { class: "missing" } }]);
  await mkdir(folder);
  await writeFile(path, "sensor a 1");
  await eventually(() => expect(city.readings()).toEqual(["a=1"]));
});

test("a file that lay there for an hour is an hour old, not new", async () => {
  const path = join(await temporaryFolder(), "sensors.txt");
  await writeFile(path, "sensor a 1");
  const anHourAgo = Date.now() / 1_000 - 3_600;
  await utimes(path, anHourAgo, anHourAgo);
  const city = await fileRig(path);
  city.setNow(1_000_000_000_000);
  await start(city);
  const age = 1_000_000_000_000 - city.delivered[0]!.receivedAt;
  expect(age).toBeGreaterThanOrEqual(3_600_000);
  expect(age).toBeLessThan(3_660_000);
});

test("a file over the limit is named and not read", async () => {
  const path = join(await temporaryFolder(), "sensors.txt");
  await writeFile(path, "x".repeat(2_000));
  const city = await fileRig(path);
  await start(city);
  expect(city.delivered).toEqual([]);
  expect(city.words.at(-1)?.error).toMatchObject({ class: "too-large" });
  expect(city.words.at(-1)?.error?.message).toContain("2000 bytes, at most 1000");
});
