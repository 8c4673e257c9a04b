/**
 * Every connector that can be polled, and a system that is found by links, end to end on its bad days: a good source, the fault proxy before it, the real
 * poll transport and the live city behind it. Whatever the day, what was known stays, the feed says what is wrong, and
 * when the source is well again so is the feed.
 */

import { once } from "node:events";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { City } from "../../server/core/city/city.ts";
import { emptyBatch } from "../../server/core/city/changes.ts";
import type { Connector } from "../../server/core/feeds/connector.ts";
import { startFaultProxy, type Fault, type FaultProxy } from "../../server/faults/fault-proxy.ts";
import { startFeed } from "../../server/ingest/intake.ts";
import type { FeedErrorClass, FeedStatus } from "../../shared/feed.ts";
import { eventually, rig } from "../feed-rig.ts";
import { plan, plannedFeed } from "../planned-city.ts";
import { connectors, decode, listSpecimens, specimenFeed, type Specimen } from "./specimens.ts";

const pollable = connectors.flatMap((connector) => {
  const specimen = polledSpecimen(connector);
  return specimen ? [{ spec: connector.spec, connector, specimen }] : [];
});

/** The smallest good body that holds several things; none for standards whose bodies are not asked for. */
function polledSpecimen(connector: Connector): Specimen | undefined {
  return listSpecimens(connector)
    .toSorted((a, b) => a.bytes.length - b.bytes.length)
    .find((specimen) => {
      if (connector.next(specimen.feed, null, specimen.receivedAt).length === 0) return false;
      const decoded = decode(connector, specimen);
      return decoded.ok && decoded.value.entities.length > 1 && !decoded.value.follow?.length;
    });
}

interface PolledCity {
  readonly city: City;
  readonly proxy: FaultProxy;
  /** Polls, time-outs and bodies so far, good and bad. */
  readonly heard: () => number;
  status(): FeedStatus;
  /** City time goes on. */
  wait(seconds: number): void;
}

async function poll(
  connector: Connector,
  specimen: Specimen,
  source = createServer((_, response) => response.end(specimen.bytes)),
): Promise<PolledCity> {
  const { spec } = specimen;
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  onTestFinished(() => void source.close());
  const target = `http://127.0.0.1:${(source.address() as AddressInfo).port}/body`;
  const proxy = await startFaultProxy({ target, fault: "none", seconds: 600 });
  onTestFinished(() => proxy.stop());

  const entry = plannedFeed({
    ...specimen.feed,
    spec,
    gives: connector.gives(specimen.feed.options),
    staleAfterSeconds: 3_600,
    dropAfterSeconds: 86_400,
    keepSeconds: 1e9,
    transport: {
      type: "poll",
      url: proxy.url,
      everySeconds: 0.05,
      timeoutSeconds: 0.5,
      speed: 1,
      isSimulated: false,
      maxBytes: 4 << 20,
      headers: {},
      outgoing: { allowHosts: ["127.0.0.1"], userAgent: "Citydeck/test" },
    },
  });
  const city = new City(plan({ zone: specimen.feed.zone, feeds: [entry] }));
  let now = specimen.receivedAt;
  let heard = 0;
  const { wiring } = await rig(entry.transport, {
    connector,
    entry,
    bounds: specimen.feed.bounds,
    random: () => 0,
    now: () => now,
    deliver: (update, delivery) =>
      void city.advance({ ...emptyBatch, words: [{ ...delivery, update }] }, now),
    report(feedId, { part, good, error }) {
      heard++;
      city.advance({ ...emptyBatch, reports: [{ feedId, part, goodAt: good, error }] }, now);
    },
  });
  const feed = startFeed(wiring);
  onTestFinished(() => feed.stop());
  return {
    city,
    proxy,
    heard: () => heard,
    status: () => city.feedStatus(entry.id, now),
    wait(seconds) {
      now += seconds * 1_000;
      city.advance(emptyBatch, now);
    },
  };
}

function heldBy({ tables }: City): Map<string, unknown> {
  return new Map(
    [...tables.values()].flatMap((t) =>
      Array.from(t.entries(), ([, { reported }]) => [reported.id, reported]),
    ),
  );
}

