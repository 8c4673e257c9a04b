import fc from "fast-check";
import { expect, test } from "vitest";
import { entityId, type Entity } from "../../shared/entity.ts";
import type { FeedWord } from "../core/city/changes.ts";
import type { Update } from "../core/feeds/connector.ts";
import { Inbox } from "./inbox.ts";

function sensor(sourceId: string, value: number): Entity {
  return {
    id: entityId("air", "Sensor", sourceId),
    kind: "Sensor",
    feedId: "air",
    sourceId,
    observedAt: value,
    receivedAt: value,
    position: null,
    quality: "good",
    fields: { value },
  };
}

function word(update: Partial<Update>): FeedWord {
  return {
    feedId: "air",
    receivedAt: 0,
    shiftMs: 0,
    restored: false,
    update: {
      mode: "partial",
      scope: "body",
      version: null,
      publishedAt: null,
      entities: [],
      observations: [],
      notices: [],
      ...update,
    },
  };
}

/** What a listener holds who took in the words one by one. */
function apply(words: readonly FeedWord[]): Map<string, Entity> {
  const held = new Map<string, Entity>();
  for (const { update } of words) {
    if (update.mode === "full") {
      const present = new Set([...update.entities.map((entity) => entity.id), ...(update.unchanged ?? [])]);
      for (const id of held.keys()) if (!present.has(id)) held.delete(id);
    }
    for (const entity of update.entities) held.set(entity.id, entity);
    for (const id of update.removed ?? []) held.delete(id);
  }
  return held;
}

const update = fc.record({
  mode: fc.constantFrom("full" as const, "partial" as const),
  ids: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 6 }),
  unchanged: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 6 }),
  removed: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 3 }),
});

