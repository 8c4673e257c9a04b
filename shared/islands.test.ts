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
  readonly validUntil?: string;
  readonly forbids?: readonly Kind[];
}

const reason = { en: "riders' ways", zh: "骑行者行踪" };

function islands(planned: readonly Planned[]) {
  const feeds = planned.map(
    ({ id, department, status = "fresh" }) => ({ id, department, status }) as FeedStatus,
  );
  const qualities = planned.map(({ id, kind, agreement, validUntil = null, forbids }) => {
    const terms = { state: agreement, validUntil, forbids: forbids ? { kinds: forbids, reason } : null };
    const quality = { id, kinds: [kind], agreement: agreement ? terms : null };
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

test("the agreement that ends first is told, with its day", () => {
  const told = islands([
    { id: "a", department: "roads", kind: "Sensor", agreement: "in-force" },
    { id: "b", department: "roads", kind: "Sensor", agreement: "expiring", validUntil: "2028-03-31" },
    { id: "c", department: "roads", kind: "Stop", agreement: "expiring", validUntil: "2026-12-31" },
    { id: "d", department: "roads", kind: "Stop", agreement: "expired", validUntil: "2026-01-31" },
    { id: "e", department: "roads", kind: "Route" },
  ]);
  expect(Object.fromEntries(told.map(({ kind, agreement, endsOn }) => [kind, [agreement, endsOn]]))).toEqual({
    Sensor: ["expiring", "2028-03-31"],
    Stop: ["expired", "2026-01-31"],
    Route: [null, null],
  });
});

test("what a department has and may not share is forbidden, unless it shares it otherwise", () => {
  const told = islands([
    { id: "a", department: "bikes", kind: "Station", agreement: "in-force", forbids: ["Vehicle", "Stop"] },
    { id: "b", department: "bikes", kind: "Stop" },
    { id: "c", department: "roads", kind: "Vehicle" },
  ]);
  expect(
    told.map(({ department, kind, state, feeds, alsoOf, reason: why }) => [
      department,
      kind,
      state,
      feeds,
      alsoOf,
      why,
    ]),
  ).toEqual([
    ["bikes", "Stop", "shared", ["b"], [], null],
    ["bikes", "Station", "shared", ["a"], [], null],
    ["roads", "Vehicle", "shared", ["c"], [], null],
    ["bikes", "Vehicle", "forbidden", ["a"], [], reason],
  ]);
});
