import { Hono } from "hono";
import { expect, test } from "vitest";
import type { IssuedBriefing, NewestBriefing } from "../../shared/briefing.ts";
import { ok } from "../../shared/result.ts";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import { serveBriefings } from "./briefings.ts";

const issued: IssuedBriefing = { briefing: sampleBriefing, hash: "a", correctedBy: null, edition: null };

/** Asks for an issue as somebody who has the one with this ETag. */
function asker(office: object, address: string): (etag: string) => Promise<Response> {
  const app = new Hono();
  serveBriefings(app, office as never, () => 0, {} as never, { admit: () => ok(null) });
  return async (etag) => app.request(`/api/v1/briefings/${address}`, { headers: { "if-none-match": etag } });
}

test("whoever has an issue is told that it was corrected since", async () => {
  let found = issued;
  const ask = asker({ find: async () => found }, sampleBriefing.id);
  const etag = (await ask("")).headers.get("etag")!;
  expect((await ask(etag)).status).toBe(304);
  found = { ...found, correctedBy: "morning-2026-03-07-2" };
  const corrected = await ask(etag);
  expect([corrected.status, await corrected.json()]).toEqual([200, expect.objectContaining(found)]);
});

test("whoever has the newest issue is told that the next one is due at another time since", async () => {
  let found: NewestBriefing = { ...issued, nextDueAt: null };
  const ask = asker({ findLatest: async () => found }, "morning/latest");
  const etag = (await ask("")).headers.get("etag")!;
  expect((await ask(etag)).status).toBe(304);
  found = { ...found, nextDueAt: sampleBriefing.issuedAt + 86_400_000 };
  const moved = await ask(etag);
  expect([moved.status, await moved.json()]).toEqual([200, found]);
});
