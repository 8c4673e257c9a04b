/** GTFS-Realtime of one minute of the MBTA: decoding it, and decoding the next poll, against the public bindings. */

import bindings from "gtfs-realtime-bindings";
import { hasRecordings, readRecording, recordingsFolder } from "../../fixtures/feed-cases.ts";
import { City } from "../../server/core/city/city.ts";
import type { ConnectorFeed } from "../../server/core/feeds/connector.ts";
import { gtfsRt } from "../../server/core/feeds/gtfs-rt/decode.ts";
import type { GtfsRtOptions } from "../../server/core/feeds/gtfs-rt/options.ts";
import { Broadcast, type BroadcastCity } from "../../server/live/broadcast.ts";
import { Inbox } from "../../server/live/inbox.ts";
import { indicator, plan, plannedFeed } from "../planned-city.ts";
import type { Benchmark, Contest, NotHere } from "./benchmark.ts";

const { FeedMessage } = bindings.transit_realtime;
const files = ["VehiclePositions", "TripUpdates"].map((name) => `boston/gtfs-rt/mbta-20241120-${name}.pb`);
const receivedAt = Date.UTC(2024, 10, 20, 18, 52, 11);
const turns = 20;

const boston: ConnectorFeed<GtfsRtOptions> = {
  id: "mbta",
  spec: "gtfs-rt",
  zone: "America/New_York",
  bounds: [-71.2, 42.2, -70.9, 42.45],
  url: null,
  options: {},
};

const about: BroadcastCity = {
  settings: {
    id: "boston",
    title: { en: "Boston", zh: "波士顿" },
    zone: boston.zone,
    bounds: boston.bounds,
    areaLevels: [],
    basemap: null,
  },
  departments: [],
  suppliers: [],
  walls: [],
};

/** Decodes one body and hands back what the next poll remembers. */
function decode(bytes: Uint8Array, memory?: unknown): unknown {
  const decoded = gtfsRt.decode({ name: "body", url: null, bytes }, boston, receivedAt, memory);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.memory;
}

/** A city of this one feed, with what a transport desk watches of it. */
function bostonCity(): City {
  const feeds = [plannedFeed({ id: boston.id, spec: "gtfs-rt", gives: ["VehiclePosition", "TripUpdate"] })];
  const indicators = [
    indicator({ id: "transport.vehicles", reads: "VehiclePosition" }),
    indicator({
      id: "transport.delay-p50",
      reads: "TripUpdate",
      unit: "seconds",
      measure: { percentile: { field: "delaySeconds", p: 50 } },
    }),
    indicator({
      id: "transport.cancelled",
      reads: "TripUpdate",
      where: { scheduleRelationship: "CANCELED" },
    }),
  ];
  return new City(plan({ zone: boston.zone, feeds, indicators }));
}

/** From the bytes of both bodies to the frames that everyone gets, in a city that held nothing. */
function publish(bodies: readonly Uint8Array[]): void {
  const city = bostonCity();
  const broadcast = new Broadcast("bench", city, about, () => ({
    kind: "replay",
    cityAt: receivedAt,
    speed: 1,
  }));
  const inbox = new Inbox();
  for (const [at, bytes] of bodies.entries()) {
    const decoded = gtfsRt.decode({ name: files[at]!, url: null, bytes }, boston, receivedAt);
    if (!decoded.ok) throw new Error(decoded.failure.message);
    inbox.put({ feedId: boston.id, receivedAt, shiftMs: 0, restored: false, update: decoded.value });
  }
  const frames = broadcast.frames(city.advance(inbox.drain({}), receivedAt));
  if (!frames.some(({ topic }) => topic === "entities/TripUpdate")) throw new Error("nothing was published");
}

/** The same body half a minute later: every fifth entity has moved on, the others are byte for byte the same. */
function nextPoll(bytes: Uint8Array): Uint8Array {
  const message = FeedMessage.decode(bytes);
  message.header.timestamp = Number(message.header.timestamp) + 30;
  for (const [at, { vehicle, tripUpdate }] of message.entity.entries()) {
    if (at % 5 !== 0) continue;
    for (const thing of [vehicle, tripUpdate]) if (thing) thing.timestamp = Number(thing.timestamp) + 30;
    for (const { arrival } of tripUpdate?.stopTimeUpdate ?? []) {
      if (arrival) arrival.time = Number(arrival.time) + 12;
    }
  }
  return new Uint8Array(FeedMessage.encode(message).finish());
}

/**
 * Milliseconds of one run of each side, as the mean of several taken in turns. One alone is at the mercy of the garbage
 * collector; and a side that runs by itself fills the young generation in step with its own runs, so that the collector
 * comes always or never while a message is held, which makes its time differ threefold from one process to the next.
 */
function inTurns(ours: () => void, theirs: () => void): { ours: number; theirs: number } {
  const spent = { ours: 0, theirs: 0 };
  for (let turn = 0; turn < turns; turn++) {
    spent.ours += msOf(ours);
    spent.theirs += msOf(theirs);
  }
  return { ours: spent.ours / turns, theirs: spent.theirs / turns };
}

function msOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function contest(ours: (bodies: readonly Uint8Array[]) => () => void): Contest | NotHere {
  if (!hasRecordings) return { notHere: `no recordings in ${recordingsFolder}` };
  // Both forms of each body come from the same encoder, so that only what changed differs.
  const bodies = files.map((file) => {
    const message = FeedMessage.decode(readRecording(file));
    return new Uint8Array(FeedMessage.encode(message).finish());
  });
  const runOurs = ours(bodies);
  const runTheirs = (): void => {
    for (const bytes of bodies) FeedMessage.decode(bytes);
  };
  inTurns(runOurs, runTheirs);
  // Each round asks both sides once, in either order.
  let round: { ours: number; theirs: number } | null = null;
  const take = (side: "ours" | "theirs"): number => {
    const measured = round ?? inTurns(runOurs, runTheirs);
    round = round ? null : measured;
    return measured[side];
  };
  return { ours: () => take("ours"), baseline: () => take("theirs") };
}

export const gtfsRtCold: Benchmark = {
  name: "gtfs-rt-cold",
  unit: "ms",
  baselineName: "gtfs-realtime-bindings decode",
  target: 2,
  prepare: () =>
    Promise.resolve(
      contest((bodies) => () => {
        for (const bytes of bodies) decode(bytes);
      }),
    ),
};

/** All the way for less than twice what the bindings take to decode alone. */
export const gtfsRtPublish: Benchmark = {
  name: "gtfs-rt-publish",
  unit: "ms",
  baselineName: "gtfs-realtime-bindings decode",
  target: 2,
  prepare: () =>
    Promise.resolve(
      contest((bodies) => () => {
        publish(bodies);
      }),
    ),
};

export const gtfsRtNextPoll: Benchmark = {
  name: "gtfs-rt-next-poll",
  unit: "ms",
  baselineName: "gtfs-realtime-bindings decode",
  target: 0.5,
  prepare: () =>
    Promise.resolve(
      contest((bodies) => {
        const later = bodies.map(nextPoll);
        const memories = bodies.map((bytes) => decode(bytes));
        return () => {
          for (const [at, bytes] of later.entries()) decode(bytes, memories[at]);
        };
      }),
    ),
};
