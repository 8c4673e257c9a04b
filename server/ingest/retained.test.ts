import { expect, test } from "vitest";
import { entity } from "../../test/planned-city.ts";
import type { Update } from "../core/feeds/connector.ts";
import { believeRetained } from "./retained.ts";

const cameAt = 1_000_000;
const update = (...times: readonly (number | null)[]): Update => ({
  mode: "full",
  passing: true,
  scope: "a/level",
  version: null,
  publishedAt: null,
  entities: times.map((observedAt, i) => entity("Sensor", String(i), { observedAt, receivedAt: cameAt })),
  observations: [],
  notices: [],
});

test("a thing that tells its time is as old as that, and what else the topic has told of is not gone", () => {
  const believed = believeRetained(update(400_000, 700_000), "a/level", cameAt);
  expect(believed.receivedAt).toBe(700_000);
  expect(believed.update).toMatchObject({ mode: "partial", notices: [] });
  expect(believed.update.passing).toBeUndefined();
  expect(believed.update.entities.map(({ receivedAt }) => receivedAt)).toEqual([400_000, 700_000]);
});

test("a clock that is a little ahead is believed, but not that it is later than now", () => {
  const believed = believeRetained(update(cameAt + 30_000), "a/level", cameAt);
  expect(believed.receivedAt).toBe(cameAt);
  expect(believed.update.entities[0]).toMatchObject({ observedAt: cameAt + 30_000, receivedAt: cameAt });
});

test("things without a time, or with one to come, are left out and counted", () => {
  const believed = believeRetained(update(400_000, null, cameAt + 61_000), "a/level", cameAt);
  expect(believed.update.entities).toHaveLength(1);
  expect(believed.update.notices).toEqual([
    {
      code: "subscribe-retained-undated",
      severity: "info",
      count: 2,
      example:
        "a/level: a retained message without a time of its own that has passed; left out, its age is unknown",
    },
  ]);
  expect(believeRetained(update(null), "a/level", cameAt).update.tellsNothing).toBe(true);
});

test("a list that is empty is as old as nobody knows", () => {
  expect(believeRetained(update(), "a/level", cameAt).update).toMatchObject({
    tellsNothing: true,
    notices: [],
  });
});
