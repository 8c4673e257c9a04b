/** Briefings from a real history to files: issued, kept, corrected, edited, told. */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainText, type Briefing } from "../../shared/briefing.ts";
import { batchOf } from "../history/conformance.ts";
import type { BriefingDesk } from "./desk.ts";
import { gatherFacts } from "./gather.ts";
import {
  at,
  dayMs,
  firstAt,
  hourMs,
  indicators,
  minuteMs,
  minutesOf,
  morning,
  openRecordedDays,
  today,
  type RecordedDays,
} from "../../test/recorded-days.ts";

let days: RecordedDays;
let desk: BriefingDesk;
let now = at;

beforeAll(async () => {
  days = await openRecordedDays();
  desk = days.deskIn(join(days.dir, "briefings"));
}, 60_000);
afterAll(() => days.close());

async function issued(definition: string): Promise<Briefing> {
  const answer = await desk.issue({ definition, at: now });
  if (!answer.ok) throw new Error(answer.failure.detail);
  return answer.value.briefing;
}

test("an issue is kept as it was: its file has its hash, and its name is never written again", async () => {
  const first = await issued("morning");
  const second = await issued("morning");
  expect(second.id).not.toBe(first.id);
  const before = await readFile(join(days.dir, "briefings", "issued", `${first.id}.json`));
  const archive = await desk.archive();
  await expect(archive.issue({ ...first, cover: second.cover })).rejects.toThrow("EEXIST");
  expect(await readFile(join(days.dir, "briefings", "issued", `${first.id}.json`))).toEqual(before);
  const again = days.deskIn(join(days.dir, "briefings"));
  expect(await again.find(first.id)).toEqual(await desk.find(first.id));
  expect((await again.findLatest("morning"))?.briefing.id).toBe(second.id);
});

test("what could not be kept whole is not issued, and a start forgets its rest", async () => {
  const broken = join(days.dir, "broken");
  const other = days.deskIn(broken);
  await other.list();
  await rm(join(broken, "issued"), { recursive: true });
  await writeFile(join(broken, "issued"), "");
  expect(await other.issue({ definition: "morning", at: now })).toMatchObject({
    ok: false,
    failure: { why: "not-kept" },
  });
  expect(await other.list()).toEqual([]);

  const left = join(days.dir, "left");
  await days.deskIn(left).list();
  await writeFile(join(left, "issued", "morning-2026-11-01.json.new"), '{"id":');
  await writeFile(join(left, "issued", "morning-2026-11-02.json"), '{"id":');
  const late = days.deskIn(left);
  expect(await late.list()).toEqual([]);
  expect((await late.archive()).unreadable).toEqual(["issued/morning-2026-11-02.json"]);
  expect(await readdir(join(left, "issued"))).toEqual(["morning-2026-11-02.json"]);

  await writeFile(join(left, "issued", "morning-2026-11-27.json"), '{"id":');
  const beside = await days.deskIn(left).issue({ definition: "morning", at: now });
  expect(beside.ok && beside.value.briefing.id).toBe("morning-2026-11-27-2");
});

test("a correction is a new issue that says what is another figure now, and only then is there one", async () => {
  const wrong = await issued("morning");
  expect(await desk.correct(wrong.id, now)).toMatchObject({ ok: false, failure: { why: "nothing-changed" } });
  now = at + hourMs;
  const length = 5 * 60;
  const rows = minutesOf(["transport.on-time"], today - 8 * hourMs, today - 3 * hourMs, 1);
  const better = new Float64Array(length).fill(80);
  const knownAt = new Float64Array(length).fill(at + minuteMs);
  await days.history.append(
    batchOf({ minutes: { ...rows, mean: better, min: better, max: better, knownAt } }),
  );
  const corrected = await desk.correct(wrong.id, now);
  if (!corrected.ok) throw new Error(corrected.failure.detail);
  const { briefing } = corrected.value;
  expect(briefing.corrects?.id).toBe(wrong.id);
  expect(briefing.corrects?.changes.map(({ id }) => id)).toEqual(["data/revised/transport.on-time"]);
  expect(briefing.period).toEqual(wrong.period);
  expect((await desk.find(wrong.id))?.correctedBy).toBe(briefing.id);
  expect(await desk.correct(wrong.id, now)).toMatchObject({ ok: false });
});

