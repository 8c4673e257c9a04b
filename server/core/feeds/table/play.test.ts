import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasRecordings, listFeedCases } from "../../../../fixtures/feed-cases.ts";
import type { Entity } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Playback, PlaybackStep } from "../connector.ts";
import { table } from "./decode.ts";
import type { TableOptions } from "./options.ts";
import { playTable } from "./play.ts";

function feedOf(options: TableOptions): ConnectorFeed<TableOptions> {
  return {
    id: "calls",
    spec: "table",
    zone: "America/Los_Angeles",
    bounds: [-122.52, 37.7, -122.35, 37.83],
    url: null,
    options,
  };
}

function play(body: string | Uint8Array, options: TableOptions): Playback {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const played = playTable({ name: "body", url: null, bytes }, feedOf(options));
  if (!played.ok) throw new Error(played.failure.message);
  return played.value;
}

function read(step: PlaybackStep, options: TableOptions): readonly Entity[] {
  const decoded = table.decode({ name: "body", url: null, bytes: step.bytes }, feedOf(options), step.at);
  if (!decoded.ok) throw new Error(decoded.failure.message);
  return decoded.value.entities;
}

/** The city after all steps up to `untilAt`, by id, as a replay keeps it. */
function stateAfter(
  playback: Playback,
  options: TableOptions,
  fromAt: number,
  untilAt: number,
): Map<string, Entity> {
  const state = new Map<string, Entity>();
  const keep = (step: PlaybackStep): void => {
    for (const entity of read(step, options)) state.set(entity.id, { ...entity, receivedAt: 0 });
  };
  keep(playback.stepAt(fromAt));
  for (const step of playback.stepsBetween(fromAt, untilAt)) keep(step);
  return state;
}

function at(time: string): number {
  return Date.parse(`2026-11-01T${time}Z`);
}

const options: TableOptions = {
  knownWith: { outcome: "available" },
  entities: [
    {
      kind: "DispatchCall",
      from: "rows",
      id: ["call"],
      fields: {
        disposition: "outcome",
        dispatchedAt: { column: "dispatched", pick: "min" },
        closedAt: { column: "available", pick: "max-of-all" },
        units: { count: "dispatched" },
      },
      observedAt: ["received", "dispatched", "available"],
      status: {
        by: [
          { present: "closedAt", status: "closed" },
          { present: "dispatchedAt", status: "dispatched" },
        ],
        otherwise: "open",
      },
    },
    {
      kind: "DispatchUnit",
      id: ["call", "unit"],
      where: { dispatched: { exists: true } },
      fields: { unitId: "unit", availableAt: "available" },
      observedAt: ["dispatched", "available"],
    },
  ],
};

const rows = `call,unit,received,dispatched,available,outcome
c1,E1,2026-11-01T10:00:00Z,2026-11-01T10:02:00Z,2026-11-01T10:30:00Z,"Fire, out"
c1,T2,2026-11-01T10:00:00Z,2026-11-01T10:05:00Z,2026-11-01T11:00:00Z,"Fire, out"
c2,E1,2026-11-01T10:40:00Z,2026-11-01T10:41:00Z,,
`;

describe("a table of units sent to calls", () => {
  const playback = play(rows, options);

  it("spans its first and last instant", () => {
    expect(playback.span).toEqual({ fromAt: at("10:00:00"), toAt: at("11:00:00") });
  });

  it.each([
    ["09:59:59", []],
    ["10:00:00", [["c1", "open", 0, null]]],
    ["10:02:00", [["c1", "dispatched", 1, null], ["c1|E1"]]],
    ["10:05:00", [["c1", "dispatched", 2, null], ["c1|E1"], ["c1|T2"]]],
    // The outcome is known with the first unit that is available, the call closes with the last.
    ["10:30:00", [["c1", "dispatched", 2, "Fire, out"], ["c1|E1"], ["c1|T2"]]],
    ["10:40:00", [["c1", "dispatched", 2, "Fire, out"], ["c2", "open", 0, null], ["c1|E1"], ["c1|T2"]]],
  ])("at %s knows no more than was known", (time, expected) => {
    const found = read(playback.stepAt(at(time)), options).map((entity) =>
      entity.kind === "DispatchCall"
        ? [entity.sourceId, entity.fields.status, entity.fields.units, entity.fields.disposition]
        : [entity.sourceId],
    );
    expect(found).toEqual(expected);
  });

  it("starts without the calls that had their last word too long ago", () => {
    const idsSince = (since: string): string[] =>
      read(playback.stepAt(at("10:45:00"), at(since)), options).map(({ sourceId }) => sourceId);
    expect(idsSince("10:30:00")).toEqual(["c1", "c2", "c1|E1", "c1|T2", "c2|E1"]);
    expect(idsSince("10:30:01")).toEqual(["c2", "c2|E1"]);
  });

  it("steps from change to change, each with all the rows of its calls and no others", () => {
    const steps = [...playback.stepsBetween(at("10:00:00"), at("10:41:00"))].map((step) => ({
      at: new Date(step.at).toISOString().slice(11, 16),
      mode: step.mode,
      ids: read(step, options).map(({ sourceId }) => sourceId),
    }));
    expect(steps).toEqual([
      { at: "10:02", mode: "partial", ids: ["c1", "c1|E1"] },
      { at: "10:05", mode: "partial", ids: ["c1", "c1|E1", "c1|T2"] },
      { at: "10:30", mode: "partial", ids: ["c1", "c1|E1", "c1|T2"] },
      { at: "10:40", mode: "partial", ids: ["c2"] },
      { at: "10:41", mode: "partial", ids: ["c2", "c2|E1"] },
    ]);
  });
});

