/**
 * The statistics office's archive against the city itself: the feeds of an instant, decoded and measured by the server,
 * must say what the archive says of it. The two share nothing but the simulator's functions.
 */

import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Archive } from "../fixtures/simulator/archive/archive.ts";
import { answersOf } from "../fixtures/simulator/serve.ts";
import { isSupplierDead, nextStorm } from "../fixtures/simulator/storm.ts";
import { surveyResults } from "../fixtures/simulator/town/counters.ts";
import { noiseMessages } from "../fixtures/simulator/town/noise.ts";
import { servicePage } from "../fixtures/simulator/town/security.ts";
import { readCityFolder, type CityFolder } from "../server/city-folder/city-folder.ts";
import { indexAreas } from "../server/core/city/areas.ts";
import { emptyBatch, type FeedWord } from "../server/core/city/changes.ts";
import { City } from "../server/core/city/city.ts";
import type { Fetch, Part } from "../server/core/feeds/connector.ts";
import type { FeedEntry } from "../server/core/feeds/feed-entry.ts";
import { connectorFor } from "../server/core/feeds/index.ts";
import { parseSeriesId } from "../shared/city.ts";
import type { Reading } from "../shared/protocol.ts";

const seed = 1;
const cityDir = join(import.meta.dirname, "../fixtures/demo-city");
const origin = "http://simulator.invalid";
/** So long before, the portal's log and the centre are asked too: their bodies hold five minutes each. */
const eventsBackMs = [600_000, 300_000];
const eventFeeds = new Set(["security-events", "portal-log"]);

/** What Citydeck says of itself did not exist before it was installed. */
const isOurOwn = (id: string): boolean => id.startsWith("platform.") && id !== "platform.city-score";

/** By how much figures may differ; all others agree to a millionth. */
const tolerances: Readonly<Record<string, number>> = {
  // Lines run along streets that are borders; the archive knows to ten metres where they cross.
  "transport.vehicles-in-service{area.district": 3,
};

describe.each([
  ["a weekday's rush hour", Date.parse("2026-11-24T08:12:20Z")],
  ["the night", Date.parse("2026-11-26T02:40:10Z")],
  ["a storm's afternoon", nextStorm(seed, Date.parse("2026-09-01T00:00:00Z"), 16) + 150_000],
  ["a storm with the bikes' supplier just dead", nextStorm(seed, Date.parse("2026-09-01T00:00:00Z"), 16.3)],
  ["a storm with the bikes' supplier long dead", nextStorm(seed, Date.parse("2026-09-01T00:00:00Z"), 16.5)],
  ["the end of a storm", nextStorm(seed, Date.parse("2026-09-01T00:00:00Z"), 19)],
  ["a Sunday", Date.parse("2026-10-18T14:07:00Z")],
  ["the hour that the clocks of autumn repeat", Date.parse("2026-10-25T01:20:00Z")],
  ["the day after the clocks of autumn", Date.parse("2026-10-26T00:35:30Z")],
])("%s", (_, at) => {
  let readings: ReadonlyMap<string, Reading>;
  let values: ReadonlyMap<string, number>;

  beforeAll(() => {
    readings = measuredAt(at);
    const archive = new Archive(seed);
    const told = archive.valuesAt(at);
    values = new Map(archive.series.map((id, i) => [id, told[i]!]));
  }, 60_000);

  it("is told of as it is measured, in whole and by every group", () => {
    const differences: string[] = [];
    for (const [id, { value, state }] of readings) {
      const { indicator } = parseSeriesId(id);
      if (isOurOwn(indicator)) continue;
      const measured = state === "fresh" ? (value ?? Number.NaN) : Number.NaN;
      const told = values.get(id);
      const most = tolerances[id.split(":")[0]!] ?? Math.max(1e-6, Math.abs(measured) * 1e-6);
      const agrees = Number.isNaN(measured)
        ? Number.isNaN(told)
        : Math.abs(measured - (told ?? Infinity)) <= most;
      if (!agrees) differences.push(`${id}: measured ${measured} (${state}), told ${told}`);
    }
    expect(differences).toEqual([]);
  });
});

it("has every indicator of the city, but for Citydeck's own", () => {
  const told = new Set(new Archive(seed).series.map((id) => parseSeriesId(id).indicator));
  const wanted = readFolder().indicators.filter(({ id }) => !isOurOwn(id));
  expect(wanted.map(({ id }) => id).filter((id) => !told.has(id))).toEqual([]);
  expect(told.size).toBe(wanted.length);
});

it("says the same of a bucket wherever it is asked to begin", () => {
  const fromAt = Date.parse("2026-11-25T06:00:00Z");
  const [, , third] = new Archive(seed).buckets(fromAt, fromAt + 3 * 3_600_000, 3600);
  const [alone] = new Archive(seed).buckets(fromAt + 2 * 3_600_000, fromAt + 3 * 3_600_000, 3600);
  expect(alone).toEqual(third);
});

