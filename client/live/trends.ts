/** Short trends: the server's last minutes, continued here from the readings as they come. Gaps stay gaps. */

import { useCallback, useSyncExternalStore } from "react";
import type { PastRequest } from "../../shared/protocol.ts";
import type { SeriesItem, SeriesPoint } from "../../shared/series.ts";
import { moment } from "./city-clock.ts";
import { cityTicker } from "./city-ticker.ts";
import type { LiveStore } from "./live-store.ts";
import { store } from "./store.ts";

export type Point = Pick<SeriesPoint, "at" | "value" | "state">;

interface Span {
  readonly bucketMs: number;
  readonly buckets: number;
}

export type FetchJson = (path: string) => Promise<unknown>;

const retryMs = 30_000;
/** Who scrubs through a day does not want the minutes of every instant on the way. */
const settledMs = 300;
const none: readonly Point[] = [];

/**
 * One point per bucket, ascending; where both know a bucket, `newer` wins. What is older than the span is dropped, and
 * what is later than `now`, as after a clock that was set back.
 */
export function mergePoints(
  older: readonly Point[],
  newer: readonly Point[],
  { bucketMs, buckets }: Span,
  now: number,
): readonly Point[] {
  const byBucket = new Map<number, Point>();
  for (const point of [...older, ...newer]) {
    const at = Math.floor(point.at / bucketMs) * bucketMs;
    byBucket.set(at, { ...point, at });
  }
  const firstAt = now - bucketMs * buckets;
  return Array.from(byBucket.values())
    .filter((point) => point.at > firstAt && point.at <= now)
    .toSorted((a, b) => a.at - b.at);
}

/** The trend of one series while somebody looks at it. */
class Trend {
  readonly #listeners = new Set<() => void>();
  readonly #live: LiveStore;
  readonly #fetchJson: FetchJson;
  readonly #seriesId: string;
  readonly #span: Span;
  #stops: (() => void)[] = [];
  #retry: ReturnType<typeof setTimeout> | undefined;
  #lostAt: number | null = null;
  #loaded = false;
  #shown: PastRequest | null = null;
  points: readonly Point[] = none;

  constructor(live: LiveStore, fetchJson: FetchJson, seriesId: string, span: Span) {
    this.#live = live;
    this.#fetchJson = fetchJson;
    this.#seriesId = seriesId;
    this.#span = span;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  };

  #start(): void {
    this.#shown = this.#live.shownPast;
    this.#stops = [
      this.#live.subscribe(`reading/${this.#seriesId}`, this.#continue),
      this.#live.subscribe("connection", this.#connectionChanged),
      this.#live.subscribe("past", this.#timeChanged),
      cityTicker(this.#live, this.#span.bucketMs).subscribe(this.#step),
    ];
    this.#step();
  }

  #stop(): void {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#loaded = false;
  }

  /** A new bucket began, or the clock was heard for the first time. */
  readonly #step = (): void => {
    if (!this.#loaded && this.#retry === undefined) void this.#load();
    this.#continue();
  };

  readonly #continue = (): void => {
    const now = this.#live.cityNow(moment());
    const reading = this.#live.reading(this.#seriesId);
    if (now === null || reading === null || this.#live.connection.state !== "connected") return;
    this.#take([{ at: now, value: reading.value, state: reading.state }], now);
  };

  /** Another instant is shown: its minutes are others. Asked for when nobody has moved on for a moment. */
  readonly #timeChanged = (): void => {
    if (this.#live.shownPast === this.#shown) return;
    this.#shown = this.#live.shownPast;
    this.points = none;
    this.#loaded = true;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(this.#again, settledMs);
  };

  /** After a longer silence the server knows the minutes that we missed. */
  readonly #connectionChanged = (): void => {
    const now = this.#live.cityNow(moment());
    if (this.#live.connection.state !== "connected") this.#lostAt ??= now;
    else if (this.#lostAt !== null && now !== null) {
      if (now - this.#lostAt >= this.#span.bucketMs) void this.#load();
      this.#lostAt = null;
    }
  };

  async #load(): Promise<void> {
    const now = this.#live.cityNow(moment());
    if (now === null) return;
    this.#loaded = true;
    const from = now - this.#span.bucketMs * this.#span.buckets;
    const indicator = encodeURIComponent(this.#seriesId);
    const query = `indicator=${indicator}&from=${Math.round(from)}&to=${Math.round(now)}&bucket=${this.#span.bucketMs / 1_000}`;
    // As the wall had it then, or with what came later.
    const asOf = this.#shown?.known === "then" ? `&asOf=${Math.round(now)}` : "";
    try {
      const items = (await this.#fetchJson(`/api/v1/series?${query}${asOf}`)) as readonly SeriesItem[];
      const own = items.find((item) => item.id === this.#seriesId);
      // What was seen live is newer word than what the server kept.
      this.#take(mergePoints(own?.points ?? none, this.points, this.#span, now), now);
    } catch {
      this.#loaded = false;
      clearTimeout(this.#retry);
      if (this.#listeners.size > 0) this.#retry = setTimeout(this.#again, retryMs);
    }
  }

  readonly #again = (): void => {
    this.#retry = undefined;
    void this.#load();
  };

  #take(points: readonly Point[], now: number): void {
    this.points = mergePoints(this.points, points, this.#span, now);
    for (const listener of Array.from(this.#listeners)) listener();
  }
}

const trends = new Map<string, Trend>();

async function fetchJson(path: string): Promise<unknown> {
  const answer = await fetch(path, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

function trendOf(seriesId: string, bucketSeconds: number, buckets: number): Trend {
  const key = `${bucketSeconds}/${buckets}/${seriesId}`;
  const known = trends.get(key);
  if (known) return known;
  const made = new Trend(store, fetchJson, seriesId, { bucketMs: bucketSeconds * 1_000, buckets });
  trends.set(key, made);
  return made;
}

/** The last `buckets` buckets of a series, ascending; a missing bucket is a gap. */
export function useTrend(seriesId: string, bucketSeconds: number, buckets: number): readonly Point[] {
  const trend = trendOf(seriesId, bucketSeconds, buckets);
  const read = useCallback(() => trend.points, [trend]);
  return useSyncExternalStore(trend.subscribe, read, read);
}
