import { expect, test } from "vitest";
import type { Entity } from "../../shared/entity.ts";
import { StopTimeUpdates } from "../../shared/stop-time-updates.ts";
import type { Update } from "../core/feeds/connector.ts";
import { shiftUpdate } from "./shift-update.ts";

const call: Entity = {
  id: "fire/DispatchCall/1",
  kind: "DispatchCall",
  feedId: "fire",
  sourceId: "1",
  observedAt: null,
  receivedAt: 100,
  position: null,
  quality: "good",
  fields: { callAt: 90, dispatchedAt: null, callToDispatchSeconds: 40, units: 2 },
};
const trip: Entity = {
  id: "bart/TripUpdate/1",
  kind: "TripUpdate",
  feedId: "bart",
  sourceId: "1",
  observedAt: 80,
  receivedAt: 100,
  position: null,
  quality: "good",
  fields: { delaySeconds: 60 },
  stopTimeUpdates: StopTimeUpdates.of([
    { stopSequence: 1, stopId: "A", departureAt: 95, arrivalDelaySeconds: 60, departureDelaySeconds: 60 },
  ]),
};
const update: Update = {
  mode: "full",
  scope: "body",
  version: null,
  publishedAt: 99,
  entities: [call, trip],
  observations: [{ entityId: call.id, property: "x", value: 1, observedAt: 5, receivedAt: 6 }],
  notices: [],
};

test("every instant moves, durations, figures and what is unknown stay", () => {
  const moved = shiftUpdate(update, 1_000);
  expect(moved.publishedAt).toBe(1_099);
  expect(moved.entities[0]).toEqual({
    ...call,
    receivedAt: 1_100,
    fields: { callAt: 1_090, dispatchedAt: null, callToDispatchSeconds: 40, units: 2 },
  });
  expect(moved.entities[1]).toMatchObject({ observedAt: 1_080, fields: { delaySeconds: 60 } });
  expect(moved.entities[1]?.stopTimeUpdates?.arrivalAt(0)).toBeNaN();
  expect(moved.entities[1]?.stopTimeUpdates?.departureAt(0)).toBe(1_095);
  expect(moved.entities[1]?.stopTimeUpdates?.arrivalDelaySeconds(0)).toBe(60);
  expect(moved.observations[0]).toMatchObject({ value: 1, observedAt: 1_005, receivedAt: 1_006 });
});

test("the given update is left as it was, and no shift costs nothing", () => {
  shiftUpdate(update, 1_000);
  expect(call.fields.callAt).toBe(90);
  expect(trip.stopTimeUpdates?.departureAt(0)).toBe(95);
  expect(shiftUpdate(update, 0)).toBe(update);
});

test("the periods of a situation move, what recurs in them stays", () => {
  const times = [{ fromSeconds: 79_200, toSeconds: 18_000, offsetMinutes: null }];
  const period = { startsAt: 10, endsAt: null, weekdays: [1], months: [], times };
  const situation: Entity = {
    ...call,
    kind: "Situation",
    fields: { startsAt: 5, endsAt: null },
    validity: { periods: [period], exceptions: [period] },
  };
  const [moved] = shiftUpdate({ ...update, entities: [situation] }, 1_000).entities;
  expect(moved).toMatchObject({
    fields: { startsAt: 1_005, endsAt: null },
    validity: { periods: [{ ...period, startsAt: 1_010 }], exceptions: [{ ...period, startsAt: 1_010 }] },
  });
});
