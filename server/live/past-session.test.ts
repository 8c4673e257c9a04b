import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveStore } from "../../client/live/live-store.ts";
import type { EntityOf } from "../../shared/entity.ts";
import type { Frame, PastRequest, Reading } from "../../shared/protocol.ts";
import { entity, indicator, noon, plannedFeed } from "../../test/planned-city.ts";
import { RememberedCity, type Remembered } from "../../test/remembered-city.ts";
import { thinned } from "./past-city.ts";
import { PastSession, type PastSessionOptions } from "./past-session.ts";

const stations = "transport.stations";
const minute = 60_000;
const hour = 60 * minute;

function reading(value: number, id = stations): Reading {
  return { id, value, state: "fresh", reason: null, quality: "good", observedAt: noon, oldestAt: null };
}

function bus(id: string, lon: number): EntityOf<"VehiclePosition"> {
  return entity("VehiclePosition", id, { position: [lon, 37.7], observedAt: noon });
}

/** An hour before and after noon: a value each minute, bus a moves at every ten seconds, bus b goes at one past noon. */
function remembered(): Remembered {
  const minutes = Array.from({ length: 121 }, (_, i) => i - 60);
  return {
    spans: [{ fromAt: noon - hour, toAt: noon + hour }],
    readings: minutes.map((i) => ({ knownAt: noon + i * minute, changed: [reading(100 + i)] })),
    entities: [
      { kind: "VehiclePosition", knownAt: noon - hour, changed: [bus("a", 0), bus("b", 5)], removed: [] },
      ...Array.from({ length: 360 }, (_, i) => ({
        kind: "VehiclePosition" as const,
        knownAt: noon + i * 10_000,
        changed: [bus("a", i / 1_000)],
        removed: i === 6 ? [bus("b", 5).id] : [],
      })),
    ],
    moments: [
      {
        knownAt: noon - minute,
        moment: {
          at: noon - 2 * minute,
          kind: "left-target",
          subject: stations,
          department: null,
          value: 1,
          text: null,
        },
      },
    ],
  };
}

let sessions: PastSession[] = [];
let wall: LiveStore;
let clocks: number;
let restarts: number;

beforeEach(() => {
  vi.useFakeTimers();
  sessions = [];
  wall = new LiveStore();
  wall.want(["entities/VehiclePosition"]);
  [clocks, restarts] = [0, 0];
});
afterEach(() => {
  for (const session of sessions) session.close();
  vi.useRealTimers();
});

const show = (frames: readonly Frame[]): void => {
  for (const frame of frames) wall.apply(frame);
};

async function look(
  history: RememberedCity,
  request: Partial<PastRequest> = {},
  options: Partial<PastSessionOptions> = {},
): Promise<PastSession> {
  const text = { en: "", zh: "" };
  const settings = {
    id: "c",
    title: text,
    zone: "UTC",
    bounds: [0, 0, 1, 1],
    areaLevels: [],
    basemap: null,
  } as const;
  const session: PastSession = await PastSession.open(
    { request: 1, at: noon, speed: 0, known: "then", ...request },
    new Set(["VehiclePosition"]),
    {
      history,
      plan: {
        feeds: [plannedFeed()],
        indicators: [indicator({}), indicator({ id: "transport.new" })],
        rules: [],
      },
      about: { settings, departments: [], suppliers: [], walls: [], mailbox: null },
      notes: () => [],
      until: () => noon + 24 * hour,
      isPassing: () => false,
      steadyNow: () => performance.now(),
      send: show,
      onClock: () => clocks++,
      onRestart: () => {
        restarts++;
        snapshots(session);
      },
      onFailure: (error) => {
        throw error;
      },
      ...options,
    },
    new AbortController().signal,
  );
  sessions.push(session);
  snapshots(session);
  return session;
}

function snapshots(session: PastSession): void {
  for (const topic of ["indicators", "feeds", "moments", "entities/VehiclePosition"])
    show(session.broadcast.framesSince(topic, { epoch: null, seq: undefined })!);
}

const placeOf = (id: string): number | undefined =>
  Array.from(wall.entities("VehiclePosition").rows.values()).find((row) => row.id === bus(id, 0).id)
    ?.position?.[0];

