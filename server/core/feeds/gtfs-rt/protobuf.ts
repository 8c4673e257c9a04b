/**
 * The protobuf form of GTFS-Realtime (gtfs-realtime.proto), read straight into our messages. Generated code would build
 * an object for each of 30,000 predictions first; and it could not leave out the entities that have not changed.
 * Unknown fields and extensions (NYCT's 1001 and the like) are skipped.
 *
 * The hexadecimal cases are tags as they stand on the wire: the field's number × 8 + how its value is written
 * (0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes). A known number in another writing is an unknown field.
 */

import protobuf from "protobufjs/minimal.js";
import { texts } from "../text-pool.ts";
import {
  absent,
  emptyAlert,
  emptyTrip,
  emptyVehiclePosition,
  type AlertMessage,
  type EntitySelector,
  type FeedEntityMessage,
  type FeedHeader,
  type TimeRange,
  type Translation,
  type TripDescriptor,
  type TripUpdateMessage,
  type VehicleDescriptor,
  type VehiclePositionMessage,
} from "./message.ts";
import { StopTimeRows } from "./stop-time-rows.ts";

/** Where the top-level parts of a body are. */
export interface BodyIndex {
  readonly header: FeedHeader;
  /** Start and end of each entity, one after the other. */
  readonly entities: Int32Array;
}

/** Thrown for bytes that are no message; caught around each entity and around the body. */
class WireError extends Error {}

