/**
 * Every connector whose bodies can be pushed, end to end on its bad days: a good source, the fault proxy before the real
 * receiving transport, and the live city behind it. Whatever the day, what was known stays, and the next sound push is
 * taken in.
 */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { emptyBatch } from "../../server/core/city/changes.ts";
import { City } from "../../server/core/city/city.ts";
import type { Connector } from "../../server/core/feeds/connector.ts";
import { startFaultProxy, type Fault, type FaultProxy } from "../../server/faults/fault-proxy.ts";
import { startFeed } from "../../server/ingest/intake.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import { rig } from "../feed-rig.ts";
import { plan, plannedFeed } from "../planned-city.ts";
import { connectors, decode, listSpecimens, type Specimen } from "./specimens.ts";

/** Their bodies are made by our own transports; nobody pushes them. */
const ownBodies = ["probe", "sql"];

const pushable = connectors
  .filter(({ spec }) => !ownBodies.includes(spec))
  .map((connector) => ({ spec: connector.spec, connector, specimen: smallest(connector) }));

/** The smallest good body that holds something. */
function smallest(connector: Connector): Specimen {
  const found = listSpecimens(connector)
    .toSorted((a, b) => a.bytes.length - b.bytes.length)
    .find((specimen) => {
      const decoded = decode(connector, specimen);
      return decoded.ok && decoded.value.entities.length > 0 && !decoded.value.follow?.length;
    });
  if (!found) throw new Error(`${connector.spec} has no good body to push`);
  return found;
}

interface PushedCity {
  readonly city: City;
  readonly proxy: FaultProxy;
  readonly source: { readonly status: FeedStatus };
  /** The answer's status; `null` when the connection ended without one. */
  push(): Promise<number | null>;
  known(): readonly string[];
  /** City time goes on. */
  wait(seconds: number): void;
}

async function pushed(connector: Connector, specimen: Specimen, seconds?: number): Promise<PushedCity> {
  const { spec, part, bytes } = specimen;
  let now = specimen.receivedAt;
  const gives = connector.gives(specimen.feed.options);
  const entry = plannedFeed({
    ...specimen.feed,
    spec,
    gives,
    staleAfterSeconds: 3_600,
    dropAfterSeconds: 86_400,
    keepSeconds: 1e9,
    transport: {
      type: "receive",
      bearer: () => "token",
      hmac: null,
      acceptsV1: false,
      maxBytes: 4 << 20,
      reconcile: null,
    },
  });
  const city = new City(plan({ zone: specimen.feed.zone, feeds: [entry] }));
  const { wiring } = await rig(entry.transport, {
    connector,
    entry,
    bounds: specimen.feed.bounds,
    now: () => now,
    deliver: (update, delivery) =>
      void city.advance({ ...emptyBatch, words: [{ ...delivery, update }] }, now),
    report: (feedId, { part: of, good, error }) =>
      void city.advance({ ...emptyBatch, reports: [{ feedId, part: of, goodAt: good, error }] }, now),
  });
  const feed = startFeed(wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;

  const receiver = createServer((incoming, response) => {
    const header = (name: string): string | undefined => [incoming.headers[name]].flat()[0];
    feed.receive!({ header, body: incoming }).then(
      ({ status }) => response.writeHead(status).end(),
      () => response.destroy(),
    );
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  onTestFinished(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  const target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/data`;
  const proxy = await startFaultProxy({ target, fault: "none", seconds });
  onTestFinished(() => proxy.stop());
  return {
    city,
    proxy,
    source: {
      get status() {
        return city.feedStatus(entry.id, now);
      },
    },
    async push() {
      const headers = { authorization: "Bearer token", "x-part": part };
      const answer = await fetch(proxy.url, { method: "POST", headers, body: bytes }).catch(() => null);
      return answer?.status ?? null;
    },
    known: () =>
      [...city.tables.values()].flatMap((table) =>
        Array.from(table.entries(), ([, { reported }]) => reported.id),
      ),
    wait(seconds) {
      now += seconds * 1_000;
      city.advance(emptyBatch, now);
    },
  };
}

/** What whoever pushed is told, where nothing of the body is taken in. */
const refused: readonly (readonly [Fault, number | null])[] = [
  ["cut", null],
  ["bomb", 413],
  ["html", 422],
  ["down", 503],
];

describe.each(pushable)("$spec pushed on a bad day", ({ connector, specimen }) => {
  test.each(refused)("%s: the source is told %s, what was known stays", async (fault, status) => {
    const { proxy, push, known, source } = await pushed(connector, specimen);
    expect(await push()).toBe(202);
    const before = known();
    expect(before.length).toBeGreaterThan(0);
    proxy.setFault(fault);
    expect(await push()).toBe(status);
    expect(known()).toEqual(before);
    expect(source.status.error?.class).not.toBe("crashed");
    proxy.setFault("none");
    expect(await push()).toBe(202);
    expect(known()).toEqual(before);
    expect(source.status.error).toBeNull();
  });

  test.each(["late", "slow"] as const)("%s: it is taken in when it is there", async (fault) => {
    const { proxy, push, known } = await pushed(connector, specimen, 0.3);
    proxy.setFault(fault);
    expect(await push()).toBe(202);
    expect(known().length).toBeGreaterThan(0);
  });

  test("stale: the same push for ever makes nothing younger than it says", async () => {
    const { proxy, push, known, source, wait } = await pushed(connector, specimen);
    expect(await push()).toBe(202);
    const before = known().length;
    const { observedAt } = source.status;
    proxy.setFault("stale");
    wait(7_200);
    await push();
    const decoded = decode(connector, specimen);
    const { publishedAt, entities } = decoded.ok ? decoded.value : { publishedAt: null, entities: [] };
    const tellsTime = publishedAt !== null || entities.every((entity) => entity.observedAt !== null);
    if (tellsTime && connector.spec !== "log")
      expect(source.status.observedAt! - (observedAt ?? 0)).toBeLessThanOrEqual(
        publishedAt === null ? 7_200_000 : 0,
      );
    // A log that says a line twice tells of two events.
    if (connector.spec !== "log") expect(known().length).toBe(before);
  });

  test.each(["half", "doubled", "swapped", "lying-clock"] as const)(
    "%s: an answer, never a thing that is not there, and recovery",
    async (fault) => {
      const { proxy, push, known, source } = await pushed(connector, specimen);
      expect(await push()).toBe(202);
      const before = new Set(known());
      proxy.setFault(fault);
      expect(await push()).toBeOneOf([202, 422]);
      expect(source.status.error?.class).not.toBe("crashed");
      // A log that says a line twice, or at another time, tells of other events; half of a line may name another thing.
      if (connector.spec !== "log")
        expect(known().filter((id) => !before.has(id)).length).toBeLessThanOrEqual(1);
      proxy.setFault("none");
      expect(await push()).toBe(202);
      expect([...before].filter((id) => !known().includes(id))).toEqual([]);
      expect(source.status.error).toBeNull();
    },
  );
});
