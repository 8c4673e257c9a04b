/**
 * What is remembered of alarms over epochs and restarts. Everything is written down as soon as it has happened, after the
 * fact: when the store is locked, full or away, alarms go on, what waits is kept and said, and is written when it can be.
 */

import type { Logger } from "pino";
import type { AlarmEvent, AlarmSystem, CommandAnswer } from "../../shared/alarms.ts";
import type { AlarmChanges } from "../core/alarms/board.ts";
import { seriesId } from "../../shared/city.ts";
import type { KeptAlarm } from "../core/alarms/watched.ts";

/** Where alarms are written down. Each call is done whole or not at all. */
export interface AlarmStore {
  /** Every alarm that was not normal when it was last written. */
  kept(): Promise<readonly KeptAlarm[]>;
  write(written: AlarmWrites): Promise<void>;
  /** What the command with this key was answered; `null` when there was none. */
  findAnswer(key: string): Promise<CommandAnswer | null>;
  /** Forgets what happened before, but for alarms that are not normal, and what commands were answered before. */
  prune(before: number): Promise<void>;
}

export interface AlarmWrites {
  /** The newest of each alarm; `null`: it has become normal. */
  readonly kept: ReadonlyMap<string, KeptAlarm | null>;
  readonly events: readonly AlarmEvent[];
  readonly answers: ReadonlyMap<string, CommandAnswer>;
  /** City time. */
  readonly at: number;
}

export interface AlarmKeeperOptions {
  /** Opens the store; rejects when it cannot be. */
  readonly open: () => Promise<AlarmStore>;
  /** City time. */
  readonly now: () => number;
  /** For how long what happened is kept, in city time. */
  readonly keptMs: () => number;
  readonly log: Pick<Logger, "warn" | "info">;
  /** Before the first try again; each further one waits twice as long, up to a minute. */
  readonly retryMs?: number;
}

/** Events that wait for the store; older ones are given up, many at once, and counted. */
const waitingAtMost = 50_000;
const givenUpAtOnce = 5_000;
const longestRetryMs = 60_000;
const pruneEveryMs = 86_400_000;
/** Answers that are known without asking the store. */
const answersAtMost = 1_000;

export class AlarmKeeper {
  /** Alarms of an earlier run were read after this one had begun. */
  onRead: (kept: readonly KeptAlarm[]) => void = () => undefined;
  /** `unstored` has changed. */
  onTrouble: () => void = () => undefined;
  readonly #options: AlarmKeeperOptions;
  readonly #kept = new Map<string, KeptAlarm>();
  readonly #answers = new Map<string, CommandAnswer>();
  #waiting = new Waiting();
  #store: AlarmStore | null = null;
  #trouble: { readonly since: number; readonly error: string } | null = null;
  #lost = 0;
  #working: Promise<void> | null = null;
  #retry: NodeJS.Timeout | null = null;
  #retryMs: number;
  #hasBegun = false;
  #isClosed = false;
  #prunedAt = Number.NEGATIVE_INFINITY;

  constructor(options: AlarmKeeperOptions) {
    this.#options = options;
    this.#retryMs = options.retryMs ?? 1_000;
  }

