import { setTimeout as sleep } from "node:timers/promises";
import { deserialize, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { zstdDecompressSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { indicator, noon } from "../../test/planned-city.ts";
import type { Reading } from "../../shared/protocol.ts";
import { noObservations, type HistoryBatch, type MinuteColumns } from "./history.ts";
import { Minutes } from "./minutes.ts";
import { Outbox, type Parcel } from "./outbox.ts";
import { batchOf, type Slice } from "./slices.ts";

const minuteMs = 60_000;
const figure = indicator({ id: "transport.stations", revision: "r" });
let lost = 0;

afterEach(() => {
  lost = 0;
});

/** What reaches the disk goes into `kept`. */
function outbox(
  mostBytes: number,
  kept: HistoryBatch[] = [],
  disk: () => Promise<void> = () => Promise.resolve(),
  mostUnpackedRows = 1e6,
): Outbox {
  return new Outbox({
    mostBytes,
    mostUnpackedRows,
    retryAfterMs: 10,
    patienceMs: 200,
    send({ slices }: Parcel) {
      kept.push(batchOf(slices.map((slice) => deserialize(zstdDecompressSync(slice)) as Slice)));
      return disk();
    },
    lose: () => lost++,
  });
}

function batch(minutes: MinuteColumns): HistoryBatch {
  return { minutes, readings: [], observations: noObservations(), entities: [], feeds: [], moments: [] };
}

/** Hours of a day of `seriesCount` series that is played in steps of five minutes, in each of which all of them change. */
function playedDay(seriesCount: number): HistoryBatch[] {
  const minutes = new Minutes();
  minutes.begin([figure]);
  const readings = (at: number): Reading[] =>
    Array.from({ length: seriesCount }, (_, i) => ({
      id: `${figure.id}{area.district:d${i}}`,
      value: (((at / minuteMs) * 2_654_435_761 + i * 40_503) % 1000) / 10,
      state: "fresh",
      reason: null,
      quality: "good",
      observedAt: at,
      oldestAt: at,
    }));
  return Array.from({ length: 24 }, (_, hour) => {
    for (let step = 0; step < 12; step++) {
      const at = noon + (hour * 12 + step) * 5 * minuteMs;
      minutes.take(readings(at), at, () => true, 30 * minuteMs);
    }
    return batch(minutes.drain());
  });
}

test("a played day waits for the disk in a twentieth of its bytes and comes out whole", async () => {
  const day = playedDay(300);
  const kept: HistoryBatch[] = [];
  const waiting = outbox(2 ** 20, kept);
  const written = day.map((hour) => waiting.put(hour));
  await waiting.room();
  expect(waiting.bytes).toBeGreaterThan(10_000);
  waiting.open();
  await Promise.all(written);
  expect(lost).toBe(0);
  expect(kept).toEqual(day);
});

test("a batch that waits is kept packed, and not as it was besides", async () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const waiting = outbox(2 ** 20);
  const put = (): WeakRef<HistoryBatch> => {
    const [hour] = playedDay(30);
    waiting.put(hour!).catch(() => undefined);
    return new WeakRef(hour!);
  };
  const unpacked = put();
  await waiting.room();
  // What a WeakRef was made or asked for stays until the turn is over.
  await sleep(1);
  collectGarbage();
  expect(waiting.bytes).toBeGreaterThan(0);
  expect(unpacked.deref()).toBeUndefined();
});

test("who can wait loses nothing to a disk that is slow, however little room there is", async () => {
  const waiting = outbox(20_000, [], () => sleep(5));
  waiting.open();
  const written: Promise<void>[] = [];
  for (const hour of playedDay(200)) {
    await waiting.room();
    written.push(waiting.put(hour));
  }
  await Promise.all(written);
  expect(lost).toBe(0);
});

test("nobody waits for room when nobody makes any, or nothing was taken for a while", async () => {
  const waiting = outbox(20_000, [], () => new Promise(() => undefined));
  waiting.open();
  for (const hour of playedDay(200)) waiting.put(hour).catch(() => undefined);
  await waiting.room();
  expect(lost).toBeGreaterThan(0);
  waiting.shut();
  await waiting.room();
});

test("batches that come faster than they are packed are bounded, and the newest are kept", async () => {
  const day = playedDay(50);
  const kept: HistoryBatch[] = [];
  const rowsOfHour = 50 * 60;
  const waiting = outbox(2 ** 20, kept, undefined, 3 * rowsOfHour);
  waiting.open();
  const written = await Promise.allSettled(day.map((hour) => waiting.put(hour)));
  // One is being packed while three wait.
  expect(written.map(({ status }) => status)).toEqual([
    "fulfilled",
    ...Array.from({ length: 20 }, () => "rejected"),
    ...Array.from({ length: 3 }, () => "fulfilled"),
  ]);
  expect(lost).toBe(20);
  expect(kept).toEqual([day[0], ...day.slice(-3)]);
  expect(waiting.behindMs).toBe(0);
});

test("what is being packed when all is given up is given up too, and counted once", async () => {
  const kept: HistoryBatch[] = [];
  const waiting = outbox(2 ** 20, kept);
  const written = Promise.allSettled(playedDay(30).map((hour) => waiting.put(hour)));
  waiting.giveUp();
  expect(lost).toBe(24);
  expect((await written).map(({ status }) => status)).toEqual(Array(24).fill("rejected"));
  await waiting.emptied();
  expect(waiting.bytes).toBe(0);
  waiting.open();
  await sleep(20);
  expect(kept).toEqual([]);
});

test("a batch that is by itself more than may wait takes nobody's place, and nobody takes its own", async () => {
  const [first, second, third, fourth] = playedDay(10);
  const [large] = playedDay(100);
  const kept: HistoryBatch[] = [];
  const waiting = outbox(2 ** 20, kept, undefined, 3 * 10 * 60);
  waiting.open();
  const batches = [first!, second!, third!, large!, fourth!];
  await Promise.all(batches.map((hour) => waiting.put(hour)));
  expect(kept).toEqual(batches);
  // Of two such, the older one goes.
  const [, gone, newest] = await Promise.allSettled(
    [first!, large!, large!].map((hour) => waiting.put(hour)),
  );
  expect([gone!.status, newest!.status]).toEqual(["rejected", "fulfilled"]);
  expect(lost).toBe(1);
});
