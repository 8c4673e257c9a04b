import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IndicatorDefinition } from "../../../shared/city.ts";
import type { Entity } from "../../../shared/entity.ts";
import { entity, indicator, noon, plan, plannedFeed, word } from "../../../test/planned-city.ts";
import { indexAreas } from "./areas.ts";
import { emptyBatch, type FeedWord } from "./changes.ts";
import { City } from "./city.ts";

const start = noon;
const second = 1000;

function station(id: string, bikes: number | null, about: Partial<Entity> = {}): Entity {
  return entity("StationStatus", id, {
    observedAt: start,
    fields: { numVehiclesAvailable: bikes, isRenting: true },
    ...(about as object),
  });
}

function advance(city: City, now: number, ...words: FeedWord[]) {
  return city.advance({ ...emptyBatch, words }, now);
}

describe("a value is never without its state", () => {
  const empty = indicator({
    id: "transport.empty",
    unit: "percent",
    where: { isRenting: true },
    measure: { share: { numVehiclesAvailable: 0 } },
  });
  const stations = indicator({});

  test("no-data, fresh, stale with the last value, gone after dropAfterSeconds", () => {
    const city = new City(plan({ indicators: [stations, empty] }));
    advance(city, start);
    expect(city.readings.get("transport.stations")).toMatchObject({
      value: null,
      state: "none",
      reason: "no-data",
    });
    advance(city, start, word({ entities: [station("a", 0), station("b", 3)] }, { receivedAt: start }));
    expect(city.readings.get("transport.stations")).toMatchObject({
      value: 2,
      state: "fresh",
      reason: null,
      observedAt: start,
    });
    expect(city.readings.get("transport.empty")).toMatchObject({ value: 50, state: "fresh" });
    advance(city, start + 60 * second);
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 2, state: "fresh" });
    const changes = advance(city, start + 60 * second + 1);
    expect(city.readings.get("transport.stations")).toMatchObject({
      value: 2,
      state: "stale",
      reason: "stale",
    });
    expect(changes.feeds).toMatchObject([{ id: "bikes", status: "stale" }]);
    advance(city, start + 600 * second + 1);
    expect(city.readings.get("transport.stations")).toMatchObject({
      value: null,
      state: "none",
      reason: "source-down",
    });
  });

  test("0 only over a feed that has been good; a share of nothing is not applicable", () => {
    const city = new City(plan({ indicators: [stations, empty] }));
    advance(city, start, word({}, { receivedAt: start }));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 0, state: "fresh" });
    expect(city.readings.get("transport.empty")).toMatchObject({
      value: null,
      state: "none",
      reason: "not-applicable",
    });
  });

  test("a fresh header over old things does not make them fresh", () => {
    const city = new City(plan({ indicators: [stations] }));
    const old = start - 300 * second;
    advance(
      city,
      start,
      word({ entities: [station("a", 1, { observedAt: old })], publishedAt: start }, { receivedAt: start }),
    );
    expect(city.readings.get("transport.stations")).toMatchObject({ state: "stale", observedAt: old });
  });

  test("one thing's clock that runs ahead does not make the others old, nor young", () => {
    const city = new City(plan({ indicators: [stations] }));
    const say = (at: number, truly: number): void => {
      const liar = station("liar", 1, { observedAt: at + 3_600 * second });
      const entities = [station("a", 1, { observedAt: truly }), liar];
      advance(city, at, word({ entities, publishedAt: at }, { receivedAt: at }));
    };
    say(start, start);
    say(start + 120 * second, start + 120 * second);
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 2, state: "fresh" });
    say(start + 240 * second, start + 120 * second);
    expect(city.readings.get("transport.stations")).toMatchObject({
      state: "stale",
      observedAt: start + 120 * second,
    });
  });

  test("what was folded in from disk stays stale until new word comes", () => {
    const city = new City(plan({ indicators: [stations] }));
    advance(city, start, word({ entities: [station("a", 1)] }, { receivedAt: start, restored: true }));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "stale" });
    advance(city, start + second, word({ entities: [station("a", 1)] }, { receivedAt: start + second }));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "fresh" });
  });

  test("what a broker had kept makes nothing fresh, and nothing stale that was heard", () => {
    const city = new City(plan({ indicators: [stations] }));
    const kept = (id: string, ageSeconds: number): FeedWord => {
      const heardAt = start - ageSeconds * second;
      const thing = station(id, 1, { observedAt: heardAt, receivedAt: heardAt });
      return word({ mode: "partial", scope: id, entities: [thing] }, { receivedAt: heardAt, restored: true });
    };
    advance(city, start, kept("a", 10));
    advance(city, start, kept("b", 40));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 2, state: "stale" });
    expect(city.feedStatus("bikes", start).observedAt).toBe(start - 10 * second);
    advance(
      city,
      start,
      word({ scope: "a", mode: "partial", entities: [station("a", 1)] }, { receivedAt: start }),
    );
    advance(city, start + second, kept("c", 50));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 3, state: "fresh" });
    expect(city.feedStatus("bikes", start).lastGoodAt).toBe(start);
  });

  test("a body of which nothing could be used is heard of, but no word", () => {
    const city = new City(plan({ indicators: [stations] }));
    const notices = [{ code: "mqtt-broken-json", severity: "error", count: 1, example: "" }] as const;
    const garbage = { mode: "partial", tellsNothing: true, notices } as const;
    advance(city, start, word(garbage, { receivedAt: start }));
    expect(city.feedStatus("bikes", start)).toMatchObject({ status: "waiting", lastGoodAt: null, notices });
    advance(city, start, word({ entities: [station("a", 1)] }, { receivedAt: start }));
    const later = start + 61 * second;
    advance(city, later, word(garbage, { receivedAt: later }));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "stale" });
  });

  test("a failing source keeps its last value, marked as down when it goes stale", () => {
    const city = new City(plan({ indicators: [stations] }));
    advance(city, start, word({ entities: [station("a", 1)] }, { receivedAt: start }));
    const error = { class: "timeout", message: "no answer within 10 s", at: start } as const;
    city.advance(
      { ...emptyBatch, reports: [{ feedId: "bikes", part: "body", goodAt: null, error }] },
      start + second,
    );
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "fresh" });
    advance(city, start + 61 * second);
    expect(city.readings.get("transport.stations")).toMatchObject({
      value: 1,
      state: "stale",
      reason: "source-down",
    });
    expect(city.feedStatus("bikes", start + 61 * second)).toMatchObject({ status: "down", error });
  });

  test("an indicator is as stale as its worst needed feed", () => {
    const feeds = [plannedFeed(), plannedFeed({ id: "other" })];
    const city = new City(plan({ feeds, indicators: [stations] }));
    advance(city, start, word({ entities: [station("a", 1)] }, { receivedAt: start }));
    expect(city.readings.get("transport.stations")).toMatchObject({ state: "none", reason: "no-data" });
  });
});

