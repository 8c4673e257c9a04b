import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/feed-rig.ts";
import { BriefingLinks, linkQuery } from "./links.ts";

const issuedAt = Date.parse("2026-11-27T06:30Z");
const morning = { id: "morning-2026-11-27", issuedAt };
const dayMs = 86_400_000;

test("a link opens its briefing for thirty days, after a new start too, and says for whom", async () => {
  const dir = await temporaryFolder();
  const link = (await BriefingLinks.open(dir)).make(morning, "leaders/mayor");
  const again = await BriefingLinks.open(dir);
  const query = linkQuery(link);
  expect(again.read(morning.id, query, issuedAt)).toEqual({ ok: true, value: link });
  expect(again.read(morning.id, query, issuedAt + 30 * dayMs - 1)).toMatchObject({ ok: true });
  expect(again.read(morning.id, query, issuedAt + 30 * dayMs)).toEqual({
    ok: false,
    failure: { why: "over", link },
  });
  expect(again.make(morning, "leaders/mayor")).toEqual(link);
  expect(again.read(morning.id, {}, issuedAt)).toEqual({ ok: true, value: null });
});

test("nothing of it can be changed, and another city's opens nothing", async () => {
  const links = await BriefingLinks.open(await temporaryFolder());
  const query = linkQuery(links.make(morning, "leaders/mayor"));
  const { until, to, signature } = query as Record<"until" | "to" | "signature", string>;
  const wrong = { ok: false, failure: { why: "wrong" } };
  for (const changed of [
    { ...query, to: "leaders/deputy" },
    { ...query, until: String(Number(until) + dayMs) },
    { ...query, signature: `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}` },
    { ...query, signature: "" },
    { to, until },
    { until, signature },
    { to, signature },
  ])
    expect(links.read(morning.id, changed, issuedAt)).toEqual(wrong);
  expect(links.read("morning-2026-11-28", query, issuedAt)).toEqual(wrong);
  const other = await BriefingLinks.open(await temporaryFolder());
  expect(other.read(morning.id, query, issuedAt)).toEqual(wrong);
});
