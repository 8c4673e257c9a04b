import { describe, expect, test } from "vitest";
import { hasRecordings, readRecording } from "../../../../fixtures/feed-cases.ts";
import { Notices } from "../../../../shared/notice.ts";
import type { AlertCLocation } from "../../../../shared/situation.ts";
import { resolveAlertC, unknownCodes } from "./alert-c.ts";
import { datex2 } from "./decode.ts";
import { metresBetween } from "./line.ts";
import { isTable, readTable, type LocationTable } from "./location-table.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const part = (bytes: Uint8Array) => ({ name: "locations", url: null, bytes });

const header =
  "CountryId,TableCode,LocationCode,Class,Type,Subtype,Road/JunctionNo,RoadName,FirstName,SecondName,AreaRef,LinearRef,NegOffset,PosOffset,WGS84Lat,WGS84Long";
/** A road eastwards with four junctions, 0.01° apart, and a branch that nothing leads to. */
const rows = [
  "15,17,900,L,1,1,50,Ring,West,East,1,,,,,",
  "15,17,901,L,3,0,,,West,Middle,1,900,,,,",
  '15,17,11,P,1,3,1,,West,,1,901,,12,"60,0","24,00"',
  '15,17,12,P,1,3,2,,Mill,,1,901,11,13,"60,0","24,01"',
  '15,17,13,P,1,3,3,,Bridge,,1,901,12,14,"60,0","24,02"',
  '15,17,14,P,1,3,4,,East,,1,901,13,,"60,0","24,03"',
  "15,17,20,P,1,3,,,Branch,,1,,,,60.1,24.1",
  "15,17,21,P,1,3,,,Nowhere,,1,,,,,",
  "15,17,316,A,9,1,,,Town,,1,,,,,",
];

function table(lines: readonly string[] = rows): LocationTable {
  const read = readTable(part(encode([header, ...lines].join("\r\n"))), new Notices());
  if (!read.ok) throw new Error(read.failure.message);
  return read.value.table;
}

function location(
  primary: number,
  secondary: number | null = null,
  offsets: readonly number[] = [0, 0],
): AlertCLocation {
  const point = (code: number, i: number) => ({ code, offsetMetres: offsets[i]! });
  return {
    tableNumber: 17,
    type: secondary === null ? "point" : "linear",
    primary: point(primary, 0),
    secondary: secondary === null ? null : point(secondary, 1),
  };
}

describe("a location table", () => {
  test("is known by its columns, whatever holds it", () => {
    expect(isTable(encode([header, ...rows].join("\n")))).toBe(true);
    expect(isTable(encode("lat,lon\n1,2"))).toBe(false);
    expect(isTable(encode("<d2LogicalModel/>"))).toBe(false);
  });

  test("names road and number by the lines that its points lie on", () => {
    expect(table().find(17, 12)).toEqual({
      code: 12,
      position: [24.01, 60],
      name: "Mill",
      roadNumber: "50",
      roadName: "Ring",
    });
    expect(table().find(17, 21)).toMatchObject({ position: null });
    expect([table().find(17, 99), table().find(3, 12)]).toEqual([null, null]);
    expect(table().find(null, 12)?.name).toBe("Mill");
  });

  test("says what is wrong with a row and keeps the rest", () => {
    const notices = new Notices();
    const bad = [
      "15,17,0,P,1,1,,,,,,,,,60,24",
      "15,17,99999,P,1,1,,,,,,,,,60,24",
      "15,99,5,P,1,1,,,,,,,,,60,24",
      "15,17,30,P,1,1,,,,,,,,,north,24",
    ];
    const read = readTable(part(encode([header, ...bad, ...rows].join("\n"))), notices);
    expect(read.ok && read.value).toMatchObject({ counts: { points: 7, lines: 2, areas: 1 } });
    expect(notices.list()).toMatchObject([
      { code: "datex2-table-row", count: 3 },
      { code: "datex2-table-place", count: 2 },
    ]);
  });

  test("has a version that changes with what it says", () => {
    const changed = rows.map((row) => row.replace("24,03", "24,04"));
    expect(table().version).toBe(table().version);
    expect(table(changed).version).not.toBe(table().version);
  });

  test("what is no table is refused", () => {
    const zip = new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]);
    expect(
      datex2.decode(
        part(zip),
        { id: "t", spec: "datex2", zone: "UTC", bounds: [-180, -90, 180, 90], url: null, options: {} },
        0,
      ),
    ).toMatchObject({ ok: false, failure: { class: "unreadable" } });
  });
});