describe("what is held", () => {
  test("a full update ends what it does not name, in its own scope only", () => {
    const city = new City(plan());
    advance(
      city,
      start,
      word({ scope: "one", entities: [station("a", 1), station("b", 1)] }),
      word({ scope: "two", entities: [station("c", 1)] }),
    );
    const changes = advance(city, start + second, word({ scope: "one", entities: [station("b", 2)] }));
    expect(city.table("StationStatus").size).toBe(2);
    expect(changes.entities.get("StationStatus")?.removed.map(({ id }) => id)).toEqual([
      "bikes/StationStatus/a",
    ]);
    advance(
      city,
      start + 2 * second,
      word({ scope: "one", entities: [], unchanged: ["bikes/StationStatus/b"] }),
    );
    expect(city.table("StationStatus").size).toBe(2);
  });

  test("a thing that moves to another page stays, and goes when no page has it", () => {
    const city = new City(plan());
    const pages = (at: number, ...ids: readonly (readonly string[])[]) =>
      advance(
        city,
        at,
        ...ids.map((page, i) => word({ scope: `page ${i + 1}`, entities: page.map((id) => station(id, 1)) })),
      );
    pages(start, ["a", "b"], ["c", "d"]);
    const moved = pages(start + second, ["b", "c"], ["d"]);
    expect(moved.entities.get("StationStatus")?.removed.map(({ id }) => id)).toEqual([
      "bikes/StationStatus/a",
    ]);
    pages(start + 2 * second, ["b"], ["d"]);
    expect(
      Array.from(city.table("StationStatus").entries(), ([, { reported }]) => reported.sourceId),
    ).toEqual(["b", "d"]);
  });

  test("what was pushed is kept for a while, what a full update has had for as long as it has it", () => {
    const city = new City(plan({ feeds: [plannedFeed({ keepSeconds: 60 })] }));
    const pushed = {
      scope: "pushed",
      mode: "partial",
      entities: [station("a", 1), station("b", 1)],
    } as const;
    advance(city, start, word(pushed), word({ scope: "all", entities: [station("a", 2)] }));
    expect(city.table("StationStatus").size).toBe(2);
    advance(city, start + 61 * second);
    expect(city.table("StationStatus").size).toBe(1);
    advance(city, start + 62 * second, word({ scope: "all", entities: [] }));
    expect(city.table("StationStatus").size).toBe(0);
  });

  test("an observation is a word about its sensor, of unknown sensors it is none", () => {
    const city = new City(plan({ feeds: [plannedFeed({ gives: ["Sensor"] })] }));
    const sensor = entity("Sensor", "s", {
      observedAt: start,
      receivedAt: start,
      fields: { name: "Quay", value: 1 },
    });
    advance(city, start, word({ scope: "all", entities: [sensor] }, { receivedAt: start }));
    const at = start + 50 * second;
    const observed = (id: string) => ({
      entityId: `bikes/Sensor/${id}`,
      property: "level",
      value: 2,
      observedAt: at,
      receivedAt: at,
    });
    const said = { scope: "news", mode: "partial" } as const;
    advance(city, at, word({ ...said, observations: [observed("other")] }, { receivedAt: at }));
    expect(city.feedStatus("bikes", at).observedAt).toBe(start);
    advance(city, at, word({ ...said, observations: [observed("s")] }, { receivedAt: at }));
    expect(city.feedStatus("bikes", at).observedAt).toBe(at);
    const [[, held] = []] = city.table("Sensor").entries();
    expect(held?.entity.fields).toEqual({ name: "Quay", value: 2 });
  });

  test("an older word about the same thing does not win, but a lying future one does not stay", () => {
    const city = new City(plan({ indicators: [indicator({ measure: { sum: "numVehiclesAvailable" } })] }));
    advance(city, start + second, word({ entities: [station("a", 5, { observedAt: start + second })] }));
    advance(city, start + 2 * second, word({ entities: [station("a", 1, { observedAt: start })] }));
    expect(city.readings.get("transport.stations")?.value).toBe(5);
    advance(
      city,
      start + 3 * second,
      word({ entities: [station("a", 7, { observedAt: start + 999_999_999 })] }),
    );
    advance(
      city,
      start + 4 * second,
      word({ entities: [station("a", 2, { observedAt: start + 4 * second })] }),
    );
    expect(city.readings.get("transport.stations")?.value).toBe(2);
  });

  test("things of a partial feed are forgotten keepSeconds after their last word", () => {
    const city = new City(plan({ indicators: [indicator({})] }));
    advance(
      city,
      start,
      word({ mode: "partial", entities: [station("a", 1, { receivedAt: start })] }, { receivedAt: start }),
    );
    advance(city, start + 3600 * second - 1);
    expect(city.table("StationStatus").size).toBe(1);
    advance(city, start + 3600 * second);
    expect(city.table("StationStatus").size).toBe(0);
  });

  test("rows of a recorded span are forgotten too, though they came with a full update", () => {
    const city = new City(plan({ indicators: [indicator({})] }));
    const update = { passing: true, entities: [station("a", 1, { receivedAt: start })] } as const;
    advance(city, start, word(update, { receivedAt: start }));
    advance(city, start + 3600 * second - 1);
    expect(city.table("StationStatus").size).toBe(1);
    advance(city, start + 3600 * second);
    expect(city.table("StationStatus").size).toBe(0);
  });

  test("what moves to a page that nobody asks for again is forgotten, though its word there was an old one", () => {
    const city = new City(plan());
    const page = (at: number, update: Parameters<typeof word>[0]): void => {
      advance(city, at, word(update, { receivedAt: at }));
    };
    page(start, { scope: "1", entities: [station("a", 1)] });
    const old = station("a", 1, { observedAt: start - second });
    page(start + second, { scope: "2", passing: true, entities: [old] });
    advance(city, start + 3600 * second);
    expect(city.table("StationStatus").size).toBe(0);
  });

  test("a notice that comes again with every body is counted once", () => {
    const definition = indicator({
      id: "platform.notices-per-hour",
      measure: { platform: "notices-per-hour" },
    });
    const city = new City(plan({ indicators: [definition] }));
    const bad = (count: number) => [{ code: "c", severity: "warning" as const, count, example: "a" }];
    advance(city, start, word({ notices: bad(3) }));
    advance(city, start + 60 * second, word({ notices: bad(3) }));
    expect(city.readings.get(definition.id)?.value).toBe(3);
    advance(city, start + 120 * second, word({ notices: bad(5) }));
    expect(city.readings.get(definition.id)?.value).toBe(5);
  });

  test("a station's state takes place, name and capacity from its information, whichever comes first", () => {
    const city = new City(plan());
    const info = entity("Station", "a", {
      position: [-122.4, 37.8],
      fields: { name: "Ferry", capacity: 20 },
    });
    advance(city, start, word({ scope: "station_status", entities: [station("a", 1)] }));
    advance(city, start, word({ scope: "station_information", entities: [info] }));
    const held = city.table("StationStatus").at(0)!;
    expect(held.entity).toMatchObject({
      position: [-122.4, 37.8],
      fields: { name: "Ferry", capacity: 20, numVehiclesAvailable: 1 },
    });
  });
});

