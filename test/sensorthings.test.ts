/** A SensorThings service that pages at every level, asked over HTTP, until its streams stand in the live city. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { City } from "../server/core/city/city.ts";
import { connectorFor } from "../server/core/feeds/index.ts";
import type { SensorThingsOptions } from "../server/core/feeds/sensorthings/options.ts";
import { startFeed } from "../server/ingest/intake.ts";
import { Inbox } from "../server/live/inbox.ts";
import { eventually, rig } from "./feed-rig.ts";
import { plan, plannedFeed } from "./planned-city.ts";

type Level = "Things" | "Datastreams" | "Observations" | "Locations";

/** How many entities a page holds; inside `$expand` 0 leaves all to the link. */
type PageSizes = Readonly<Record<Level, number>>;

interface Service {
  readonly root: string;
  /** What was asked for, decoded. */
  readonly asked: string[];
  things: number;
  result: number;
}

const streamsPerThing = 3;
const observedAt = Date.parse("2026-01-05T11:00:00Z");

/** `things` with three streams each; every stream has observed three times, the newest last by number, first by time. */
async function service(pages: PageSizes, things: number): Promise<Service> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, state.root);
    state.asked.push(decodeURIComponent(url.pathname + url.search));
    const answer = answerOf(url, pages, state);
    response.writeHead(answer === null ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { code: 404, type: "error", message: "Nothing found." }));
  });
  const state: Service = { root: await listen(server), asked: [], things, result: 1 };
  return state;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1.1`;
}

function answerOf({ pathname, searchParams }: URL, pages: PageSizes, state: Service): object | null {
  const [, , level = "", id, inner] = /^\/v1\.1(\/(\w+)(?:\((\d+)\)\/(\w+))?)$/.exec(pathname) ?? [];
  const skip = Number(searchParams.get("$skip") ?? 0);
  const path = inner === undefined ? level : `${level}(${id})/${inner}`;
  const page = (all: readonly object[], size: number, from = skip): object => {
    const next = { "@iot.nextLink": `${state.root}/${path}?$skip=${from + size}` };
    return { value: all.slice(from, from + size), ...(from + size < all.length ? next : {}) };
  };
  const everyThing = Array.from({ length: state.things }, (_, thing) => thing);
  const streamsOf = (thing: number, withThing: boolean): object[] =>
    Array.from({ length: streamsPerThing }, (_, i) => streamOf(thing, i, withThing, pages, state));
  switch (inner ?? level) {
    case "Things":
      return page(
        everyThing.map((thing) => ({
          ...thingOf(thing, pages, state),
          ...expanded("Datastreams", streamsOf(thing, false), `Things(${thing})`, pages, state),
        })),
        pages.Things,
      );
    case "Datastreams":
      return id === undefined
        ? page(
            everyThing.flatMap((thing) => streamsOf(thing, true)),
            pages.Datastreams,
          )
        : page(streamsOf(Number(id), false), Math.max(1, pages.Datastreams));
    case "Observations":
      return page(observations(state), Math.max(1, pages.Observations));
    case "Locations":
      return page(locations(Number(id)), Math.max(1, pages.Locations));
    default:
      return null;
  }
}

function expanded(
  level: Level,
  all: readonly object[],
  owner: string,
  pages: PageSizes,
  state: Service,
): object {
  const size = pages[level];
  const next = { [`${level}@iot.nextLink`]: `${state.root}/${owner}/${level}?$skip=${size}` };
  return { [level]: all.slice(0, size), ...(size < all.length ? next : {}) };
}

function thingOf(thing: number, pages: PageSizes, state: Service): object {
  const places = expanded("Locations", locations(thing), `Things(${thing})`, pages, state);
  return { "@iot.id": thing, name: `Gauge ${thing}`, ...places };
}

function locations(thing: number): object[] {
  return [{ location: { type: "Point", coordinates: [-122.45 + thing / 1000, 37.75] } }];
}

function streamOf(thing: number, i: number, withThing: boolean, pages: PageSizes, state: Service): object {
  const id = thing * streamsPerThing + i;
  return {
    "@iot.id": id,
    name: `Stream ${id}`,
    unitOfMeasurement: { name: "metre", symbol: "m", definition: "" },
    ObservedProperty: { name: `Level ${i}`, definition: "" },
    ...(withThing ? { Thing: thingOf(thing, pages, state) } : {}),
    ...expanded("Observations", observations(state), `Datastreams(${id})`, pages, state),
  };
}

/** Newest first, as they were asked for. */
function observations({ result }: Service): object[] {
  return [0, 1, 2].map((age) => ({
    result: result - age / 10,
    phenomenonTime: new Date(observedAt + (result - age) * 1_000).toISOString(),
    resultTime: null,
  }));
}

async function cityOf(url: string, options: SensorThingsOptions = {}, keepSeconds = 3_600) {
  const city = new City(plan({ feeds: [plannedFeed({ id: "sensors", gives: ["Sensor"], keepSeconds })] }));
  const inbox = new Inbox();
  const connector = connectorFor("sensorthings");
  const transport = { type: "poll", url, everySeconds: 0.2, timeoutSeconds: 2, speed: 1 } as const;
  const outgoing = { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" };
  const { wiring, words } = await rig(
    { ...transport, isSimulated: false, maxBytes: 1_000_000, headers: {}, outgoing },
    {
      connector,
      entry: { spec: "sensorthings", options },
      deliver: (update, delivery) => inbox.put({ ...delivery, update }),
    },
  );
  const feed = startFeed(wiring);
  onTestFinished(() => feed.stop());
  const sensors = () => {
    city.advance(inbox.drain({}), Date.now());
    return Array.from(city.table("Sensor").entries(), ([, { entity }]) => entity);
  };
  return { sensors, words };
}

const whole: PageSizes = { Things: 100, Datastreams: 100, Observations: 1, Locations: 1 };

test.each<[string, string, PageSizes, number]>([
  ["whole", "", whole, 1],
  ["streams in pages", "", { ...whole, Datastreams: 2 }, 6],
  ["observations behind links", "", { ...whole, Observations: 0 }, 1 + 12],
  ["places behind links, once for each Thing", "", { ...whole, Locations: 0 }, 1 + 4],
  ["links at every level", "", { Things: 3, Datastreams: 2, Observations: 0, Locations: 0 }, 6 + 12 + 8],
  ["Things whole", "/Things", whole, 1],
  [
    "Things in pages, their streams and all behind links",
    "/Things",
    { Things: 3, Datastreams: 1, Observations: 0, Locations: 0 },
    2 + 2 * 4 + 12 + 12,
  ],
])("%s: every stream has its newest value and its place", async (_name, query, pages, requests) => {
  const gauges = await service(pages, 4);
  const city = await cityOf(gauges.root + query);
  await eventually(() => expect(city.sensors().length).toBe(12));
  for (const sensor of city.sensors()) {
    const thing = Math.floor(Number(sensor.sourceId) / streamsPerThing);
    expect(sensor).toMatchObject({
      observedAt: observedAt + 1_000,
      position: [-122.45 + thing / 1000, 37.75],
      fields: { name: `Gauge ${thing}`, property: `Level ${Number(sensor.sourceId) % 3}`, value: 1 },
    });
  }
  expect(city.words.filter(({ error }) => error !== null)).toEqual([]);
  const round = gauges.asked.indexOf(gauges.asked[0]!, 1);
  expect(round === -1 ? gauges.asked.length : round).toBeLessThanOrEqual(requests);
});

test("asks for the newest alone, and for no more than is read", async () => {
  const gauges = await service(whole, 1);
  const city = await cityOf(gauges.root, { filter: "name ne 'x'" });
  await eventually(() => expect(city.sensors().length).toBe(3));
  expect(gauges.asked[0]).toBe(
    "/v1.1/Datastreams?$select=@iot.id,name,unitOfMeasurement&$expand=Thing($select=@iot.id,name;" +
      "$expand=Locations($select=location)),ObservedProperty($select=name,definition),Observations($select=" +
      "result,phenomenonTime,resultTime;$orderby=phenomenonTime desc;$top=1)&$filter=name ne 'x'&$top=1000",
  );
});

test("follows the values round by round, and forgets what no page has any more", async () => {
  const gauges = await service({ Things: 3, Datastreams: 2, Observations: 0, Locations: 0 }, 4);
  const city = await cityOf(gauges.root, {}, 2);
  await eventually(() => expect(city.sensors().length).toBe(12));
  gauges.result = 5;
  await eventually(() =>
    expect(city.sensors().map(({ fields }) => "value" in fields && fields.value)).toEqual(Array(12).fill(5)),
  );
  gauges.things = 3;
  await eventually(() => expect(city.sensors().length).toBe(9));
});

test("hundreds of streams in one request, thousands page by page", async () => {
  const gauges = await service({ ...whole, Datastreams: 100 }, 700);
  const city = await cityOf(gauges.root);
  await eventually(() => expect(city.sensors().length).toBe(2_100));
  expect(city.words.filter(({ error }) => error !== null)).toEqual([]);
});
