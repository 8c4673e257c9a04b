import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rig, temporaryFolder } from "../../test/feed-rig.ts";
import { openCursorFile } from "./cursor-file.ts";

test("merges key by key, forgets what is empty, and is there again", async () => {
  const folder = await temporaryFolder();
  const { wiring } = await rig({ type: "file", files: [], maxBytes: 1 });
  const cursor = await openCursorFile(folder, "sensors", wiring.log);
  expect(cursor.current).toBeNull();
  cursor.merge({ page: 1, token: "a" });
  cursor.merge({ page: 2, token: "" });
  await cursor.saved();
  expect((await openCursorFile(folder, "sensors", wiring.log)).current).toEqual({ page: 2 });
});

test("a source that makes ever new keys fills no disk: those that changed longest ago are forgotten", async () => {
  const folder = await temporaryFolder();
  const { wiring } = await rig({ type: "file", files: [], maxBytes: 1 });
  const cursor = await openCursorFile(folder, "sensors", wiring.log);
  cursor.merge({ updatedAt: 0 });
  for (let i = 0; i < 1_200; i++) cursor.merge({ [`token:${i}`]: i, updatedAt: i });
  await cursor.saved();
  expect(Object.keys(cursor.current!)).toHaveLength(1_000);
  expect(cursor.current).toMatchObject({ updatedAt: 1_199, "token:1199": 1_199 });
  expect(JSON.parse(await readFile(join(folder, "cursor.json"), "utf8"))).toEqual(cursor.current);
});
