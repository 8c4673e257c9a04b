/** Measures a stretch of the past again, from the bodies that feeds kept: the same city, stepped as it was then. */

import { startOfDay } from "../shared/city-time.ts";
import { parseSeriesId } from "../shared/city.ts";
import type { CityFolder } from "./city-folder/city-folder.ts";
import { indexAreas } from "./core/city/areas.ts";
import { City } from "./core/city/city.ts";
import { feedsOf, type CityPlan } from "./core/city/plan.ts";
import type { KeyedHash } from "./core/feeds/connector.ts";
import { locationTableOf } from "./core/feeds/datex2/options.ts";
import type { FeedEntry } from "./core/feeds/feed-entry.ts";
import { allowedKinds, withoutKinds } from "./core/feeds/forbidden.ts";
import { connectorFor } from "./core/feeds/index.ts";
import type { HistoryBatch, MinuteColumns, Span } from "./history/history.ts";
import { Recorder } from "./history/recorder.ts";
import { KeptPast, type HeardThen } from "./ingest/kept-past.ts";
import type { Log } from "./ingest/wiring.ts";
import { Inbox } from "./live/inbox.ts";
import { tickEveryMs } from "./live/ticker.ts";

const minuteMs = 60_000;
const batchMs = 10 * minuteMs;

export interface RefoldOptions {
  readonly folder: CityFolder;
  readonly dataDir: string;
  readonly keyedHash: KeyedHash;
  readonly log: Log;
}

/** What bodies are there for. */
export interface Refoldable {
  /** Ids of indicators that can be measured again, of those that are measured from feeds. */
  readonly indicators: ReadonlySet<string>;
  readonly of: number;
  /** Feeds without which the others cannot. */
  readonly lacking: readonly string[];
}

export interface RefoldStep {
  /** City time: everything before it was measured. */
  readonly at: number;
  /** When it began to be read: before the stretch, to know what held at its beginning. */
  readonly beganAt: number;
  /** Minutes of the stretch, and what changed in it, with the instants of then; `null` before its beginning. */
  readonly batch: HistoryBatch | null;
}

export class Refold {
  readonly #plan: CityPlan;
  readonly #pasts: ReadonlyMap<string, KeptPast>;
  readonly #inbox = new Inbox();
  #now = 0;