describe("by time alone", () => {
  const call = (id: string, callAt: number, closedAt: number | null = null): Entity =>
    entity("DispatchCall", id, {
      fields: { callAt, closedAt, status: closedAt === null ? "open" : "closed" },
    });
  const feeds = [
    plannedFeed({
      gives: ["DispatchCall", "ServiceRequest"],
      staleAfterSeconds: 1e6,
      dropAfterSeconds: 1e7,
      keepSeconds: 1e7,
    }),
  ];

  test("a window of an hour lets things go to the second", () => {
    const hour = indicator({
      id: "security.calls-hour",
      reads: "DispatchCall",
      window: { field: "callAt", lastSeconds: 3600 },
    });
    const city = new City(plan({ feeds, indicators: [hour] }));
    advance(
      city,
      start,
      word({
        entities: [call("a", start), call("b", start - 1800 * second), call("c", start + 60 * second)],
      }),
    );
    expect(city.readings.get("security.calls-hour")?.value).toBe(2);
    advance(city, start + 60 * second);
    expect(city.readings.get("security.calls-hour")?.value).toBe(3);
    advance(city, start + 1800 * second - 1);
    expect(city.readings.get("security.calls-hour")?.value).toBe(3);
    advance(city, start + 1800 * second);
    expect(city.readings.get("security.calls-hour")?.value).toBe(2);
  });

  test("today starts again at the city's midnight, on a 23-hour day too", () => {
    // 8 March 2026: clocks in Los Angeles go from 02:00 to 03:00.
    const today = indicator({
      id: "community.today",
      reads: "ServiceRequest",
      window: { field: "requestedAt", since: "midnight" },
    });
    const city = new City(plan({ feeds, indicators: [today] }));
    const midnight = Date.UTC(2026, 2, 8, 8, 0);
    const request = (id: string, requestedAt: number) =>
      entity("ServiceRequest", id, { fields: { requestedAt } });
    advance(city, midnight - second, word({ entities: [request("a", midnight - 5 * second)] }));
    expect(city.readings.get("community.today")?.value).toBe(1);
    advance(city, midnight, word({ mode: "partial", entities: [request("b", midnight)] }));
    expect(city.readings.get("community.today")?.value).toBe(1);
    advance(city, midnight + 23 * 3600 * second - 1);
    expect(city.readings.get("community.today")?.value).toBe(1);
    advance(city, midnight + 23 * 3600 * second);
    expect(city.readings.get("community.today")?.value).toBe(0);
  });

  test("a word that says nothing new hides nothing that time has changed", () => {
    const today = indicator({
      id: "community.today",
      reads: "ServiceRequest",
      window: { field: "requestedAt", since: "midnight" },
    });
    const overdue = indicator({
      id: "community.overdue",
      reads: "ServiceRequest",
      where: { expectedAt: { past: true } },
    });
    const city = new City(plan({ feeds, indicators: [today, overdue] }));
    const midnight = Date.UTC(2026, 2, 8, 8, 0);
    const fields = { requestedAt: midnight - second, expectedAt: midnight + second };
    const say = (at: number): unknown[] => {
      advance(city, at, word({ entities: [entity("ServiceRequest", "a", { receivedAt: at, fields })] }));
      return [today, overdue].map(({ id }) => city.readings.get(id)?.value);
    };
    expect(say(midnight - second)).toEqual([1, 0]);
    expect(say(midnight)).toEqual([0, 0]);
    expect(say(midnight + second)).toEqual([0, 1]);
  });

  test("overdue begins when the promise passes; ages grow", () => {
    const overdue = indicator({
      id: "community.overdue",
      unit: "percent",
      reads: "ServiceRequest",
      measure: { share: { expectedAt: { past: true } } },
    });
    const oldest = indicator({
      id: "community.oldest",
      unit: "seconds",
      reads: "ServiceRequest",
      measure: { age: "requestedAt" },
    });
    const city = new City(plan({ feeds, indicators: [overdue, oldest] }));
    const fields = { requestedAt: start - 10 * second, expectedAt: start + 30 * second };
    advance(city, start, word({ entities: [entity("ServiceRequest", "a", { fields })] }));
    expect(city.readings.get("community.overdue")?.value).toBe(0);
    expect(city.readings.get("community.oldest")?.value).toBe(10);
    advance(city, start + 30 * second);
    expect(city.readings.get("community.overdue")?.value).toBe(100);
    expect(city.readings.get("community.oldest")?.value).toBe(40);
  });
});

