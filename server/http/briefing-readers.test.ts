import type { Context } from "hono";
import { expect, test } from "vitest";
import { BriefingLinks, linkQuery } from "../briefing/links.ts";
import { briefingReaders } from "./briefing-readers.ts";

const links = new BriefingLinks(Buffer.from("this installation's"));
const dayMs = 86_400_000;
const sent = links.make({ id: "morning-1", issuedAt: 0 }, "leaders/mayor");

function asked(by: Record<string, string>, isByLink: boolean, now: number) {
  const c = { req: { query: () => by } } as unknown as Context;
  const readers = briefingReaders(
    links,
    () => isByLink,
    () => now,
    { allowsChange: () => false },
  );
  return readers.admit(c, "morning-1");
}

test("where everybody may read, a link that is over or not of this installation is as good as none", () => {
  const query = linkQuery(sent);
  expect(asked(query, false, dayMs)).toEqual({ ok: true, value: sent });
  expect(asked(query, false, 31 * dayMs)).toEqual({ ok: true, value: null });
  expect(asked({ ...query, signature: "x" }, false, dayMs)).toEqual({ ok: true, value: null });
});

test("where briefings open by link, what was changed or is over opens nothing", () => {
  const query = linkQuery(sent);
  expect(asked(query, true, dayMs)).toEqual({ ok: true, value: sent });
  expect(asked(query, true, 31 * dayMs)).toMatchObject({ ok: false, failure: { why: "over" } });
  expect(asked({ ...query, signature: "x" }, true, dayMs)).toMatchObject({ failure: { why: "wrong" } });
});
