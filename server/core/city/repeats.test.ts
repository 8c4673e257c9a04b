import { expect, test } from "vitest";
import { entity } from "../../../test/planned-city.ts";
import { repeatsOf, spotOf } from "./repeats.ts";

const day = 86_400_000;

test("a request is a repeat within 30 days of the one before it, whatever order they come in", () => {
  expect(repeatsOf([40 * day, 0, 5 * day, 35 * day])).toEqual([true, false, true, true]);
  expect(repeatsOf([31 * day, 0])).toEqual([false, false]);
  expect(repeatsOf([day, day])).toEqual([false, true]);
  expect(repeatsOf([])).toEqual([]);
});

test("a spot is a service at an address, else at a place to about 11 m", () => {
  const spot = (fields: object, lon = 1.00001) =>
    spotOf(entity("ServiceRequest", "a", { position: [lon, 2], fields: { requestedAt: 0, ...fields } }));
  expect(spot({ serviceCode: "light", address: "7 Quay " })).toBe(
    spot({ serviceCode: "light", address: "7 quay" }, 5),
  );
  expect(spot({ serviceCode: "light" })).toBe(spot({ serviceCode: "light" }, 1.00002));
  expect(spot({ serviceCode: "light" })).not.toBe(spot({ serviceCode: "light" }, 1.0002));
  expect(spot({ serviceCode: "light" })).not.toBe(spot({ serviceCode: "drain" }));
  expect(spot({})).toBeNull();
  expect(spot({ serviceCode: "light", requestedAt: null })).toBeNull();
});
