import { expect, test } from "vitest";
import type { Entity } from "../../shared/entity.ts";
import type { Moment } from "../../shared/moment.ts";
import { StopTimeUpdates } from "../../shared/stop-time-updates.ts";
import { emptyBatch, type FeedWord } from "../core/city/changes.ts";
import { City } from "../core/city/city.ts";
import { entity, indicator, noon, plan, plannedFeed, word } from "../../test/planned-city.ts";
import { eachMinute, keyframeEveryMs, type HistoryBatch } from "./history.ts";
import { Recorder } from "./recorder.ts";

const minute = 60_000;
const empty = indicator({ id: "transport.empty", where: { numVehiclesAvailable: 0 }, revision: "r1" });

function recorded() {
  const recorder = new Recorder(1);
  const epoch = (): City => {
    const feeds = [plannedFeed({ staleAfterSeconds: 1e6, dropAfterSeconds: 1e6 })];
    recorder.begin([empty]);
    return new City(plan({ feeds, indicators: [empty] }));
  };
  let city = epoch();
  return {
    recorder,
    beginEpoch(): void {
      city = epoch();
    },
    tick(at: number, words: readonly FeedWord[] = [], moments: readonly Moment[] = []): void {
      const changes = city.advance({ ...emptyBatch, words }, at);
      recorder.record({ city, changes, moments, isPast: false });
    },
    tickPast(at: number, words: readonly FeedWord[]): void {
      recorder.record({
        city,
        changes: city.advance({ ...emptyBatch, words }, at),
        moments: [],
        isPast: true,
      });
    },
    take(): HistoryBatch {
      const batch = recorder.take();
      if (!batch) throw new Error("nothing was recorded");
      return batch;
    },
  };
}

function stations(counts: Readonly<Record<string, number>>, receivedAt: number, mode?: "partial"): FeedWord {
  const entities: Entity[] = Object.entries(counts).map(([id, numVehiclesAvailable]) =>
    entity("StationStatus", id, { observedAt: receivedAt, receivedAt, fields: { numVehiclesAvailable } }),
  );
  return word({ entities, mode: mode ?? "full" }, { receivedAt });
}

const idOf = (station: string): string => `bikes/StationStatus/${station}`;

/** The stations' rows as a reader sees them. */
function stationRows({ entities }: HistoryBatch) {
  return entities
    .filter(({ kind }) => kind === "StationStatus")
    .map(({ knownAt, isKeyframe, changed, removed }) => ({
      at: knownAt - noon,
      isKeyframe,
      changed: changed.map(({ id }) => id),
      removed,
    }));
}

test("a city begins with all there is, and goes on with what changes", () => {
  const { tick, take } = recorded();
  tick(noon, [stations({ a: 0, b: 2 }, noon)]);
  tick(noon + 1000, [stations({ b: 3 }, noon + 1000, "partial")]);
  tick(noon + 2000);
  tick(noon + 3000, [stations({ b: 3 }, noon + 3000)]);
  const batch = take();
  expect(stationRows(batch)).toEqual([
    { at: 0, isKeyframe: true, changed: [idOf("a"), idOf("b")], removed: [] },
    { at: 1000, isKeyframe: false, changed: [idOf("b")], removed: [] },
    { at: 3000, isKeyframe: false, changed: [idOf("b")], removed: [idOf("a")] },
  ]);
  expect(
    batch.readings.map(({ knownAt, isKeyframe, changed }) => [
      knownAt - noon,
      isKeyframe,
      changed.map(({ value }) => value),
    ]),
  ).toEqual([
    [0, true, [1]],
    [1000, false, [1]],
    [3000, false, [0]],
  ]);
});

test("each value that a sensor measured is told once, at its source's own time", () => {
  const { tick, take } = recorded();
  const measured = (value: number | null, observedAt: number, receivedAt: number): FeedWord => {
    const fields = { property: "pm10", value };
    return word({ entities: [entity("Sensor", "a", { observedAt, receivedAt, fields })] }, { receivedAt });
  };
  tick(noon, [measured(5, noon - 4000, noon)]);
  tick(noon + 1000, [measured(5, noon - 4000, noon + 1000)]);
  tick(noon + 2000, [measured(5, noon + 1500, noon + 2000)]);
  tick(noon + 3000, [measured(null, noon + 2500, noon + 3000)]);
  tick(noon + 4000, [measured(7.5, noon + 3500, noon + 4000)]);
  const { observations } = take();
  expect([observations.entities, observations.properties]).toEqual([["bikes/Sensor/a"], ["pm10"]]);
  expect(
    Array.from(observations.value, (value, i) => [
      value,
      observations.at[i]! - noon,
      observations.knownAt[i]! - noon,
    ]),
  ).toEqual([
    [5, -4000, 0],
    [5, 1500, 2000],
    [7.5, 3500, 4000],
  ]);
});

