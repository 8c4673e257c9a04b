/**
 * A context broker that tells of changes and loses some of its notifications, end to end: it is asked again now and then,
 * and the figure is right again.
 */

import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningCitydeck } from "../server/main.ts";
import { temporaryDir, walkCity, writeJsonFiles } from "./city-files.ts";
import { startCity } from "./running-city.ts";

const both = (text: string) => ({ en: text, zh: text });
const secret = "CITYDECK_TEST_BROKER";

const city = {
  "city.json": { ...walkCity["city.json"], allowHosts: ["127.0.0.1"] },
  "departments.json": walkCity["departments.json"],
  "walls/city.json": {
    ...walkCity["walls/city.json"],
    scenes: [{ id: "all", title: both("All"), map: { layers: ["Sensor"] }, regions: {} }],
  },
  "indicators/community.no2.json": {
    version: 1,
    id: "community.no2",
    department: "mobility",
    title: both("NO2"),
    definition: both("Sum of the stations."),
    unit: "micrograms-per-cubic-metre",
    better: "lower",
    reads: "Sensor",
    where: { property: "no2" },
    measure: { sum: "value" },
    staleAfterSeconds: 60,
  },
};

/** A broker of two pages and what its feed says of it. */
class Broker {
  readonly stations = new Map<string, number>();
  readonly asked: IncomingMessage[] = [];
  #server = createServer((request, response) => {
    this.asked.push(request);
    const { searchParams } = new URL(request.url!, "http://broker");
    const [limit, offset] = ["limit", "offset"].map((name) => Number(searchParams.get(name)));
    const page = [...this.stations.keys()].map((id) => this.entity(id)).slice(offset, offset! + limit!);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(page));
  });

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ngsi-ld/v1`;
  }

  entity(id: string, value = this.stations.get(id)): object {
    return {
      id: `urn:ngsi-ld:AirQualityObserved:${id}`,
      type: "AirQualityObserved",
      NO2: { type: "Property", value, unitCode: "GQ", observedAt: new Date().toISOString() },
      location: { type: "GeoProperty", value: { type: "Point", coordinates: [-122.4, 37.75] } },
    };
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const broker = new Broker();
let dir: string;
let running: RunningCitydeck;

beforeAll(async () => {
  process.env[secret] = "broker token";
  dir = await temporaryDir("reconcile");
  const url = await broker.listen();
  for (const [i, id] of ["a", "b", "c"].entries()) broker.stations.set(id, 10 ** i);
  await writeJsonFiles(join(dir, "city"), {
    ...city,
    "feeds/air.json": {
      version: 1,
      id: "air",
      title: both("Air"),
      spec: "ngsi",
      department: "mobility",
      licence: "CC0-1.0",
      cadenceSeconds: 30,
      staleAfterSeconds: 60,
      transport: {
        type: "receive",
        bearer: { env: secret },
        reconcile: { url, everySeconds: 1, headers: { "NGSILD-Tenant": "city" } },
      },
      options: {
        context: "https://context.example/c.jsonld",
        pageSize: 2,
        entities: [{ type: "AirQualityObserved", properties: { no2: { attribute: "NO2", unitCode: "GQ" } } }],
      },
    },
  });
  running = await startCity({ cityDir: join(dir, "city"), dataDir: join(dir, "data"), recordings: dir });
});

afterAll(async () => {
  await running?.stop();
  broker.close();
  await rm(dir, { recursive: true, force: true });
  delete process.env[secret];
});

async function figure(): Promise<unknown> {
  const answer = await fetch(`${running.url}/api/v1/indicators`);
  return ((await answer.json()) as { value: unknown; state: string }[])[0];
}

async function tell(...data: readonly object[]): Promise<number> {
  const notification = {
    id: "urn:ngsi-ld:Notification:1",
    type: "Notification",
    subscriptionId: "urn:ngsi-ld:Subscription:air",
    notifiedAt: new Date().toISOString(),
    data,
  };
  const { status } = await fetch(`${running.url}/api/v1/feeds/air/data`, {
    method: "POST",
    headers: { authorization: "Bearer broker token", "content-type": "application/json" },
    body: JSON.stringify(notification),
  });
  return status;
}

const soon = { timeout: 10_000, interval: 20 };

test("all pages of the broker, asked with its headers", async () => {
  await expect.poll(figure, soon).toMatchObject({ value: 111, state: "fresh" });
  expect(broker.asked[0]!.headers).toMatchObject({
    "ngsild-tenant": "city",
    accept: "application/json",
    link: '<https://context.example/c.jsonld>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"',
  });
  expect(broker.asked[1]!.url).toContain("limit=2&offset=2");
});

test("a notification is seen at once, and what the broker itself says later wins", async () => {
  // The broker never says so when it is asked.
  expect(await tell(broker.entity("a", 5))).toBe(202);
  await expect.poll(figure, soon).toMatchObject({ value: 115 });
  await expect.poll(figure, soon).toMatchObject({ value: 111 });
});

test("what a lost notification would have said is seen when the broker is asked again", async () => {
  broker.stations.set("b", 20);
  await expect.poll(figure, soon).toMatchObject({ value: 121 });
});

test("a station that came or went without a word comes or goes", async () => {
  broker.stations.set("d", 1_000);
  await expect.poll(figure, soon).toMatchObject({ value: 1_121 });
  broker.stations.delete("a");
  await expect.poll(figure, soon).toMatchObject({ value: 1_120, state: "fresh" });
});

test("a station that a notification ends is gone at once", async () => {
  broker.stations.delete("d");
  expect(
    await tell({
      id: "urn:ngsi-ld:AirQualityObserved:d",
      type: "AirQualityObserved",
      deletedAt: new Date().toISOString(),
    }),
  ).toBe(202);
  await expect.poll(figure, soon).toMatchObject({ value: 120 });
});