  /** Every alarm that is not normal, as far as is known. */
  get kept(): readonly KeptAlarm[] {
    return Array.from(this.#kept.values());
  }

  /** What could not be written down; `null` while all is, or is about to be. */
  get unstored(): AlarmSystem["unstored"] {
    if (!this.#trouble) return null;
    return { count: this.#waiting.events.length + this.#lost, ...this.#trouble };
  }

  /** Reads what the last run left, within a time. Never rejects: what cannot be read now is read when it can be. */
  async restore(withinMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, withinMs);
    await Promise.race([this.#work(), late.promise]);
    clearTimeout(timer);
    this.#hasBegun = true;
  }

  /** Takes in what is new of alarms, and what a command that made it so is answered. */
  take(
    { kept, events }: AlarmChanges,
    command?: { readonly key: string; readonly answer: CommandAnswer },
  ): void {
    if (kept.length === 0 && events.length === 0 && !command) return;
    for (const [id, alarm] of kept) {
      if (alarm) this.#kept.set(id, alarm);
      else this.#kept.delete(id);
      this.#waiting.kept.set(id, alarm);
    }
    this.#waiting.events.push(...events);
    this.#giveUpOldest();
    if (command) this.#answer(command.key, command.answer);
    if (!this.#retry) void this.#work();
  }

  /** What the command with this key was answered, in this run or an earlier one, as far as the store says within a time. */
  async findAnswer(key: string, withinMs: number): Promise<CommandAnswer | null> {
    const known = this.#answers.get(key);
    if (known || !this.#store || this.#trouble) return known ?? null;
    const late = Promise.withResolvers<null>();
    const timer = setTimeout(() => late.resolve(null), withinMs);
    const found = this.#store.findAnswer(key).catch(() => null);
    const answer = await Promise.race([found, late.promise]);
    clearTimeout(timer);
    return answer;
  }

  /** Resolves when everything that was taken in is written down (`null`), or could not be (why), after `withinMs` at most. */
  async written(withinMs: number): Promise<string | null> {
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(() => late.resolve("the store does not answer"), withinMs);
    const done = (async () => {
      // What is under way waits no more, and is not written yet.
      while (!this.#trouble && (this.#working || !this.#waiting.isEmpty)) await this.#work();
      return this.#trouble?.error ?? null;
    })();
    const answer = await Promise.race([done, late.promise]);
    clearTimeout(timer);
    return answer;
  }

  /** Tries once more to write what waits. */
  async close(): Promise<void> {
    if (this.#retry) clearTimeout(this.#retry);
    await this.#work();
    this.#isClosed = true;
    if (this.#retry) clearTimeout(this.#retry);
  }

  #giveUpOldest(): void {
    const { length } = this.#waiting.events;
    if (length <= waitingAtMost) return;
    const tooMany = Math.max(length - waitingAtMost, givenUpAtOnce);
    this.#waiting.events.splice(0, tooMany);
    this.#lost += tooMany;
    // A store that only hangs has not failed.
    this.#say("the store does not answer");
  }

  #answer(key: string, answer: CommandAnswer): void {
    this.#answers.set(key, answer);
    this.#waiting.answers.set(key, answer);
    if (this.#answers.size > answersAtMost) this.#answers.delete(this.#answers.keys().next().value!);
  }

  /** One at a time: reads once, then writes until nothing waits. */
  #work(): Promise<void> {
    this.#working ??= this.#writeAll().finally(() => {
      this.#working = null;
    });
    return this.#working;
  }

  async #writeAll(): Promise<void> {
    try {
      if (!this.#store) await this.#read();
      const isToPrune = !this.#waiting.isEmpty;
      while (!this.#waiting.isEmpty) {
        const written = this.#waiting;
        const { kept, events, answers } = written;
        this.#waiting = new Waiting();
        try {
          await this.#store!.write({ kept, events, answers, at: this.#options.now() });
        } catch (error) {
          this.#waiting.putBefore(written);
          this.#giveUpOldest();
          throw error;
        }
      }
      // Not at the start: which city it is, and what it keeps, is not known before its alarms are.
      if (isToPrune) await this.#prune();
      this.#noteWell();
    } catch (error) {
      this.#noteTrouble(error);
    }
  }

  async #prune(): Promise<void> {
    const now = this.#options.now();
    if (now - this.#prunedAt < pruneEveryMs) return;
    await this.#store!.prune(now - this.#options.keptMs());
    this.#prunedAt = now;
  }

  async #read(): Promise<void> {
    const store = await this.#options.open();
    const kept = await store.kept();
    this.#store = store;
    const news = kept.filter((alarm) => !this.#kept.has(idOf(alarm)));
    for (const alarm of news) this.#kept.set(idOf(alarm), alarm);
    if (this.#hasBegun) this.onRead(news);
  }

  #noteWell(): void {
    this.#retry = null;
    this.#retryMs = this.#options.retryMs ?? 1_000;
    if (!this.#trouble) return;
    this.#options.log.info({ event: "alarms-written-again", lost: this.#lost });
    this.#trouble = null;
    this.#lost = 0;
    this.onTrouble();
  }

  /** Says why something is not written, once. */
  #say(error: string): void {
    if (this.#trouble?.error === error) return;
    this.#options.log.warn({ event: "alarms-not-written", error });
    this.#trouble = { since: this.#trouble?.since ?? this.#options.now(), error };
    this.onTrouble();
  }

  #noteTrouble(error: unknown): void {
    this.#say(error instanceof Error ? error.message : String(error));
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.#work();
    }, this.#retryMs);
    this.#retry.unref();
    this.#retryMs = Math.min(2 * this.#retryMs, longestRetryMs);
  }
}

/** What is to be written next; of each alarm the newest alone. */
class Waiting {
  readonly kept = new Map<string, KeptAlarm | null>();
  readonly events: AlarmEvent[] = [];
  readonly answers = new Map<string, CommandAnswer>();

  get isEmpty(): boolean {
    return this.kept.size === 0 && this.events.length === 0 && this.answers.size === 0;
  }

  /** Puts back what could not be written; what came meanwhile is newer. */
  putBefore({ kept, events, answers }: Waiting): void {
    for (const [id, alarm] of kept) if (!this.kept.has(id)) this.kept.set(id, alarm);
    for (const [key, answer] of answers) this.answers.set(key, answer);
    this.events.unshift(...events);
  }
}

function idOf({ rule, group }: KeptAlarm): string {
  return seriesId(rule, group);
}
