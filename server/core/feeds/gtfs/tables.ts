/** The tables of a GTFS archive, row by row into columns. A bad row is a notice and never loses its table. */

import type { Notices } from "../../../../shared/notice.ts";
import type { CsvRows } from "./csv.ts";
import { orderRows } from "./ordered-rows.ts";
import type { Frequencies, Routes, Services, Shapes, Stops, StopTimes, Trips } from "./schedule.ts";
import { dayOfServiceDate } from "./service-day.ts";

/** Opens the table of a file stem, `null` when the archive has none. */
export type OpenTable = (stem: string) => CsvRows | null;

export interface Agencies {
  readonly ids: ReadonlySet<string>;
  readonly zone: string | null;
}

export function readAgencies(open: OpenTable): Agencies {
  const rows = open("agency");
  const ids = new Set<string>();
  let zone: string | null = null;
  if (!rows) return { ids, zone };
  const [id, timezone] = [rows.column("agency_id"), rows.column("agency_timezone")];
  while (rows.next()) {
    ids.add(rows.text(id));
    zone ??= rows.text(timezone) || null;
  }
  return { ids, zone };
}

export interface FeedInfo {
  readonly version: string | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
}

export function readFeedInfo(open: OpenTable): FeedInfo {
  const rows = open("feed_info");
  if (!rows?.next()) return { version: null, startDate: null, endDate: null };
  const field = (name: string): string | null => rows.text(rows.column(name)) || null;
  return {
    version: field("feed_version"),
    startDate: field("feed_start_date"),
    endDate: field("feed_end_date"),
  };
}

/** Keeps the first of each id; a second one is a notice. Returns its index, or -1. */
function addId(
  ids: string[],
  index: Map<string, number>,
  id: string,
  table: string,
  rows: CsvRows,
  notices: Notices,
) {
  if (id === "") {
    notices.add("missing_required_field", "error", `${table}.txt row ${rows.row}: its id is empty`);
    return -1;
  }
  if (index.has(id)) {
    notices.add("duplicate_key", "error", `${table}.txt row ${rows.row}: "${id}" again, the first is kept`);
    return -1;
  }
  index.set(id, ids.length);
  return ids.push(id) - 1;
}

/** What the entities of stops and routes need beyond the timetable's columns. */
export interface StopRow {
  readonly code: string | null;
  readonly locationType: string;
  readonly parentStation: string | null;
}

export function readStops(open: OpenTable, notices: Notices): { stops: Stops; rows: StopRow[] } {
  const rows = open("stops");
  const ids: string[] = [];
  const index = new Map<string, number>();
  const names: string[] = [];
  const lon: number[] = [];
  const lat: number[] = [];
  const types: number[] = [];
  const details: StopRow[] = [];
  if (rows) {
    const columns = [
      "stop_id",
      "stop_name",
      "stop_lon",
      "stop_lat",
      "location_type",
      "stop_code",
      "parent_station",
    ];
    const [id, name, x, y, type, code, parent] = columns.map((column) => rows.column(column)) as Numbers<7>;
    while (rows.next()) {
      if (addId(ids, index, rows.text(id), "stops", rows, notices) < 0) continue;
      const place = readPlace(rows, x, y, notices);
      names.push(rows.text(name));
      lon.push(place ? place[0] : Number.NaN);
      lat.push(place ? place[1] : Number.NaN);
      types.push(rows.number(type) || 0);
      details.push({
        code: rows.text(code) || null,
        locationType: rows.text(type) || "0",
        parentStation: rows.text(parent) || null,
      });
    }
  }
  const stops = { ids, index, names, lon: Float64Array.from(lon), lat: Float64Array.from(lat) };
  return { stops: { ...stops, locationType: Uint8Array.from(types) }, rows: details };
}

type Numbers<N extends number, A extends number[] = []> = A["length"] extends N
  ? A
  : Numbers<N, [...A, number]>;

/** Generic nodes and boarding areas may lack a place; a place that is written must be on the earth. */
function readPlace(rows: CsvRows, x: number, y: number, notices: Notices): [number, number] | null {
  if (rows.isEmpty(x) || rows.isEmpty(y)) return null;
  const lon = rows.number(x);
  const lat = rows.number(y);
  if (Math.abs(lon) <= 180 && Math.abs(lat) <= 90 && (lon !== 0 || lat !== 0)) return [lon, lat];
  notices.add(
    "number_out_of_range",
    "error",
    () =>
      `stops.txt row ${rows.row}: stop_lat "${rows.text(y)}", stop_lon "${rows.text(x)}", expected degrees of WGS 84`,
  );
  return null;
}

