import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { eventually, lines, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import { ok } from "../../shared/result.ts";
import type { Connector, PlaybackStep } from "../core/feeds/connector.ts";
import { startFeed } from "./intake.ts";
import type { FeedWiring } from "./wiring.ts";
import type { Replay } from "./replay.ts";

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
const fromAt = Date.parse("2024-02-08T08:00:00Z");
const laterAt = fromAt + 100 * week;

async function replayRig(
  files: Readonly<Record<string, string>>,
  window: { readonly loop: boolean; readonly minutes: number },
  more: Partial<Omit<FeedWiring, "entry">> = {},
): Promise<Rig & { readonly replay: Pick<Replay, "advanceTo" | "follow"> }> {
  const folder = await temporaryFolder();
  const recordings = [];
  for (const [file, text] of Object.entries(files)) {
    await writeFile(join(folder, file), text);
    recordings.push({ name: file.split(".")[0]!, path: join(folder, file) });
  }
  const { loop, minutes } = window;
  const city = await rig(
    { type: "replay", recordings, fromAt, toAt: fromAt + minutes * minute, loop, maxBytes: 1_000 },
    { zone: "UTC", ...more },
  );
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  return { ...city, replay: feed.replay! };
}

const threeSnapshots = {
  "body.20240208T080000Z": "sensor a 1",
  "body.20240208T080500Z": "sensor a 2",
  "body.20240208T081000Z": "sensor a 3",
};

test("snapshots play each at its own time of day, weeks later", async () => {
  const { replay, readings, delivered } = await replayRig(threeSnapshots, { loop: false, minutes: 15 });
  await replay.advanceTo(laterAt + 6 * minute);
  expect(readings()).toEqual(["a=2"]);
  await replay.advanceTo(laterAt + 9 * minute);
  expect(readings()).toEqual(["a=2"]);
  await replay.advanceTo(laterAt + 11 * minute);
  expect(readings()).toEqual(["a=2", "a=3"]);
  expect(delivered[1]).toMatchObject({
    receivedAt: laterAt + 10 * minute,
    shiftMs: 100 * week,
    restored: false,
  });
  expect(delivered[1]?.update.entities[0]).toMatchObject({
    observedAt: laterAt + 10 * minute,
    receivedAt: laterAt + 10 * minute,
  });
});

test("after its window a recording falls silent, and speaks again a week later", async () => {
  const { replay, readings, words } = await replayRig(threeSnapshots, { loop: false, minutes: 15 });
  await replay.advanceTo(laterAt + 60 * minute);
  expect(readings()).toEqual(["a=3"]);
  expect(words.at(-1)?.good).toBe(laterAt + 10 * minute);
  await replay.advanceTo(laterAt + week - 1);
  expect(readings()).toEqual(["a=3"]);
  await replay.advanceTo(laterAt + week + 5 * minute);
  expect(readings()).toEqual(["a=3", "a=1", "a=2"]);
});

test("a single snapshot comes at the start of each loop and ages in between", async () => {
  const { replay, delivered } = await replayRig({ "body.txt": "sensor a 1" }, { loop: true, minutes: 10 });
  for (let at = laterAt + 3 * minute; at <= laterAt + 23 * minute; at += minute) await replay.advanceTo(at);
  expect(delivered.map(({ receivedAt }) => (receivedAt - laterAt) / minute)).toEqual([0, 10, 20]);
});

test("running quickly through a day is the same as running through it minute by minute", async () => {
  const slow = await replayRig(threeSnapshots, { loop: true, minutes: 15 });
  const fast = await replayRig(threeSnapshots, { loop: true, minutes: 15 });
  for (let at = laterAt; at <= laterAt + 240 * minute; at += minute) await slow.replay.advanceTo(at);
  await fast.replay.advanceTo(laterAt);
  await fast.replay.advanceTo(laterAt + 240 * minute);
  expect(fast.delivered).toEqual(slow.delivered);
  expect(fast.readings()).toHaveLength(16 * 3 + 1);
});

/** Each line `seconds sensor …` of the file becomes known that long after the window's start. */
const rowwise: Connector = {
  ...lines,
  play(part) {
    const rows = new TextDecoder()
      .decode(part.bytes)
      .split("\n")
      .map((line) => ({ at: fromAt + Number(line.split(" ")[0]) * 1_000, line: line.replace(/^\d+ /, "") }));
    const step = (at: number, mode: PlaybackStep["mode"], known: typeof rows): PlaybackStep => ({
      at,
      mode,
      bytes: new TextEncoder().encode(known.map(({ line }) => line).join("\n")),
    });
    return ok({
      span: { fromAt, toAt: rows.at(-1)!.at },
      stepAt: (at) =>
        step(
          at,
          "full",
          rows.filter((row) => row.at <= at),
        ),
      *stepsBetween(afterAt, untilAt) {
        for (const row of rows)
          if (afterAt < row.at && row.at <= untilAt) yield step(row.at, "partial", [row]);
      },
    });
  },
};

test("a recorded table plays row by row: all that was known at first, then news alone", async () => {
  const { replay, delivered, words } = await replayRig(
    { "body.txt": "0 sensor a 1\n30 sensor b 2\n90 sensor c 3" },
    { loop: false, minutes: 15 },
    { connector: rowwise },
  );
  await replay.advanceTo(laterAt + minute);
  await replay.advanceTo(laterAt + 2 * minute);
  expect(delivered.map(({ text, update }) => [update.mode, text])).toEqual([
    ["full", "a=1 b=2"],
    ["partial", "c=3"],
  ]);
  await replay.advanceTo(laterAt + 10 * minute);
  expect(delivered).toHaveLength(2);
  expect(words.at(-1)).toEqual({ part: "body", good: laterAt + 10 * minute, error: null });
});

test("follows the city clock when told to", async () => {
  const city = await replayRig(threeSnapshots, { loop: false, minutes: 15 });
  await city.replay.advanceTo(laterAt + minute);
  city.setNow(laterAt + 12 * minute);
  city.replay.follow();
  await eventually(() => expect(city.readings()).toEqual(["a=1", "a=2", "a=3"]));
});

test("a recording that throws is a fault of this feed, and it plays on", async () => {
  let calls = 0;
  const connector: Connector = {
    ...rowwise,
    play(part, feed) {
      const played = rowwise.play!(part, feed);
      if (!played.ok) return played;
      return ok({
        ...played.value,
        stepsBetween(afterAt, untilAt) {
          if (calls++ === 0) throw new Error("a broken assumption");
          return played.value.stepsBetween(afterAt, untilAt);
        },
      });
    },
  };
  const files = { "body.txt": "0 sensor a 1\n90 sensor c 3" };
  const { replay, words, readings } = await replayRig(files, { loop: false, minutes: 15 }, { connector });
  await replay.advanceTo(laterAt + minute);
  await replay.advanceTo(laterAt + 80_000);
  expect(words.at(-1)?.error).toMatchObject({ class: "crashed" });
  await replay.advanceTo(laterAt + 2 * minute);
  expect(readings()).toEqual(["a=1", "c=3"]);
  await replay.advanceTo(laterAt + 4 * minute);
  expect(words.at(-1)).toEqual({ part: "body", good: laterAt + 4 * minute, error: null });
});
