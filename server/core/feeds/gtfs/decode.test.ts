import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { listFeedCases } from "../../../../fixtures/feed-cases.ts";
import { makeGtfs } from "../../../../fixtures/make-gtfs.ts";
import { Notices } from "../../../../shared/notice.ts";
import type { ConnectorFeed, Update } from "../connector.ts";
import { openArchive } from "./archive.ts";
import { gtfs } from "./decode.ts";

const feed: ConnectorFeed = {
  id: "bus",
  spec: "gtfs",
  zone: "America/New_York",
  bounds: [-180, -90, 180, 90],
  url: null,
  options: {},
};

function decode(bytes: Uint8Array): Update {
  const decoded = gtfs.decode({ name: "body", url: null, bytes }, feed, 1_000);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

const codesOf = (update: Update): string[] => update.notices.map(({ code }) => code);

describe("recorded timetables", () => {
  test.each(listFeedCases("gtfs"))("$name", ({ bytes, expected }) => {
    const { schedule, rows, notices, version } = decode(bytes);
    const { zone, validFrom, validTo } = schedule!;
    const found = notices.map(({ code, severity, count }) => ({ code, severity, count }));
    expect({ version, zone, validFrom, validTo, rows, notices: found }).toEqual(expected);
  });
});

test("gives stops and routes as entities, with places, names and no invented time", () => {
  const { entities, mode, version } = decode(makeGtfs());
  expect([mode, version, entities.length]).toEqual(["full", "v1", 6]);
  expect(entities[2]).toMatchObject({
    id: "bus/Stop/S3",
    kind: "Stop",
    position: [-122.42, 37.76],
    observedAt: null,
    fields: { name: "Third", locationType: "0", parentStation: "P", stopCode: null },
  });
  expect(entities[5]).toMatchObject({
    id: "bus/Route/R2",
    fields: { agencyId: "A", shortName: null, longName: "Second", routeType: 3 },
  });
});

test("ignores unknown files, a folder inside the ZIP and what a Mac leaves there", () => {
  const inFolder = { "feed/desktop.ini": "[x]", "__MACOSX/stops.txt": "\0\0" };
  const table = "stop_id,stop_lat,stop_lon\nS9,1,2\n";
  const files = { ...inFolder, "feed/stops.txt": table };
  const zip = zipSync(
    Object.fromEntries(Object.entries(files).map(([n, t]) => [n, new TextEncoder().encode(t)])),
  );
  const update = decode(zip);
  expect(update.rows).toEqual({ stops: 1 });
  expect(codesOf(update)).toContain("gtfs-files-in-folder");
  expect(codesOf(update)).toContain("missing_required_file");
});

test.each([
  ["stops.txt", "stop_id,stop_lat,stop_lon\nS1,95,10\nS1,1,1\n,1,1\n", "number_out_of_range"],
  ["stops.txt", "stop_id,stop_lat,stop_lon\nS1,1,1\nS1,1,1\n", "duplicate_key"],
  ["stops.txt", "stop_id,stop_lat,stop_lon\n,1,1\n", "missing_required_field"],
  ["trips.txt", "trip_id,route_id,service_id\nT1,R9,WK\n", "foreign_key_violation"],
  ["stop_times.txt", "trip_id,arrival_time,stop_id,stop_sequence\nT1,8h,S1,1\n", "invalid_time"],
  ["stop_times.txt", "trip_id,arrival_time,stop_id,stop_sequence\nT1,08:00:00,S1,x\n", "number_out_of_range"],
  [
    "stop_times.txt",
    "trip_id,arrival_time,stop_id,stop_sequence\nT9,08:00:00,S1,1\n",
    "foreign_key_violation",
  ],
  ["calendar.txt", "service_id,monday,start_date,end_date\nWK,1,20230230,20231231\n", "invalid_date"],
  [
    "calendar.txt",
    "service_id,monday,start_date,end_date\nWK,1,20230101,20451231\n",
    "gtfs-calendar-far-end",
  ],
  ["calendar_dates.txt", "service_id,date,exception_type\nWK,20230101,3\n", "unexpected_enum_value"],
  ["agency.txt", "agency_id,agency_timezone\nA,Mars/Base\n", "invalid_timezone"],
  ["frequencies.txt", "trip_id,start_time,end_time,headway_secs\nT1,08:00:00,09:00:00,0\n", "invalid_time"],
  ["routes.txt", 'route_id,route_long_name\nR1,"open\n', "csv_parsing_failed"],
])("a fault in %s becomes %3$s and loses nothing else", (file, text, code) => {
  const update = decode(makeGtfs({ [file]: text }));
  expect(codesOf(update)).toContain(code);
  expect(update.schedule).toBeDefined();
});

test("needs a calendar of either kind", () => {
  const update = decode(makeGtfs({ "calendar.txt": null, "calendar_dates.txt": null }));
  expect(codesOf(update)).toContain("missing_calendar_and_calendar_date_files");
});

test("takes the city's zone when the agency has none", () => {
  expect(decode(makeGtfs({ "agency.txt": null })).schedule?.zone).toBe("America/New_York");
});

test.each([
  ["nothing", ""],
  ["a web page", "<!doctype html><title>Maintenance</title>"],
  ["a cut ZIP", "PK\u0003\u0004"],
])("%s is a failure that says what was expected", (_, text) => {
  const bytes = new TextEncoder().encode(text);
  const decoded = gtfs.decode({ name: "body", url: null, bytes }, feed, 0);
  expect(decoded).toMatchObject({ ok: false, failure: { class: "unreadable" } });
});

test("a ZIP of something else is a failure", () => {
  const zip = zipSync({ "readme.md": new Uint8Array(3) });
  expect(gtfs.decode({ name: "body", url: null, bytes: zip }, feed, 0)).toMatchObject({ ok: false });
});

describe("a ZIP bomb", () => {
  const bomb = zipSync({ "stops.txt": new Uint8Array(2_000_000), "trips.txt": new Uint8Array(10) });
  const wanted = new Set(["stops", "trips"]);
  const limits = { entries: 10, fileBytes: 3_000_000, totalBytes: 3_000_000 };
  const open = (changed: Partial<typeof limits>, bytes: Uint8Array = bomb) =>
    openArchive(bytes, wanted, new Notices(), { ...limits, ...changed });

  test.each([[{ fileBytes: 1_000_000 }], [{ totalBytes: 2_000_005 }], [{ entries: 1 }]])(
    "%j stops it",
    (limit) => {
      expect(open(limit)).toMatchObject({ ok: false, failure: { class: "too-large" } });
    },
  );

  test("that lies about its size fills no more than it declared", () => {
    const lying = bomb.slice();
    const view = new DataView(lying.buffer);
    for (let at = 0; at + 4 <= lying.length; at++) {
      if (view.getUint32(at, true) === 2_000_000) view.setUint32(at, 1_000, true);
    }
    const notices = new Notices();
    const opened = openArchive(lying, wanted, notices, limits);
    expect(opened.ok && opened.value.get("stops")?.length).toBe(1_000);
  });
});

test("any change of any bytes costs a notice or a failure, never an exception", () => {
  const good = makeGtfs();
  const flips = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(flips, fc.nat(good.length), (changes, cut) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      for (const body of [bytes, good.slice(0, cut)]) {
        const decoded = gtfs.decode({ name: "body", url: null, bytes: body }, feed, 0);
        if (!decoded.ok) expect(decoded.failure.message).toMatch(/^body: /);
      }
    }),
    { seed: 11, numRuns: 200 },
  );
});