export class ProtobufReader {
  readonly #bytes: Uint8Array;
  readonly #reader: protobuf.Reader;
  readonly #stopTimes = new StopTimeRows();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#reader = new protobuf.Reader(bytes);
  }

  /** Finds the header and the entities without reading them. Throws when the body is not a whole FeedMessage. */
  readIndex(): BodyIndex {
    const reader = this.#reader;
    let header: FeedHeader | null = null;
    const entities: number[] = [];
    while (reader.pos < reader.len) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          header = this.#header();
          break;
        case 0x12: {
          const end = this.#end();
          entities.push(reader.pos, end);
          reader.pos = end;
          break;
        }
        default:
          this.#skip(field);
      }
    }
    if (!header) throw new WireError("no header");
    return { header, entities: Int32Array.from(entities) };
  }

  /** Only the id of the entity, "" when it does not come first as every writer puts it. */
  readEntityId(start: number, end: number): string {
    const reader = this.#within(start, end);
    return reader.uint32() === 0x0a ? this.#text() : "";
  }

  /** Throws when the bytes from `start` to `end` are no FeedEntity. */
  readEntity(start: number, end: number): FeedEntityMessage {
    const reader = this.#within(start, end);
    const entity: FeedEntityMessage = {
      id: "",
      isDeleted: false,
      vehicle: null,
      tripUpdate: null,
      alert: null,
    };
    this.#stopTimes.clear();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          entity.id = this.#text();
          break;
        case 0x10:
          entity.isDeleted = reader.bool();
          break;
        case 0x1a:
          entity.tripUpdate = this.#tripUpdate();
          break;
        case 0x22:
          entity.vehicle = this.#vehiclePosition();
          break;
        case 0x2a:
          entity.alert = this.#alert();
          break;
        default:
          this.#skip(field);
      }
    }
    if (reader.pos !== end) throw new WireError("an entity that ends inside a field");
    return entity;
  }

  #within(start: number, end: number): protobuf.Reader {
    this.#reader.pos = start;
    this.#reader.len = end;
    return this.#reader;
  }

  /** A tag, a length or another uint32, of which most are one byte. */
  #small(): number {
    const reader = this.#reader;
    const byte = this.#bytes[reader.pos] as number;
    if (!(byte < 0x80) || reader.pos >= reader.len) return reader.uint32();
    reader.pos++;
    return byte;
  }

  /** The end of a length-delimited value that starts here. */
  #end(): number {
    const reader = this.#reader;
    const length = this.#small();
    const end = reader.pos + length;
    if (end > reader.len)
      throw new WireError(`${length} bytes announced at ${reader.pos}, ${reader.len - reader.pos} left`);
    return end;
  }

  /** Passes over the value of a field that we do not read. */
  #skip(field: number): void {
    if (field >>> 3 === 0) throw new WireError("field number 0");
    this.#reader.skipType(field & 7);
  }

  #text(): string {
    const end = this.#end();
    const text = texts.read(this.#bytes, this.#reader.pos, end);
    this.#reader.pos = end;
    return text;
  }

  /** An int64 or uint64 as a number; everything this standard counts stays below 2^53. */
  #whole(): number {
    const reader = this.#reader;
    const bytes = this.#bytes;
    let at = reader.pos;
    let low = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (at >= reader.len) throw new WireError("a number that does not end");
      const byte = bytes[at++] as number;
      if (count < 4) low |= (byte & 0x7f) << (7 * count);
      else {
        if (count === 4) scale = 2 ** 28;
        low += (byte & 0x7f) * scale;
        scale *= 128;
      }
      if (byte < 0x80) {
        reader.pos = at;
        return low >= 2 ** 63 ? low - 2 ** 64 : low;
      }
    }
    throw new WireError("a number of more than ten bytes");
  }

  #header(): FeedHeader {
    const reader = this.#reader;
    const end = this.#end();
    const header = { version: "", incrementality: absent, timestamp: Number.NaN };
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          header.version = this.#text();
          break;
        case 0x10:
          header.incrementality = reader.int32();
          break;
        case 0x18:
          header.timestamp = this.#whole();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return header;
  }

  #mustEnd(end: number): void {
    if (this.#reader.pos !== end) throw new WireError(`a message that ends inside a field at ${end}`);
  }

  #trip(): TripDescriptor {
    const reader = this.#reader;
    const end = this.#end();
    const trip = emptyTrip();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          trip.tripId = this.#text();
          break;
        case 0x12:
          trip.startTime = this.#text();
          break;
        case 0x1a:
          trip.startDate = this.#text();
          break;
        case 0x20:
          trip.scheduleRelationship = reader.int32();
          break;
        case 0x2a:
          trip.routeId = this.#text();
          break;
        case 0x30:
          trip.directionId = reader.uint32();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return trip;
  }

  #vehicle(): VehicleDescriptor {
    const reader = this.#reader;
    const end = this.#end();
    const vehicle = { id: "", label: "" };
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          vehicle.id = this.#text();
          break;
        case 0x12:
          vehicle.label = this.#text();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return vehicle;
  }

  #vehiclePosition(): VehiclePositionMessage {
    const reader = this.#reader;
    const end = this.#end();
    const position = emptyVehiclePosition();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          position.trip = this.#trip();
          break;
        case 0x12:
          this.#position(position);
          break;
        case 0x18:
          position.currentStopSequence = this.#small();
          break;
        case 0x20:
          position.currentStatus = reader.int32();
          break;
        case 0x28:
          position.timestamp = this.#whole();
          break;
        case 0x30:
          position.congestionLevel = reader.int32();
          break;
        case 0x3a:
          position.stopId = this.#text();
          break;
        case 0x42:
          position.vehicle = this.#vehicle();
          break;
        case 0x48:
          position.occupancyStatus = reader.int32();
          break;
        case 0x50:
          position.occupancyPercentage = reader.uint32();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return position;
  }

  #position(into: VehiclePositionMessage): void {
    const reader = this.#reader;
    const end = this.#end();
    into.hasPosition = true;
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0d:
          into.latitude = reader.float();
          break;
        case 0x15:
          into.longitude = reader.float();
          break;
        case 0x1d:
          into.bearing = reader.float();
          break;
        case 0x21:
          reader.double();
          break;
        case 0x2d:
          into.speed = reader.float();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
  }

  #tripUpdate(): TripUpdateMessage {
    const reader = this.#reader;
    const end = this.#end();
    let trip: TripDescriptor | null = null;
    let vehicle: VehicleDescriptor | null = null;
    let timestamp = Number.NaN;
    let delay = Number.NaN;
    let properties = emptyTrip();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          trip = this.#trip();
          break;
        case 0x12:
          this.#stopTimeUpdate();
          break;
        case 0x1a:
          vehicle = this.#vehicle();
          break;
        case 0x20:
          timestamp = this.#whole();
          break;
        case 0x28:
          delay = reader.int32();
          break;
        case 0x32:
          properties = this.#tripProperties();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    const { tripId: newTripId, startDate: newStartDate, startTime: newStartTime } = properties;
    const renamed = { newTripId, newStartDate, newStartTime };
    return { trip, vehicle, timestamp, delay, ...renamed, ...this.#stopTimes.take() };
  }

  #tripProperties(): TripDescriptor {
    const reader = this.#reader;
    const end = this.#end();
    const properties = emptyTrip();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          properties.tripId = this.#text();
          break;
        case 0x12:
          properties.startDate = this.#text();
          break;
        case 0x1a:
          properties.startTime = this.#text();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return properties;
  }

  #stopTimeUpdate(): void {
    const reader = this.#reader;
    const end = this.#end();
    const rows = this.#stopTimes;
    rows.startRow();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x08:
          rows.stopSequence(this.#small());
          break;
        case 0x12:
          this.#arrival(rows);
          break;
        case 0x1a:
          this.#departure(rows);
          break;
        case 0x22:
          rows.stopId(this.#text());
          break;
        case 0x28:
          rows.scheduleRelationship(reader.int32());
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    rows.endRow();
  }

  #arrival(rows: StopTimeRows): void {
    const reader = this.#reader;
    const end = this.#end();
    rows.arrives();
    while (reader.pos < end) {
      const field = this.#small();
      if (field === 0x08) rows.arrivalDelay(reader.int32());
      else if (field === 0x10) rows.arrivalTime(this.#whole());
      else this.#skip(field);
    }
    this.#mustEnd(end);
  }

  #departure(rows: StopTimeRows): void {
    const reader = this.#reader;
    const end = this.#end();
    rows.departs();
    while (reader.pos < end) {
      const field = this.#small();
      if (field === 0x08) rows.departureDelay(reader.int32());
      else if (field === 0x10) rows.departureTime(this.#whole());
      else this.#skip(field);
    }
    this.#mustEnd(end);
  }

  #alert(): AlertMessage {
    const reader = this.#reader;
    const end = this.#end();
    const alert = emptyAlert();
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          alert.activePeriods.push(this.#timeRange());
          break;
        case 0x2a:
          alert.informedEntities.push(this.#selector());
          break;
        case 0x30:
          alert.cause = reader.int32();
          break;
        case 0x38:
          alert.effect = reader.int32();
          break;
        case 0x42:
          alert.url = this.#translations();
          break;
        case 0x52:
          alert.headerText = this.#translations();
          break;
        case 0x70:
          alert.severityLevel = reader.int32();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return alert;
  }

  #timeRange(): TimeRange {
    const reader = this.#reader;
    const end = this.#end();
    const range = { start: Number.NaN, end: Number.NaN };
    while (reader.pos < end) {
      const field = this.#small();
      if (field === 0x08) range.start = this.#whole();
      else if (field === 0x10) range.end = this.#whole();
      else this.#skip(field);
    }
    this.#mustEnd(end);
    return range;
  }

  #selector(): EntitySelector {
    const reader = this.#reader;
    const end = this.#end();
    let [agencyId, routeId, stopId] = ["", "", ""];
    let routeType = Number.NaN;
    let trip: TripDescriptor | null = null;
    while (reader.pos < end) {
      const field = this.#small();
      switch (field) {
        case 0x0a:
          agencyId = this.#text();
          break;
        case 0x12:
          routeId = this.#text();
          break;
        case 0x18:
          routeType = reader.int32();
          break;
        case 0x22:
          trip = this.#trip();
          break;
        case 0x2a:
          stopId = this.#text();
          break;
        default:
          this.#skip(field);
      }
    }
    this.#mustEnd(end);
    return { agencyId, routeId, routeType, stopId, trip };
  }

  #translations(): Translation[] {
    const reader = this.#reader;
    const end = this.#end();
    const translations: Translation[] = [];
    while (reader.pos < end) {
      const field = this.#small();
      if (field === 0x0a) translations.push(this.#translation());
      else this.#skip(field);
    }
    this.#mustEnd(end);
    return translations;
  }

  #translation(): Translation {
    const reader = this.#reader;
    const end = this.#end();
    const translation = { text: "", language: "" };
    while (reader.pos < end) {
      const field = this.#small();
      if (field === 0x0a) translation.text = this.#text();
      else if (field === 0x12) translation.language = this.#text();
      else this.#skip(field);
    }
    this.#mustEnd(end);
    return translation;
  }
}
