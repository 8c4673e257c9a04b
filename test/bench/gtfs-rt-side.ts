/**
 * One side of the GTFS-Realtime benchmarks, in a process of its own: beside other code that uses the same reader and the
 * same heap, either side costs twice what it costs alone.
 *
 * Arguments: the side's name and the folder of the polls.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import bindings from "gtfs-realtime-bindings";
import { City } from "../../server/core/city/city.ts";
import type { ConnectorFeed } from "../../server/core/feeds/connector.ts";
import { gtfsRt } from "../../server/core/feeds/gtfs-rt/decode.ts";
import type { GtfsRtOptions } from "../../server/core/feeds/gtfs-rt/options.ts";
import { Broadcast, type BroadcastCity } from "../../server/live/broadcast.ts";
import { Inbox } from "../../server/live/inbox.ts";
import { indicator, plan, plannedFeed } from "../planned-city.ts";
import { costOf, tellSide } from "./side.ts";

const [name = "", folder = ""] = process.argv.slice(2);
const { FeedMessage } = bindings.transit_realtime;
const firstAt = Date.UTC(2024, 10, 20, 18, 52, 11);
const everyMs = 30_000;
const warmUpRounds = 10;

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
  mailbox: null,
};

/** The bodies of one poll by their names. */
type Poll = readonly (readonly [string, Uint8Array])[];

/** Each poll is a folder of its bodies; the folders sort as the polls came. */
const polls: readonly Poll[] = readdirSync(folder)
  .sort()
  .map((poll) => {
    const dir = join(folder, poll);
    return readdirSync(dir).map((file) => [file, new Uint8Array(readFileSync(join(dir, file)))] as const);
  });

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

/** The whole way from bytes to the frames that everyone gets, in a city that holds nothing yet. */
class Way {
  readonly #city = bostonCity();
  readonly #inbox = new Inbox();
  readonly #memories = new Map<string, unknown>();
  #now = firstAt;
  readonly #broadcast = new Broadcast("bench", this.#city, about, () => ({
    kind: "replay",
    cityAt: this.#now,
    speed: 1,
  }));

  take(poll: Poll, at: number): void {
    this.#now = firstAt + at * everyMs;
    for (const [file, bytes] of poll) {
      const part = { name: file, url: null, bytes };
      const decoded = gtfsRt.decode(part, boston, this.#now, this.#memories.get(file));
      if (!decoded.ok) throw new Error(decoded.failure.message);
      this.#memories.set(file, decoded.value.memory);
      const word = { feedId: boston.id, receivedAt: this.#now, shiftMs: 0, restored: false };
      this.#inbox.put({ ...word, update: decoded.value });
    }
    const frames = this.#broadcast.frames(this.#city.advance(this.#inbox.drain({}), this.#now));
    for (const kind of ["VehiclePosition", "TripUpdate"] as const)
      if (!frames.some(({ topic }) => topic === `entities/${kind}`))
        throw new Error(`no ${kind} was published`);
  }
}

/**
 * Either side holds its newest poll, as whoever uses it must. Messages that nobody holds cost a third, or not, depending
 * on where in a run the collector happens to come; and V8 throws away code about things when it finds none of them left.
 */
const held: { poll: unknown } = { poll: null };

/** Prepares as many runs as there are polls after the first. */
const sides: Readonly<Record<string, () => (at: number) => void>> = {
  bindings: () => (at) => {
    held.poll = polls[at]!.map(([, bytes]) => FeedMessage.decode(bytes));
  },
  cold: () => () => {
    const way = new Way();
    way.take(polls[0]!, 0);
    held.poll = way;
  },
  "next-poll": () => {
    const way = new Way();
    way.take(polls[0]!, 0);
    held.poll = way;
    return (at) => {
      way.take(polls[at]!, at);
    };
  },
};

function round(): number {
  const run = sides[name]!();
  return (
    costOf(() => {
      for (let at = 1; at < polls.length; at++) run(at);
    }) /
    (polls.length - 1)
  );
}

for (let i = 0; i < warmUpRounds; i++) round();
tellSide(round);
