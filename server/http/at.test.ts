import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Reading } from "../../shared/protocol.ts";
import type { Kind } from "../../shared/kinds.ts";
import { createAccess } from "./access.ts";
import { cityAtAnswer } from "./history-answers.ts";
import { serveAt } from "./at.ts";
import type { Past } from "./past.ts";

const now = Date.UTC(2026, 0, 5, 12);
const seen = Date.UTC(2026, 0, 5, 11);
const reading: Reading = {
  id: "transport.bikes",
  value: 7,
  state: "fresh",
  reason: null,
  quality: "good",
  observedAt: seen,
  oldestAt: seen,
};
const station = {
  id: "bikes/Station/a",
  kind: "Station",
  feedId: "bikes",
  sourceId: "a",
  observedAt: seen,
  receivedAt: seen,
  position: [-122.4, 37.8],
  quality: "good",
  geometry: null,
  fields: { name: "Ferry" },
};

let server: Server;
beforeAll(async () => {
  const past = {
    cityAt: (at: number, _known: string, kinds: readonly Kind[]) =>
      Promise.resolve({
        at,
        readings: at < seen ? [] : [reading],
        entities: new Map(kinds.map((kind) => [kind, kind === "Station" ? [station] : []])),
        feeds: [],
      }),
  } as unknown as Past;
  const app = new Hono();
  const access = createAccess({ host: "127.0.0.1", isToken: (given) => given === "secret" });
  serveAt(app, { past, zone: () => "UTC", now: () => now }, access);
  const answer = getRequestListener(app.fetch);
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

const ask = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/at?${query}`, { headers });

test("the figures of a second and the things that were asked for", async () => {
  const answer = await ask("t=2026-01-05T11:30Z&known=now&kind=Station,WorkZone");
  const body = cityAtAnswer.parse(await answer.json());
  expect(body).toMatchObject({ at: seen + 1_800_000, known: "now", readings: [reading], feeds: [] });
  expect(Object.keys(body.entities)).toEqual(["Station", "WorkZone"]);
  expect(body.entities.Station).toMatchObject({
    type: "FeatureCollection",
    features: [{ id: "bikes/Station/a", geometry: { type: "Point", coordinates: [-122.4, 37.8] } }],
  });
});

test("where nobody was watching is no empty city", async () => {
  const answer = await ask("t=2026-01-05T10:00Z");
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ type: "urn:citydeck:problem:not-recorded" });
});

test("calls of another time need the token as those of now do", async () => {
  const far = { "x-forwarded-for": "192.0.2.7" };
  const query = "t=2026-01-05T11:30Z&kind=Station,DispatchCall";
  expect((await ask(query, far)).status).toBe(401);
  expect((await ask(query, { ...far, authorization: "Bearer secret" })).status).toBe(200);
  expect((await ask(query)).status).toBe(200);
});

test.each([
  ["t", ""],
  ["t", "t=2026-01-06"],
  ["t", "t=yesterday"],
  ["known", "t=2026-01-05&known=later"],
  ["kind", "t=2026-01-05&kind=Tram"],
  ["kinds", "t=2026-01-05&kinds=Station"],
])("what cannot be used names %s: %s", async (parameter, query) => {
  const answer = await ask(query);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ type: `urn:citydeck:problem:parameter:${parameter}` });
});