it("leads to the same city by steps as at once, wherever it starts and stops", () => {
  const minute = fc.option(fc.integer({ min: 0, max: 120 }), { nil: null });
  const text = (offset: number | null): string =>
    offset === null ? "" : new Date(at("10:00:00") + offset * 60_000).toISOString();
  const row = fc.tuple(
    fc.constantFrom("c1", "c2"),
    fc.constantFrom("E1", "E2", "E3"),
    minute,
    minute,
    minute,
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(row, { maxLength: 6, selector: ([call, unit]) => `${call} ${unit}` }),
      fc.integer({ min: -10, max: 130 }),
      fc.integer({ min: 0, max: 130 }),
      (found, start, length) => {
        const lines = found.map(([call, unit, ...times]) => [call, unit, ...times.map(text), "x"].join(","));
        const playback = play(
          ["call,unit,received,dispatched,available,outcome", ...lines].join("\n"),
          options,
        );
        const fromAt = at("10:00:00") + start * 60_000;
        const untilAt = fromAt + length * 60_000;
        const atOnce = read(playback.stepAt(untilAt), options).map(
          (entity) => [entity.id, { ...entity, receivedAt: 0 }] as const,
        );
        expect(stateAfter(playback, options, fromAt, untilAt)).toEqual(new Map(atOnce));
      },
    ),
    { seed: 8, numRuns: 200 },
  );
});

it("plays JSON rows of nested members", () => {
  const nested: TableOptions = {
    rows: "data.items",
    entities: [
      { kind: "Sensor", id: ["meta.id"], fields: { value: "reading.value" }, observedAt: ["reading.at"] },
    ],
  };
  const items = [{ meta: { id: 7 }, reading: { value: 3, at: "2026-11-01T10:00:00Z" } }];
  const [step] = play(JSON.stringify({ data: { items } }), nested).stepsBetween(0, at("10:00:00"));
  expect(step && read(step, nested)[0]).toMatchObject({ sourceId: "7", fields: { value: 3 } });
});

it("keeps a date that two times share", () => {
  const shared: TableOptions = {
    time: { format: "YYYY-MM-DD HH:mm", zone: "UTC" },
    entities: [
      {
        kind: "DispatchUnit",
        id: ["id"],
        fields: { availableAt: { columns: ["date", "until"] } },
        observedAt: [{ columns: ["date", "from"] }, { columns: ["date", "until"] }],
      },
    ],
  };
  const playback = play("id,date,from,until\na,2026-11-01,10:00,11:00", shared);
  const [entity] = read(playback.stepAt(at("10:30:00")), shared);
  expect(entity).toMatchObject({ observedAt: at("10:00:00") });
});

describe.runIf(hasRecordings)("recordings", () => {
  const cases = new Map(listFeedCases("table").map((each) => [each.name, each] as const));

  it("two weeks of fire calls arrive one by one and all end up as recorded", () => {
    const { bytes, options: declared } = cases.get("fire-calls-2020")!;
    const fire = declared as TableOptions;
    const playback = play(bytes, fire);
    const { fromAt, toAt } = playback.span!;
    expect(new Date(fromAt).toISOString()).toBe("2020-04-07T07:01:25.000Z");
    const noon = Date.parse("2020-04-14T19:00:00Z");
    const before = read(playback.stepAt(noon), fire);
    const open = before.filter(
      ({ kind, fields }) => kind === "DispatchCall" && !("closedAt" in fields && fields.closedAt),
    );
    expect([before.length, open.length]).toEqual([8422, 24]);
    const steps = [...playback.stepsBetween(noon, noon + 3_600_000)];
    expect(steps.length).toBeGreaterThan(100);
    expect(Math.max(...steps.map((step) => step.bytes.length))).toBeLessThan(10_000);
    expect(read(playback.stepAt(toAt), fire)).toEqual(read({ at: toAt, mode: "full", bytes }, fire));
  });

  it("a forecast appears when it was published", () => {
    const { bytes, options: declared } = cases.get("caiso-load-forecast")!;
    const forecast = declared as TableOptions;
    const playback = play(bytes, forecast);
    const publishedAt = Date.parse("2025-02-21T01:09:58Z");
    expect(playback.span).toEqual({ fromAt: publishedAt, toAt: publishedAt });
    expect(read(playback.stepAt(publishedAt - 1), forecast)).toEqual([]);
    const [step] = playback.stepsBetween(0, publishedAt);
    expect(step && read(step, forecast)).toHaveLength(6432);
  });
});