test("ratios follow their inputs and are not applicable over zero", () => {
  const some = indicator({
    id: "transport.some",
    where: { numVehiclesAvailable: { from: 1 } },
    by: ["feed"],
  });
  const ratio = indicator({
    id: "transport.ratio",
    unit: "percent",
    reads: null,
    measure: { ratio: { of: "transport.some", to: "transport.all" } },
  });
  const all = indicator({ id: "transport.all", by: ["feed"] });
  const city = new City(plan({ indicators: [ratio, some, all] }));
  advance(city, start, word({}, { receivedAt: start }));
  expect(city.readings.get("transport.ratio")).toMatchObject({ value: null, reason: "not-applicable" });
  advance(city, start, word({ entities: [station("a", 0), station("b", 1)] }, { receivedAt: start }));
  expect(city.readings.get("transport.ratio")).toMatchObject({ value: 50, state: "fresh" });
  expect(city.readings.get("transport.ratio{feed:bikes}")).toMatchObject({ value: 50, state: "fresh" });
  advance(city, start + 120 * second);
  expect(city.readings.get("transport.ratio")).toMatchObject({ value: 50, state: "stale", reason: "stale" });
});

test("the latest is not what a clock that runs ahead says", () => {
  const sensors = indicator({ reads: "Sensor", measure: { latest: "value" } });
  const feed = plannedFeed({ gives: ["Sensor"], staleAfterSeconds: 1e6, dropAfterSeconds: 1e7 });
  const city = new City(plan({ feeds: [feed], indicators: [sensors] }));
  const say = (at: number, value: number): unknown => {
    const liar = entity("Sensor", "liar", { observedAt: at + 3_600 * second, fields: { value: 99 } });
    const entities = [liar, entity("Sensor", "a", { observedAt: at, fields: { value } })];
    advance(city, at, word({ entities }, { receivedAt: at }));
    return city.readings.get(sensors.id)?.value;
  };
  expect([say(start, 1), say(start + 30 * second, 2)]).toEqual([1, 2]);
  // What is said of a time to come is the latest when that has come.
  advance(city, start + 3_630 * second);
  expect(city.readings.get(sensors.id)?.value).toBe(99);
});

