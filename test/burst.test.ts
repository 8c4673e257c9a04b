/**
 * Ten times as much as a feed usually sends: memory stays within its bounds, what is too much is turned away before it
 * is taken in, and of what was taken in every sample is in the city or counted as dropped.
 */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { emptyBatch } from "../server/core/city/changes.ts";
import { City } from "../server/core/city/city.ts";
import { line } from "../server/core/feeds/line/decode.ts";
import { startFeed } from "../server/ingest/intake.ts";
import type { PushAnswer } from "../server/ingest/push.ts";
import { Inbox } from "../server/live/inbox.ts";
import { rig } from "./feed-rig.ts";
import { entity, noon, plan, plannedFeed, word } from "./planned-city.ts";

const startAt = Date.UTC(2026, 10, 23, 12);
const token = { authorization: "Bearer token" };
const inboxLimit = 2_000;
/** So long a series is kept after its last word, in ticks of a second of city time. */
const keptTicks = 5;

/** Bytes in use after everything that nobody holds is gone. */
function heapUsed(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

async function floodedCity() {
  const transport = {
    type: "receive",
    bearer: () => "token",
    hmac: null,
    acceptsV1: false,
    maxBytes: 1e6,
    reconcile: null,
  } as const;
  const inbox = new Inbox(inboxLimit);
  const feed = plannedFeed({
    id: "sensors",
    spec: "line",
    transport,
    gives: ["Sensor"],
    keepSeconds: keptTicks,
  });
  const city = new City(plan({ feeds: [feed] }));
  let now = startAt;
  const { wiring } = await rig(transport, {
    connector: line,
    now: () => now,
    isBehind: () => inbox.isHalfFull,
    deliver: (update, delivery) => inbox.put({ ...delivery, update }),
    report: () => undefined,
    entry: { id: "sensors", spec: "line", options: {}, keepSeconds: keptTicks },
  });
  const running = startFeed(wiring);
  onTestFinished(() => running.stop());
  await running.ready;
  let series = 0;
  return {
    city,
    /** Pushes a body of `samples` series that nobody has heard of before. */
    async push(samples: number): Promise<PushAnswer> {
      const from = series;
      series += samples;
      const lines = Array.from({ length: samples }, (_, i) => `m,id=s${from + i} value=${i} ${now}000000`);
      const header = (name: string) => (name in token ? token[name as keyof typeof token] : undefined);
      return running.receive!({ header, body: [Buffer.from(lines.join("\n"))] });
    },
    /** Drains into the city and says how many things it was told of. */
    tick(): number {
      now += 1_000;
      const batch = inbox.drain({});
      city.advance(batch, now);
      return batch.words.reduce((sum, { update }) => sum + update.entities.length, 0);
    },
  };
}

test(
  "a burst of ten times the usual: bounded, and every sample accounted for",
  { timeout: 60_000 },
  async () => {
    const { city, push, tick } = await floodedCity();
    const seconds = async (count: number, pushes: number) => {
      const told = { accepted: 0, turnedAway: 0, taken: 0 };
      for (let second = 0; second < count; second++) {
        for (const { status, retryAfterSeconds } of await Promise.all(
          Array.from({ length: pushes }, () => push(300)),
        )) {
          if (status === 202) told.accepted += 300;
          else {
            expect({ status, retryAfterSeconds }).toEqual({ status: 429, retryAfterSeconds: 1 });
            told.turnedAway += 300;
          }
        }
        told.taken += tick();
      }
      return told;
    };
    const dropped = () => city.feedStatus("sensors", startAt).dropped;

    const usual = await seconds(20, 2);
    expect(usual).toEqual({ accepted: 20 * 600, turnedAway: 0, taken: 20 * 600 });
    const before = heapUsed();

    const burst = await seconds(120, 20);
    expect(burst.accepted + burst.turnedAway).toBe(120 * 20 * 300);
    // What is let in is at most what makes the inbox half full, and one body.
    expect(burst.accepted).toBeLessThanOrEqual(120 * (inboxLimit / 2 + 300));
    expect(burst.taken + dropped()).toBe(burst.accepted);
    expect(city.size).toBeLessThanOrEqual((keptTicks + 1) * (inboxLimit / 2 + 300));
    expect(heapUsed() - before).toBeLessThan(16_000_000);

    const after = await seconds(20, 2);
    expect(after).toMatchObject({ accepted: 20 * 600, turnedAway: 0 });
  },
);

test("a body of more than there is room for is taken as far as there is, and the rest is counted", async () => {
  const { city, push, tick } = await floodedCity();
  expect((await push(900)).status).toBe(202);
  expect((await push(1_500)).status).toBe(202);
  expect(await push(1)).toMatchObject({ status: 429, problem: { type: "busy" } });
  expect(tick()).toBe(inboxLimit);
  expect(city.feedStatus("sensors", startAt).dropped).toBe(400);
  expect((await push(1)).status).toBe(202);
});

test("a feed that makes up new names without end is bounded in what the city holds, and the rest is counted", () => {
  const city = new City(plan({ feeds: [plannedFeed({ id: "endless", gives: ["Sensor"] })] }));
  for (let round = 0; round < 6; round++) {
    const entities = Array.from({ length: 50_000 }, (_, i) =>
      entity("Sensor", `${round}-${i}`, { feedId: "endless" }),
    );
    city.advance(
      { ...emptyBatch, words: [word({ mode: "partial", entities }, { feedId: "endless" })] },
      noon,
    );
  }
  expect(city.feedStatus("endless", noon)).toMatchObject({ entities: 250_000, dropped: 50_000 });
});