test("an hour of the course says how much of it is known", async () => {
  const period = { kind: "day", fromAt: today - dayMs, toAt: today, isOver: true } as const;
  const request = { definition: morning, period, knownAt: at, previous: null };
  const { figures } = await gatherFacts(days.contextOf(), request, new AbortController().signal);
  const course = figures.find(({ series: id }) => id === "transport.on-time")!.course;
  expect(course.map(({ knownPercent }) => knownPercent)).toEqual(Array.from({ length: 24 }, () => 100));
  const early = { ...request, period: { ...period, fromAt: today, toAt: today + dayMs, isOver: false } };
  const later = await gatherFacts(days.contextOf(), early, new AbortController().signal);
  const known = later.figures[0]!.course.map(({ knownPercent }) => Math.round(knownPercent));
  expect(known.slice(5, 8)).toEqual([100, 0, 0]);
});

test("half a period is told as the half that it is", async () => {
  const early = await desk.issue({ definition: "morning", at: firstAt + 1.5 * dayMs });
  if (!early.ok) throw new Error(early.failure.detail);
  const data = early.value.briefing.sections.find(({ kind }) => kind === "data");
  expect(data?.statements.map(({ id }) => id)).toContain("data/whole");
});

test("of a city that remembers nothing a briefing says that nothing is known", async () => {
  const empty = await desk.issue({ definition: "morning", at: firstAt - dayMs });
  if (!empty.ok) throw new Error(empty.failure.detail);
  const { cover, sections } = empty.value.briefing;
  expect(plainText(cover, "en")).toContain("most figures are not known");
  const figures = sections.flatMap(({ statements }) => statements.flatMap((one) => one.figures));
  expect(figures.every(({ value }) => value === null)).toBe(true);
});

test("an indicator that is defined anew within the period is told from then on, and compared with nothing", async () => {
  const renewed = indicators.map((one) => ({
    ...one,
    revision: one.id === "transport.on-time" ? "r2" : one.revision,
  }));
  await days.definitionLog.begin(renewed, today - 6 * hourMs);
  const other = days.deskIn(join(days.dir, "renewed"), () => days.contextOf(renewed));
  const answer = await other.issue({ definition: "morning", at: now });
  if (!answer.ok) throw new Error(answer.failure.detail);
  const { sections, evidence } = answer.value.briefing;
  const said = sections.flatMap(({ statements }) => statements);
  expect(said.map(({ id }) => id)).toContain("data/redefined/transport.on-time");
  const onTime = said
    .flatMap(({ figures }) => figures)
    .find(({ series: id, statistic }) => id === "transport.on-time" && statistic === "mean");
  expect(onTime?.compared).toBeNull();
  expect(evidence.some(({ address }) => address.includes(`from=${today - 6 * hourMs}`))).toBe(true);
});

test("an edition is made from the one before it, and all of them stay", async () => {
  const { id } = await issued("morning");
  const edition = {
    briefing: id,
    number: 1,
    at: now,
    editor: "Duty officer",
    comments: [{ section: null, text: "Seen." }],
    hidden: [],
    order: null,
    isSigned: true,
  };
  expect(await desk.edit(edition)).toEqual({ ok: true, value: edition });
  expect(await desk.edit(edition)).toEqual({ ok: false, failure: "changed" });
  expect(await desk.edit({ ...edition, briefing: "none" })).toEqual({ ok: false, failure: "missing" });
  const again = days.deskIn(join(days.dir, "briefings"));
  expect((await again.find(id))?.edition).toEqual(edition);
  expect(await again.editions(id)).toEqual([edition]);
  expect((await again.list()).find((item) => item.id === id)?.isSigned).toBe(true);
});

test("what a run issued and did not come to tell is told by the next one, once", async () => {
  const folder = join(days.dir, "untold");
  const killed = days.deskIn(folder, days.contextOf, () => Promise.reject(new Error("killed")));
  const answer = await killed.issue({ definition: "morning", at: now });
  await killed.stop();
  const told: string[] = [];
  for (let start = 0; start < 2; start++) {
    const next = days.deskIn(folder, days.contextOf, async ({ briefing }) => void told.push(briefing.id));
    await next.tellUntold();
    await next.stop();
  }
  expect(told).toEqual(answer.ok ? [answer.value.briefing.id] : []);
  expect(told).toHaveLength(1);
});
