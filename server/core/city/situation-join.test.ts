import { describe, expect, test } from "vitest";
import { entity, indicator, noon, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import { indexAreas } from "./areas.ts";
import { Notices } from "../../../shared/notice.ts";
import { readTable, type LocationTable } from "../feeds/datex2/location-table.ts";
import { emptyBatch, type FeedWord } from "./changes.ts";
import { City } from "./city.ts";

const hour = 3_600_000;
const roads = plannedFeed({
  id: "roads",
  spec: "datex2",
  gives: ["Situation"],
  options: { locationTable: "tmc" },
  staleAfterSeconds: 7 * 86_400,
  dropAfterSeconds: 70 * 86_400,
});
const tmc = plannedFeed({ id: "tmc", spec: "datex2", gives: [], options: { gives: [] } });
const square = (west: number) => [
  [west, 60],
  [west + 1, 60],
  [west + 1, 61],
  [west, 61],
  [west, 60],
];
const areas = indexAreas([
  {
    level: "district",
    areas: [
      { id: "west", geometry: { type: "Polygon", coordinates: [square(24)] } },
      { id: "east", geometry: { type: "Polygon", coordinates: [square(25)] } },
    ],
  },
]);
const active = indicator({
  id: "transport.situations",
  reads: "Situation",
  where: { isActive: true },
  by: ["area.district"],
  staleAfterSeconds: 7 * 86_400,
});

function locations(lon: number): LocationTable {
  const csv = `TableCode,LocationCode,Class,FirstName,WGS84Lat,WGS84Long\n17,11,P,Mill,60.5,${lon}`;
  const read = readTable({ name: "t", url: null, bytes: new TextEncoder().encode(csv) }, new Notices());
  if (!read.ok) throw new Error(read.failure.message);
  return read.value.table;
}

const tableWord = (lon: number): FeedWord =>
  word({ scope: "locations", speaksOf: [], lookups: { locations: locations(lon) } }, { feedId: "tmc" });

const byCode = (code: number) =>
  entity("Situation", `at ${code}`, {
    feedId: "roads",
    observedAt: noon,
    fields: { recordType: "Accident", validityStatus: "active" },
    alertC: [{ tableNumber: 17, type: "point", primary: { code, offsetMetres: 0 }, secondary: null }],
  });

function cityOf(...words: FeedWord[]): City {
  const city = new City(plan({ zone: "Europe/Helsinki", feeds: [roads, tmc], indicators: [active], areas }));
  for (const one of words) city.advance({ ...emptyBatch, words: [one] }, noon);
  return city;
}
const situations = (city: City) => [...city.table("Situation").entries()].map(([, { entity: held }]) => held);
const codes = (city: City): string[] => city.feedStatus("roads", noon).notices.map(({ code }) => code);
const reading = (city: City, district: string): unknown =>
  city.readings.get(`transport.situations{area.district:${district}}`)?.value;

describe("codes of another feed's location table", () => {
  const spoken = word({ entities: [byCode(11), byCode(12)] }, { feedId: "roads" });

  test("are placed, named and counted by area, whichever comes first", () => {
    for (const city of [cityOf(spoken, tableWord(24.5)), cityOf(tableWord(24.5), spoken)]) {
      expect(situations(city)).toMatchObject([
        { position: [24.5, 60.5], quality: "estimated", fields: { name: "Mill", isActive: true } },
        { position: null, quality: "good" },
      ]);
      expect([reading(city, "west"), reading(city, "east")]).toEqual([1, 0]);
      expect(codes(city)).toEqual(["datex2-unknown-code"]);
    }
  });

  test("move with a new edition of the table", () => {
    const city = cityOf(spoken, tableWord(24.5), tableWord(25.5));
    expect([reading(city, "west"), reading(city, "east")]).toEqual([0, 1]);
  });

  test("without a table are a notice, and the situations stay", () => {
    const city = cityOf(spoken);
    expect(situations(city).map(({ position }) => position)).toEqual([null, null]);
    expect(codes(city)).toEqual(["datex2-no-table"]);
    city.advance({ ...emptyBatch, words: [word({ entities: [] }, { feedId: "roads" })] }, noon);
    expect([situations(city), codes(city)]).toEqual([[], []]);
  });

  test("a feed of nothing but a table is as fresh as its last body", () => {
    const city = cityOf();
    expect(city.feedStatus("tmc", noon).status).toBe("waiting");
    city.advance({ ...emptyBatch, words: [tableWord(24.5)] }, noon);
    expect(city.feedStatus("tmc", noon)).toMatchObject({ status: "fresh", entities: 0 });
    expect(city.feedStatus("tmc", noon + 61_000).status).toBe("stale");
  });
});

test("time alone begins and ends a situation, also where it recurs every night", () => {
  const times = [{ fromSeconds: 22 * 3600, toSeconds: 5 * 3600, offsetMinutes: null }];
  const period = { startsAt: null, endsAt: null, weekdays: [], months: [], times };
  const works = entity("Situation", "works", {
    feedId: "roads",
    observedAt: noon,
    position: [24.5, 60.5],
    fields: { validityStatus: "definedByValidityTimeSpec", startsAt: noon + hour, endsAt: noon + 40 * hour },
    validity: { periods: [period], exceptions: [] },
  });
  const city = cityOf(word({ entities: [works] }, { feedId: "roads" }));
  // Noon is two in the afternoon in Helsinki.
  const answers = [0, 7.9, 8, 14.9, 15, 31.9, 32, 39, 40].map((hours) => {
    city.advance(emptyBatch, noon + hours * hour);
    return reading(city, "west");
  });
  expect(answers).toEqual([0, 0, 1, 1, 0, 0, 1, 0, 0]);
});
