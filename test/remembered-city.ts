/** A small history in memory, for what looks at the past: rows as a recorder would have appended them. */

import type {
  CityAt,
  CityChange,
  EntityRows,
  FeedRow,
  MomentRow,
  ReadingRows,
  Span,
} from "../server/history/history.ts";
import type { PastReader } from "../server/live/past-session.ts";
import type { Entity } from "../shared/entity.ts";
import type { FeedStatus } from "../shared/feed.ts";
import type { Kind } from "../shared/kinds.ts";
import type { Reading } from "../shared/protocol.ts";

export interface Remembered {
  readonly spans: Span[];
  readonly readings?: readonly Omit<ReadingRows, "isKeyframe">[];
  readonly entities?: readonly Omit<EntityRows, "isKeyframe">[];
  readonly feeds?: readonly FeedRow[];
  readonly moments?: readonly MomentRow[];
}

/** Answers from rows that are in the order of their `knownAt`; what a question asked for is kept in `asked`. */
export class RememberedCity implements PastReader {
  readonly asked: string[] = [];
  readonly #rows: Required<Remembered>;
  /** Awaited before each answer, so that a test can be slow or fail. */
  pace: () => Promise<void> = () => Promise.resolve();

  constructor(rows: Remembered) {
    this.#rows = { readings: [], entities: [], feeds: [], moments: [], ...rows };
  }

  async cityAt(at: number, known: string, kinds: readonly Kind[], signal: AbortSignal): Promise<CityAt> {
    this.asked.push(`cityAt ${at} ${known} ${kinds.join(",")}`.trim());
    await this.#pace(signal);
    const readings = new Map<string, Reading>();
    const feeds = new Map<string, FeedStatus>();
    // A kind of which nobody has written a word by then was not recorded.
    const recorded = kinds.filter((kind) =>
      this.#rows.entities.some((row) => row.kind === kind && row.knownAt <= at),
    );
    const entities = new Map(recorded.map((kind) => [kind, new Map<string, Entity>()]));
    for (const row of this.#rows.readings)
      if (row.knownAt <= at) for (const reading of row.changed) readings.set(reading.id, reading);
    for (const row of this.#rows.feeds) if (row.knownAt <= at) feeds.set(row.feed.id, row.feed);
    for (const { knownAt, kind, changed, removed } of this.#rows.entities) {
      if (knownAt > at) continue;
      for (const id of removed) entities.get(kind)?.delete(id);
      for (const entity of changed) entities.get(kind)?.set(entity.id, entity);
    }
    return {
      at,
      readings: Array.from(readings.values()),
      feeds: Array.from(feeds.values()),
      entities: new Map(Array.from(entities, ([kind, things]) => [kind, Array.from(things.values())])),
    };
  }

  async changes(
    { fromAt, toAt }: Span,
    known: string,
    kinds: readonly Kind[],
    _everyMs: number,
    signal: AbortSignal,
  ): Promise<readonly CityChange[]> {
    this.asked.push(`changes ${fromAt} ${toAt} ${known}`);
    await this.#pace(signal);
    const { readings, entities, feeds } = this.#rows;
    const at = (row: { knownAt: number }): boolean => row.knownAt >= fromAt && row.knownAt < toAt;
    const changes = [
      ...readings.filter(at).map(({ knownAt, changed }) => ({ ...none(knownAt), readings: changed })),
      ...feeds.filter(at).map(({ knownAt, feed }) => ({ ...none(knownAt), feeds: [feed] })),
      ...entities
        .filter((row) => at(row) && kinds.includes(row.kind))
        .map((row) => ({ ...none(row.knownAt), entities: [row] })),
    ];
    return changes.toSorted((a, b) => a.knownAt - b.knownAt);
  }

  async moments({ fromAt, toAt }: Span, signal: AbortSignal) {
    await this.#pace(signal);
    return this.#rows.moments.map(({ moment }) => moment).filter(({ at }) => at >= fromAt && at < toAt);
  }

  async recorded(_withinMs: number, signal: AbortSignal) {
    await this.#pace(signal);
    return [...this.#rows.spans];
  }

  async #pace(signal: AbortSignal): Promise<void> {
    await this.pace();
    signal.throwIfAborted();
  }
}

function none(knownAt: number): CityChange {
  return { knownAt, readings: [], entities: [], feeds: [] };
}
