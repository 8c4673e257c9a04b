import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeBasemap } from "../../fixtures/simulator/ground/tiles/basemap.ts";
import { readGround, thinned } from "./ground.ts";

let dir: string;
let path: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "citydeck-ground-"));
  path = join(dir, "basemap.pmtiles");
  await writeFile(path, makeBasemap());
}, 60_000);
afterAll(() => rm(dir, { recursive: true }));

/** Around the demo city. */
const ring = [
  [-12.16, 43.9],
  [-11.84, 43.9],
  [-11.84, 44.1],
  [-12.16, 44.1],
  [-12.16, 43.9],
] as const;

test("water and main roads around the areas are read, in a few kilobytes", async () => {
  const ground = (await readGround(path, [ring]))!;
  expect(ground.water.length).toBeGreaterThan(0);
  expect(ground.roads.length).toBeGreaterThan(3);
  expect(JSON.stringify(ground).length).toBeLessThan(40_000);
  const places = ground.roads.flat();
  const inside = places.filter(([lon, lat]) => lon > -12.3 && lon < -11.7 && lat > 43.8 && lat < 44.2);
  expect(inside.length).toBeGreaterThan(places.length / 2);
});

test("without a basemap, or with one that is none, there is no ground", async () => {
  const broken = join(dir, "broken.pmtiles");
  await writeFile(broken, "no tiles at all");
  expect(await readGround(null, [ring])).toBeNull();
  expect(await readGround(join(dir, "missing.pmtiles"), [ring])).toBeNull();
  expect(await readGround(broken, [ring])).toBeNull();
  expect(await readGround(path, [])).toBeNull();
  // Where the basemap has nothing.
  expect(await readGround(path, [ring.map(([lon, lat]) => [lon + 90, lat - 60] as const)])).toBeNull();
});

/** So many roads side by side from the west, each longer than the one before. */
const manyRoads = Array.from({ length: 800 }, (_, i) => [
  [0, i / 800],
  [(i + 1) / 800, i / 800],
]);

test("of more main roads than there is room for, the short ones are left out", () => {
  const ground = thinned({ water: [], roads: manyRoads }, [0, 0, 1, 1])!;
  expect(ground.roads.length).toBeGreaterThan(300);
  expect(ground.roads.length).toBeLessThanOrEqual(750);
  expect(ground.roads).toContainEqual(manyRoads.at(-1)!.map(([lon, lat]) => [lon, Number(lat!.toFixed(4))]));
});

test("where too many roads are as long as the picture, or it has no width, there is no ground", () => {
  const across = manyRoads.map(([from, to]) => [from!, [1, to![1]!]]);
  expect(thinned({ water: [], roads: across }, [0, 0, 1, 1])).toBeNull();
  expect(thinned({ water: [], roads: manyRoads }, [0.5, 0, 0.5, 1])).toBeNull();
});