describe("a past instant", () => {
  it("is that moment's city, in the frames of the live protocol", async () => {
    const session = await look(new RememberedCity(remembered()), { at: noon + 90_500 });
    expect(wall.reading(stations)?.value).toBe(101);
    expect([placeOf("a"), placeOf("b")]).toEqual([0.009, undefined]);
    expect(wall.moments?.map(({ subject }) => subject)).toEqual([stations]);
    expect(session.clock()).toEqual({ kind: "past", cityAt: noon + 90_500, speed: 0 });
    expect(session.broadcast.epoch).toMatch(/^past:/);
  });

  it("says of a figure that was not recorded then that it was not", async () => {
    await look(new RememberedCity(remembered()));
    expect(wall.reading("transport.new")).toMatchObject({
      value: null,
      state: "none",
      reason: "not-recorded",
    });
  });

  it("has no number where nothing was recorded", async () => {
    await look(new RememberedCity(remembered()), { at: noon + 3 * hour });
    expect(wall.reading(stations)).toMatchObject({ value: null, reason: "not-recorded" });
    expect(wall.entities("VehiclePosition").rows.size).toBe(0);
    expect(wall.feeds).toEqual([]);
  });

  it("says of things that nobody recorded then that nobody did, until somebody does", async () => {
    const rows = remembered();
    const unwatched = { ...rows, entities: rows.entities!.filter(({ knownAt }) => knownAt > noon) };
    const session = await look(new RememberedCity(unwatched), { at: noon - minute, speed: 60 });
    expect(wall.reading(stations)?.value).toBe(99);
    expect(wall.entities("VehiclePosition")).toMatchObject({ isNotRecorded: true, rows: new Map() });
    session.play();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(placeOf("a")).toBeGreaterThan(0);
    expect(wall.entities("VehiclePosition").isNotRecorded).toBe(false);
    await look(new RememberedCity(rows), { at: noon - minute });
    expect(wall.entities("VehiclePosition").isNotRecorded).toBe(false);
  });

  it("is not shown before it can have been written", async () => {
    await look(new RememberedCity(remembered()), {}, { until: () => noon - 1 });
    expect(wall.reading(stations)).toMatchObject({ value: null, reason: "not-recorded" });
  });

  it.each([1, 10, 60, 600])(
    "played at %i× is at any time what it would be if asked for then",
    async (speed) => {
      const history = new RememberedCity(remembered());
      const session = await look(history, { at: noon - 5 * minute, speed });
      session.play();
      await vi.advanceTimersByTimeAsync(5_100);
      const { cityAt } = session.clock();
      expect((cityAt - (noon - 5 * minute)) / 5_100 / speed).toBeCloseTo(1, 1);
      const played = { value: wall.reading(stations)?.value, a: placeOf("a"), b: placeOf("b") };
      wall = new LiveStore();
      wall.want(["entities/VehiclePosition"]);
      await look(history, { at: Math.floor((cityAt - 1) / (250 * speed)) * 250 * speed });
      expect(played.value).toBe(wall.reading(stations)?.value);
      expect(played.b).toBe(placeOf("b"));
    },
  );

  it("waits, and says so, when the history is slower than its clock", async () => {
    const history = new RememberedCity(remembered());
    const session = await look(history, { speed: 60 });
    const waiting: (() => void)[] = [];
    session.play();
    await vi.advanceTimersByTimeAsync(100);
    expect(session.clock().speed).toBe(60);
    history.pace = () => new Promise((resolve) => waiting.push(resolve));
    await vi.advanceTimersByTimeAsync(30_000);
    const stuckAt = session.clock().cityAt;
    expect(session.clock().speed).toBe(0);
    const told = clocks;
    for (const answer of waiting) answer();
    history.pace = () => Promise.resolve();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(session.clock()).toMatchObject({ speed: 60 });
    expect(clocks).toBeGreaterThan(told);
    expect((session.clock().cityAt - stuckAt) / 60_000).toBeCloseTo(1, 0);
  });

  it("plays out of what was recorded and into it again", async () => {
    const rows = remembered();
    rows.spans.splice(
      0,
      1,
      { fromAt: noon - hour, toAt: noon },
      { fromAt: noon + 30 * minute, toAt: noon + hour },
    );
    const session = await look(new RememberedCity(rows), { at: noon - minute, speed: 600 });
    session.play();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(wall.reading(stations)).toMatchObject({ value: null, reason: "not-recorded" });
    expect(placeOf("a")).toBeUndefined();
    expect(restarts).toBe(1);
    await vi.advanceTimersByTimeAsync(2_500);
    expect(restarts).toBe(2);
    expect(wall.reading(stations)?.value).toBeGreaterThanOrEqual(130);
    expect(placeOf("a")).toBeGreaterThan(0.17);
  });

  it("stops at the newest instant that can be shown", async () => {
    const session = await look(
      new RememberedCity(remembered()),
      { speed: 600 },
      { until: () => noon + 10 * minute },
    );
    session.play();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(session.clock()).toEqual({ kind: "past", cityAt: noon + 10 * minute, speed: 0 });
    expect(wall.reading(stations)?.value).toBe(110);
  });

  it("asks nothing more once it is closed", async () => {
    const history = new RememberedCity(remembered());
    const session = await look(history, { speed: 60 });
    session.play();
    await vi.advanceTimersByTimeAsync(500);
    session.close();
    const asked = history.asked.length;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(history.asked.length).toBe(asked);
  });

  it("holds no more than a few windows of what is to come", async () => {
    const history = new RememberedCity(remembered());
    const session = await look(history, { at: noon - hour, speed: 1 });
    session.play();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(history.asked.filter((one) => one.startsWith("changes")).length).toBeLessThanOrEqual(3);
  });
});

describe("thinned", () => {
  it("leaves the newest word of each thing per step, and that one is gone", () => {
    const rows = [
      {
        knownAt: 1,
        readings: [reading(1)],
        feeds: [],
        entities: [{ kind: "VehiclePosition" as const, changed: [bus("a", 1), bus("b", 1)], removed: [] }],
      },
      {
        knownAt: 2,
        readings: [reading(2)],
        feeds: [],
        entities: [{ kind: "VehiclePosition" as const, changed: [bus("a", 2)], removed: [bus("b", 1).id] }],
      },
      { knownAt: 11, readings: [reading(3)], feeds: [], entities: [] },
    ];
    const [first, second] = thinned(rows, 10);
    expect(first).toMatchObject({ knownAt: 2, readings: [reading(2)] });
    expect(first?.entities).toEqual([
      { kind: "VehiclePosition", changed: [bus("a", 2)], removed: [bus("b", 1).id] },
    ]);
    expect(second?.readings).toEqual([reading(3)]);
  });
});