test("a number beyond all numbers is none", () => {
  const city = new City(plan({ indicators: [indicator({ measure: { sum: "numVehiclesAvailable" } })] }));
  for (const bikes of [Infinity, 2]) {
    advance(city, start, word({ entities: [station("a", 1), station("b", bikes)] }));
    expect(city.readings.get("transport.stations")?.value).toBe(bikes === 2 ? 3 : 1);
  }
});

interface Thing {
  readonly id: number;
  readonly amount: number;
  /** Seconds after the start. */
  readonly at: number;
  /** West or east of the border, or in neither area. */
  readonly lon: 0.5 | 1.5 | 9;
}

const sumOf = (things: readonly Thing[]): number => things.reduce((sum, { amount }) => sum + amount, 0);
const sortedAmounts = (things: readonly Thing[]): number[] =>
  things.map(({ amount }) => amount).toSorted((a, b) => a - b);

/** What every measure should say about things when counted from nothing. */
const models: readonly {
  definition: IndicatorDefinition;
  expected: (things: readonly Thing[]) => number | null;
}[] = [
  { definition: indicator({ id: "m.count" }), expected: (things) => things.length },
  { definition: indicator({ id: "m.sum", measure: { sum: "capacity" } }), expected: sumOf },
  {
    definition: indicator({ id: "m.mean", measure: { mean: "capacity" } }),
    expected: (things) => (things.length === 0 ? null : sumOf(things) / things.length),
  },
  {
    definition: indicator({ id: "m.max", measure: { max: "capacity" } }),
    expected: (things) => sortedAmounts(things).at(-1) ?? null,
  },
  {
    definition: indicator({ id: "m.min", measure: { min: "capacity" } }),
    expected: (things) => sortedAmounts(things)[0] ?? null,
  },
  {
    definition: indicator({
      id: "m.sum-of-some",
      where: { capacity: { from: 2 } },
      measure: { sum: "capacity" },
    }),
    expected: (things) => sumOf(things.filter(({ amount }) => amount >= 2)),
  },
  {
    definition: indicator({ id: "m.median", measure: { percentile: { field: "capacity", p: 50 } } }),
    expected: (things) => {
      const sorted = sortedAmounts(things);
      const middle = (sorted.length - 1) / 2;
      return sorted.length === 0 ? null : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
    },
  },
  {
    definition: indicator({ id: "m.distinct", measure: { distinct: "capacity" } }),
    expected: (things) => new Set(things.map(({ amount }) => amount)).size,
  },
  {
    definition: indicator({ id: "m.share", unit: "percent", measure: { share: { capacity: 0 } } }),
    expected: (things) =>
      things.length === 0 ? null : (100 * things.filter(({ amount }) => amount === 0).length) / things.length,
  },
  {
    definition: indicator({ id: "m.latest", measure: { latest: "capacity" } }),
    expected(things) {
      const newest = Math.max(...things.map(({ at }) => at));
      return sortedAmounts(things.filter(({ at }) => at === newest)).at(-1) ?? null;
    },
  },
];

