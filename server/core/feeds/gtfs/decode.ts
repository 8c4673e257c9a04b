/** GTFS Schedule: a ZIP of tables becomes stops, routes and the timetable that realtime feeds refer to. */

import { isZone } from "../../../../shared/city-time.ts";
import { entityId, type Entity } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { fail, ok, type Result } from "../../../../shared/result.ts";
import type { Connector, ConnectorFeed, Failure, Part, Update } from "../connector.ts";
import { openArchive } from "./archive.ts";
import { CsvRows } from "./csv.ts";
import { findStopPosition, type Schedule, type Stops, type StopTimes } from "./schedule.ts";
import { serviceDateOfDay } from "./service-day.ts";
import {
  readAgencies,
  readFeedInfo,
  readFrequencies,
  readRoutes,
  readServices,
  readShapes,
  readStops,
  readStopTimes,
  readTrips,
  type OpenTable,
  type RouteRow,
  type StopRow,
} from "./tables.ts";

const requiredTables = ["agency", "routes", "stops", "trips", "stop_times"] as const;
const readTables = [...requiredTables, "calendar", "calendar_dates", "frequencies", "shapes", "feed_info"];
const wantedTables: ReadonlySet<string> = new Set(readTables);

export const gtfs: Connector = {
  spec: "gtfs",

  gives: () => ["Stop", "Route"],

  next: (feed) => (feed.url === null ? [] : [{ name: "body", url: feed.url }]),

  decode(part, feed, receivedAt) {
    const notices = new Notices();
    const archive = openArchive(part.bytes, wantedTables, notices);
    if (!archive.ok) return fail({ ...archive.failure, message: `${part.name}: ${archive.failure.message}` });
    return readArchive(archive.value, part, feed, receivedAt, notices);
  },
};

function readArchive(
  files: ReadonlyMap<string, Uint8Array>,
  part: Part,
  feed: ConnectorFeed,
  receivedAt: number,
  notices: Notices,
): Result<Update, Failure> {
  if (!requiredTables.some((table) => files.has(table))) {
    return fail({
      class: "unreadable",
      message: `${part.name}: a ZIP without ${requiredTables.join(".txt, ")}.txt`,
    });
  }
  const opened = new Map<string, CsvRows>();
  const open: OpenTable = (stem) => {
    const bytes = files.get(stem);
    if (!bytes) return null;
    const rows = new CsvRows(bytes);
    opened.set(stem, rows);
    return rows;
  };
  noteMissing(files, notices);
  const { schedule, stopRows, routeRows } = readSchedule(open, feed.zone, notices);
  for (const [stem, rows] of opened) {
    if (rows.unclosedQuote)
      notices.add("csv_parsing_failed", "error", `${stem}.txt: a quoted field never ends`);
  }
  return ok({
    mode: "full",
    scope: part.name,
    version: schedule.version,
    publishedAt: null,
    entities: [
      ...stopEntities(schedule.stops, stopRows, feed.id, receivedAt),
      ...routeEntities(schedule, routeRows, feed.id, receivedAt),
    ],
    observations: [],
    notices: notices.list(),
    schedule,
    rows: countRows(opened),
  });
}

function readSchedule(
  open: OpenTable,
  cityZone: string,
  notices: Notices,
): { schedule: Schedule; stopRows: StopRow[]; routeRows: RouteRow[] } {
  const agencies = readAgencies(open);
  const info = readFeedInfo(open);
  const { stops, rows: stopRows } = readStops(open, notices);
  const { routes, rows: routeRows } = readRoutes(open, notices);
  const { services, index: serviceIndex, firstDay, lastDay } = readServices(open, notices);
  const { shapes, index: shapeIndex } = readShapes(open, notices);
  const trips = readTrips(open, routes, serviceIndex, shapeIndex, notices);
  const { stopTimes, first: firstStopTime } = readStopTimes(open, trips, stops, notices);
  const { frequencies, first: firstFrequency } = readFrequencies(open, trips, notices);
  const schedule: Schedule = {
    version: info.version ?? hashOf(stopTimes),
    zone: agencyZone(agencies.zone, cityZone, notices),
    validFrom: firstDay === Infinity ? info.startDate : serviceDateOfDay(firstDay),
    validTo: lastDay === -Infinity ? info.endDate : serviceDateOfDay(lastDay),
    agencyIds: agencies.ids,
    stops,
    routes,
    services,
    trips: { ...trips, firstStopTime, firstFrequency },
    stopTimes,
    frequencies,
    shapes,
  };
  return { schedule, stopRows, routeRows };
}

/** Names both what the standard requires and what it requires one of. */
function noteMissing(files: ReadonlyMap<string, Uint8Array>, notices: Notices): void {
  for (const table of requiredTables) {
    if (!files.has(table)) notices.add("missing_required_file", "error", `${table}.txt is not in the ZIP`);
  }
  if (!files.has("calendar") && !files.has("calendar_dates")) {
    notices.add(
      "missing_calendar_and_calendar_date_files",
      "error",
      "neither calendar.txt nor calendar_dates.txt",
    );
  }
}

function agencyZone(zone: string | null, cityZone: string, notices: Notices): string {
  if (zone !== null && isZone(zone)) return zone;
  notices.add(
    "invalid_timezone",
    "error",
    `agency.txt: agency_timezone "${zone ?? ""}", ${cityZone} is used`,
  );
  return cityZone;
}

/** Data rows of every table we read, those with faults as well. */
function countRows(opened: ReadonlyMap<string, CsvRows>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [stem, rows] of opened) {
    while (rows.next());
    counts[stem] = rows.row;
  }
  return counts;
}

/** FNV-1a over the columns: another timetable without a `feed_version` must have another version. */
function hashOf(times: StopTimes): string {
  let hash = 0x811c9dc5;
  for (const column of [times.stop, times.sequence, times.arrival, times.departure]) {
    for (const value of column) hash = Math.imul(hash ^ value, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function stopEntities(stops: Stops, rows: readonly StopRow[], feedId: string, receivedAt: number): Entity[] {
  return rows.map((row, stop) => {
    const sourceId = stops.ids[stop] as string;
    return {
      id: entityId(feedId, "Stop", sourceId),
      kind: "Stop",
      feedId,
      sourceId,
      observedAt: null,
      receivedAt,
      position: findStopPosition({ stops }, stop),
      quality: "good",
      fields: {
        name: stops.names[stop] || null,
        stopCode: row.code,
        locationType: row.locationType,
        parentStation: row.parentStation,
      },
    };
  });
}

function routeEntities(
  schedule: Schedule,
  rows: readonly RouteRow[],
  feedId: string,
  receivedAt: number,
): Entity[] {
  return rows.map((row, route) => {
    const sourceId = schedule.routes.ids[route] as string;
    return {
      id: entityId(feedId, "Route", sourceId),
      kind: "Route",
      feedId,
      sourceId,
      observedAt: null,
      receivedAt,
      position: null,
      quality: "good",
      fields: row,
    };
  });
}