/** A fault that sets in costs nothing that was known, is named, and is over when the feed is well again. */
async function expectRecovery(
  { city, proxy, status }: PolledCity,
  fault: Fault,
  errorClass: FeedErrorClass,
): Promise<void> {
  const known = heldBy(city);
  proxy.setFault(fault);
  await eventually(() => expect(status().error?.class).toBe(errorClass));
  expect(heldBy(city)).toEqual(known);
  proxy.setFault("none");
  await eventually(() => expect(status().error).toBeNull());
  expect(heldBy(city)).toEqual(known);
}

/** Faults after which nothing of the body can be used, and what the feed then says. */
const refused: readonly (readonly [Fault, FeedErrorClass])[] = [
  ["late", "timeout"],
  ["slow", "timeout"],
  ["cut", "connection"],
  ["bomb", "too-large"],
  ["html", "unreadable"],
  ["down", "http"],
];

describe.each(pollable)("$spec on a bad day", ({ connector, specimen }) => {
  test.each(refused)("%s: the feed says %s, keeps what it knew, and recovers", async (fault, errorClass) => {
    const polled = await poll(connector, specimen);
    await eventually(() =>
      expect(polled.status()).toMatchObject({
        error: null,
        entities: expect.toSatisfy((n) => Number(n) > 1),
      }),
    );
    await expectRecovery(polled, fault, errorClass);
  });

  test("stale: the same body for ever is a feed that goes stale, whatever it answers", async () => {
    const { city, proxy, heard, status, wait } = await poll(connector, specimen);
    await eventually(() => expect(status().entities).toBeGreaterThan(1));
    const known = heldBy(city).size;
    const { observedAt } = status();
    proxy.setFault("stale");
    wait(7_200);
    const before = heard();
    await eventually(() => expect(heard()).toBeGreaterThan(before + 2));
    // A body without a time of its own can only be as old as its last coming; every other stays as old as it says.
    const { publishedAt, entities } = mustDecode(connector, specimen);
    const tellsTime = publishedAt !== null || entities.some((entity) => entity.observedAt !== null);
    if (tellsTime && status().observedAt === observedAt) expect(status().status).toBe("stale");
    expect(status().observedAt! - (observedAt ?? 0)).toBeLessThanOrEqual(
      tellsTime && publishedAt !== null ? 0 : 7_200_000,
    );
    expect(heldBy(city).size).toBe(known);
  });

  test.each(["half", "doubled", "swapped", "lying-clock"] as const)(
    "%s: an error or a notice, never a thing that is not there, and recovery",
    async (fault) => {
      const { city, proxy, heard, status } = await poll(connector, specimen);
      await eventually(() => expect(status().entities).toBeGreaterThan(1));
      const known = heldBy(city);
      proxy.setFault(fault);
      const before = heard();
      await eventually(() => expect(heard()).toBeGreaterThan(before + 2));
      const { error, observedAt } = status();
      expect(error?.class ?? "unreadable").toBe("unreadable");
      expect(error?.class).not.toBe("crashed");
      // A log that says a line twice tells of two events.
      if (fault !== "lying-clock" && !(fault === "doubled" && connector.spec === "log"))
        expect([...heldBy(city).keys()].filter((id) => !known.has(id)).length).toBeLessThan(2);
      if (fault === "lying-clock" && observedAt !== null)
        expect(observedAt).toBeLessThanOrEqual(Math.max(specimen.receivedAt + 60_000, newestOf(known)));
      proxy.setFault("none");
      await eventually(() => expect([...known.keys()].filter((id) => !heldBy(city).has(id))).toEqual([]));
      await eventually(() => expect(status().error).toBeNull());
    },
  );
});