test("every kind has its keyframe as often as a reader relies on, and never all in one tick", () => {
  const { recorder, tick } = recorded();
  tick(noon, [stations({ a: 1 }, noon)]);
  const first = recorder.take()!;
  const lastAt = new Map(first.entities.map(({ kind, knownAt }) => [kind, knownAt]));
  const kindCount = lastAt.size;
  const perTick = new Map<number, number>();
  for (let at = noon + minute / 4; at <= noon + 60 * minute; at += minute / 4) {
    tick(at);
    for (const { kind, knownAt, isKeyframe } of recorder.take()?.entities ?? []) {
      if (!isKeyframe) continue;
      expect(knownAt - lastAt.get(kind)!).toBeLessThanOrEqual(keyframeEveryMs);
      lastAt.set(kind, knownAt);
      perTick.set(knownAt, (perTick.get(knownAt) ?? 0) + 1);
    }
  }
  expect(Math.min(...lastAt.values())).toBeGreaterThan(noon + 60 * minute - keyframeEveryMs);
  expect(kindCount).toBeGreaterThan(15);
  expect(Math.max(...perTick.values())).toBeLessThan(5);
});

test("what another epoch has no more is told to be gone", () => {
  const { tick, take, beginEpoch } = recorded();
  tick(noon, [stations({ a: 1, b: 1 }, noon)]);
  take();
  beginEpoch();
  tick(noon + 5000, [stations({ b: 1 }, noon + 5000)]);
  expect(stationRows(take())).toEqual([
    { at: 5000, isKeyframe: true, changed: [idOf("b")], removed: [idOf("a")] },
  ]);
});

test("two ticks are never known at one instant; a clock that is set back begins with all there is", () => {
  const { tick, take } = recorded();
  tick(noon, [stations({ a: 1 }, noon)]);
  tick(noon, [stations({ a: 2 }, noon)]);
  tick(noon - 1000, [stations({ a: 3 }, noon + 1)]);
  tick(noon - 10 * minute, [stations({ b: 1 }, noon + 2, "partial")]);
  tick(noon - 10 * minute + 1000);
  expect(stationRows(take()).map(({ at, isKeyframe, changed }) => [at, isKeyframe, changed.length])).toEqual([
    [0, true, 1],
    [1, false, 1],
    [2, false, 1],
    [-10 * minute, true, 2],
  ]);
});

test("every feed is told of once a minute, and at once when its status changes", () => {
  const { tick, take } = recorded();
  tick(noon);
  tick(noon + 10_000, [stations({ a: 1 }, noon + 10_000)]);
  tick(noon + 20_000, [stations({ a: 2 }, noon + 20_000)]);
  tick(noon + 70_000);
  expect(take().feeds.map(({ knownAt, feed }) => [knownAt - noon, feed.status])).toEqual([
    [0, "waiting"],
    [10_000, "fresh"],
    [70_000, "fresh"],
  ]);
});

test("a minute of a series comes with its definition's revision; moments come as they are found", () => {
  const { recorder, tick, take } = recorded();
  const moment: Moment = {
    at: noon - 1,
    kind: "feed-live",
    subject: "bikes",
    department: "mobility",
    value: null,
    text: null,
  };
  tick(noon, [stations({ a: 0, b: 0 }, noon)], [moment]);
  tick(noon + 30_000, [stations({ a: 0, b: 2 }, noon + 30_000)]);
  tick(noon + minute);
  const { minutes, moments, observations } = take();
  expect(minutes).toMatchObject({ series: [empty.id], revisions: ["r1"] });
  expect([minutes.mean[0], minutes.min[0], minutes.max[0], minutes.freshSeconds[0]]).toEqual([1.5, 1, 2, 60]);
  expect(moments).toEqual([{ knownAt: noon, moment }]);
  expect(observations.at).toHaveLength(0);
  expect(recorder.take()).toBeNull();
});

test("of a past that is played figures stand from step to step; its things are told of when it is live", () => {
  const { tick, tickPast, take, beginEpoch } = recorded();
  tick(noon - 60 * minute, [stations({ a: 1, b: 1 }, noon - 60 * minute)]);
  take();
  beginEpoch();
  tickPast(noon - 40 * minute, [stations({ a: 0 }, noon - 40 * minute)]);
  tickPast(noon - 20 * minute, [stations({ a: 2 }, noon - 20 * minute)]);
  tick(noon, [stations({ a: 3 }, noon)]);
  const batch = take();
  expect(stationRows(batch)).toEqual([
    { at: 0, isKeyframe: true, changed: [idOf("a")], removed: [idOf("b")] },
  ]);
  const means = [...eachMinute(batch.minutes).mean];
  expect(means.slice(-40)).toEqual([...Array<number>(20).fill(1), ...Array<number>(20).fill(0)]);
  expect(batch.readings.map(({ isKeyframe }) => isKeyframe)).toEqual([true, false, true]);
});

test("what a run says of its stops to come is not handed over, for nobody keeps it", () => {
  const { tick, take } = recorded();
  const stopTimeUpdates = StopTimeUpdates.of([{ stopId: "quay", arrivalAt: noon + minute }]);
  const run = (receivedAt: number): FeedWord =>
    word(
      {
        entities: [{ ...entity("TripUpdate", "t", { observedAt: receivedAt, receivedAt }), stopTimeUpdates }],
      },
      { receivedAt },
    );
  tick(noon, [run(noon)]);
  tick(noon + 1000, [run(noon + 1000)]);
  const rows = take().entities.filter(({ kind, changed }) => kind === "TripUpdate" && changed.length > 0);
  expect(rows.map(({ isKeyframe }) => isKeyframe)).toEqual([true, false]);
  for (const { changed } of rows) expect(changed[0]).not.toHaveProperty("stopTimeUpdates");
});