export interface RouteRow {
  readonly agencyId: string | null;
  readonly shortName: string | null;
  readonly longName: string | null;
  readonly routeType: number | null;
  readonly color: string | null;
}

export function readRoutes(open: OpenTable, notices: Notices): { routes: Routes; rows: RouteRow[] } {
  const rows = open("routes");
  const ids: string[] = [];
  const index = new Map<string, number>();
  const details: RouteRow[] = [];
  if (rows) {
    const columns = [
      "route_id",
      "agency_id",
      "route_short_name",
      "route_long_name",
      "route_type",
      "route_color",
    ];
    const [id, agency, short, long, type, color] = columns.map((column) => rows.column(column)) as Numbers<6>;
    while (rows.next()) {
      if (addId(ids, index, rows.text(id), "routes", rows, notices) < 0) continue;
      const routeType = rows.number(type);
      details.push({
        agencyId: rows.text(agency) || null,
        shortName: rows.text(short) || null,
        longName: rows.text(long) || null,
        routeType: Number.isNaN(routeType) ? null : routeType,
        color: rows.text(color) || null,
      });
    }
  }
  const names = details.map((row, at) => row.shortName ?? row.longName ?? (ids[at] as string));
  return { routes: { ids, index, names }, rows: details };
}

const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const farYears = 10;

/** calendar.txt and calendar_dates.txt together; a service may be in either or both. */
export function readServices(
  open: OpenTable,
  notices: Notices,
): { services: Services; index: Map<string, number>; firstDay: number; lastDay: number } {
  const columns = new ServiceColumns();
  const calendar = open("calendar");
  if (calendar) readCalendar(calendar, columns, notices);
  const dates = open("calendar_dates");
  if (dates) readCalendarDates(dates, columns, notices);
  const { index, firstDay, lastDay } = columns;
  return { services: columns.services(), index, firstDay, lastDay };
}

/** The services while both of their tables are read, and the days that they cover together. */
class ServiceColumns {
  readonly index = new Map<string, number>();
  firstDay = Infinity;
  lastDay = -Infinity;
  readonly #ids: string[] = [];
  readonly #weekdays: number[] = [];
  readonly #startDay: number[] = [];
  readonly #endDay: number[] = [];
  readonly #exceptions = new Map<number, { service: number; added: boolean }[]>();