  constructor({ folder, dataDir, keyedHash, log }: RefoldOptions) {
    const { zone, bounds } = folder.settings;
    const feeds = folder.feeds.map((entry) => ({
      ...entry,
      gives: allowedKinds(connectorFor(entry.spec).gives(entry.options), entry.agreement),
    }));
    const areas = indexAreas(folder.areas);
    this.#plan = { zone, feeds, indicators: folder.indicators, rules: [], areas };
    this.#pasts = new Map(
      folder.feeds.map((entry) => [
        entry.id,
        new KeptPast({
          entry,
          connector: connectorFor(entry.spec),
          zone,
          bounds,
          dataFolder: dataDir,
          now: () => this.#now,
          log,
          keyedHash,
          deliver: (update, delivery) => {
            const allowed = withoutKinds(update, entry.agreement?.forbids?.kinds ?? []);
            this.#inbox.put({ ...delivery, update: allowed });
          },
          report: (feedId, { part, good, error }) => {
            this.#inbox.putReport({ feedId, part, goodAt: good, error });
          },
        }),
      ]),
    );
  }

  async whatCan(span: Span): Promise<Refoldable> {
    const { covered } = await this.#sources(span);
    const needs = this.#plan.indicators
      .map(({ id, ...definition }) => ({ id, feeds: feedsOf({ id, ...definition }, this.#plan) }))
      .filter(({ feeds }) => feeds.length > 0);
    const indicators = needs.filter(({ feeds }) => feeds.every((id) => covered.has(id)));
    const lacking = new Set(needs.flatMap(({ feeds }) => feeds.filter((id) => !covered.has(id))));
    return {
      indicators: new Set(indicators.map(({ id }) => id)),
      of: needs.length,
      lacking: [...lacking].toSorted(),
    };
  }

  /**
   * Steps through a stretch of whole minutes, as it was stepped then: at once when something was heard after a quiet spell,
   * else at each quarter of a second. Figures of which a feed's bodies are missing are left out, and so are things of kinds
   * that other feeds give too: what was recorded of them stands.
   */
  async *steps(span: Span, signal: AbortSignal): AsyncGenerator<RefoldStep> {
    const { covered, heard, beganAt } = await this.#sources(span);
    const { indicators } = await this.whatCan(span);
    const kinds = new Set(
      this.#plan.feeds
        .filter(({ id }) => covered.has(id))
        .flatMap(({ gives }) => gives)
        .filter((kind) =>
          this.#plan.feeds.every(({ id, gives }) => !gives.includes(kind) || covered.has(id)),
        ),
    );
    const measured = this.#plan.indicators.filter(({ id }) => indicators.has(id));
    const isMeasured = (series: string): boolean => indicators.has(parseSeriesId(series).indicator);
    const city = new City(this.#plan);
    const recorder = new Recorder(1);
    recorder.begin(measured);
    const queue = inOrder(heard);
    let next = await queue.next();
    let busyAt = Number.NEGATIVE_INFINITY;
    let takenAt = span.fromAt;
    for (let at = beganAt; ;) {
      signal.throwIfAborted();
      while (!next.done && next.value.at <= at) {
        this.#now = next.value.at;
        next.value.play();
        next = await queue.next();
      }
      if (!this.#inbox.isEmpty) busyAt = at;
      const batch = { ...this.#inbox.drain({}), isPast: true };
      const changes = city.advance(batch, at);
      const readings = changes.readings.filter(({ id }) => isMeasured(id));
      recorder.record({ city, changes: { ...changes, readings }, moments: [], isPast: false });
      if (at % minuteMs === 0 && (at <= span.fromAt || at - takenAt >= batchMs || at === span.toAt)) {
        const taken = recorder.take();
        const isInside = at > span.fromAt;
        yield { at, beganAt, batch: taken && isInside ? inSpan(taken, span, isMeasured, kinds) : null };
        if (isInside) takenAt = at;
      }
      if (at >= span.toAt) return;
      at = nextStep(at, at >= span.fromAt - minuteMs, next.done ? null : next.value.at, busyAt);
    }
  }

  async #sources({
    fromAt,
    toAt,
  }: Span): Promise<{
    readonly covered: ReadonlySet<string>;
    readonly heard: readonly AsyncIterable<HeardThen>[];
    readonly beganAt: number;
  }> {
    const { zone, feeds } = this.#plan;
    // A whole day before: what counts the day, and what looks back hours, is then as it was.
    const beganAt = startOfDay(startOfDay(fromAt, zone) - 1, zone);
    const kept = new Set<string>();
    const leaned = new Map<string, readonly HeardThen[]>();
    for (const { id } of feeds) if (await this.#pasts.get(id)!.has(fromAt, toAt)) kept.add(id);
    for (const entry of feeds.filter(({ id }) => kept.has(id)))
      for (const id of leansOn(entry)) {
        if (kept.has(id) || leaned.has(id)) continue;
        const heard = await this.#pasts.get(id)?.unchangedSince(fromAt);
        if (heard) leaned.set(id, heard);
      }
    const covered = feeds
      .filter((entry) => kept.has(entry.id))
      .filter((entry) => leansOn(entry).every((id) => kept.has(id) || leaned.has(id)))
      .map(({ id }) => id);
    return {
      covered: new Set(covered),
      heard: [
        ...[...kept].map((id) => this.#pasts.get(id)!.heard(beganAt, toAt)),
        ...[...leaned.values()].map(each),
      ],
      beganAt,
    };
  }
}

/** The feeds without which another one's things mean something else. */
function leansOn(entry: FeedEntry): readonly string[] {
  const table = entry.spec === "datex2" ? locationTableOf(entry) : entry.id;
  return [...(entry.schedule === null ? [] : [entry.schedule]), ...(table === entry.id ? [] : [table])];
}

/** Before the stretch a step a minute is enough, whatever is heard. */
function nextStep(at: number, isInside: boolean, heardAt: number | null, busyAt: number): number {
  if (!isInside) return (Math.floor(at / minuteMs) + 1) * minuteMs;
  const boundary = (Math.floor(at / tickEveryMs) + 1) * tickEveryMs;
  if (heardAt === null || heardAt <= at || heardAt - busyAt < tickEveryMs) return boundary;
  return Math.min(boundary, heardAt);
}

/** What a batch has of the stretch and of what is measured. Nothing in it is all there is. */
function inSpan(
  { minutes, readings, entities, ...batch }: HistoryBatch,
  { fromAt, toAt }: Span,
  isMeasured: (series: string) => boolean,
  kinds: ReadonlySet<string>,
): HistoryBatch {
  const isThen = ({ knownAt }: { readonly knownAt: number }): boolean => knownAt >= fromAt && knownAt < toAt;
  return {
    ...batch,
    feeds: [],
    minutes: chosen(minutes, (row) => minutes.at[row]! >= fromAt && minutes.at[row]! < toAt),
    readings: readings
      .filter(isThen)
      .map((rows) => ({
        ...rows,
        isKeyframe: false,
        changed: rows.changed.filter(({ id }) => isMeasured(id)),
      })),
    entities: entities
      .filter((rows) => isThen(rows) && kinds.has(rows.kind))
      .map((rows) => ({ ...rows, isKeyframe: false })),
  };
}

function chosen(
  { series, revisions, ...columns }: MinuteColumns,
  keeps: (row: number) => boolean,
): MinuteColumns {
  const of = <T extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(column: T): T =>
    column.filter((_, row) => keeps(row)) as T;
  return {
    series,
    revisions,
    seriesOf: of(columns.seriesOf),
    at: of(columns.at),
    count: of(columns.count),
    knownAt: of(columns.knownAt),
    mean: of(columns.mean),
    min: of(columns.min),
    max: of(columns.max),
    freshSeconds: of(columns.freshSeconds),
    code: of(columns.code),
    revisionOf: of(columns.revisionOf),
  };
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

/** Several sequences, each in order of time, as one. */
async function* inOrder(all: readonly AsyncIterable<HeardThen>[]): AsyncGenerator<HeardThen> {
  const heads = await Promise.all(
    all.map(async (one) => {
      const rest = one[Symbol.asyncIterator]();
      return { rest, next: await rest.next() };
    }),
  );
  for (;;) {
    let first: (typeof heads)[number] | null = null;
    for (const head of heads)
      if (
        head.next.done !== true &&
        (first === null || head.next.value.at < (first.next.value as HeardThen).at)
      )
        first = head;
    if (first === null) return;
    yield first.next.value as HeardThen;
    first.next = await first.rest.next();
  }
}
