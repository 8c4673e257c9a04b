import { Hono } from "hono";
import { expect, test } from "vitest";
import type { IssuedBriefing } from "../../shared/briefing.ts";
import { ok } from "../../shared/result.ts";
import { sampleBriefing } from "../../test/briefing-sample.ts";
import { serveBriefings } from "./briefings.ts";

test("whoever has an issue is told that it was corrected since", async () => {
  let found: IssuedBriefing = { briefing: sampleBriefing, hash: "a", correctedBy: null, edition: null };
  const app = new Hono();
  const office = { find: async () => found } as never;
  serveBriefings(app, office, () => 0, {} as never, { admit: () => ok(null) });
  const ask = async (etag: string): Promise<Response> =>
    app.request(`/api/v1/briefings/${sampleBriefing.id}`, { headers: { "if-none-match": etag } });
  const etag = (await ask("")).headers.get("etag")!;
  expect((await ask(etag)).status).toBe(304);
  found = { ...found, correctedBy: "morning-2026-03-07-2" };
  const corrected = await ask(etag);
  expect([corrected.status, await corrected.json()]).toEqual([200, expect.objectContaining(found)]);
});