  add(id: string, days: number, start: number, end: number): number {
    this.index.set(id, this.#ids.length);
    this.#weekdays.push(days);
    this.#startDay.push(start);
    this.#endDay.push(end);
    return this.#ids.push(id) - 1;
  }

  /** An added or a removed day of a service, which calendar.txt need not know. */
  except(id: string, day: number, added: boolean): void {
    const service = this.index.get(id) ?? this.add(id, 0, 0, -1);
    const ofDay = this.#exceptions.get(day);
    if (ofDay) ofDay.push({ service, added });
    else this.#exceptions.set(day, [{ service, added }]);
    if (added) this.cover(day, day);
  }

  cover(from: number, to: number): void {
    this.firstDay = Math.min(this.firstDay, from);
    this.lastDay = Math.max(this.lastDay, to);
  }

  services(): Services {
    return {
      ids: this.#ids,
      weekdays: Uint8Array.from(this.#weekdays),
      startDay: Int32Array.from(this.#startDay),
      endDay: Int32Array.from(this.#endDay),
      exceptions: this.#exceptions,
    };
  }
}

function readCalendar(rows: CsvRows, into: ServiceColumns, notices: Notices): void {
  const [id, start, end] = ["service_id", "start_date", "end_date"].map((name) =>
    rows.column(name),
  ) as Numbers<3>;
  const days = weekdays.map((name) => rows.column(name));
  while (rows.next()) {
    const from = readDay(rows, start, "calendar", notices);
    const to = readDay(rows, end, "calendar", notices);
    if (Number.isNaN(from) || Number.isNaN(to)) continue;
    if (to - from > farYears * 366) noteFarEnd(rows, end, notices);
    const serviceId = rows.text(id);
    if (into.index.has(serviceId)) {
      notices.add("duplicate_key", "error", `calendar.txt row ${rows.row}: "${serviceId}" again`);
      continue;
    }
    let bits = 0;
    for (const [bit, column] of days.entries()) if (rows.number(column) === 1) bits |= 1 << bit;
    into.add(serviceId, bits, from, to);
    into.cover(from, to);
  }
}

function noteFarEnd(rows: CsvRows, column: number, notices: Notices): void {
  notices.add(
    "gtfs-calendar-far-end",
    "info",
    () =>
      `calendar.txt row ${rows.row}: end_date ${rows.text(column)} is over ${farYears} years after its start`,
  );
}

function readCalendarDates(rows: CsvRows, into: ServiceColumns, notices: Notices): void {
  const [id, date, type] = ["service_id", "date", "exception_type"].map((name) =>
    rows.column(name),
  ) as Numbers<3>;
  while (rows.next()) {
    const day = readDay(rows, date, "calendar_dates", notices);
    const kind = rows.number(type);
    if (Number.isNaN(day)) continue;
    if (kind === 1 || kind === 2) into.except(rows.text(id), day, kind === 1);
    else {
      notices.add(
        "unexpected_enum_value",
        "error",
        () => `calendar_dates.txt row ${rows.row}: exception_type "${rows.text(type)}", expected 1 or 2`,
      );
    }
  }
}

function readDay(rows: CsvRows, column: number, table: string, notices: Notices): number {
  const day = dayOfServiceDate(rows.text(column));
  if (Number.isNaN(day)) {
    notices.add(
      "invalid_date",
      "error",
      () => `${table}.txt row ${rows.row}: "${rows.text(column)}", expected a date YYYYMMDD`,
    );
  }
  return day;
}

function unknownReference(
  notices: Notices,
  table: string,
  rows: CsvRows,
  field: string,
  value: string,
): void {
  notices.add(
    "foreign_key_violation",
    "error",
    () => `${table}.txt row ${rows.row}: ${field} "${value}" is unknown`,
  );
}

/** Points by shape. Returns the index by shape_id. */
export function readShapes(
  open: OpenTable,
  notices: Notices,
): { shapes: Shapes; index: Map<string, number> } {
  const rows = open("shapes");
  const index = new Map<string, number>();
  const shape: number[] = [];
  const sequence: number[] = [];
  const lon: number[] = [];
  const lat: number[] = [];
  const distance: number[] = [];
  if (rows) {
    const columns = ["shape_id", "shape_pt_sequence", "shape_pt_lon", "shape_pt_lat", "shape_dist_traveled"];
    const [id, order, x, y, traveled] = columns.map((column) => rows.column(column)) as Numbers<5>;
    let lastId = "";
    let last = -1;
    while (rows.next()) {
      const [pointLon, pointLat, at] = [rows.number(x), rows.number(y), rows.number(order)];
      if (!(Math.abs(pointLon) <= 180) || !(Math.abs(pointLat) <= 90) || Number.isNaN(at)) {
        notices.add(
          "number_out_of_range",
          "error",
          () =>
            `shapes.txt row ${rows.row}: lat "${rows.text(y)}", lon "${rows.text(x)}", sequence "${rows.text(order)}"`,
        );
        continue;
      }
      const shapeId = rows.text(id);
      if (shapeId !== lastId || last < 0) {
        last = index.get(shapeId) ?? index.size;
        index.set(shapeId, last);
        lastId = shapeId;
      }
      shape.push(last);
      sequence.push(at);
      lon.push(pointLon);
      lat.push(pointLat);
      distance.push(rows.number(traveled));
    }
  }
  const { order, first } = orderRows(Int32Array.from(shape), Int32Array.from(sequence), index.size);
  const columns = {
    lon: pick(lon, order),
    lat: pick(lat, order),
    distance: pickUnlessEmpty(distance, order),
  };
  return { shapes: { firstPoint: first, ...columns }, index };
}

function pick(values: readonly number[], order: Int32Array): Float64Array {
  const picked = new Float64Array(order.length);
  for (let at = 0; at < order.length; at++) picked[at] = values[order[at] as number] as number;
  return picked;
}

function pickUnlessEmpty(values: readonly number[], order: Int32Array): Float64Array {
  return values.every(Number.isNaN) ? new Float64Array(0) : pick(values, order);
}

function pickWhole(values: readonly number[], order: Int32Array): Int32Array {
  const picked = new Int32Array(order.length);
  for (let at = 0; at < order.length; at++) picked[at] = values[order[at] as number] as number;
  return picked;
}

type TripColumns = Omit<Trips, "firstStopTime" | "firstFrequency">;

export function readTrips(
  open: OpenTable,
  routes: Routes,
  services: ReadonlyMap<string, number>,
  shapes: ReadonlyMap<string, number>,
  notices: Notices,
): TripColumns {
  const rows = open("trips");
  const ids: string[] = [];
  const index = new Map<string, number>();
  const route: number[] = [];
  const service: number[] = [];
  const shape: number[] = [];
  const direction: number[] = [];
  if (rows) {
    const columns = ["trip_id", "route_id", "service_id", "shape_id", "direction_id"];
    const [id, ofRoute, ofService, ofShape, way] = columns.map((column) => rows.column(column)) as Numbers<5>;
    const find = (map: ReadonlyMap<string, number>, column: number, field: string): number => {
      if (rows.isEmpty(column)) return -1;
      const found = map.get(rows.text(column));
      if (found === undefined) unknownReference(notices, "trips", rows, field, rows.text(column));
      return found ?? -1;
    };
    while (rows.next()) {
      if (addId(ids, index, rows.text(id), "trips", rows, notices) < 0) continue;
      route.push(find(routes.index, ofRoute, "route_id"));
      service.push(find(services, ofService, "service_id"));
      shape.push(find(shapes, ofShape, "shape_id"));
      const directionId = rows.number(way);
      direction.push(directionId === 0 || directionId === 1 ? directionId : -1);
    }
  }
  const columns = {
    route: Int32Array.from(route),
    service: Int32Array.from(service),
    shape: Int32Array.from(shape),
  };
  return { ids, index, ...columns, direction: Int8Array.from(direction) };
}

/** Stop times by trip and sequence; times missing between timepoints are filled in evenly. */
export function readStopTimes(
  open: OpenTable,
  trips: TripColumns,
  stops: Stops,
  notices: Notices,
): { stopTimes: StopTimes; first: Int32Array } {
  const rows = open("stop_times");
  const read = new StopTimeLists();
  if (rows) readStopTimeRows(rows, { trips, stops }, read, notices);
  const { order, first } = orderRows(
    Int32Array.from(read.trip),
    Int32Array.from(read.sequence),
    trips.ids.length,
  );
  const stopTimes = {
    stop: pickWhole(read.stop, order),
    sequence: pickWhole(read.sequence, order),
    arrival: pickWhole(read.arrival, order),
    departure: pickWhole(read.departure, order),
    distance: pickUnlessEmpty(read.distance, order),
  };
  for (let at = 0; at + 1 < first.length; at++) {
    fillTimes(stopTimes, first[at] as number, first[at + 1] as number, trips.ids[at] as string, notices);
  }
  return { stopTimes, first };
}

/** Stop times in the order of the file. */
class StopTimeLists {
  readonly trip: number[] = [];
  readonly stop: number[] = [];
  readonly sequence: number[] = [];
  readonly arrival: number[] = [];
  readonly departure: number[] = [];
  readonly distance: number[] = [];
}

const stopTimeColumns = [
  "trip_id",
  "stop_id",
  "stop_sequence",
  "arrival_time",
  "departure_time",
  "shape_dist_traveled",
];

function readStopTimeRows(
  rows: CsvRows,
  { trips, stops }: { readonly trips: TripColumns; readonly stops: Stops },
  into: StopTimeLists,
  notices: Notices,
): void {
  const [ofTrip, ofStop, order, arrives, departs, traveled] = stopTimeColumns.map((column) =>
    rows.column(column),
  ) as Numbers<6>;
  let lastId = "";
  let last = -1;
  while (rows.next()) {
    const tripId = rows.text(ofTrip);
    if (tripId !== lastId) {
      lastId = tripId;
      last = trips.index.get(tripId) ?? -1;
    }
    const stopAt = stops.index.get(rows.text(ofStop)) ?? -1;
    const at = rows.number(order);
    if (last < 0) unknownReference(notices, "stop_times", rows, "trip_id", tripId);
    else if (stopAt < 0 && rows.isEmpty(ofStop)) noteFlexRow(rows, notices);
    else if (stopAt < 0) unknownReference(notices, "stop_times", rows, "stop_id", rows.text(ofStop));
    else if (!(at >= 0)) noteSequence(rows, order, notices);
    else {
      into.trip.push(last);
      into.stop.push(stopAt);
      into.sequence.push(at);
      into.arrival.push(readTime(rows, arrives, notices));
      into.departure.push(readTime(rows, departs, notices));
      into.distance.push(rows.number(traveled));
    }
  }
}

function noteSequence(rows: CsvRows, column: number, notices: Notices): void {
  notices.add(
    "number_out_of_range",
    "error",
    () =>
      `stop_times.txt row ${rows.row}: stop_sequence "${rows.text(column)}", expected a whole number from 0`,
  );
}

function noteFlexRow(rows: CsvRows, notices: Notices): void {
  notices.add(
    "gtfs-flexible-stop-time",
    "info",
    () =>
      `stop_times.txt row ${rows.row}: an area instead of a stop_id (GTFS-Flex), not part of the fixed timetable`,
  );
}

function readTime(rows: CsvRows, column: number, notices: Notices): number {
  const seconds = rows.seconds(column);
  if (!Number.isNaN(seconds)) return seconds;
  if (!rows.isEmpty(column)) {
    notices.add(
      "invalid_time",
      "error",
      () => `stop_times.txt row ${rows.row}: "${rows.text(column)}", expected H:MM:SS`,
    );
  }
  return -1;
}

/** Arrival stands for a missing departure and the other way round; gaps between known times are shared evenly. */
function fillTimes(times: StopTimes, from: number, to: number, tripId: string, notices: Notices): void {
  const { arrival, departure } = times;
  let known = -1;
  for (let row = from; row < to; row++) {
    if ((arrival[row] as number) < 0) arrival[row] = departure[row] as number;
    if ((departure[row] as number) < 0) departure[row] = arrival[row] as number;
    if ((arrival[row] as number) < 0) continue;
    if (known >= 0) {
      const start = departure[known] as number;
      const step = ((arrival[row] as number) - start) / (row - known);
      if (step < 0) {
        notices.add(
          "stop_time_with_arrival_before_previous_departure_time",
          "warning",
          () =>
            `stop_times.txt trip "${tripId}" stop_sequence ${times.sequence[row]}: earlier than the stop before`,
        );
      }
      for (let gap = known + 1; gap < row; gap++) {
        arrival[gap] = departure[gap] = Math.round(start + step * (gap - known));
      }
    }
    known = row;
  }
}

export function readFrequencies(
  open: OpenTable,
  trips: TripColumns,
  notices: Notices,
): { frequencies: Frequencies; first: Int32Array } {
  const rows = open("frequencies");
  const trip: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const headway: number[] = [];
  const exact: number[] = [];
  if (rows) {
    const columns = ["trip_id", "start_time", "end_time", "headway_secs", "exact_times"];
    const [id, from, to, seconds, exactly] = columns.map((column) => rows.column(column)) as Numbers<5>;
    while (rows.next()) {
      const of = trips.index.get(rows.text(id)) ?? -1;
      const [startAt, endAt, every] = [rows.seconds(from), rows.seconds(to), rows.number(seconds)];
      if (of < 0) unknownReference(notices, "frequencies", rows, "trip_id", rows.text(id));
      else if (Number.isNaN(startAt) || Number.isNaN(endAt) || !(every > 0)) {
        notices.add(
          "invalid_time",
          "error",
          () =>
            `frequencies.txt row ${rows.row}: "${rows.text(from)}" to "${rows.text(to)}" every "${rows.text(seconds)}"`,
        );
      } else {
        trip.push(of);
        start.push(startAt);
        end.push(endAt);
        headway.push(every);
        exact.push(rows.number(exactly) === 1 ? 1 : 0);
      }
    }
  }
  const { order, first } = orderRows(Int32Array.from(trip), Int32Array.from(start), trips.ids.length);
  const frequencies = {
    startSeconds: pickWhole(start, order),
    endSeconds: pickWhole(end, order),
    headwaySeconds: pickWhole(headway, order),
    exact: Uint8Array.from(order, (row) => exact[row] as number),
  };
  return { frequencies, first };
}