describe("an Alert-C reference", () => {
  test("of one point is that point", () => {
    expect(resolveAlertC(table(), [location(12)])).toEqual({
      position: [24.01, 60],
      geometry: null,
      roadNumber: "50",
      roadName: "Ring",
      name: "Mill",
    });
  });

  test.each([
    [11, 14, [24, 24.01, 24.02, 24.03]],
    [14, 12, [24.03, 24.02, 24.01]],
    [11, 20, [24, 24.1]],
  ])("of %i to %i follows the road's points as far as it leads there", (from, to, longitudes) => {
    const { geometry } = resolveAlertC(table(), [location(from, to)])!;
    expect(geometry?.type === "LineString" && geometry.coordinates.map(([lon]) => lon)).toEqual(longitudes);
  });

  test("ends by its offsets inside its points", () => {
    const { geometry, position, name } = resolveAlertC(table(), [location(11, 14, [400, 100])])!;
    const line = geometry?.type === "LineString" ? geometry.coordinates : [];
    expect(line).toHaveLength(4);
    expect(metresBetween([24, 60], line[0]!)).toBeCloseTo(400, 0);
    expect(metresBetween([24.03, 60], line.at(-1)!)).toBeCloseTo(100, 0);
    expect(position[0]).toBeCloseTo((line[0]![0]! + line.at(-1)![0]!) / 2, 5);
    expect(name).toBe("West – East");
    // Offsets that leave nothing of the way are not believed.
    expect(resolveAlertC(table(), [location(11, 12, [400, 400])])!.geometry).toMatchObject({
      coordinates: [
        [24, 60],
        [24.01, 60],
      ],
    });
  });

  test("of a whole line joins its points from its negative end on", () => {
    const line: AlertCLocation = { ...location(901), type: "line" };
    expect(resolveAlertC(table(), [line])).toMatchObject({
      position: [24.015, 60],
      geometry: {
        coordinates: [
          [24, 60],
          [24.01, 60],
          [24.02, 60],
          [24.03, 60],
        ],
      },
      name: "West",
    });
  });

  test("that the table does not place is unknown; half of one is a point", () => {
    const area: AlertCLocation = { ...location(316), type: "area" };
    for (const unplaced of [area, location(21), location(99), { ...location(12), tableNumber: 3 }]) {
      expect(resolveAlertC(table(), [unplaced])).toBeNull();
      expect(unknownCodes(table(), [unplaced])).toEqual([unplaced.primary.code]);
    }
    expect(resolveAlertC(table(), [location(99, 12)])).toMatchObject({
      position: [24.01, 60],
      geometry: null,
    });
  });

  test("several of them are one place", () => {
    const { geometry } = resolveAlertC(table(), [location(11, 12), location(13, 14)])!;
    expect(geometry?.type).toBe("MultiLineString");
  });
});

describe.skipIf(!hasRecordings)(
  "against the geometry that the same publisher gives in his other format",
  () => {
    const world = {
      id: "roads",
      spec: "datex2",
      zone: "UTC",
      bounds: [-180, -90, 180, 90],
      url: null,
      options: {},
    } as const;
    const decode = (path: string) => {
      const decoded = datex2.decode(
        { name: "body", url: null, bytes: readRecording(`finland-roads/${path}`) },
        world,
        Date.UTC(2026, 10, 1),
      );
      if (!decoded.ok) throw new Error(decoded.failure.message);
      return decoded.value;
    };
    const finland = hasRecordings ? decode("tmc-location-table-simple-1.11.45.zip") : null;

    test("every location of the recorded table", () => {
      expect(finland).toMatchObject({
        rows: { points: 32_872, lines: 8_240, areas: 369 },
        entities: [],
        speaksOf: [],
      });
      expect(finland!.lookups!.locations!.size).toBe(41_481);
    });

    test.each([
      "Roadwork",
      "Roadwork2",
      "Roadwork_lane_closed",
      "Roadwork_lane_closed_2",
      "Roadwork_lane_management",
    ])("%s: both ends on the road, and its middle not far", (name) => {
      const { geometry } = JSON.parse(
        new TextDecoder().decode(readRecording(`finland-roads/simple-json/${name}.geojson`)),
      ) as { geometry: { coordinates: [number, number][][] } };
      const road = geometry.coordinates.flat();
      const offRoad = (place: readonly number[]): number =>
        Math.min(...road.map((on) => metresBetween([...place], on)));
      const placed = decode(`datex2-v2/${name}.xml`).entities.flatMap(({ alertC }) =>
        alertC ? [resolveAlertC(finland!.lookups!.locations!, alertC)] : [],
      );
      expect(placed.length).toBeGreaterThan(0);
      for (const place of placed) {
        const line = place!.geometry?.type === "LineString" ? place!.geometry.coordinates : [place!.position];
        expect(Math.max(offRoad(line[0]!), offRoad(line.at(-1)!))).toBeLessThan(250);
        expect(offRoad(place!.position)).toBeLessThan(700);
      }
    });
  },
);
