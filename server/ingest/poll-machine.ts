/**
 * When a polled feed asks for what, as a pure state machine: rounds at the feed's pace, one request in flight, parts
 * that follow from answers, conditional requests, Retry-After, and back-off per part, so that one dead part of a feed
 * does not slow the others down. Instants and durations are milliseconds of any steady clock.
 */

import type { Fetch } from "../core/feeds/connector.ts";

export interface PollSettings {
  readonly everyMs: number;
  /** The longest pause after failures. */
  readonly maxBackoffMs: number;
  /** How far links lead away from where the round began. */
  readonly maxDepth: number;
  /** Answers in one round. */
  readonly maxParts: number;
  /** Decompressed bytes in one round. */
  readonly maxRoundBytes: number;
}

/** A source that asks for more patience than this is asked again all the same. */
export const longestRetryAfterMs = 24 * 3_600_000;
const firstBackoffMs = 30_000;
const mostHeld = 500;

interface Wanted {
  readonly fetch: Fetch;
  readonly depth: number;
  /** Key of the answer that named this part; `null` for what a round begins with. */
  readonly parent: string | null;
  readonly dueAt: number;
  readonly failures: number;
}

/** What is remembered of the newest good body of a part. */
interface Held {
  readonly name: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly follow: readonly Fetch[];
  /** The source calls it good until then: it is not asked for again before. */
  readonly goodUntilAt: number;
}

export interface PollState {
  readonly nextRoundAt: number;
  readonly notBeforeAt: number;
  readonly inFlight: Wanted | null;
  readonly queue: readonly Wanted[];
  readonly held: ReadonlyMap<string, Held>;
  readonly roundParts: number;
  readonly roundBytes: number;
}

export type PollEvent =
  /** Time has passed. */
  | { readonly type: "wake" }
  /** The connector's answer to the effect `next`. */
  | { readonly type: "round"; readonly fetches: readonly Fetch[] }
  | {
      readonly type: "good";
      readonly bytes: number;
      readonly etag: string | null;
      readonly lastModified: string | null;
      readonly follow: readonly Fetch[];
      /** For how long the source calls the body good. */
      readonly goodForMs?: number;
    }
  | { readonly type: "not-modified" }
  | { readonly type: "failed"; readonly retryAfterMs: number | null };

export type PollEffect =
  /** Ask the connector what this round begins with, and come back with `round`. */
  | { readonly type: "next" }
  /** Send this request and come back with `good`, `not-modified` or `failed`. */
  | {
      readonly type: "ask";
      readonly fetch: Fetch;
      readonly etag: string | null;
      readonly lastModified: string | null;
    }
  /** Come back with `wake` then. */
  | { readonly type: "sleep"; readonly untilAt: number }
  /** A part will not be asked for, because the feed leads too far. */
  | { readonly type: "cut"; readonly fetch: Fetch; readonly why: string };

export interface PollStep {
  readonly state: PollState;
  readonly effects: readonly PollEffect[];
}

export function startPolling(now: number): PollState {
  return {
    nextRoundAt: now,
    notBeforeAt: now,
    inFlight: null,
    queue: [],
    held: new Map(),
    roundParts: 0,
    roundBytes: 0,
  };
}

/** `random` is 0 ≤ x < 1. An answer without a request in flight changes nothing. */
export function pollStep(
  state: PollState,
  event: PollEvent,
  now: number,
  random: number,
  settings: PollSettings,
): PollStep {
  const asked = state.inFlight;
  switch (event.type) {
    case "wake":
      return proceed(state, now, [], settings);
    case "round":
      return proceed(beginRound(state, event.fetches, now, settings), now, [], settings);
    case "good": {
      if (asked === null) return { state, effects: [] };
      const { etag, lastModified, follow } = event;
      const goodUntilAt = now + Math.max(0, event.goodForMs ?? 0);
      const answered = hold(state, asked, {
        name: asked.fetch.name,
        etag,
        lastModified,
        follow,
        goodUntilAt,
      });
      return followOn(
        { ...answered, roundBytes: state.roundBytes + event.bytes },
        asked,
        follow,
        now,
        settings,
      );
    }
    case "not-modified": {
      if (asked === null) return { state, effects: [] };
      const held = state.held.get(keyOf(asked.fetch));
      if (held === undefined)
        return proceed(putOff(state, asked, null, now, random, settings), now, [], settings);
      return followOn({ ...state, inFlight: null }, asked, held.follow, now, settings);
    }
    case "failed":
      if (asked === null) return { state, effects: [] };
      return fallBack(putOff(state, asked, event.retryAfterMs, now, random, settings), asked, now, settings);
  }
}

