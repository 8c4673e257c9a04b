import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import type { Edition } from "../../shared/briefing.ts";
import { BriefingArchive } from "./archive.ts";

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "citydeck-archive-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

function edition(number: number, editor: string): Edition {
  return {
    briefing: sampleBriefing.id,
    number,
    at: sampleBriefing.issuedAt,
    editor,
    comments: [],
    hidden: [],
    order: null,
    isSigned: true,
  };
}

test("of two editors at the same time one is told that the other was faster", async () => {
  const dir = await folder();
  const archive = await BriefingArchive.open(dir);
  await archive.issue(sampleBriefing);
  const made = await Promise.all(["first", "second"].map((editor) => archive.edit(edition(1, editor))));
  expect(made.map(({ ok }) => ok)).toEqual([true, false]);
  expect(await archive.editions(sampleBriefing.id)).toEqual([edition(1, "first")]);
});

test("what a crash left of an edition takes none of those after it along", async () => {
  const dir = await folder();
  const archive = await BriefingArchive.open(dir);
  await archive.issue(sampleBriefing);
  await archive.edit(edition(1, "first"));
  await appendFile(join(dir, "editions", `${sampleBriefing.id}.jsonl`), '{"briefing":"mor');
  const again = await BriefingArchive.open(dir);
  expect(await again.edit(edition(2, "second"))).toMatchObject({ ok: true });
  const late = await BriefingArchive.open(dir);
  expect((await late.find(sampleBriefing.id))?.edition).toEqual(edition(2, "second"));
});

test("what is searched follows what is issued, also by an earlier run", async () => {
  const dir = await folder();
  const archive = await BriefingArchive.open(dir);
  expect(await archive.search("storm")).toEqual([]);
  await archive.issue(sampleBriefing);
  expect(await archive.search(" ")).toEqual(archive.list());
  const [item] = archive.list();
  const found = [{ ...item, found: item!.cover }];
  expect(await archive.search("风暴 storm")).toEqual(found);
  expect(await (await BriefingArchive.open(dir)).search("风暴 storm")).toEqual(found);
  expect(await archive.search("storm of nowhere")).toEqual([]);
});

test("what is listed follows what is issued, corrected and edited", async () => {
  const archive = await BriefingArchive.open(await folder());
  expect(archive.list()).toEqual([]);
  await archive.issue(sampleBriefing);
  expect(archive.list()).toMatchObject([{ id: sampleBriefing.id, isSigned: false, correctedBy: null }]);
  await archive.edit(edition(1, "first"));
  const later = { id: `${sampleBriefing.id}-2`, issuedAt: sampleBriefing.issuedAt + 1 };
  await archive.issue({ ...sampleBriefing, ...later, corrects: { id: sampleBriefing.id, changes: [] } });
  expect(archive.list()).toMatchObject([
    { id: later.id, isSigned: false, correctedBy: null },
    { id: sampleBriefing.id, isSigned: true, correctedBy: later.id },
  ]);
  expect(archive.latestId(sampleBriefing.definition)).toBe(later.id);
});
