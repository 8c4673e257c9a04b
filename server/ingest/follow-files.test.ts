import { appendFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually, temporaryFolder } from "../../test/feed-rig.ts";
import { followFiles } from "./follow-files.ts";

async function following(before: string | null, maxBytes = 10_000) {
  const path = join(await temporaryFolder(), "auth.log");
  if (before !== null) await writeFile(path, before);
  const said: string[] = [];
  const faults: string[] = [];
  const timing = { lookMs: 20, unendedMs: 150 };
  const follow = followFiles([{ name: "auth", path }], maxBytes, timing, {
    added: (_, { bytes, first }) => said.push(`${first ? "first: " : ""}${Buffer.from(bytes).toString()}`),
    fault: (_, { message }) => faults.push(message),
  });
  onTestFinished(() => follow.stop());
  await follow.ready;
  return { path, said, faults, all: () => said.join("").replaceAll("first: ", "") };
}

test("what is there comes first, then only what is added", async () => {
  const { path, said } = await following("one\ntwo\n");
  expect(said).toEqual(["first: one\ntwo\n"]);
  await appendFile(path, "three\n");
  await eventually(() => expect(said).toEqual(["first: one\ntwo\n", "three\n"]));
});

test("half a line waits for its end, and for no longer than that may take", async () => {
  const { path, said } = await following("");
  await appendFile(path, "one\nha");
  await eventually(() => expect(said).toEqual(["one\n"]));
  await appendFile(path, "lf\n");
  await eventually(() => expect(said).toEqual(["one\n", "half\n"]));
  await appendFile(path, "no end");
  await eventually(() => expect(said).toEqual(["one\n", "half\n", "no end"]));
});

test("over rotation by rename, nothing is lost or comes twice", async () => {
  const { path, all } = await following("one\n");
  await appendFile(path, "two\n");
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, "three\n");
  await writeFile(path, "four\n");
  await eventually(() => expect(all()).toBe("one\ntwo\nthree\nfour\n"));
});

test("a file that is cut is read from its start", async () => {
  const { path, all } = await following("one\ntwo\n");
  await truncate(path, 0);
  await appendFile(path, "new\n");
  await eventually(() => expect(all()).toBe("one\ntwo\nnew\n"));
});

test("of a long file only the end is read, from a whole line on", async () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}\n`).join("");
  const { all } = await following(lines, 100);
  expect(all()).toMatch(/^(line 9\d\d\n){11,12}$/);
});

test("a file that is missing is a fault until it comes", async () => {
  const { path, faults, all } = await following(null);
  expect(faults[0]).toContain("there is no such file");
  await writeFile(path, "one\n");
  await eventually(() => expect(all()).toBe("one\n"));
});