const halves = indexAreas([
  {
    level: "half",
    areas: ["west", "east"].map((id, west) => {
      const ring = [
        [west, 0],
        [west + 1, 0],
        [west + 1, 1],
        [west, 1],
        [west, 0],
      ];
      return { id, geometry: { type: "Polygon", coordinates: [ring] } };
    }),
  },
]);

test.each([["name"], ["area.half"], ["area.half", "name"]])(
  "after any history, every measure by %s %s says what counting from nothing says",
  (...by) => {
    const step = fc.record({
      mode: fc.constantFrom("full" as const, "partial" as const),
      things: fc.uniqueArray(
        fc.record({
          id: fc.integer({ min: 0, max: 12 }),
          amount: fc.integer({ min: 0, max: 4 }),
          at: fc.integer({ min: 0, max: 3 }),
          lon: fc.constantFrom(0.5 as const, 1.5 as const, 9 as const),
        }),
        { selector: ({ id }) => id, maxLength: 8 },
      ),
      removed: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const indicators = models.map(({ definition }) => ({ ...definition, by }));
        const city = new City(plan({ areas: halves, indicators }));
        const held = new Map<number, Thing>();
        steps.forEach(({ mode, things, removed }, i) => {
          const gone =
            mode === "partial" ? removed.filter((id) => !things.some((thing) => thing.id === id)) : [];
          if (mode === "full")
            for (const id of held.keys()) if (!things.some((thing) => thing.id === id)) held.delete(id);
          for (const thing of things) {
            const before = held.get(thing.id);
            if (!before || before.at <= thing.at) held.set(thing.id, thing);
          }
          for (const id of gone) held.delete(id);
          const entities = things.map(({ id, amount, at, lon }) =>
            entity("StationStatus", `${id}`, {
              observedAt: start + at * second,
              position: [lon, 0.5],
              fields: { capacity: amount, name: id % 2 ? "odd" : "even" },
            }),
          );
          const ids = gone.map((id) => `bikes/StationStatus/${id}`);
          advance(
            city,
            start + 10 * second + i,
            word({ mode, entities, removed: ids }, { receivedAt: start }),
          );
          const all = [...held.values()];
          const groups = new Map<string, readonly Thing[]>();
          if (by.includes("name"))
            groups.set(
              "name:odd",
              all.filter(({ id }) => id % 2),
            );
          if (by.includes("area.half"))
            groups.set(
              "area.half:west",
              all.filter(({ lon }) => lon === 0.5),
            );
          for (const { definition, expected } of models) {
            expect(city.readings.get(definition.id)?.value).toBe(expected(all));
            for (const [key, members] of groups) {
              const reading = city.readings.get(`${definition.id}{${key}}`);
              expect(reading ? reading.value : expected([])).toBe(expected(members));
            }
          }
        });
      }),
      { seed: 42, numRuns: 150 },
    );
  },
);

/** What a request says; instants are seconds after the start. */
interface Said {
  readonly id: number;
  readonly requestedAt: number;
  readonly expectedAt: number | null;
  readonly observedAt: number;
}