/** The names of all parts that are still held, waited for or named by a held body. */
export function partNames({ held, queue, inFlight }: PollState): ReadonlySet<string> {
  const names = new Set(queue.map(({ fetch }) => fetch.name));
  if (inFlight) names.add(inFlight.fetch.name);
  for (const { name, follow } of held.values()) {
    names.add(name);
    for (const fetch of follow) names.add(fetch.name);
  }
  return names;
}

function keyOf(fetch: Fetch): string {
  return `${fetch.name} ${fetch.url}`;
}

/** What to do next; nothing while a request is in flight. */
function proceed(
  state: PollState,
  now: number,
  effects: readonly PollEffect[],
  settings: PollSettings,
): PollStep {
  if (state.inFlight !== null) return { state, effects };
  if (now < state.notBeforeAt)
    return { state, effects: [...effects, { type: "sleep", untilAt: state.notBeforeAt }] };
  if (now >= state.nextRoundAt) return { state, effects: [...effects, { type: "next" }] };
  const first = earliest(state.queue);
  if (first === undefined || first.dueAt > now) {
    const untilAt = Math.min(state.nextRoundAt, first?.dueAt ?? Number.POSITIVE_INFINITY);
    return { state, effects: [...effects, { type: "sleep", untilAt }] };
  }
  const held = state.held.get(keyOf(first.fetch));
  if (held !== undefined && held.goodUntilAt > now)
    return leaveAlone(state, first, held, now, settings, effects);
  const ask: PollEffect = {
    type: "ask",
    fetch: first.fetch,
    etag: held?.etag ?? null,
    lastModified: held?.lastModified ?? null,
  };
  const queue = state.queue.filter((wanted) => wanted !== first);
  return {
    state: { ...state, queue, inFlight: first, roundParts: state.roundParts + 1 },
    effects: [...effects, ask],
  };
}

/**
 * A part that is still good is not asked for: what it names is, and it itself as soon as it has run out, if that is
 * before the next round. One that names others waits for the round, so that a round asks for none of them twice.
 */
function leaveAlone(
  state: PollState,
  wanted: Wanted,
  held: Held,
  now: number,
  settings: PollSettings,
  effects: readonly PollEffect[],
): PollStep {
  const queue = state.queue.filter((one) => one !== wanted);
  if (held.follow.length === 0 && held.goodUntilAt < state.nextRoundAt)
    queue.push({ ...wanted, dueAt: held.goodUntilAt });
  const step = followOn({ ...state, queue }, wanted, held.follow, now, settings);
  return { state: step.state, effects: [...effects, ...step.effects] };
}

function earliest(queue: readonly Wanted[]): Wanted | undefined {
  let first = queue[0];
  for (const wanted of queue) if (first !== undefined && wanted.dueAt < first.dueAt) first = wanted;
  return first;
}

/** A round's own parts replace what is left of them, but never shorten their pause after a failure. */
function beginRound(
  state: PollState,
  fetches: readonly Fetch[],
  now: number,
  settings: PollSettings,
): PollState {
  const names = new Set(fetches.map((fetch) => fetch.name));
  const queue = state.queue.filter((wanted) => wanted.depth > 0 || !names.has(wanted.fetch.name));
  for (const fetch of fetches.slice(0, settings.maxParts)) {
    const before = state.queue.find((wanted) => wanted.depth === 0 && wanted.fetch.name === fetch.name);
    const failures = before?.failures ?? 0;
    const dueAt = Math.max(dueOf(fetch, now), failures > 0 ? before!.dueAt : now);
    queue.push({ fetch, depth: 0, parent: null, dueAt, failures });
  }
  const due = state.nextRoundAt + settings.everyMs;
  return {
    ...state,
    queue,
    nextRoundAt: due > now ? due : now + settings.everyMs,
    roundParts: 0,
    roundBytes: 0,
  };
}

function dueOf(fetch: Fetch, now: number): number {
  return now + Math.max(0, fetch.afterSeconds ?? 0) * 1_000;
}

function hold(state: PollState, asked: Wanted, body: Held): PollState {
  const held = new Map(state.held);
  held.delete(keyOf(asked.fetch));
  held.set(keyOf(asked.fetch), body);
  for (const oldest of held.keys()) {
    if (held.size <= mostHeld) break;
    held.delete(oldest);
  }
  return { ...state, inFlight: null, held };
}

