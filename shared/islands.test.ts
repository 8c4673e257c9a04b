import { expect, test } from "vitest";
import type { FeedStatus } from "./feed.ts";
import type { AgreementState, FeedQuality } from "./feed-quality.ts";
import { islandsOf } from "./islands.ts";
import type { Kind } from "./kinds.ts";

interface Planned {
  readonly id: string;
  readonly department: string;
  readonly kind: Kind;
  readonly status?: FeedStatus["status"];
  readonly agreement?: AgreementState;
}

function islands(planned: readonly Planned[]) {
  const feeds = planned.map(
    ({ id, department, status = "fresh" }) => ({ id, department, status }) as FeedStatus,
  );
  const qualities = planned.map(({ id, kind, agreement }) => {
    const quality = { id, kinds: [kind], agreement: agreement ? { state: agreement } : null };
    return [id, quality as unknown as FeedQuality] as const;
  });
  return islandsOf(feeds, new Map(qualities));
}

test("what is down everywhere is dead, one that speaks is enough", () => {
  const told = islands([
    { id: "a", department: "roads", kind: "Sensor", status: "down" },
    { id: "b", department: "roads", kind: "Sensor", status: "stale" },
    { id: "c", department: "roads", kind: "WorkZone", status: "down" },
    { id: "d", department: "roads", kind: "Stop", status: "waiting" },
  ]);
  expect(told.map(({ kind, state, feeds }) => [kind, state, feeds])).toEqual([
    ["Stop", "waiting", ["d"]],
    ["WorkZone", "dead", ["c"]],
    ["Sensor", "shared", ["a", "b"]],
  ]);
});

test("two departments with feeds of one kind built it twice, one with two has not", () => {
  const told = islands([
    { id: "a", department: "roads", kind: "Sensor" },
    { id: "b", department: "parks", kind: "Sensor" },
    { id: "c", department: "parks", kind: "Stop" },
    { id: "d", department: "parks", kind: "Stop" },
  ]);
  expect(told.map(({ department, kind, alsoOf }) => [department, kind, alsoOf])).toEqual([
    ["parks", "Stop", []],
    ["roads", "Sensor", ["parks"]],
    ["parks", "Sensor", ["roads"]],
  ]);
});

test("the worst agreement is told", () => {
  const told = islands([
    { id: "a", department: "roads", kind: "Sensor", agreement: "in-force" },
    { id: "b", department: "roads", kind: "Sensor", agreement: "expiring" },
    { id: "c", department: "roads", kind: "Stop", agreement: "expired" },
    { id: "d", department: "roads", kind: "Route" },
  ]);
  expect(Object.fromEntries(told.map(({ kind, agreement }) => [kind, agreement]))).toEqual({
    Sensor: "expiring",
    Stop: "expired",
    Route: null,
  });
});
