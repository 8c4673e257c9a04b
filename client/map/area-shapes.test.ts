import type { Position } from "geojson";
import { describe, expect, it } from "vitest";
import type { AreaCollection } from "../../shared/areas.ts";
import { areaLabels, areasWithin, beyondAreas, landOf, tileWindow } from "./area-shapes.ts";

function square(west: number, south: number, size: number): Position[] {
  return [
    [west, south],
    [west + size, south],
    [west + size, south + size],
    [west, south + size],
    [west, south],
  ];
}

function areas(...polygons: { id: string; rings: Position[][][] }[]): AreaCollection {
  return {
    type: "FeatureCollection",
    features: polygons.map(({ id, rings }) => ({
      type: "Feature",
      properties: { id, name: { en: id, zh: `${id}区` } },
      geometry: { type: "MultiPolygon", coordinates: rings },
    })),
  };
}

describe("areasWithin", () => {
  const bounds = [0, 0, 10, 10] as const;
  it("is the box of all areas, as far as the bounds go", () => {
    const two = areas({ id: "a", rings: [[square(1, 2, 2)]] }, { id: "b", rings: [[square(6, 3, 20)]] });
    expect(areasWithin(two, bounds)).toEqual([1, 2, 10, 10]);
  });
  it("is the bounds without areas, and when the areas are elsewhere", () => {
    expect(areasWithin(null, bounds)).toEqual(bounds);
    expect(areasWithin(areas({ id: "a", rings: [[square(20, 20, 2)]] }), bounds)).toEqual(bounds);
  });
});

describe("landOf", () => {
  it("is what lies in an area and not in its hole", () => {
    const isLand = landOf(areas({ id: "a", rings: [[square(0, 0, 9), square(3, 3, 3)]] }, { id: "b", rings: [[square(20, 0, 2)]] })); // prettier-ignore
    expect(([[1, 1], [4, 4], [21, 1], [12, 1]] as const).map(isLand)).toEqual([true, false, true, false]); // prettier-ignore
    expect(landOf(null)([1, 1])).toBe(false);
  });
});

describe("areaLabels", () => {
  it("names each area once, at its largest part, in the language asked for", () => {
    const labels = areaLabels(areas({ id: "bay", rings: [[square(0, 0, 0.1)], [square(5, 5, 2)]] }), "zh");
    expect(labels.features).toHaveLength(1);
    expect(labels.features[0]!.properties.name).toBe("bay区");
    expect(labels.features[0]!.geometry.coordinates[0]).toBeCloseTo(6, 1);
  });

  it("ranks large areas before small ones", () => {
    const labels = areaLabels(
      areas({ id: "small", rings: [[square(0, 0, 1)]] }, { id: "large", rings: [[square(3, 0, 2)]] }),
      "en",
    );
    const ranks = Object.fromEntries(
      labels.features.map(({ properties }) => [properties.id, properties.rank]),
    );
    expect(ranks["large"]).toBeLessThan(ranks["small"]!);
  });
});

describe("beyondAreas", () => {
  const neighbours = areas(
    { id: "west", rings: [[square(0, 0, 1)]] },
    { id: "east", rings: [[square(1, 0, 1)]] },
  );
  const covers = (lon: number, lat: number): boolean =>
    beyondAreas(neighbours).features[0]!.geometry.coordinates.some(([ring]) => {
      const [[west, south], , [east, north]] = ring as [[number, number], Position, [number, number]];
      return lon > west && lon < east && lat > south && lat < north;
    });

  it("leaves the areas free, also where two of them touch", () => {
    for (const [lon, lat] of [
      [0.5, 0.501],
      [1, 0.501],
      [1.9, 0.01],
    ] as const)
      expect(covers(lon, lat)).toBe(false);
  });

  it("covers all around them", () => {
    for (const [lon, lat] of [
      [-1, 0.501],
      [2.1, 0.501],
      [1, 1.1],
      [1, -0.1],
    ] as const)
      expect(covers(lon, lat)).toBe(true);
  });

  it("is nothing without areas", () => {
    expect(beyondAreas(areas()).features).toEqual([]);
  });
});

describe("tileWindow", () => {
  it("grows to the edges of whole tiles", () => {
    expect(tileWindow([-10, -10, 10, 10], 1).map((degrees) => Math.round(degrees))).toEqual([
      -180, -85, 180, 85,
    ]);
    const [west, south, east, north] = tileWindow([-122.52, 37.7, -122.35, 37.83], 12);
    expect(west).toBeCloseTo(-122.607, 3);
    expect(east).toBeCloseTo(-122.344, 3);
    expect(south).toBeLessThanOrEqual(37.7);
    expect(north).toBeGreaterThanOrEqual(37.83);
  });
});
