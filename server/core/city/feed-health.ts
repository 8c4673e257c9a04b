/** How much a feed's word is worth now: the judgement behind every fresh, stale and down on every screen. */

import type { FeedError, FeedStatusWord } from "../../../shared/feed.ts";
import { kindSchemas, type Kind } from "../../../shared/kinds.ts";
import type { Notice } from "../../../shared/notice.ts";
import type { NoneReason, StaleReason } from "../../../shared/value.ts";
import type { FeedReport } from "./changes.ts";
import { NoticeLedger } from "./notice-ledger.ts";
import { OldestObservation } from "./oldest.ts";
import type { PlannedFeed } from "./plan.ts";

/** Silent scopes are looked for this often. */
const sweepEveryMs = 60_000;

/** The last word about one kind of one feed. */
interface KindWord {
  /** When the last good update about this kind was published (its own header) or, without one, received. */
  publishedAt: number;
  /** Whether that was the source's own header. Only without one does a later confirmation renew the word. */
  headed: boolean;
  /** The newest source time of a thing, for sampled kinds. */
  newestObservedAt: number | null;
  /** Until then the source itself calls a list of lasting things good. */
  goodUntilAt: number;
  /** The same from when the source made the list: one that it repeats for ever grows old. */
  madeGoodUntilAt: number;
  /** Kept on our disk or by a broker: stale until new word comes. */
  restored: boolean;
}

export type Judgement =
  | { readonly state: "fresh" }
  | { readonly state: "stale"; readonly reason: StaleReason }
  | { readonly state: "none"; readonly reason: NoneReason };