test("one merged batch says what the single words said", () => {
  fc.assert(
    fc.property(fc.array(update, { maxLength: 12 }), (steps) => {
      const words: FeedWord[] = [];
      steps.forEach(({ mode, ids, unchanged, removed }, step) => {
        const known = apply(words);
        const entities = ids.map((id) => sensor(`${id}`, step));
        const stillThere = unchanged
          .filter((id) => !ids.includes(id))
          .map((id) => entityId("air", "Sensor", `${id}`));
        words.push(
          word(
            mode === "full"
              ? { mode, entities, unchanged: stillThere.filter((id) => known.has(id)) }
              : {
                  mode,
                  entities,
                  removed: removed
                    .filter((id) => !ids.includes(id))
                    .map((id) => entityId("air", "Sensor", `${id}`)),
                },
          ),
        );
      });
      const inbox = new Inbox();
      for (const each of words) inbox.put(each);
      const merged = inbox.drain({}).words;
      expect(merged.length).toBeLessThanOrEqual(1);
      expect(apply(merged)).toEqual(apply(words));
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("an older word, in a full update too, does not hide a newer one that waits; a future one is no newer", () => {
  const at = (sourceId: string, observedAt: number): Entity => ({
    ...sensor(sourceId, observedAt),
    receivedAt: 100,
  });
  const inbox = new Inbox();
  inbox.put(word({ entities: [at("pushed", 50), at("lying", 200), at("gone", 50)] }));
  inbox.put(word({ entities: [at("pushed", 40)] }));
  inbox.put(word({ mode: "full", entities: [at("pushed", 45), at("lying", 45)] }));
  const [merged] = inbox.drain({}).words;
  expect(merged!.update.entities.map(({ sourceId, observedAt }) => [sourceId, observedAt])).toEqual([
    ["pushed", 50],
    ["lying", 45],
  ]);
});

test("what does not fit is counted, and a full update's rest does not look gone", () => {
  const inbox = new Inbox(2);
  inbox.put(word({ mode: "full", entities: [sensor("a", 1), sensor("b", 1), sensor("c", 1)] }));
  const batch = inbox.drain({});
  expect(batch.words[0]!.update.entities.map((entity) => entity.sourceId)).toEqual(["a", "b"]);
  expect(batch.words[0]!.update.unchanged).toEqual(["air/Sensor/c"]);
  expect(batch.dropped.get("air")).toBe(1);
});

test("the room is for observations too, and a newer word of a thing that waits needs none", () => {
  const inbox = new Inbox(3);
  const observation = { entityId: "air/Sensor/a", property: "value", value: 1, observedAt: 1, receivedAt: 1 };
  inbox.put(word({ entities: [sensor("a", 1)], observations: [observation] }));
  inbox.put(word({ entities: [sensor("a", 2)], observations: [observation, observation] }));
  const batch = inbox.drain({});
  expect(batch.words[0]!.update.entities.map(({ observedAt }) => observedAt)).toEqual([2]);
  expect(batch.words[0]!.update.observations.length).toBe(2);
  expect(batch.dropped.get("air")).toBe(1);
});

test("of two words that overtook each other on their way the later one counts, unless its clock lies", () => {
  const inbox = new Inbox();
  const said = (at: number) => ({ ...sensor("a", at), receivedAt: 100 });
  for (const at of [1, 9, 5, 200, 7]) inbox.put(word({ mode: "partial", entities: [said(at)] }));
  const batch = inbox.drain({});
  expect(batch.words[0]!.update.entities.map(({ observedAt }) => observedAt)).toEqual([7]);
  for (const at of [1, 9, 5]) inbox.put(word({ mode: "partial", entities: [said(at)] }));
  expect(inbox.drain({}).words[0]!.update.entities.map(({ observedAt }) => observedAt)).toEqual([9]);
});

test("notices of merged words are counted by code", () => {
  const inbox = new Inbox();
  const notice = { code: "E001", severity: "error", count: 2, example: "first" } as const;
  inbox.put(word({ notices: [notice] }));
  inbox.put(word({ notices: [{ ...notice, example: "second" }] }));
  expect(inbox.drain({}).words[0]!.update.notices).toEqual([{ ...notice, count: 4 }]);
});

test("a word costs what it brings, however many wait: a journal of thousands restores at once", () => {
  const millisecondsOf = (words: number): number => {
    const inbox = new Inbox();
    const startedAt = performance.now();
    for (let i = 0; i < words; i++) inbox.put(word({ entities: [sensor(`${i}`, i)] }));
    inbox.drain({});
    return performance.now() - startedAt;
  };
  millisecondsOf(1_000);
  expect(millisecondsOf(32_000)).toBeLessThan(30 * Math.max(20, millisecondsOf(4_000)));
});

test("of one thing the newest word is kept, whatever came last; a time in the future never wins", () => {
  const inbox = new Inbox();
  const at = (receivedAt: number, value: number, more: Partial<FeedWord> = {}): FeedWord => ({
    ...word({
      entities: [sensor("a", value), sensor("b", 9_999)].map((thing) => ({ ...thing, receivedAt })),
    }),
    receivedAt,
    ...more,
  });
  inbox.put(at(1_000, 900));
  inbox.put(at(500, 400, { restored: true }));
  const [taken] = inbox.drain({}).words;
  expect(taken).toMatchObject({ receivedAt: 1_000, restored: false });
  expect(taken!.update.entities.map(({ observedAt }) => observedAt)).toEqual([900, 9_999]);
  inbox.put(at(1_000, 2_000));
  inbox.put(at(1_100, 1_050));
  expect(inbox.drain({}).words[0]!.update.entities[0]!.observedAt).toBe(1_050);
  const whole = (value: number): FeedWord => word({ mode: "full", entities: [sensor("a", value)] });
  inbox.put(whole(900));
  inbox.put(whole(800));
  expect(inbox.drain({}).words[0]!.update.entities.map(({ observedAt }) => observedAt)).toEqual([900]);
});

test("a body of which nothing could be used takes nothing from a good word beside it", () => {
  const inbox = new Inbox();
  const notices = [{ code: "mqtt-broken-json", severity: "error", count: 1, example: "" }] as const;
  inbox.put(word({ entities: [sensor("a", 1)] }));
  inbox.put(word({ tellsNothing: true, notices }));
  const { update } = inbox.drain({}).words[0]!;
  expect(update.tellsNothing).toBeUndefined();
  expect(update).toMatchObject({ entities: [{ sourceId: "a" }], notices });
  inbox.put(word({ tellsNothing: true, notices }));
  inbox.put(word({ tellsNothing: true, notices }));
  expect(inbox.drain({}).words[0]!.update).toMatchObject({ tellsNothing: true, notices: [{ count: 2 }] });
});

test("the last report of any part is the last to be heard, and a good word before a fault is not lost", () => {
  const inbox = new Inbox();
  const error = { class: "timeout", message: "no answer", at: 3 } as const;
  inbox.putReport({ feedId: "air", part: "a", goodAt: 1, error: null });
  inbox.putReport({ feedId: "air", part: "b", goodAt: 2, error: null });
  inbox.putReport({ feedId: "air", part: "a", goodAt: null, error });
  expect(inbox.drain({}).reports).toEqual([
    { feedId: "air", part: "b", goodAt: 2, error: null },
    { feedId: "air", part: "a", goodAt: 1, error },
  ]);
});