/** A system that is found by links: its discovery document, and the files that it names on the same host. */
describe("gbfs found by its links, on a bad day", () => {
  const file = (data: object, at: number) =>
    JSON.stringify({ last_updated: at, ttl: 0, version: "2.3", data });
  const station = (id: string, at: number) => ({
    station_id: id,
    num_bikes_available: 3,
    num_docks_available: 4,
    is_installed: true,
    is_renting: true,
    is_returning: true,
    last_reported: at,
  });

  async function system(): Promise<PolledCity> {
    const gbfs = connectors.find(({ spec }) => spec === "gbfs")!;
    const receivedAt = Date.UTC(2026, 0, 5, 12);
    const at = receivedAt / 1_000;
    const names = ["station_information", "station_status"];
    const source = createServer((incoming, response) => {
      const own = `http://${incoming.headers.host}`;
      const feeds = names.map((name) => ({ name, url: `${own}/${name}.json` }));
      const bodies: Readonly<Record<string, string>> = {
        "/body": file({ en: { feeds } }, at),
        "/station_information.json": file(
          { stations: ["1", "2"].map((id, i) => ({ station_id: id, name: id, lat: 50 + i, lon: 10 })) },
          at,
        ),
        "/station_status.json": file({ stations: [station("1", at), station("2", at)] }, at),
      };
      response.end(bodies[incoming.url ?? ""] ?? "");
    });
    const specimen = {
      name: "system",
      spec: "gbfs",
      part: "gbfs",
      feed: specimenFeed("gbfs", {}),
      receivedAt,
    } as const;
    return poll(gbfs, { ...specimen, bytes: new Uint8Array() }, source);
  }

  test.each(refused)("%s: the feed says %s, keeps what it knew, and recovers", async (fault, errorClass) => {
    const polled = await system();
    await eventually(() => expect(polled.status()).toMatchObject({ error: null, entities: 4 }));
    await expectRecovery(polled, fault, errorClass);
  });

  test.each(["half", "doubled", "swapped", "lying-clock", "stale"] as const)(
    "%s: never a thing that is not there, and recovery",
    async (fault) => {
      const { city, proxy, heard, status } = await system();
      await eventually(() => expect(status().entities).toBe(4));
      const known = heldBy(city);
      proxy.setFault(fault);
      const before = heard();
      await eventually(() => expect(heard()).toBeGreaterThan(before + 6));
      expect(status().error?.class ?? "unreadable").toBe("unreadable");
      expect([...heldBy(city).keys()].filter((id) => !known.has(id))).toEqual([]);
      proxy.setFault("none");
      await eventually(() => expect([...known.keys()].filter((id) => !heldBy(city).has(id))).toEqual([]));
      await eventually(() => expect(status().error).toBeNull());
    },
  );
});

function mustDecode(connector: Connector, specimen: Specimen) {
  const decoded = decode(connector, specimen);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value;
}

function newestOf(known: ReadonlyMap<string, unknown>): number {
  return [...known.values()].reduce<number>(
    (newest, thing) => Math.max(newest, (thing as { observedAt: number | null }).observedAt ?? 0),
    0,
  );
}

test("the proxy passes a sound feed on as it is, also what is linked in it", async () => {
  const source = createServer((incoming, response) => {
    const own = `http://${incoming.headers.host}`;
    response.end(incoming.url === "/a" ? JSON.stringify({ next: `${own}/b` }) : "b");
  });
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  onTestFinished(() => void source.close());
  const { port } = source.address() as AddressInfo;
  const proxy = await startFaultProxy({ target: `http://127.0.0.1:${port}/a`, fault: "none" });
  onTestFinished(() => proxy.stop());
  const { next } = (await (await fetch(proxy.url)).json()) as { next: string };
  expect(new URL(next).origin).toBe(new URL(proxy.url).origin);
  expect(await (await fetch(next)).text()).toBe("b");
});

test.each(["//stranger.example/", "http://stranger.example/", "/\\stranger.example/"])(
  "the proxy asks its own feed alone, not %s",
  async (path) => {
    const asked: (string | undefined)[] = [];
    const source = createServer((incoming, response) => {
      asked.push(incoming.headers.host);
      response.end("own");
    });
    source.listen(0, "127.0.0.1");
    await once(source, "listening");
    onTestFinished(() => void source.close());
    const own = `127.0.0.1:${(source.address() as AddressInfo).port}`;
    const proxy = await startFaultProxy({ target: `http://${own}/a`, fault: "none" });
    onTestFinished(() => proxy.stop());
    const { hostname, port } = new URL(proxy.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const asking = get({ hostname, port, path, headers: { authorization: "Bearer key" } }, (response) =>
        response.setEncoding("utf8").on("data", resolve),
      );
      asking.on("error", reject);
    });
    expect(answer).toContain("expected a path of");
    expect(asked).toEqual([]);
  },
);
