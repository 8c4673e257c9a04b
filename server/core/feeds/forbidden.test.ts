import { expect, test } from "vitest";
import type { Agreement } from "../../../shared/feed-quality.ts";
import { entity, word } from "../../../test/planned-city.ts";
import { allowedKinds, withoutKinds } from "./forbidden.ts";

const forbids = { kinds: ["Vehicle" as const], reason: { en: "where riders go", zh: "骑行者去向" } };

test("kinds that the agreement forbids are not given", () => {
  const agreement = { forbids } as unknown as Agreement;
  expect(allowedKinds(["Station", "Vehicle"], agreement)).toEqual(["Station"]);
  expect(allowedKinds(["Station", "Vehicle"], { ...agreement, forbids: null })).toEqual([
    "Station",
    "Vehicle",
  ]);
  expect(allowedKinds(["Station"], null)).toEqual(["Station"]);
});

test("nothing of them comes in, whatever an update says of them", () => {
  const [station, vehicle] = [entity("Station", "1"), entity("Vehicle", "1")];
  const { update } = word({
    entities: [station, vehicle],
    unchanged: ["bikes/Station/2", "bikes/Vehicle/2"],
    removed: ["bikes/Vehicle/3"],
    observations: [vehicle, station].map(({ id }) => ({
      entityId: id,
      property: "range",
      value: 1,
      observedAt: 0,
      receivedAt: 0,
    })),
    speaksOf: ["Station", "Vehicle"],
  });
  const left = withoutKinds(update, forbids.kinds);
  expect(JSON.stringify(left)).not.toContain("Vehicle");
  expect(left).toMatchObject({ entities: [station], unchanged: ["bikes/Station/2"], speaksOf: ["Station"] });
  expect(withoutKinds(update, [])).toBe(update);
});
