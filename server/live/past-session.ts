/**
 * A past instant for one client: the city as the history remembers it, in the frames of the live protocol, and played
 * on from there. Changes are read ahead in windows; where the history is slower than the clock, the clock waits.
 */

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { cityTimeAfter, type CityClock } from "../../shared/clock.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { Moment } from "../../shared/moment.ts";
import type { Note } from "../../shared/note.ts";
import type { Frame, KnownAs, PastRequest, Topic } from "../../shared/protocol.ts";
import { Broadcast, kindOfTopic, type BroadcastCity, type ShownCity } from "./broadcast.ts";
import { PastCity, thinned, type ChangeThen, type CityThen } from "./past-city.ts";
import { tickEveryMs } from "./ticker.ts";

/** The recorder writes at least once a minute; a longer silence is a stretch that was not recorded. */
export const recordedWithinMs = 90_000;
const dayMs = 86_400_000;
/** A window holds what is played in so much wall time, and no longer stretch of city time than ten minutes. */
const windowWallMs = 5_000;
const windowAtMostMs = 600_000;
/** Near the newest instant there is no more than a little at a time. Wall milliseconds. */
const shortestWindowMs = 1_000;
const windowsAhead = 2;
/** A history that was just begun or has much to do is asked again and again, for so long. Wall milliseconds. */
const patientForMs = 30_000;
const askAgainAfterMs = 500;

interface Span {
  readonly fromAt: number;
  /** Exclusive. */
  readonly toAt: number;
}

/** What a past session asks the history (`server/history/history.ts`). Each question rejects when `signal` cancels it. */
export interface PastReader {
  cityAt(at: number, known: KnownAs, kinds: readonly Kind[], signal: AbortSignal): Promise<CityThen>;
  changes(
    span: Span,
    known: KnownAs,
    kinds: readonly Kind[],
    everyMs: number,
    signal: AbortSignal,
  ): Promise<readonly ChangeThen[]>;
  moments(span: Span, signal: AbortSignal): Promise<readonly Moment[]>;
  recorded(withinMs: number, signal: AbortSignal): Promise<readonly Span[]>;
}

export interface PastSessionOptions {
  readonly history: PastReader;
  /** Whether the history may answer when it is asked again a little later. */
  readonly isPassing: (error: unknown) => boolean;
  readonly plan: ShownCity["plan"];
  readonly about: BroadcastCity;
  /** Notes that were in force at an instant, as far as they are still kept. */
  readonly notes: (at: number) => readonly Note[];
  /** The newest instant that can be shown: what came later may not have been written yet. */
  readonly until: () => number;
  readonly steadyNow: () => number;
  /** Frames as they are made, after the session was told to `play`. */
  readonly send: (frames: readonly Frame[]) => void;
  /** The clock runs otherwise than it did. */
  readonly onClock: () => void;
  /** Everything is another epoch's. */
  readonly onRestart: () => void;
  readonly onFailure: (error: unknown) => void;
}

interface Window {
  readonly changes: readonly ChangeThen[];
  readonly moments: readonly Moment[];
}

