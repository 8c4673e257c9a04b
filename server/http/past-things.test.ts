import fc from "fast-check";
import { expect, test } from "vitest";
import type { AlarmRule } from "../../shared/alarms.ts";
import { alarmRule, entity, plan, plannedFeed } from "../../test/planned-city.ts";
import { activeStretches } from "../core/alarms/backtest.ts";
import { AlarmBoard } from "../core/alarms/board.ts";
import { indexAreas } from "../core/city/areas.ts";
import type { Held } from "../core/city/entity-table.ts";
import type { FeedTurn, ThingWord } from "../history/history.ts";
import { pastThings } from "./past-things.ts";

const hour = 3_600_000;
const noon = Date.UTC(2026, 2, 7, 12);
const rule = alarmRule({
  id: "transport.station-empty",
  indicator: null,
  when: { each: "StationStatus", where: { numVehiclesAvailable: 0 } },
  onDelaySeconds: 0,
  offDelaySeconds: 0,
});
const span = { fromAt: noon, toAt: noon + 10 * hour };
const never = new AbortController().signal;
const nowhere = indexAreas([]);
const fresh: readonly FeedTurn[] = [{ feed: "bikes", at: noon, status: "fresh" }];

const bikes = (id: string, hours: number, numVehiclesAvailable: number | null): ThingWord => {
  const thing = entity("StationStatus", id, { fields: { numVehiclesAvailable } });
  return { at: noon + hours * hour, id: thing.id, entity: numVehiclesAvailable === null ? null : thing };
};

async function tried(words: readonly ThingWord[], watched = [span], turns = fresh) {
  const series = await pastThings(rule, { watched, words }, nowhere, turns, span, never);
  return series.map((one) => ({
    id: one.id,
    knownPercent: one.knownPercent,
    active: activeStretches(rule, one, span.toAt).map(({ fromAt, toAt }) => [
      (fromAt - noon) / hour,
      toAt === null ? null : (toAt - noon) / hour,
    ]),
  }));
}

test("each thing has a past of its own: while it matched, until it did not or was gone", async () => {
  const found = await tried([
    bikes("a", 0, 5),
    bikes("b", 0, 5),
    bikes("c", 0, 0),
    bikes("a", 1, 0),
    bikes("a", 2, 3),
    bikes("c", 4, null),
    bikes("a", 6, 0),
  ]);
  expect(found.map(({ id, active }) => [id.split("/").at(-1), active])).toEqual([
    [
      "a}",
      [
        [1, 2],
        [6, null],
      ],
    ],
    ["c}", [[0, 4]]],
  ]);
  expect(found[0]!.knownPercent).toBe(100);
});

test("what went while its feed was silent is not over, as in the live city", async () => {
  const turns = [...fresh, { feed: "bikes", at: noon + 3 * hour, status: "down" } as const];
  const [gone] = await tried([bikes("a", 1, 0), bikes("a", 4, null)], [span], turns);
  expect(gone!.active).toEqual([[1, null]]);
});

test("where nobody watched nothing ends and nothing begins; what is not there afterwards has gone", async () => {
  const watched = [
    { fromAt: noon, toAt: noon + 2 * hour },
    { fromAt: noon + 7 * hour, toAt: noon + 10 * hour },
  ];
  const [stays, goes] = await tried([bikes("a", 1, 0), bikes("b", 1, 0), bikes("a", 7, 0)], watched);
  expect(stays).toMatchObject({ knownPercent: 50, active: [[1, null]] });
  expect(goes!.active).toEqual([[1, 7]]);
});

test("where the rule was about nothing it says so, with how much was known", async () => {
  expect(await tried([bikes("a", 1, 5)])).toEqual([{ id: rule.id, knownPercent: 100, active: [] }]);
});

test("others have their turn while a great many words are judged, until nobody waits for them", async () => {
  const words = Array.from({ length: 3_000 }, (_, i) => bikes(String(i), 0, 0));
  const asked = new AbortController();
  const judged = pastThings(rule, { watched: [span], words }, nowhere, fresh, span, asked.signal);
  await new Promise((resolve) => setImmediate(resolve));
  asked.abort(new Error("left"));
  await expect(judged).rejects.toThrow("left");
  expect(await pastThings(rule, { watched: [span], words }, nowhere, fresh, span, never)).toHaveLength(3_000);
});

/** What the live city does with one thing over a minute after the other; `null`: it is not there. */
function live(judged: AlarmRule, minutes: readonly (number | null)[]) {
  const things = new Map<string, Held>();
  const board = new AlarmBoard(plan({ rules: [judged], feeds: [plannedFeed()], indicators: [] }), {
    readings: new Map(),
    findHeld: (_kind, id) => things.get(id),
    listHeld: () => things.values(),
    feedStatuses: () => [],
    isFresh: () => true,
  });
  const told: [number, number | null][] = [];
  minutes.forEach((value, i) => {
    const thing = entity("StationStatus", "a", { fields: { numVehiclesAvailable: value } });
    const wasThere = things.delete(thing.id);
    if (value !== null) things.set(thing.id, { entity: thing, areas: [] } as unknown as Held);
    const changed = value === null ? [] : [{ slot: 0, entity: thing }];
    const removed = value === null && wasThere ? [{ slot: 0, id: thing.id }] : [];
    const entities = new Map([["StationStatus", { changed, removed }]] as const);
    const { events } = board.judge({ readings: [], feeds: [], entities, forgotten: [] }, undefined, at(i));
    for (const event of events)
      if (event.kind === "raised") told.push([event.at, null]);
      else if (event.kind === "returned") told.at(-1)![1] = event.at;
  });
  return told;
}

const minute = 60_000;
const at = (i: number): number => noon + i * minute;

test("what it would have done is what the live city does on the same things", async () => {
  const values = fc.array(fc.constantFrom(0, 0, 0, 5, 5, null), { minLength: 60, maxLength: 60 });
  const delay = fc.integer({ min: 0, max: 5 }).map((minutes) => minutes * 60);
  await fc.assert(
    fc.asyncProperty(values, delay, delay, async (minutes, onDelaySeconds, offDelaySeconds) => {
      const judged = { ...rule, onDelaySeconds, offDelaySeconds };
      const words = minutes.flatMap((value, i): ThingWord[] => {
        const thing = entity("StationStatus", "a", { fields: { numVehiclesAvailable: value } });
        if (value !== null) return [{ at: at(i), id: thing.id, entity: thing }];
        const isNews = i > 0 && minutes[i - 1] !== null;
        return isNews ? [{ at: at(i), id: thing.id, entity: null }] : [];
      });
      const over = { fromAt: noon, toAt: at(60) };
      const [series] = await pastThings(judged, { watched: [over], words }, nowhere, fresh, over, never);
      const tested = activeStretches(judged, series!, at(59)).map((one) => [one.fromAt, one.toAt]);
      expect(tested).toEqual(live(judged, minutes));
    }),
    { numRuns: 100 },
  );
});
