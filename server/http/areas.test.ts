import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { AreaCollection } from "../../shared/areas.ts";
import { areasHandler } from "./areas.ts";

const harbour: AreaCollection = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { id: "harbour", name: { en: "Harbour", zh: "港区" } },
      geometry: {
        type: "Polygon",
        coordinates: [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
    },
  ],
};
const app = new Hono().get("/api/v1/areas/:level", areasHandler(new Map([["district", harbour]])));

describe("areasHandler", () => {
  it("gives a level's polygons with id and both names", async () => {
    const response = await app.request("/api/v1/areas/district");
    expect(response.headers.get("content-type")).toBe("application/geo+json");
    expect(await response.json()).toEqual(harbour);
  });

  it("answers 304 to who has them", async () => {
    const etag = (await app.request("/api/v1/areas/district")).headers.get("etag")!;
    const again = await app.request("/api/v1/areas/district", { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
  });

  it("names the known levels when there is no such one", async () => {
    const response = await app.request("/api/v1/areas/parish");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      type: "urn:citydeck:problem:level",
      detail: 'level: "parish" is not one of district',
    });
  });
});