export class PastSession {
  readonly request: PastRequest;
  readonly kinds: ReadonlySet<Kind>;
  readonly #options: PastSessionOptions;
  readonly #cancel = new AbortController();
  #broadcast: Broadcast;
  #city: PastCity;
  #spans: readonly Span[];
  #moments: readonly Moment[];
  /** Where the clock stood at `#stoodAt` (`steadyNow`), and whether it runs from there. */
  #at: number;
  #stoodAt: number;
  #runs: boolean;
  /** What was read and not played yet, in order; it reaches to `#readTo`. */
  #windows: Window[] = [];
  #readTo: number;
  #isReading = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(
    request: PastRequest,
    kinds: ReadonlySet<Kind>,
    loaded: Loaded,
    options: PastSessionOptions,
  ) {
    this.request = request;
    this.kinds = kinds;
    this.#options = options;
    this.#spans = loaded.spans;
    this.#moments = loaded.moments;
    this.#at = request.at;
    this.#stoodAt = options.steadyNow();
    this.#readTo = request.at;
    this.#runs = false;
    [this.#city, this.#broadcast] = this.#begin(loaded.city);
  }

  /** Loads the city of the instant. Rejects as the history does, and when `signal` cancels it. */
  static async open(
    request: PastRequest,
    kinds: ReadonlySet<Kind>,
    options: PastSessionOptions,
    signal: AbortSignal,
  ): Promise<PastSession> {
    const { history } = options;
    const at = Math.floor(request.at);
    const [spans, city, moments] = await persistently(options, signal, () =>
      Promise.all([
        history.recorded(recordedWithinMs, signal),
        history.cityAt(at, request.known, Array.from(kinds), signal),
        history.moments({ fromAt: at - dayMs, toAt: at + 1 }, signal),
      ]),
    );
    signal.throwIfAborted();
    const isKnown = at <= options.until() && isIn(spans, at);
    return new PastSession(
      { ...request, at },
      kinds,
      { spans, moments, city: isKnown ? city : null },
      options,
    );
  }

  get broadcast(): Pick<Broadcast, "epoch" | "judgedAt" | "sequences" | "findStream" | "framesSince"> {
    return this.#broadcast;
  }

  readonly clock = (): CityClock => ({
    kind: "past",
    cityAt: this.#position(),
    speed: this.#runs ? this.request.speed : 0,
  });

  /** The instant it shows, as a request that goes on from there. */
  get goesOn(): PastRequest {
    return { ...this.request, at: this.#position() };
  }

  /** Whether frames of all these topics can be had without asking the history again. */
  has(topics: readonly Topic[]): boolean {
    return Array.from(kindsOf(topics)).every((kind) => this.kinds.has(kind));
  }

  /** From now on the clock runs, at the speed that was asked for. */
  play(): void {
    if (this.request.speed === 0 || this.#cancel.signal.aborted || this.#timer) return;
    this.#stoodAt = this.#options.steadyNow();
    this.#readAhead();
    this.#timer = setInterval(() => this.#step(), tickEveryMs);
  }

  /** Ends it and what it was asking for. */
  close(): void {
    this.#cancel.abort();
    clearInterval(this.#timer);
    this.#windows = [];
  }

  #begin(was: CityThen | null): [PastCity, Broadcast] {
    const { plan, about, notes } = this.#options;
    const city = new PastCity(plan, was);
    const broadcast = new Broadcast(`past:${randomUUID()}`, city, about, this.clock, {
      moments: () => this.#moments,
      notes,
    });
    broadcast.frames(city.advance([], this.#at));
    return [city, broadcast];
  }

  /** Never beyond what was read. */
  #position(): number {
    if (!this.#runs) return this.#at;
    const passedMs = this.#options.steadyNow() - this.#stoodAt;
    const at = cityTimeAfter({ kind: "past", cityAt: this.#at, speed: this.request.speed }, passedMs);
    return Math.min(Math.floor(at), this.#readTo);
  }

  #step(): void {
    const from = this.#at;
    const wasIn = isIn(this.#spans, from);
    const at = this.#position();
    this.#at = at;
    this.#stoodAt = this.#options.steadyNow();
    const runs = at < this.#readTo;
    if (isIn(this.#spans, at) !== wasIn) return this.#cross(!wasIn);
    const { changes, moments } = this.#take(at);
    this.#moments = [...this.#moments, ...moments].filter((moment) => moment.at > at - dayMs);
    if (wasIn) this.#options.send(this.#broadcast.frames(this.#city.advance(changes, at), moments));
    if (runs !== this.#runs) {
      this.#runs = runs;
      this.#options.onClock();
    }
    this.#readAhead();
  }

  /** What was read of the time up to `at`; the rest stays. */
  #take(at: number): Window {
    const changes: ChangeThen[] = [];
    const moments: Moment[] = [];
    this.#windows = this.#windows.flatMap((window) => {
      const isOver = (time: number): boolean => time <= at;
      changes.push(...window.changes.filter(({ knownAt }) => isOver(knownAt)));
      moments.push(...window.moments.filter((moment) => isOver(moment.at)));
      const left = {
        changes: window.changes.filter(({ knownAt }) => !isOver(knownAt)),
        moments: window.moments.filter((moment) => !isOver(moment.at)),
      };
      return left.changes.length + left.moments.length === 0 ? [] : [left];
    });
    return { changes, moments };
  }

  /** The clock runs out of what was recorded, or into it: the whole city is another. */
  #cross(isIn: boolean): void {
    this.#runs = false;
    const enter = (was: CityThen | null): void => {
      [this.#city, this.#broadcast] = this.#begin(was);
      this.#stoodAt = this.#options.steadyNow();
      this.#options.onRestart();
    };
    if (!isIn) return enter(null);
    const { history } = this.#options;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#windows = [];
    this.#readTo = this.#at;
    const { signal } = this.#cancel;
    persistently(this.#options, signal, () =>
      history.cityAt(this.#at, this.request.known, Array.from(this.kinds), signal),
    )
      .then((was) => {
        if (this.#cancel.signal.aborted) return;
        enter(was);
        this.play();
      })
      .catch(this.#fail);
    return undefined;
  }

  #readAhead(): void {
    const { speed } = this.request;
    const windowMs = Math.min(windowWallMs * speed, windowAtMostMs);
    const fromAt = this.#readTo;
    const toAt = Math.min(Math.ceil(fromAt + windowMs), Math.floor(this.#options.until()));
    const isWorthIt = toAt - fromAt >= shortestWindowMs * speed;
    if (this.#isReading || !isWorthIt || fromAt - this.#at >= windowsAhead * windowMs) return;
    this.#isReading = true;
    this.#read({ fromAt: fromAt + 1, toAt: toAt + 1 })
      .then((window) => {
        if (this.#cancel.signal.aborted || this.#readTo !== fromAt) return;
        this.#windows.push(window);
        this.#readTo = toAt;
        this.#resume();
      })
      .catch(this.#fail)
      .finally(() => {
        this.#isReading = false;
      });
  }

  /** A clock that waited for the history goes on from where it stood. */
  #resume(): void {
    if (this.#runs) return;
    this.#stoodAt = this.#options.steadyNow();
    this.#runs = true;
    this.#options.onClock();
  }

  async #read(span: Span): Promise<Window> {
    const { history } = this.#options;
    const { signal } = this.#cancel;
    const { known, speed } = this.request;
    // Nobody sees what lies between two steps.
    const everyMs = Math.max(1, Math.floor(speed * tickEveryMs));
    const last = this.#spans.at(-1);
    const [changes, moments, spans] = await persistently(this.#options, signal, () =>
      Promise.all([
        history.changes(span, known, Array.from(this.kinds), everyMs, signal),
        history.moments(span, signal),
        // What is being recorded just now grows.
        last && span.toAt > last.toAt ? history.recorded(recordedWithinMs, signal) : this.#spans,
      ]),
    );
    this.#spans = spans;
    return { changes: thinned(changes, everyMs), moments };
  }

  readonly #fail = (error: unknown): void => {
    if (this.#cancel.signal.aborted) return;
    this.close();
    this.#options.onFailure(error);
  };
}

interface Loaded {
  readonly spans: readonly Span[];
  readonly moments: readonly Moment[];
  readonly city: CityThen | null;
}

/** Asks until there is an answer, or a failure that will not pass, or no patience any more. */
async function persistently<T>(
  { isPassing, steadyNow }: Pick<PastSessionOptions, "isPassing" | "steadyNow">,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  const until = steadyNow() + patientForMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || !isPassing(error) || steadyNow() >= until) throw error;
    }
    await sleep(askAgainAfterMs, undefined, { signal, ref: false });
  }
}

/** The kinds whose things these topics show. */
export function kindsOf(topics: readonly Topic[]): ReadonlySet<Kind> {
  return new Set(topics.flatMap((topic) => kindOfTopic(topic) ?? []));
}

function isIn(spans: readonly Span[], at: number): boolean {
  return spans.some(({ fromAt, toAt }) => fromAt <= at && at < toAt + recordedWithinMs);
}
