import type { Polygon } from "geojson";
import { expect, test } from "vitest";
import type { AlarmItem } from "../../../shared/alarms.ts";
import type { AreaLayer } from "../../../shared/areas.ts";
import { entityId, type Entity } from "../../../shared/entity.ts";
import type { Kind } from "../../../shared/kinds.ts";
import { indexAreas } from "../city/areas.ts";
import { dossierOf, type DossierSources } from "./dossier.ts";

const now = 1_000_000_000;

const box = (west: number, south: number, east: number, north: number): Polygon => ({
  type: "Polygon",
  coordinates: [
    [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ],
  ],
});

const areaOf = (id: string, geometry: Polygon) => ({
  id,
  name: { en: id, zh: id },
  aliases: [],
  population: null,
  geometry,
});
/** Two districts beside each other. */
const layers: readonly AreaLayer[] = [
  {
    level: "district",
    title: { en: "District", zh: "城区" },
    areas: [areaOf("west", box(0, 0, 1, 1)), areaOf("east", box(1, 0, 2, 1))],
  },
];

function thing(kind: Kind, name: string, position: [number, number] | null, more: object = {}): Entity {
  const base = { feedId: `${kind}-feed`, sourceId: name, observedAt: now, receivedAt: now, quality: "good" };
  return { id: entityId("f", kind, name), kind, position, ...base, fields: { name }, ...more } as Entity;
}

function sourcesOf(things: readonly Entity[], more: Partial<DossierSources> = {}): DossierSources {
  return {
    entities: (kind) => things.filter((one) => one.kind === kind),
    allows: () => true,
    alarms: [],
    feeds: [{ id: "WorkZone-feed", department: "streets" }],
    layers,
    areas: indexAreas(layers),
    ...more,
  };
}

const alarm = (id: string, more: Partial<AlarmItem>): AlarmItem =>
  ({ id, group: null, position: null, priority: "low", since: 0, ...more }) as AlarmItem;

test("things by their place and by their extent, from whoever has them, and none from outside", () => {
  const things = [
    thing("WorkZone", "inside", [0.5, 0.5]),
    thing("WorkZone", "outside", [1.5, 0.5]),
    thing("WorkZone", "nowhere", null),
    thing("CapAlert", "reaches in", null, { geometry: box(0.8, 0.8, 5, 5) }),
    thing("CapAlert", "elsewhere", null, { geometry: box(3, 3, 5, 5) }),
  ];
  const { kinds } = dossierOf(box(0.1, 0.1, 0.9, 0.9), null, sourcesOf(things), now);
  expect(kinds.map(({ kind, count, things: found }) => [kind, count, found.map(({ id }) => id)])).toEqual([
    ["CapAlert", 1, ["f/CapAlert/reaches%20in"]],
    ["WorkZone", 1, ["f/WorkZone/inside"]],
  ]);
  expect(kinds[1]).toMatchObject({ departments: ["streets"], newestAt: now });
});

test("what is closed or over is not there, what is to come is", () => {
  const zone = (name: string, fields: object) => thing("WorkZone", name, [0.5, 0.5], { fields });
  const things = [
    zone("over", { endsAt: now }),
    zone("under way", { startsAt: now - 1, endsAt: now + 1 }),
    zone("to come", { startsAt: now + 1 }),
    thing("ServiceRequest", "closed", [0.5, 0.5], { fields: { status: "closed" } }),
    thing("DispatchCall", "closed", [0.5, 0.5], { fields: { closedAt: now - 1 } }),
  ];
  const { kinds } = dossierOf(box(0, 0, 1, 1), null, sourcesOf(things), now);
  expect(kinds.map(({ kind, count }) => [kind, count])).toEqual([["WorkZone", 2]]);
  expect(kinds[0]!.things.map(({ id }) => id)).toEqual(["f/WorkZone/under%20way", "f/WorkZone/to%20come"]);
});

test("an outline touches areas, a chosen area is itself alone", () => {
  const across = dossierOf(box(0.9, 0.4, 1.1, 0.6), null, sourcesOf([]), now);
  expect(across.areas.map(({ id }) => id)).toEqual(["west", "east"]);
  const west = dossierOf(
    layers[0]!.areas[0]!.geometry,
    { level: "district", id: "west" },
    sourcesOf([]),
    now,
  );
  expect(west.areas).toEqual([{ level: "district", id: "west", name: { en: "west", zh: "west" } }]);
});

test("alarms at a place, about an area or about a thing in it, the most urgent first", () => {
  const warning = thing("CapAlert", "storm", null, { geometry: box(0, 0, 1, 1) });
  const alarms = [
    alarm("at a place", { position: [0.5, 0.5] }),
    alarm("of the other district", { group: "area.district:east" }),
    alarm("of the district", { group: "area.district:west", priority: "critical" }),
    alarm("of the warning", { group: `thing:${warning.id}`, priority: "high" }),
    alarm("of the city", {}),
  ];
  const found = dossierOf(box(0.1, 0.1, 0.9, 0.9), null, sourcesOf([warning], { alarms }), now).alarms;
  expect(found.map(({ id }) => id)).toEqual(["of the district", "of the warning", "at a place"]);
});

test("who may not see single calls is told that, whether there is one or none", () => {
  const allows = (kind: Kind) => kind !== "DispatchCall";
  const call = thing("DispatchCall", "a call", [0.5, 0.5]);
  const unseen = { kind: "DispatchCall", count: null, departments: [], newestAt: null, things: [] };
  for (const outline of [box(0, 0, 1, 1), box(1.4, 0.4, 1.5, 0.5)])
    expect(dossierOf(outline, null, sourcesOf([call], { allows }), now).kinds).toEqual([unseen]);
  expect(dossierOf(box(0, 0, 1, 1), null, sourcesOf([], { allows }), now).kinds).toEqual([]);
});

test("of very many the twelve that matter most, and how many there are", () => {
  const requests = Array.from({ length: 50 }, (_, i) =>
    thing("ServiceRequest", `r${i}`, [0.5, 0.5], {
      fields: { status: "open", expectedAt: now + (i - 25) * 1000 },
    }),
  );
  const [kind] = dossierOf(box(0, 0, 1, 1), null, sourcesOf(requests), now).kinds;
  expect([kind?.count, kind?.things.length, kind?.things[0]?.id]).toEqual([50, 12, "f/ServiceRequest/r0"]);
});
