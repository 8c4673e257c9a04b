import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DefinitionLog } from "./definition-log.ts";

test("what a crash left of a line takes no change after it along", async () => {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-definitions-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const path = join(dir, "definitions.jsonl");
  const log = await DefinitionLog.open(path);
  await log.begin([{ id: "on-time", revision: "r1" }], 1_000);
  await appendFile(path, '{"at":2000,"indi');
  await (await DefinitionLog.open(path)).begin([{ id: "on-time", revision: "r2" }], 3_000);
  const late = await DefinitionLog.open(path);
  expect(late.changes("on-time", { fromAt: 0, toAt: 10_000 })).toEqual([3_000]);
});
