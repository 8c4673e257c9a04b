/** Memory follows what the city holds now, not what it ever held: days in which everything has a new name every hour. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import type { Polygon } from "geojson";
import { expect, test } from "vitest";
import { indexAreas } from "../server/core/city/areas.ts";
import { emptyBatch } from "../server/core/city/changes.ts";
import { City } from "../server/core/city/city.ts";
import { Broadcast } from "../server/live/broadcast.ts";
import type { IndicatorsBody } from "../shared/protocol.ts";
import { entity, indicator, noon, plan, plannedFeed, word } from "./planned-city.ts";

const hourMs = 3_600_000;
const things = 100;

/** Bytes in use after everything that nobody holds is gone. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

const named = indicator({ id: "transport.named", by: ["name"] });
const full = indicator({ id: "transport.full", by: ["name"], where: { capacity: 1 } });
const names = indicator({ id: "transport.names", measure: { distinct: "name" } });
const share = indicator({
  id: "transport.share",
  reads: null,
  unit: "percent",
  by: ["name"],
  measure: { ratio: { of: full.id, to: named.id } },
});

const doubt = indicator({
  id: "transport.doubt",
  reads: null,
  unit: "percent",
  by: ["name"],
  measure: { difference: { of: share.id, minus: share.id } },
});

function soak() {
  const city = new City(
    plan({
      feeds: [plannedFeed({ keepSeconds: 86_400, dropAfterSeconds: 86_400 })],
      indicators: [doubt, named, full, names, share],
    }),
  );
  const about = { settings: {} as never, departments: [], suppliers: [], walls: [], mailbox: null };
  const broadcast = new Broadcast("e", city, about, () => ({ kind: "live", cityAt: 0, speed: 1 }));
  let hour = 0;
  const known = new Map<string, number | null>();
  /** One hour on: every thing has the name `nameOf` gives, and one message more has come as a part of its own. */
  const pass = (nameOf: (thing: number, hour: number) => string, part = `message-${hour}`): void => {
    const now = noon + ++hour * hourMs;
    const entities = Array.from({ length: things }, (_, i) =>
      entity("StationStatus", `${i}`, {
        observedAt: now,
        receivedAt: now,
        fields: { name: nameOf(i, hour), capacity: i % 2 },
      }),
    );
    const notices = [{ code: "cap-late", severity: "warning", count: 1, example: part }] as const;
    const words = [
      word({ entities }, { receivedAt: now }),
      word({ scope: part, notices }, { receivedAt: now }),
    ];
    for (const frame of broadcast.frames(city.advance({ ...emptyBatch, words }, now))) {
      if (frame.topic !== "indicators") continue;
      if (frame.mode === "snapshot") known.clear();
      for (const { id, value } of (frame.body as IndicatorsBody).readings) known.set(id, value);
    }
  };
  return { city, pass, known };
}

/** Long enough that keeping them would show. */
const longName = (thing: number, hour: number): string => `${thing} ${hour} `.padEnd(500, "x");

test("series, texts and parts that are no more are forgotten, by clients too", { timeout: 60_000 }, () => {
  const { city, pass, known } = soak();
  const days = (count: number, nameOf: typeof longName): void => {
    for (let i = 0; i < 24 * count; i++) pass(nameOf);
  };
  days(3, longName);
  const before = heapUsed();
  days(20, longName);
  // 48,000 names of 500 bytes; what grows is what a client may still hold before it is told to forget.
  expect(heapUsed() - before).toBeLessThan(16_000_000);
  expect(city.readings.get(names.id)?.value).toBe(things);
  expect(known.size).toBeLessThan(3 * city.readings.size);

  days(2, (thing) => `${thing}`);
  // Of all five the whole, of each name the things, and of every second one the full ones, their share and its doubt.
  expect(city.readings.size).toBe(5 + 2.5 * things);
  expect(city.readings.get(`${share.id}{name:3}`)?.value).toBe(100);
  const [notice] = city.feedStatus("bikes", noon).notices;
  expect(notice?.count).toBeLessThanOrEqual(26);
  for (const [id, { value }] of city.readings) expect(known.get(id)).toBe(value);
});

test("a ratio keeps its nothing over something for as long as there is something", () => {
  const { city, pass } = soak();
  const share = (): unknown => city.readings.get("transport.share{name:even}")?.value;
  pass(() => "even", "message");
  expect(share()).toBe(50);
  for (let i = 0; i < 24 * 3; i++) pass((thing) => (thing % 2 === 0 ? "even" : "odd"), "message");
  expect(share()).toBe(0);
  for (let i = 0; i < 24 * 3; i++) pass(() => "odd", "message");
  expect(share()).toBeUndefined();
});

test("how many texts there are is right after any history of them", () => {
  const text = fc.constantFrom("a", "b", "c", "d", null);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), text, fc.boolean()), { maxLength: 60 }), (changes) => {
      const city = new City(plan({ indicators: [indicator({ ...names, by: ["isRenting"] })] }));
      const held = new Map<number, string | null>();
      for (const [thing, name, isRenting] of changes) {
        held.set(thing, name);
        const fields = { name, isRenting };
        city.advance(
          {
            ...emptyBatch,
            words: [word({ mode: "partial", entities: [entity("StationStatus", `${thing}`, { fields })] })],
          },
          noon,
        );
        const expected = new Set([...held.values()].filter((held) => held !== null)).size;
        expect(city.readings.get(names.id)?.value).toBe(expected);
      }
    }),
    { seed: 9, numRuns: 300 },
  );
});

test("where warnings once lay is forgotten with them", { timeout: 60_000 }, () => {
  const side = 15;
  const box = (west: number, south: number, east: number, north: number): Polygon => ({
    type: "Polygon",
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  });
  const cells = Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return { id: `cell-${i}`, geometry: box(x, y, x + 1, y + 1) };
  });
  const city = new City(
    plan({
      feeds: [plannedFeed({ gives: ["CapAlert"] })],
      areas: indexAreas([{ level: "cell", areas: cells }]),
      indicators: [indicator({ reads: "CapAlert", by: ["area.cell"] })],
    }),
  );
  let number = 0;
  const warn = (count: number): void => {
    for (const end = number + count; number < end; number++) {
      // Every one touches other cells than those before it.
      const [x, y] = [number % 10, Math.floor(number / 10) % 10];
      const [width, height] = [Math.floor(number / 100) % 8, Math.floor(number / 800)];
      const geometry = box(x + 0.5, y + 0.5, x + width + 0.6, y + height + 0.6);
      const entities = [entity("CapAlert", `${number}`, { geometry })];
      city.advance({ ...emptyBatch, words: [word({ entities })] }, noon + number);
    }
  };
  warn(1_000);
  const before = heapUsed();
  warn(4_000);
  expect(heapUsed() - before).toBeLessThan(1_000_000);
  expect(city.readings.get("transport.stations")?.value).toBe(1);
});