/** Every reading after the feeds of `at` were taken in. */
function measuredAt(at: number): ReadonlyMap<string, Reading> {
  const folder = readFolder();
  const feeds = folder.feeds.map((entry) => ({
    ...entry,
    gives: connectorFor(entry.spec).gives(entry.options),
  }));
  const { zone } = folder.settings;
  const city = new City({
    zone,
    feeds,
    indicators: folder.indicators,
    rules: [],
    areas: indexAreas(folder.areas),
  });
  for (const back of [bikesBackMs(at), ...eventsBackMs, 0]) {
    const earlier = back === bikesBackMs(at) ? new Set(["bikes"]) : eventFeeds;
    const asked = folder.feeds.filter(({ id }) => back === 0 || earlier.has(id));
    const words = asked.flatMap((entry) => wordsOf(entry, folder, at - back));
    const reports = words.map(({ feedId, update, receivedAt }) => ({
      feedId,
      part: update.scope,
      goodAt: receivedAt,
      error: null,
    }));
    city.advance({ ...emptyBatch, words, reports }, at - back);
  }
  return city.readings;
}

/** More than ten minutes ago, the bikes' supplier was last there. */
function bikesBackMs(at: number): number {
  let backMs = 660_000;
  while (isSupplierDead(seed, at - backMs)) backMs += 60_000;
  return backMs;
}

function readFolder(): CityFolder {
  const read = readCityFolder(cityDir, { recordings: cityDir, env: {} });
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  return read.value;
}

function wordsOf(entry: FeedEntry, { settings }: CityFolder, at: number): FeedWord[] {
  const connector = connectorFor(entry.spec);
  const { transport, options } = entry;
  const url = transport.type === "poll" ? transport.url : null;
  const feed = { id: entry.id, spec: entry.spec, zone: settings.zone, bounds: settings.bounds, url, options };
  const words: FeedWord[] = [];
  const take = (raw: Part): readonly Fetch[] => {
    const part = connector.strip?.(raw, feed, at, (text) => `hash of ${text}`) ?? raw;
    const decoded = connector.decode(part, feed, at);
    if (!decoded.ok) throw new Error(`${entry.id}: ${decoded.failure.message}`);
    words.push({ feedId: entry.id, receivedAt: at, shiftMs: 0, restored: false, update: decoded.value });
    return decoded.value.follow ?? [];
  };
  if (transport.type !== "poll") {
    for (const part of pushedParts(entry, at)) take(part);
    return words;
  }
  const queue = [...connector.next(feed, null, at)];
  const seen = new Set<string>();
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (seen.has(next.name)) continue;
    seen.add(next.name);
    const bytes = bodyOf(next.url, at);
    if (bytes === null) continue;
    queue.push(
      ...take({
        name: next.name,
        url: next.url,
        bytes,
        ...(next.carry === undefined ? {} : { carry: next.carry }),
      }),
    );
  }
  return words;
}

const answer = answersOf(seed);

/** `null` where the supplier's server does not answer. */
function bodyOf(url: string, at: number): Uint8Array | null {
  const { pathname, searchParams } = new URL(url);
  const body = answer({ at, path: pathname, query: searchParams, origin });
  if (body instanceof Uint8Array) return body;
  return typeof body === "string" ? new TextEncoder().encode(body) : null;
}

function pushedParts({ id, transport }: FeedEntry, at: number): Part[] {
  const part = (name: string, body: unknown): Part => ({
    name,
    url: null,
    bytes: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
  });
  const instant = new Date(at).toISOString();
  if (transport.type === "subscribe")
    return noiseMessages(seed, at).map(({ topic, payload }) => part(topic, payload));
  if (transport.type === "query") {
    const columns = [
      { name: "agency", type: "text" },
      { name: "satisfaction", type: "numeric" },
      { name: "surveyed", type: "timestamptz" },
    ];
    const rows = surveyResults(seed, at).map(({ agency, satisfaction, surveyed }) => [
      agency,
      satisfaction.toFixed(1),
      new Date(surveyed).toISOString(),
    ]);
    return [part("body", { askedAt: instant, news: null, columns, rows })];
  }
  if (transport.type !== "probe") throw new Error(`${id}: nobody asks for ${transport.type} here`);
  const results = transport.services.map((service) => {
    const { status, milliseconds } = servicePage(seed, at, service.id)!;
    const isAvailable = status === 200;
    return {
      id: service.id,
      name: service.name,
      url: service.url,
      probedAt: instant,
      isAvailable,
      reason: isAvailable ? null : "status",
      detail: null,
      status,
      responseSeconds: isAvailable ? milliseconds / 1000 : null,
      certificateExpiresAt: null,
    };
  });
  return [part("body", { startedAt: instant, endedAt: instant, results })];
}
