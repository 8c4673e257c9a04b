import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fetch } from "../core/feeds/connector.ts";
import {
  longestRetryAfterMs,
  pollStep,
  startPolling,
  type PollEffect,
  type PollEvent,
  type PollSettings,
  type PollState,
} from "./poll-machine.ts";

const settings: PollSettings = {
  everyMs: 10_000,
  maxBackoffMs: 300_000,
  maxDepth: 3,
  maxParts: 5,
  maxRoundBytes: 1_000,
};
const root: Fetch = { name: "gbfs", url: "http://a/gbfs.json" };
const status: Fetch = { name: "station_status", url: "http://a/station_status.json" };
const good = (follow: readonly Fetch[] = [], etag: string | null = null): PollEvent => ({
  type: "good",
  bytes: 10,
  etag,
  lastModified: null,
  follow,
});

const failed: PollEvent = { type: "failed", retryAfterMs: null };

/** A machine that a test drives by hand; the round always begins with `root`. */
function machine(roots: readonly Fetch[] = [root]): {
  readonly send: (event: PollEvent, at: number) => readonly PollEffect[];
} {
  let state: PollState = startPolling(0);
  const send = (event: PollEvent, at: number): readonly PollEffect[] => {
    const step = pollStep(state, event, at, 0.5, settings);
    ({ state } = step);
    return step.effects.flatMap((effect) =>
      effect.type === "next" ? send({ type: "round", fetches: roots }, at) : [effect],
    );
  };
  return { send };
}

const ask = (fetch: Fetch, etag: string | null = null): PollEffect => ({
  type: "ask",
  fetch,
  etag,
  lastModified: null,
});

test("asks for the root, then for what it names, then sleeps until the next round", () => {
  const { send } = machine();
  expect(send({ type: "wake" }, 0)).toEqual([ask(root)]);
  expect(send({ type: "wake" }, 5)).toEqual([]);
  expect(send(good([status]), 100)).toEqual([ask(status)]);
  expect(send(good(), 200)).toEqual([{ type: "sleep", untilAt: 10_000 }]);
  expect(send({ type: "wake" }, 10_000)).toEqual([ask(root)]);
});

test("an unchanged root still leads to its parts, each with its own validator", () => {
  const { send } = machine();
  send({ type: "wake" }, 0);
  send(good([status], '"1"'), 1);
  send(good([], '"2"'), 2);
  expect(send({ type: "wake" }, 10_000)).toEqual([ask(root, '"1"')]);
  expect(send({ type: "not-modified" }, 10_001)).toEqual([ask(status, '"2"')]);
});

test("a body that could not be read is asked for again in full", () => {
  const { send } = machine();
  send({ type: "wake" }, 0);
  send(good([], '"1"'), 1);
  expect(send({ type: "wake" }, 10_000)).toEqual([ask(root, '"1"')]);
  send({ type: "failed", retryAfterMs: null }, 10_001);
  expect(send({ type: "wake" }, 20_000)).toEqual([ask(root)]);
});

test("a dead part backs off alone and is dropped when it is no longer named", () => {
  const { send } = machine();
  const alerts: Fetch = { name: "system_alerts", url: "http://a/alerts.json" };
  const asked: string[] = [];
  for (let at = 0; at < 200_000; at += 1_000) {
    const queue = [...send({ type: "wake" }, at)];
    for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
      if (effect.type !== "ask") continue;
      asked.push(effect.fetch.name);
      const stillNamed = at < 100_000 ? [alerts, status] : [status];
      if (effect.fetch === alerts) queue.push(...send({ type: "failed", retryAfterMs: null }, at));
      else queue.push(...send(good(effect.fetch.name === "gbfs" ? stillNamed : []), at));
    }
  }
  expect(asked.filter((name) => name === "station_status")).toHaveLength(20);
  expect(asked.filter((name) => name === "system_alerts").length).toBeLessThan(6);
  expect(asked.lastIndexOf("system_alerts")).toBeLessThan(asked.length - 10);
});

test("a delayed part is asked for when due, and naming it again does not put it off", () => {
  const { send } = machine();
  const later: Fetch = { name: "token", url: "http://a/tokens/1", afterSeconds: 15 };
  send({ type: "wake" }, 0);
  expect(send(good([later]), 0)).toEqual([{ type: "sleep", untilAt: 10_000 }]);
  send({ type: "wake" }, 10_000);
  expect(send(good([later]), 10_000)).toEqual([{ type: "sleep", untilAt: 15_000 }]);
  expect(send({ type: "wake" }, 15_000)).toEqual([ask(later)]);
});