export class FeedHealth {
  readonly plan: PlannedFeed;
  lastGoodAt: number | null = null;
  error: FeedError | null = null;
  dropped = 0;
  entities = 0;
  /** Of the last body of each part, and of what is held now. */
  readonly #notices = new NoticeLedger();
  readonly #words = new Map<Kind, KindWord>();
  readonly #oldest = new Map<Kind, OldestObservation>();
  readonly #kindsOfScope = new Map<string, Set<Kind>>();
  /** Scopes whose updates say themselves what they are about. */
  readonly #plainScopes = new Set<string>();
  /** When a scope was last spoken of. */
  readonly #spokenOfScopeAt = new Map<string, number>();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(plan: PlannedFeed) {
    this.plan = plan;
  }

  /** A held thing's source time changed; `null` before it came, after it left, and where the source names none. */
  noteHeld(kind: Kind, before: number | null, after: number | null): void {
    if (before === after) return;
    let oldest = this.#oldest.get(kind);
    if (!oldest) this.#oldest.set(kind, (oldest = new OldestObservation()));
    if (after !== null) oldest.add(after);
    if (before !== null) oldest.remove(before);
  }

  /** The oldest source time among what is held of a kind; `null` when none is known. */
  oldestObservedAt(kind: Kind): number | null {
    return this.#oldest.get(kind)?.read() ?? null;
  }

  #holdsAny(kind: Kind): boolean {
    return this.oldestObservedAt(kind) !== null;
  }

  /**
   * Takes note of a good update of a scope, after its things were taken in: the kinds it is about, each with its newest
   * source time that can be believed.
   */
  noteUpdate(update: {
    readonly scope: string;
    readonly newestObservedAt: ReadonlyMap<Kind, number | null>;
    readonly publishedAt: number | null;
    readonly receivedAt: number;
    readonly restored: boolean;
    readonly notices: readonly Notice[];
    readonly speaksOf?: readonly Kind[];
    readonly goodForSeconds?: number;
    readonly tellsNothing?: true;
  }): void {
    const { receivedAt, restored } = update;
    this.#notices.set(scopeSubject(update.scope), update.notices);
    if (update.tellsNothing) return;
    this.lastGoodAt = Math.max(this.lastGoodAt ?? 0, receivedAt);
    const goodForMs = (update.goodForSeconds ?? 0) * 1000;
    for (const kind of this.#kindsSpokenOf(update.scope, update.newestObservedAt.keys(), update.speaksOf)) {
      const word = this.#words.get(kind);
      // What somebody had kept is worth less than a word that was heard.
      if (restored && word?.restored === false) continue;
      const newest = update.newestObservedAt.get(kind) ?? null;
      const publishedAt = Math.min(update.publishedAt ?? receivedAt, receivedAt);
      this.#words.set(kind, {
        // What was kept comes in no order.
        publishedAt: restored ? Math.max(publishedAt, word?.publishedAt ?? 0) : publishedAt,
        // Of nothing at all there is nothing old: a list that is empty is as new as it was published.
        newestObservedAt: this.#holdsAny(kind) ? later(word?.newestObservedAt ?? null, newest) : null,
        headed: update.publishedAt !== null,
        goodUntilAt: kindSchemas[kind].sampled ? 0 : receivedAt + goodForMs,
        madeGoodUntilAt: kindSchemas[kind].sampled || goodForMs === 0 ? 0 : publishedAt + goodForMs,
        restored,
      });
    }
  }

  /** Takes note of how the transport fares. */
  noteReport({ part, goodAt, error }: FeedReport): void {
    this.error = error;
    if (goodAt === null) return;
    this.lastGoodAt = Math.max(this.lastGoodAt ?? 0, goodAt);
    if (!this.#kindsOfScope.has(part)) return;
    for (const kind of this.#kindsSpokenOf(part, new Set())) {
      const word = this.#words.get(kind);
      if (word && !word.headed && !word.restored) word.publishedAt = Math.max(word.publishedAt, goodAt);
    }
  }

  /** Takes note that `scope` was spoken of at `now`, in whatever words. */
  noteSpoken(scope: string, now: number): void {
    this.#spokenOfScopeAt.set(scope, now);
  }

  /**
   * Forgets the scopes that hold nothing and were not spoken of for as long as anything of the feed is kept: a source
   * that names every message as a part of its own has had very many. Says which; looks now and then only.
   */
  forgetSilentScopes(now: number, isHeld: (scope: string) => boolean): readonly string[] {
    if (now >= this.#sweptAt && now < this.#sweptAt + sweepEveryMs) return [];
    this.#sweptAt = now;
    const silentBefore = now - Math.max(this.plan.keepSeconds, this.plan.dropAfterSeconds) * 1000;
    const silent = Array.from(this.#spokenOfScopeAt)
      .filter(([scope, at]) => at < silentBefore && !isHeld(scope))
      .map(([scope]) => scope);
    for (const scope of silent) {
      this.#spokenOfScopeAt.delete(scope);
      this.#kindsOfScope.delete(scope);
      this.#plainScopes.delete(scope);
      this.#notices.set(scopeSubject(scope), null);
    }
    return silent;
  }

  /** The instant up to which the feed speaks about `kind`, `null` before its first word. */
  wordAt(kind: Kind): number | null {
    const word = this.#words.get(kind);
    if (!word) return null;
    if (!kindSchemas[kind].sampled || word.newestObservedAt === null) return word.publishedAt;
    return Math.min(word.newestObservedAt, word.publishedAt);
  }

  /** The instant from which the word about `kind` ages. */
  #goodAt(kind: Kind): number | null {
    const wordAt = this.wordAt(kind);
    return wordAt === null ? null : Math.max(wordAt, this.#words.get(kind)!.goodUntilAt);
  }

  /** What the feed's word about `kind` is worth at `now`. */
  judge(kind: Kind, now: number): Judgement {
    return this.#judge(this.#goodAt(kind), this.#words.get(kind)?.restored ?? false, now);
  }

  /** The instant up to which the feed speaks about anything; one that gives no things is as new as its last good body. */
  get observedAt(): number | null {
    if (this.plan.gives.length === 0) return this.lastGoodAt;
    let newest: number | null = null;
    for (const kind of this.#words.keys()) newest = later(newest, this.wordAt(kind));
    return newest;
  }

  status(now: number): FeedStatusWord {
    const goodAt = this.#goodForAllAt();
    if (goodAt === null) return this.error ? "down" : "waiting";
    const words = [...this.#words.values()];
    const restored = words.length > 0 && words.every((word) => word.restored);
    const judgement = this.#judge(goodAt, restored, now);
    if (judgement.state === "fresh") return "fresh";
    return judgement.reason === "source-down" ? "down" : "stale";
  }

  /**
   * The instant from which the feed ages. Where it tells of nothing but lasting things, for as long as their list is good;
   * beside what is measured again and again a list says nothing, nor where anything of the feed fails.
   */
  #goodForAllAt(): number | null {
    let goodAt = this.observedAt;
    const kinds = [...this.#words.keys()];
    if (goodAt === null || this.error !== null || kinds.some((kind) => kindSchemas[kind].sampled))
      return goodAt;
    for (const { madeGoodUntilAt } of this.#words.values()) goodAt = Math.max(goodAt, madeGoodUntilAt);
    return goodAt;
  }

  /** Replaces what is said about a thing that is held; returns how much of it is new. */
  noteJudged(subject: string, notices: readonly Notice[] | null): number {
    return this.#notices.set(subject, notices);
  }

  notices(): readonly Notice[] {
    return this.#notices.list();
  }

  /** The next instant after `now` at which a judgement changes by time alone. */
  changesAt(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    const words = [...this.#words.keys()].flatMap((kind) => [
      this.wordAt(kind)!,
      this.#goodAt(kind)!,
      this.#words.get(kind)!.madeGoodUntilAt,
    ]);
    for (const from of this.plan.gives.length === 0 ? [this.lastGoodAt ?? now] : words)
      for (const seconds of [this.plan.staleAfterSeconds, this.plan.dropAfterSeconds]) {
        const at = from + seconds * 1000 + 1;
        if (at > now) next = Math.min(next, at);
      }
    return next;
  }

  #judge(wordAt: number | null, restored: boolean, now: number): Judgement {
    if (wordAt === null) return { state: "none", reason: this.error ? "source-down" : "no-data" };
    const ageSeconds = (now - wordAt) / 1000;
    if (ageSeconds > this.plan.dropAfterSeconds) return { state: "none", reason: "source-down" };
    if (ageSeconds > this.plan.staleAfterSeconds || restored) {
      return { state: "stale", reason: this.error ? "source-down" : "stale" };
    }
    return { state: "fresh" };
  }

  /**
   * An update speaks about the kinds it holds and those its scope held before. An empty first one speaks about
   * everything the feed gives that no other scope has claimed: an empty list of calls is a good word about calls.
   * A part that says itself what it is about speaks, beside what it holds, of what it last said and of nothing else.
   */
  #kindsSpokenOf(scope: string, held: Iterable<Kind>, speaksOf?: readonly Kind[]): ReadonlySet<Kind> {
    const before = this.#kindsOfScope.get(scope);
    const kinds = new Set([...(speaksOf ?? before ?? []), ...held]);
    this.#kindsOfScope.set(scope, kinds);
    if (speaksOf) this.#plainScopes.add(scope);
    if (kinds.size > 0 || this.#plainScopes.has(scope)) return kinds;
    const claimed = new Set([...this.#kindsOfScope.values()].flatMap((set) => [...set]));
    return new Set(this.plan.gives.filter((kind) => !claimed.has(kind)));
  }
}

/** No id of a thing has a space so early. */
function scopeSubject(scope: string): string {
  return `scope ${scope}`;
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