/** Queues what an answer leads to, within the round's bounds, and drops failing parts that it no longer names. */
function followOn(
  state: PollState,
  asked: Wanted,
  follow: readonly Fetch[],
  now: number,
  settings: PollSettings,
): PollStep {
  const parent = keyOf(asked.fetch);
  const named = new Set(follow.flatMap(alternatives).map(keyOf));
  const queue = state.queue.filter(
    (wanted) => wanted.parent !== parent || wanted.failures === 0 || named.has(keyOf(wanted.fetch)),
  );
  const cuts: PollEffect[] = [];
  for (const first of follow) {
    const fetch = standIn(queue, first);
    const known = queue.findIndex((wanted) => keyOf(wanted.fetch) === keyOf(fetch));
    const why = known >= 0 ? null : whyCut(state, queue.length, asked.depth + 1, settings);
    if (why !== null) cuts.push({ type: "cut", fetch, why });
    else if (known < 0)
      queue.push({ fetch, depth: asked.depth + 1, parent, dueAt: dueOf(fetch, now), failures: 0 });
    else if (queue[known]!.failures === 0)
      queue[known] = { ...queue[known]!, fetch, dueAt: Math.min(queue[known]!.dueAt, dueOf(fetch, now)) };
  }
  return proceed({ ...state, queue }, now, cuts, settings);
}

function alternatives(fetch: Fetch): Fetch[] {
  return fetch.otherwise ? [fetch, ...alternatives(fetch.otherwise)] : [fetch];
}

/** What is asked for when a link is named: itself, or what stands in for it while it fails. */
function standIn(queue: readonly Wanted[], named: Fetch): Fetch {
  const fails = (fetch: Fetch): boolean =>
    queue.some((wanted) => wanted.failures > 0 && keyOf(wanted.fetch) === keyOf(fetch));
  const all = alternatives(named);
  return all.find((fetch) => !fails(fetch)) ?? named;
}

/** What stands in for a part that has failed is asked for at once. */
function fallBack(state: PollState, failed: Wanted, now: number, settings: PollSettings): PollStep {
  const { otherwise } = failed.fetch;
  if (!otherwise || state.queue.some((wanted) => keyOf(wanted.fetch) === keyOf(otherwise)))
    return proceed(state, now, [], settings);
  const why = whyCut(state, state.queue.length, failed.depth, settings);
  if (why !== null) return proceed(state, now, [{ type: "cut", fetch: otherwise, why }], settings);
  const wanted = { ...failed, fetch: otherwise, dueAt: dueOf(otherwise, now), failures: 0 };
  return proceed({ ...state, queue: [...state.queue, wanted] }, now, [], settings);
}

function whyCut(state: PollState, queued: number, depth: number, settings: PollSettings): string | null {
  if (depth > settings.maxDepth) return `links lead more than ${settings.maxDepth} steps away`;
  if (state.roundParts + queued >= settings.maxParts)
    return `more than ${settings.maxParts} parts in a round`;
  if (state.roundBytes >= settings.maxRoundBytes)
    return `more than ${settings.maxRoundBytes} bytes in a round`;
  return null;
}

/** Exponential back-off with jitter between half and all of the pause; never before Retry-After. */
function putOff(
  state: PollState,
  asked: Wanted,
  retryAfterMs: number | null,
  now: number,
  random: number,
  settings: PollSettings,
): PollState {
  const failures = asked.failures + 1;
  const firstMs = Math.min(settings.everyMs, firstBackoffMs);
  const pauseMs = Math.min(settings.maxBackoffMs, firstMs * 2 ** Math.min(failures - 1, 30));
  const patienceMs = Math.min(Math.max(retryAfterMs ?? 0, 0), longestRetryAfterMs);
  const dueAt = now + Math.max(pauseMs * (0.5 + random / 2), patienceMs);
  const held = new Map(state.held);
  held.delete(keyOf(asked.fetch));
  // A dead link may have moved: what named it is asked for again in the next round.
  const parent = asked.parent === null ? undefined : held.get(asked.parent);
  if (parent !== undefined) held.set(asked.parent!, { ...parent, goodUntilAt: now });
  return {
    ...state,
    held,
    inFlight: null,
    notBeforeAt: Math.max(state.notBeforeAt, now + patienceMs),
    queue: [...state.queue, { ...asked, dueAt, failures }],
  };
}
