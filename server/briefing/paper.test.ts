import { expect, test } from "vitest";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import type { IssuedBriefing } from "../../shared/briefing.ts";
import { Papers } from "./paper.ts";

const issued: IssuedBriefing = { briefing: sampleBriefing, hash: "a", correctedBy: null, edition: null };

function papers() {
  const printed: string[] = [];
  const state = { fails: false };
  const print = async (make: () => Promise<string>) => {
    const html = await make();
    printed.push(html);
    return state.fails
      ? ({ ok: false, failure: "busy" } as const)
      : ({ ok: true, value: Buffer.from(`%PDF ${printed.length}`) } as const);
  };
  return { printed, state, papers: new Papers({ print }) };
}

test("everybody who reads a language has the same paper, at the same time and later", async () => {
  const { printed, papers: made } = papers();
  const both = await Promise.all([made.print(issued, "en", ""), made.print(issued, "en", "")]);
  expect([...both, await made.print(issued, "en", "")].map((one) => one.ok && one.value)).toEqual(
    Array.from({ length: 3 }, () => new Uint8Array(Buffer.from("%PDF 1"))),
  );
  await made.print(issued, "zh", "");
  await made.print({ ...issued, hash: "b" }, "en", "");
  expect(printed).toHaveLength(3);
});

test("what failed is tried anew, and old papers are forgotten", async () => {
  const { printed, state, papers: made } = papers();
  state.fails = true;
  expect(await made.print(issued, "en", "")).toMatchObject({ ok: false });
  state.fails = false;
  expect(await made.print(issued, "en", "")).toMatchObject({ ok: true });
  for (const hash of ["b", "c", "d", "e"]) await made.print({ ...issued, hash }, "en", "");
  await made.print(issued, "en", "");
  expect(printed).toHaveLength(7);
});

test("however many are printed at once, each is there for the attempt that waited for it", async () => {
  const { printed, papers: made } = papers();
  const hashes = ["a", "b", "c", "d", "e", "f"];
  const asked = hashes.map(async (hash) => {
    const one = { ...issued, hash };
    const first = await made.print(one, "en", "");
    expect(await made.print(one, "en", "")).toBe(first);
  });
  await Promise.all([...asked, made.print({ ...issued, hash: "a" }, "en", "")]);
  expect(printed).toHaveLength(hashes.length);
});