test("links without end are cut by depth, count and bytes, and say why", () => {
  const page = (n: number): Fetch => ({ name: "page", url: `http://a/${n}` });
  const deep = machine();
  deep.send({ type: "wake" }, 0);
  for (let n = 1; n <= 3; n++) expect(deep.send(good([page(n)]), n)).toEqual([ask(page(n))]);
  expect(deep.send(good([page(4)]), 4)[0]).toMatchObject({ type: "cut", fetch: page(4) });

  const wide = machine();
  wide.send({ type: "wake" }, 0);
  const cuts = wide.send(good(Array.from({ length: 8 }, (_, n) => page(n))), 1);
  expect(cuts.filter((effect) => effect.type === "cut")).toHaveLength(4);

  const large = machine();
  large.send({ type: "wake" }, 0);
  const [cut] = large.send(
    { type: "good", bytes: 1_000, etag: null, lastModified: null, follow: [page(1)] },
    1,
  );
  expect(cut?.type === "cut" && cut.why).toContain("bytes");
});

test("a slow feed that failed is asked again long before its next round", () => {
  let state = startPolling(0);
  const slow = { ...settings, everyMs: 3_600_000, maxBackoffMs: 3_600_000 };
  state = pollStep(state, { type: "round", fetches: [root] }, 0, 0, slow).state;
  const { effects } = pollStep(state, { type: "failed", retryAfterMs: null }, 100, 0.999, slow);
  expect(effects).toMatchObject([{ type: "sleep" }]);
  expect(effects[0]?.type === "sleep" && effects[0].untilAt).toBeLessThan(31_000);
});

/** What a source may do with a request. */
const behaviour = fc.oneof(
  fc.record({
    type: fc.constant("good" as const),
    bytes: fc.integer({ min: 0, max: 800 }),
    etag: fc.constantFrom(null, '"1"'),
    lastModified: fc.constant(null),
    follow: fc.array(
      fc.record(
        {
          name: fc.constantFrom("a", "b", "c"),
          url: fc.constantFrom("http://a/1", "http://a/2", "http://a/3"),
          afterSeconds: fc.integer({ min: 0, max: 100 }),
          otherwise: fc.constant({ name: "b", url: "http://a/4" }),
        },
        { requiredKeys: ["name", "url", "afterSeconds"] },
      ),
      { maxLength: 4 },
    ),
  }),
  fc.constant({ type: "not-modified" as const }),
  fc.record({
    type: fc.constant("failed" as const),
    retryAfterMs: fc.option(fc.integer({ min: -5, max: 2 * longestRetryAfterMs })),
  }),
);

/** Runs a machine against `answers` in simulated time; stray wakes come in between. */
function run(
  answers: readonly { readonly event: PollEvent; readonly tookMs: number; readonly random: number }[],
  onAsk: (at: number, state: PollState) => void,
): { state: PollState; at: number; effects: readonly PollEffect[] } {
  let at = 0;
  let state = startPolling(0);
  let effects: readonly PollEffect[] = [];
  const send = (event: PollEvent, random: number): void => {
    const step = pollStep(state, event, at, random, settings);
    ({ state, effects } = step);
  };
  send({ type: "wake" }, 0);
  for (const { event, tookMs, random } of answers) {
    for (let turn = 0; !effects.some((effect) => effect.type === "ask"); turn++) {
      if (turn > 50) throw new Error("the machine does not ask any more");
      const [effect] = effects.filter(({ type }) => type !== "cut");
      if (effect?.type === "sleep") at = Math.max(at, effect.untilAt);
      if (effect?.type === "next") send({ type: "round", fetches: [root] }, random);
      else send({ type: "wake" }, random);
    }
    onAsk(at, state);
    const before = state;
    send({ type: "wake" }, random);
    expect(effects).toEqual([]);
    expect(state).toBe(before);
    at += tookMs;
    send(event, random);
  }
  return { state, at, effects };
}