test("however time passes between words, what it changes is what counting from nothing says", () => {
  // Ten seconds before a city midnight.
  const begin = Date.UTC(2026, 2, 8, 7, 59, 50);
  const midnight = 10;
  const keepSeconds = 11;
  const isPast = (now: number) => (said: Said) => said.expectedAt !== null && said.expectedAt <= now;
  const counted: readonly [Partial<IndicatorDefinition>, (now: number) => (said: Said) => boolean][] = [
    [
      { window: { field: "requestedAt", lastSeconds: 7 } },
      (now) => (said) => said.requestedAt <= now && said.requestedAt > now - 7,
    ],
    [
      { window: { field: "requestedAt", since: "midnight" } },
      (now) => (said) =>
        said.requestedAt <= now && said.requestedAt >= (now < midnight ? -Infinity : midnight),
    ],
    [{ where: { expectedAt: { past: true } } }, isPast],
    [{ where: { expectedAt: { past: false } } }, (now) => (said) => !isPast(now)(said)],
    [
      { where: { $ageSeconds: { from: 3, to: 9 } } },
      (now) => (said) => now - said.observedAt >= 3 && now - said.observedAt <= 9,
    ],
  ];
  const indicators = counted.map(([definition], i) =>
    indicator({ id: `m.${i}`, reads: "ServiceRequest", ...definition }),
  );
  const said = fc.record({
    id: fc.integer({ min: 0, max: 4 }),
    requestedAt: fc.integer({ min: -5, max: 20 }),
    expectedAt: fc.option(fc.integer({ min: 0, max: 30 })),
    observedAt: fc.integer({ min: -20, max: 0 }),
  });
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 6 }),
    /** The same as the last time, new words, or nothing. */
    words: fc.constantFrom("again", "new", "none"),
    mode: fc.constantFrom("full" as const, "partial" as const),
    things: fc.uniqueArray(said, { selector: ({ id }) => id, maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const feed = plannedFeed({ gives: ["ServiceRequest"], staleAfterSeconds: 1e6, keepSeconds });
      const city = new City(plan({ feeds: [feed], indicators }));
      const held = new Map<number, { said: Said; heardAt: number; mode: "full" | "partial" }>();
      let now = 0;
      let things: readonly Said[] = [];
      const take = (mode: "full" | "partial"): FeedWord => {
        if (mode === "full")
          for (const id of held.keys()) if (!things.some((one) => one.id === id)) held.delete(id);
        for (const one of things) {
          const known = held.get(one.id);
          const belongs = mode === "full" ? mode : (known?.mode ?? mode);
          if (known && known.said.observedAt > one.observedAt) held.set(one.id, { ...known, mode: belongs });
          else held.set(one.id, { said: one, heardAt: now, mode: belongs });
        }
        const at = begin + now * second;
        const instant = (seconds: number | null) => (seconds === null ? null : begin + seconds * second);
        const entities = things.map(({ id, observedAt, requestedAt, expectedAt }) =>
          entity("ServiceRequest", `${id}`, {
            observedAt: instant(observedAt),
            receivedAt: at,
            fields: { requestedAt: instant(requestedAt), expectedAt: instant(expectedAt) },
          }),
        );
        return word({ mode, entities }, { receivedAt: at });
      };
      advance(city, begin, take("full"));
      for (const { wait, words, mode, things: given } of steps) {
        now += wait;
        if (words === "new") things = given.map((one) => ({ ...one, observedAt: now + one.observedAt }));
        advance(city, begin + now * second, ...(words === "none" ? [] : [take(mode)]));
        for (const [id, one] of held)
          if (one.mode === "partial" && one.heardAt + keepSeconds <= now) held.delete(id);
        const all = Array.from(held.values(), (one) => one.said);
        expect(indicators.map(({ id }) => city.readings.get(id)?.value)).toEqual(
          counted.map(([, counts]) => all.filter(counts(now)).length),
        );
      }
    }),
    { seed: 17, numRuns: 400 },
  );
});

test("a list that is empty under a fresh header is a good word: at night nothing runs", () => {
  const city = new City(plan({ indicators: [indicator({})] }));
  const say = (at: number, entities: Entity[], publishedAt: number | null): void => {
    advance(city, at, word({ entities, publishedAt }, { receivedAt: at }));
  };
  say(start, [station("a", 1)], start);
  const night = start + 3_600 * second;
  say(night, [], night);
  expect(city.feedStatus("bikes", night).status).toBe("fresh");
  expect(city.readings.get("transport.stations")).toMatchObject({ value: 0, state: "fresh" });
  say(night + second, [station("a", 1)], night + second);
  expect(city.feedStatus("bikes", night + second).status).not.toBe("fresh");
});

test("a living part of a feed does not renew the word of a dead one", () => {
  const stations = indicator({ id: "transport.stations" });
  const information = indicator({ id: "transport.information", reads: "Station" });
  const city = new City(plan({ indicators: [stations, information] }));
  const info = entity("Station", "a", {});
  advance(
    city,
    start,
    word({ scope: "info", entities: [info] }),
    word({ scope: "status", entities: [station("a", 1)] }),
  );
  for (let at = start; at <= start + 90 * second; at += 30 * second) {
    const report = { feedId: "bikes", part: "status", goodAt: at, error: null };
    city.advance({ ...emptyBatch, reports: [report] }, at);
  }
  expect(city.readings.get("transport.information")).toMatchObject({ state: "stale" });
});

test("what newer words overtook does not pile up in the heap of expiries", () => {
  const city = new City(plan({ indicators: [indicator({})] }));
  for (let i = 0; i < 20_000; i++) {
    const at = start + i;
    advance(
      city,
      at,
      word({ mode: "partial", entities: [station("a", i, { observedAt: at, receivedAt: at })] }),
    );
  }
  expect(city.waitingExpiries).toBeLessThan(2_000);
});

