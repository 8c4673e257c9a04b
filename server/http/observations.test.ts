import { Hono } from "hono";
import { expect, test } from "vitest";
import type { ObservationsQuery } from "../history/history.ts";
import { serveObservations } from "./observations.ts";

const now = Date.UTC(2026, 0, 5, 12);
const dayMs = 86_400_000;

function served() {
  const asked: ObservationsQuery[] = [];
  const app = new Hono();
  const observations = (query: ObservationsQuery) => {
    asked.push(query);
    return Promise.resolve([{ property: "pm10", at: now - 60_000, knownAt: now, value: 5 }]);
  };
  serveObservations(app, { past: { observations }, zone: () => "UTC", now: () => now });
  const ask = (query: string): Promise<Response> =>
    Promise.resolve(app.request(`/api/v1/observations?${query}`));
  return { asked, ask };
}

test("a sensor's values of the last day, or of a stretch as it was known then", async () => {
  const { asked, ask } = served();
  const answer = await ask("thing=air/Sensor/a%2520b");
  expect(await answer.json()).toEqual([{ property: "pm10", at: now - 60_000, knownAt: now, value: 5 }]);
  await ask("thing=air/Sensor/a&from=2026-01-01&to=2026-01-02&asOf=2026-01-03");
  expect(asked).toEqual([
    { thing: "air/Sensor/a%20b", fromAt: now - dayMs, toAt: now, asOf: null },
    {
      thing: "air/Sensor/a",
      fromAt: Date.UTC(2026, 0, 1),
      toAt: Date.UTC(2026, 0, 2),
      asOf: Date.UTC(2026, 0, 3),
    },
  ]);
});

test.each([
  ["thing", ""],
  ["thing", "thing=bikes/Station/a"],
  ["from", "thing=air/Sensor/a&from=2026-01-04&to=2026-01-03"],
  ["asOf", "thing=air/Sensor/a&asOf=2026-02-01"],
  ["sensor", "sensor=air/Sensor/a"],
])("what cannot be used names %s: %s", async (parameter, query) => {
  const answer = await served().ask(query);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ type: `urn:citydeck:problem:parameter:${parameter}` });
});
