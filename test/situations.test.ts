/** Road situations by codes, end to end: a location table of one feed places what another one tells, until it is over. */

import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningCitydeck } from "../server/main.ts";
import type { FeedStatus } from "../shared/feed.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { startCity } from "./running-city.ts";

const table = `TableCode,LocationCode,Class,RoadName,FirstName,LinearRef,NegOffset,PosOffset,WGS84Lat,WGS84Long
17,11,P,Bay Road,Mill,,,12,"37,75","-122,42"
17,12,P,Bay Road,Bridge,,11,,"37,76","-122,42"
`;

/** A version of one accident between two points of the table. */
function publication(version: number, at: number, more = ""): string {
  const end = (name: string, code: number): string =>
    `<alertCMethod2${name}PointLocation><alertCLocation><specificLocation>${code}</specificLocation></alertCLocation></alertCMethod2${name}PointLocation>`;
  const time = new Date(at).toISOString();
  return `<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" modelBaseVersion="2"><exchange/>
<payloadPublication xsi:type="SituationPublication" lang="en"><publicationTime>${time}</publicationTime><situation id="S" version="${version}">
<situationRecord xsi:type="Accident" id="R" version="${version}"><situationRecordVersionTime>${time}</situationRecordVersionTime>
<validity><validityStatus>active</validityStatus></validity>${more}
<groupOfLocations xsi:type="Linear"><alertCLinear xsi:type="AlertCMethod2Linear"><alertCLocationTableNumber>17</alertCLocationTableNumber>${end("Primary", 11)}${end("Secondary", 12)}</alertCLinear></groupOfLocations>
</situationRecord></situation></payloadPublication></d2LogicalModel>`;
}

let dir: string;
let city: RunningCitydeck;
const get = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${city.url}/api/v1/${path}`)).json()) as T;
const publish = (text: string): Promise<void> => writeFile(join(dir, "roads.xml"), text);
const soon = { timeout: 10_000 };

beforeAll(async () => {
  dir = await temporaryDir("situations");
  const feed = (id: string, file: string, options: object): object => ({
    ...walkCity["feeds/bikes.json"],
    id,
    spec: "datex2",
    cadenceSeconds: 60,
    staleAfterSeconds: 300,
    dropAfterSeconds: 3_600,
    transport: { type: "file", files: [{ name: "body", path: file }] },
    options,
  });
  await writeJsonFiles(dir, {
    "city.json": walkCity["city.json"],
    "departments.json": walkCity["departments.json"],
    "feeds/roads.json": feed("roads", "roads.xml", { locationTable: "tmc" }),
    "feeds/tmc.json": feed("tmc", "tmc.csv", { gives: [] }),
  });
  await publish(publication(1, Date.now()));
  await writeFile(join(dir, "tmc.csv"), table);
  city = await startCity({ cityDir: dir, dataDir: join(dir, "data") });
}, 60_000);

afterAll(async () => {
  await city?.stop();
  await rm(dir, { recursive: true, force: true });
});

test("an accident by two codes lies on its road, and ends", { timeout: 40_000 }, async () => {
  const situations = async (): Promise<unknown> =>
    (await get<{ features: unknown[] }>("entities?kind=Situation")).features;
  await expect.poll(situations, soon).toMatchObject([
    {
      geometry: {
        type: "LineString",
        coordinates: [
          [-122.42, 37.75],
          [-122.42, 37.76],
        ],
      },
      properties: { name: "Mill – Bridge", roadName: "Bay Road", recordType: "Accident", isActive: true },
    },
  ]);
  const feeds = await get<FeedStatus[]>("feeds");
  expect(feeds.map(({ id, status, entities }) => [id, status, entities])).toEqual([
    ["roads", "fresh", 1],
    ["tmc", "fresh", 0],
  ]);
  expect(feeds[0]!.notices.map(({ code }) => code)).toEqual(["datex2-alert-c"]);
  const end = "<management><lifeCycleManagement><end>true</end></lifeCycleManagement></management>";
  await publish(publication(2, Date.now(), end));
  await expect.poll(situations, soon).toEqual([]);
});