describe("a feed of several parts", () => {
  test("types and regions that come before or after name the vehicles and stations", () => {
    const city = new City(plan());
    const types = word({ scope: "vehicle_types", lookups: { formFactors: new Map([["e", "bicycle"]]) } });
    const vehicle = (id: string) => entity("Vehicle", id, { fields: { vehicleTypeId: "e" } });
    const fields = () => [...city.table("Vehicle").entries()].map(([, held]) => held.entity.fields);
    advance(city, start, word({ scope: "vehicle_status", entities: [vehicle("1")] }));
    expect(fields()).toEqual([{ vehicleTypeId: "e" }]);
    advance(city, start, types);
    advance(city, start, word({ scope: "vehicle_status", entities: [vehicle("1"), vehicle("2")] }));
    expect(fields()).toEqual([1, 2].map(() => ({ vehicleTypeId: "e", formFactor: "bicycle" })));
    const dock = entity("Station", "s", { fields: { regionId: "3" } });
    const regions = word({ scope: "system_regions", lookups: { regionNames: new Map([["3", "North"]]) } });
    advance(city, start, word({ scope: "station_information", entities: [dock] }), regions);
    const [held] = [...city.table("Station").entries()].map(([, one]) => one.entity.fields);
    expect(held).toEqual({ regionId: "3", regionName: "North" });
  });

  test("a document that lists no things is no word about things", () => {
    const city = new City(plan({ indicators: [indicator({})] }));
    advance(city, start, word({ scope: "gbfs", speaksOf: [] }, { receivedAt: start }));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: null, reason: "no-data" });
    const empty = word({ scope: "station_status", speaksOf: ["StationStatus"] }, { receivedAt: start });
    advance(city, start, empty);
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 0, state: "fresh" });
  });

  test("a list that names its messages as parts speaks for them again when it names none", () => {
    const city = new City(
      plan({
        feeds: [plannedFeed({ gives: ["CapAlert"] })],
        indicators: [indicator({ reads: "CapAlert", where: { expiresAt: { past: false } } })],
      }),
    );
    const message = {
      scope: "https://city/flood.xml",
      mode: "partial",
      speaksOf: ["CapAlert"],
      entities: [entity("CapAlert", "flood", { fields: { expiresAt: start + 30 * second } })],
    } as const;
    const about = (at: number) => ({ receivedAt: at });
    advance(city, start, word({ speaksOf: [] }, about(start)));
    expect(city.readings.get("transport.stations")).toMatchObject({ state: "none", reason: "no-data" });
    advance(city, start, word(message, about(start)));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "fresh" });
    const later = start + 300 * second;
    advance(city, later, word({ speaksOf: ["CapAlert"] }, about(later)));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 0, state: "fresh" });
    // It names one again, which cannot be read.
    const last = later + 300 * second;
    advance(city, last, word({ speaksOf: [] }, about(last)));
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 0, state: "stale" });
  });

  test("a feed of nothing but a list with a long ttl is fresh until that is over, and as old as its word", () => {
    const city = new City(plan({ feeds: [plannedFeed({ gives: ["Station"] })] }));
    const list = { scope: "station_information", entities: [entity("Station", "s")], goodForSeconds: 3600 };
    advance(city, start, word(list, { receivedAt: start }));
    const later = start + 3660 * second;
    expect(city.feedStatus("bikes", later)).toMatchObject({ status: "fresh", observedAt: start });
    expect(advance(city, later).feeds).toEqual([]);
    expect(city.feedStatus("bikes", later + 1).status).toBe("stale");
    expect(advance(city, later + 1).feeds).toMatchObject([{ id: "bikes", status: "stale" }]);
  });

  test("a list with a long ttl hides neither that what is measured is silent, nor that another part fails", () => {
    const list = { scope: "station_information", entities: [entity("Station", "s")], goodForSeconds: 3600 };
    const measured = { scope: "station_status", entities: [station("a", 1)] };
    const silent = new City(plan({ feeds: [plannedFeed({ gives: ["Station", "StationStatus"] })] }));
    advance(silent, start, word(list, { receivedAt: start }), word(measured, { receivedAt: start }));
    const failing = new City(plan({ feeds: [plannedFeed({ gives: ["Station", "StationStatus"] })] }));
    advance(failing, start, word(list, { receivedAt: start }));
    const error = { class: "timeout", message: "no answer within 10 s", at: start } as const;
    const report = { feedId: "bikes", part: "station_status", goodAt: null, error };
    failing.advance({ ...emptyBatch, reports: [report] }, start);
    for (const city of [silent, failing])
      expect(city.feedStatus("bikes", start + 61 * second).status).not.toBe("fresh");
  });

  test("a list of lasting things ages from the end of its ttl", () => {
    const city = new City(plan({ indicators: [indicator({ reads: "Station" })] }));
    const list = { scope: "station_information", entities: [entity("Station", "s")], goodForSeconds: 3600 };
    advance(city, start, word(list, { receivedAt: start }));
    advance(city, start + 3660 * second);
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "fresh" });
    advance(city, start + 3660 * second + 1);
    expect(city.readings.get("transport.stations")).toMatchObject({ value: 1, state: "stale" });
  });
});
