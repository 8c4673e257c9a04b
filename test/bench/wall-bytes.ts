/** What a wall receives in a minute of an ordinary city, beside the same topics as JSON snapshots at every change. */

import { Encoder } from "socket.io-msgpack-parser";
import type { CityClock } from "../../shared/clock.ts";
import type { Entity } from "../../shared/entity.ts";
import type { Frame } from "../../shared/protocol.ts";
import { emptyBatch, type FeedWord } from "../../server/core/city/changes.ts";
import { City } from "../../server/core/city/city.ts";
import { Broadcast } from "../../server/live/broadcast.ts";
import { entity, indicator, noon, plan, plannedFeed, word } from "../planned-city.ts";
import type { Benchmark } from "./benchmark.ts";

const minuteTicks = 240;
const stations = 500;
const vehicles = 650;
const text = { en: "Bench", zh: "测量" };

function station(i: number, round: number): Entity {
  const bikes = (i * 7 + (i % 10 === round % 10 ? round : 0)) % 20;
  return entity("StationStatus", `s${i}`, {
    observedAt: noon + round * 30_000,
    position: [-122.5 + i / 5000, 37.7 + (i % 100) / 1000],
    fields: {
      name: `Station ${i}`,
      capacity: 20,
      numVehiclesAvailable: bikes,
      numDocksAvailable: 20 - bikes,
    },
  });
}

function vehicle(i: number, round: number): Entity {
  return entity("VehiclePosition", `v${i}`, {
    feedId: "buses",
    observedAt: noon + round * 15_000,
    position: [-122.5 + i / 7000 + round / 10_000, 37.7 + (i % 120) / 1000],
    fields: {
      bearing: (i * 31 + round) % 360,
      label: `${1000 + i}`,
      routeName: `${i % 80}`,
      delaySeconds: (i * 13 + round) % 600,
    },
  });
}

/** Every station twice a minute at one tick, a sixtieth of the vehicles at every tick. */
function wordsAt(tick: number): FeedWord[] {
  const words: FeedWord[] = [];
  const receivedAt = noon + tick * 250;
  if (tick % 120 === 0) {
    const entities = Array.from({ length: stations }, (_, i) => station(i, tick / 120));
    words.push(word({ entities }, { receivedAt }));
  }
  const moving = Array.from({ length: vehicles }, (_, i) => i).filter(
    (i) => tick === 0 || i % 60 === tick % 60,
  );
  const entities = moving.map((i) => vehicle(i, Math.floor(tick / 60)));
  words.push(word({ mode: "partial", entities }, { feedId: "buses", receivedAt }));
  return words;
}

function bytesOfMinute(): { frames: number; snapshots: number } {
  const feeds = [plannedFeed(), plannedFeed({ id: "buses", gives: ["VehiclePosition"] })];
  const indicators = Array.from({ length: 40 }, (_, i) =>
    i % 2 === 0
      ? indicator({ id: `transport.i${i}`, where: { numVehiclesAvailable: { from: i / 2 } } })
      : indicator({
          id: `transport.i${i}`,
          reads: "VehiclePosition",
          where: { delaySeconds: { from: i * 10 } },
        }),
  );
  const city = new City(plan({ feeds, indicators }));
  const clock = (): CityClock => ({ kind: "live", cityAt: noon, speed: 1 });
  const settings = {
    id: "bench",
    title: text,
    zone: "UTC",
    bounds: [-123, 37, -122, 38],
    areaLevels: [],
    basemap: null,
  } as const;
  const broadcast = new Broadcast(
    "epoch",
    city,
    { settings, departments: [], suppliers: [], walls: [], mailbox: null },
    clock,
  );
  const encoder = new Encoder();
  const encoded = (frame: Frame): number => {
    const [packet] = encoder.encode({ type: 2, nsp: "/", data: ["frame", frame] }) as unknown as readonly [
      Uint8Array,
    ];
    return packet.length;
  };
  let frames = 0;
  let snapshots = 0;
  for (let tick = 0; tick < minuteTicks; tick++) {
    const pushed = broadcast.frames(city.advance({ ...emptyBatch, words: wordsAt(tick) }, noon + tick * 250));
    // The first tick fills the city for both alike.
    if (tick === 0) continue;
    for (const frame of pushed) {
      frames += encoded(frame);
      snapshots += jsonBytes(city, frame);
    }
  }
  return { frames, snapshots };
}

/** The whole topic of `frame` as plain JSON. */
function jsonBytes(city: City, { topic, body }: Frame): number {
  const [, kind] = topic.split("/");
  const whole =
    kind === "StationStatus" || kind === "VehiclePosition"
      ? Array.from(
          city.table(kind).entries(),
          ([
            ,
            {
              entity: { id, position, observedAt, fields },
            },
          ]) => ({ id, position, observedAt, fields }),
        )
      : topic === "indicators"
        ? [...city.readings.values()]
        : body;
  return Buffer.byteLength(JSON.stringify(whole));
}

export const wallBytes: Benchmark = {
  name: "wall-bytes",
  unit: "kB/min",
  baselineName: "JSON snapshots of the changed topics",
  target: 0.15,
  rounds: 1,
  prepare() {
    const { frames, snapshots } = bytesOfMinute();
    return Promise.resolve({ ours: () => frames / 1000, baseline: () => snapshots / 1000 });
  },
};