const scenario = fc.array(
  fc.record({
    event: behaviour,
    tookMs: fc.integer({ min: 0, max: 30_000 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  }),
  { maxLength: 60 },
);

test("whatever the source does: one request at a time, Retry-After is kept, back-off and memory are bounded", () => {
  fc.assert(
    fc.property(scenario, (answers) => {
      let notBeforeAt = 0;
      let index = 0;
      let answeredAt = 0;
      const { state } = run(answers, (at, before) => {
        expect(before.inFlight).not.toBeNull();
        expect(at).toBeGreaterThanOrEqual(notBeforeAt);
        // Never silent for longer than the round, the longest back-off and what the source asked for.
        expect(at - Math.max(answeredAt, notBeforeAt)).toBeLessThanOrEqual(settings.maxBackoffMs);
        const { event, tookMs } = answers[index++]!;
        answeredAt = at + tookMs;
        if (event.type === "failed")
          notBeforeAt = Math.max(
            notBeforeAt,
            answeredAt + Math.min(Math.max(event.retryAfterMs ?? 0, 0), longestRetryAfterMs),
          );
        for (const wanted of before.queue) expect(wanted.depth).toBeLessThanOrEqual(settings.maxDepth);
        expect(before.queue.length).toBeLessThanOrEqual(settings.maxParts + 1);
      });
      expect(state.held.size).toBeLessThanOrEqual(500);
    }),
    { seed: 7, numRuns: 400 },
  );
});

test("a source that comes back is back at its pace after one good answer", () => {
  fc.assert(
    fc.property(scenario, (answers) => {
      const calm = { event: good(), tookMs: 0, random: 0.5 } as const;
      const end = run([...answers, ...Array.from({ length: 20 }, () => calm)], () => {});
      expect(end.state.queue).toEqual([]);
      expect(end.state.nextRoundAt - end.at).toBeLessThanOrEqual(settings.everyMs);
    }),
    { seed: 8, numRuns: 200 },
  );
});

test("a part that is still good is not asked for, what it names is, and it again when it has run out", () => {
  const { send } = machine();
  const goodFor = (goodForMs: number, follow: readonly Fetch[] = []): PollEvent => ({
    ...(good(follow) as PollEvent & { type: "good" }),
    goodForMs,
  });
  expect(send({ type: "wake" }, 0)).toEqual([ask(root)]);
  expect(send(goodFor(25_000, [status]), 0)).toEqual([ask(status)]);
  expect(send(goodFor(14_000), 0)).toEqual([{ type: "sleep", untilAt: 10_000 }]);
  expect(send({ type: "wake" }, 10_000)).toEqual([{ type: "sleep", untilAt: 14_000 }]);
  expect(send({ type: "wake" }, 14_000)).toEqual([ask(status)]);
  expect(send(goodFor(0), 14_000)).toEqual([{ type: "sleep", untilAt: 20_000 }]);
  expect(send({ type: "wake" }, 20_000)).toEqual([ask(status)]);
  expect(send(goodFor(0), 20_000)).toEqual([{ type: "sleep", untilAt: 30_000 }]);
  expect(send({ type: "wake" }, 30_000)).toEqual([ask(root)]);
});

test("a dead link has what named it asked for again, good as it may be", () => {
  const { send } = machine();
  send({ type: "wake" }, 0);
  const named = { ...(good([status]) as PollEvent & { type: "good" }), goodForMs: 3_600_000 };
  expect(send(named, 0)).toEqual([ask(status)]);
  send({ type: "failed", retryAfterMs: 60_000 }, 0);
  expect(send({ type: "wake" }, 60_000)).toEqual([ask(status)]);
  expect(send(good(), 60_000)).toEqual([ask(root)]);
});

test("what stands in for a part is asked for while that fails, and no longer when it is back", () => {
  const { send } = machine();
  const older: Fetch = { name: "gbfs 2.3", url: "http://a/2.3" };
  const newest: Fetch = { name: "gbfs 3.0", url: "http://a/3.0", otherwise: older };
  let isDead = false;
  /** What a round asks for, and when nothing is left to ask. */
  const round = (at: number): string[] => {
    const asked: string[] = [];
    const queue = [...send({ type: "wake" }, at)];
    for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
      if (effect.type !== "ask") continue;
      const { fetch } = effect;
      asked.push(fetch.name);
      const fails = fetch === newest && isDead;
      const answer = fails ? failed : good(fetch === root ? [newest] : []);
      queue.push(...send(answer, at));
    }
    return asked;
  };
  expect(round(0)).toEqual(["gbfs", "gbfs 3.0"]);
  isDead = true;
  expect(round(10_000)).toEqual(["gbfs", "gbfs 3.0", "gbfs 2.3"]);
  // The dead one is tried again in between, ever more seldom.
  const later = Array.from({ length: 10 }, (_, n) => round(20_000 + n * 10_000));
  for (const asked of later) expect(asked).toContain("gbfs 2.3");
  expect(later.filter((asked) => asked.includes("gbfs 3.0")).length).toBeLessThan(6);
  isDead = false;
  for (let at = 120_000; at < 600_000; at += 10_000) round(at);
  expect(round(600_000)).toEqual(["gbfs", "gbfs 3.0"]);
});
