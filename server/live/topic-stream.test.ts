import { expect, test } from "vitest";
import type { Body, Frame } from "../../shared/protocol.ts";
import { TopicStream } from "./topic-stream.ts";

function readings(count: number): Body {
  return { readings: Array.from({ length: count }, () => ({}) as never) };
}

/** A topic of `size` things after `deltas` deltas, each about `things` of them. */
function streamAfter(size: number, deltas: number, things: number): TopicStream {
  const stream = new TopicStream("indicators", "e", { snapshot: () => readings(size), size: () => size });
  for (let i = 0; i < deltas; i++) stream.push(readings(things), i);
  return stream;
}

const told = (frames: readonly Frame[]): string[] => frames.map(({ mode, seq }) => `${mode} ${seq}`);

test("who missed a little gets what it missed, who missed all of it or has another epoch a snapshot", () => {
  const stream = streamAfter(10, 5, 2);
  expect(told(stream.framesSince({ epoch: "e", seq: 5 }, 9))).toEqual([]);
  expect(told(stream.framesSince({ epoch: "e", seq: 3 }, 9))).toEqual(["delta 4", "delta 5"]);
  for (const have of [
    { epoch: "other", seq: 3 },
    { epoch: "e", seq: undefined },
    { epoch: "e", seq: 9 },
  ])
    expect(told(stream.framesSince(have, 9))).toEqual(["snapshot 5"]);
});

test("what was missed is kept no longer than a snapshot would be shorter", () => {
  const size = 5_000;
  const stream = streamAfter(size, 100, size);
  expect(told(stream.framesSince({ epoch: "e", seq: 96 }, 0))).toHaveLength(4);
  expect(told(stream.framesSince({ epoch: "e", seq: 95 }, 0))).toEqual(["snapshot 100"]);
  const few = streamAfter(size, 300, 1);
  expect(told(few.framesSince({ epoch: "e", seq: 60 }, 0))).toHaveLength(240);
  expect(told(few.framesSince({ epoch: "e", seq: 59 }, 0))).toEqual(["snapshot 300"]);
});

test("feeds are counted like readings", () => {
  const stream = new TopicStream("feeds", "e", { snapshot: () => ({ feeds: [] }) });
  const feeds = Array.from({ length: 100 }, () => ({}) as never);
  for (let i = 0; i < 30; i++) stream.push({ feeds }, i);
  expect(told(stream.framesSince({ epoch: "e", seq: 20 }, 0))).toHaveLength(10);
  expect(told(stream.framesSince({ epoch: "e", seq: 19 }, 0))).toEqual(["snapshot 30"]);
});
