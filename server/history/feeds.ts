/** Feeds' health, a row per minute and change, and what their minutes add up to by city day. */

import { cityDate, startOfDay, startOfNextDay } from "../../shared/city-time.ts";
import type { FeedError, FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import { completenessOf } from "../../shared/grade.ts";
import type { Notice, NoticeSeverity } from "../../shared/notice.ts";
import { Dictionary } from "./dictionary.ts";
import type { ColumnTypes, Engine, Read, Rows } from "./engine.ts";
import type { FeedDay, FeedRow, Span } from "./history.ts";
import { nanIfNull, nullIfNan } from "./words.ts";

const minuteMs = 60_000;
/** A word is on time up to this many cadences after the last one. */
const cadencesAllowed = 2;
/** A feed says at least once a minute how it is; after this long without, nobody was watching. */
const heardWithinMs = 2 * minuteMs;

/** Numbers of `status`. Never renumbered. */
const statusWords: readonly FeedStatusWord[] = ["fresh", "stale", "down", "waiting"];

export const feedTables: Readonly<Record<string, ColumnTypes>> = {
  /** What the city folder says of a feed, as JSON. */
  feed_definitions: { number: "u32", text: "text" },
  feeds: {
    feed: "text",
    known_at: "at",
    definition: "u32",
    status: "u8",
    last_good_at: "at",
    observed_at: "at",
    entities: "u32",
    dropped: "u32",
    /** JSON, NULL without an error. */
    error: "text",
    /** JSON, NULL without notices. */
    notices: "text",
    /** NULL before the first word. */
    age_seconds: "number",
    is_on_time: "flag",
    /** Percent; NULL where it cannot be judged. */
    completeness: "number",
    errors: "u32",
    warnings: "u32",
  },
};

type Changing = "status" | "lastGoodAt" | "observedAt" | "entities" | "dropped" | "error" | "notices";

export class Feeds {
  readonly #engine: Engine;
  readonly #definitions: Dictionary;

  private constructor(engine: Engine, definitions: Dictionary) {
    this.#engine = engine;
    this.#definitions = definitions;
  }

  static async open(engine: Engine): Promise<Feeds> {
    return new Feeds(engine, await Dictionary.read(engine, "feed_definitions"));
  }

  async append(rows: readonly FeedRow[]): Promise<() => void> {
    const definition = rows.map(({ feed }) => this.#definitions.numberOf(definitionOf(feed)));
    const age = rows.map(({ feed, knownAt }) =>
      feed.observedAt === null ? Number.NaN : Math.max(0, (knownAt - feed.observedAt) / 1000),
    );
    const errors = rows.map(({ feed }) => countOf(feed.notices, "error"));
    const written = await this.#definitions.append();
    await this.#engine.append("feeds", {
      feed: rows.map(({ feed }) => feed.id),
      known_at: rows.map(({ knownAt }) => knownAt),
      definition,
      status: rows.map(({ feed }) => statusWords.indexOf(feed.status)),
      last_good_at: rows.map(({ feed }) => nanIfNull(feed.lastGoodAt)),
      observed_at: rows.map(({ feed }) => nanIfNull(feed.observedAt)),
      entities: rows.map(({ feed }) => feed.entities),
      dropped: rows.map(({ feed }) => feed.dropped),
      error: rows.map(({ feed }) => (feed.error === null ? null : JSON.stringify(feed.error))),
      notices: rows.map(({ feed }) => (feed.notices.length === 0 ? null : JSON.stringify(feed.notices))),
      age_seconds: age,
      is_on_time: rows.map(({ feed }, row) => Number(age[row]! <= cadencesAllowed * feed.cadenceSeconds)),
      completeness: rows.map(({ feed }, row) =>
        nanIfNull(feed.status === "down" ? null : completenessOf(feed.entities, errors[row]!)),
      ),
      errors,
      warnings: rows.map(({ feed }) => countOf(feed.notices, "warning")),
    });
    return written;
  }

  /** Every feed as it was at an instant. */
  async at(read: Read, at: number): Promise<FeedStatus[]> {
    const bounds = `known_at <= ${at} AND known_at > ${at - heardWithinMs}`;
    const rows = await read(
      `SELECT * FROM feeds WHERE ${bounds} AND (feed, known_at) IN (
         SELECT feed, max(known_at) FROM feeds WHERE ${bounds} GROUP BY feed)
       ORDER BY feed`,
    );
    return [...new Map(this.#statusesOf(rows).map((feed) => [feed.id, feed])).values()];
  }

  /** How feeds were heard to be in a stretch of time, in its order. */
  async changes(read: Read, { fromAt, toAt }: Span): Promise<FeedRow[]> {
    const rows = await read(
      `SELECT * FROM feeds WHERE known_at >= ${fromAt} AND known_at < ${toAt} ORDER BY known_at`,
    );
    const knownAt = rows.numbers("known_at");
    return this.#statusesOf(rows).map((feed, row) => ({ knownAt: knownAt[row]!, feed }));
  }

  /** By city day and feed: the first word of each minute counts. Days are whole, whatever part of them the span has. */
  async days(read: Read, span: Span, zone: string): Promise<FeedDay[]> {
    const days: FeedDay[] = [];
    let from = startOfDay(span.fromAt, zone);
    while (from < span.toAt) {
      const to = startOfNextDay(from, zone);
      days.push(...(await this.#day(read, from, to, cityDate(from, zone))));
      from = to;
    }
    return days;
  }

  async #day(read: Read, from: number, to: number, date: string): Promise<FeedDay[]> {
    const rows = await read(`
      SELECT
        feed,
        count(*) AS minutes,
        sum(CASE WHEN status IN (0, 1) THEN 1 ELSE 0 END) AS available,
        sum(CASE WHEN status = 0 THEN 1 ELSE 0 END) AS fresh,
        sum(CASE WHEN is_on_time THEN 1 ELSE 0 END) AS on_time,
        count(completeness) AS judged,
        coalesce(sum(completeness), 0) AS complete,
        count(age_seconds) AS heard,
        coalesce(sum(age_seconds), 0) AS lag,
        max(age_seconds) AS oldest,
        sum(errors) AS error_count,
        sum(warnings) AS warning_count
      FROM feeds
      WHERE (feed, known_at) IN (
        SELECT feed, min(known_at) FROM feeds WHERE known_at >= ${from} AND known_at < ${to}
        GROUP BY feed, ${this.#engine.dialect.quotient("known_at", minuteMs)})
        AND known_at >= ${from} AND known_at < ${to}
      GROUP BY feed
      ORDER BY feed`);
    const numbers = (column: string): Float64Array => rows.numbers(column);
    const [minutes, available, fresh, onTime, judged, complete] = [
      numbers("minutes"),
      numbers("available"),
      numbers("fresh"),
      numbers("on_time"),
      numbers("judged"),
      numbers("complete"),
    ];
    const [heard, lag, oldest] = [numbers("heard"), numbers("lag"), numbers("oldest")];
    const [errors, warnings] = [numbers("error_count"), numbers("warning_count")];
    return rows
      .texts("feed")
      .map((feed, row) => ({
        feed: feed!,
        date,
        minutes: minutes[row]!,
        availableMinutes: available[row]!,
        freshMinutes: fresh[row]!,
        onTimeMinutes: onTime[row]!,
        judgedMinutes: judged[row]!,
        completenessSum: complete[row]!,
        heardMinutes: heard[row]!,
        lagSecondsSum: lag[row]!,
        oldestSeconds: nullIfNan(oldest[row]!),
        errors: errors[row]!,
        warnings: warnings[row]!,
      }));
  }

  #statusesOf(rows: Rows): FeedStatus[] {
    const definition = rows.numbers("definition");
    const status = rows.numbers("status");
    const lastGoodAt = rows.numbers("last_good_at");
    const observedAt = rows.numbers("observed_at");
    const entities = rows.numbers("entities");
    const dropped = rows.numbers("dropped");
    const error = rows.texts("error");
    const notices = rows.texts("notices");
    return Array.from({ length: rows.length }, (_, row) => ({
      ...(JSON.parse(this.#definitions.texts[definition[row]!]!) as Omit<FeedStatus, Changing>),
      status: statusWords[status[row]!]!,
      lastGoodAt: nullIfNan(lastGoodAt[row]!),
      observedAt: nullIfNan(observedAt[row]!),
      entities: entities[row]!,
      dropped: dropped[row]!,
      error: error[row] === null ? null : (JSON.parse(error[row]!) as FeedError),
      notices: notices[row] === null ? [] : (JSON.parse(notices[row]!) as Notice[]),
    }));
  }
}

function definitionOf(feed: FeedStatus): string {
  const {
    status: _1,
    lastGoodAt: _2,
    observedAt: _3,
    entities: _4,
    dropped: _5,
    error: _6,
    notices: _7,
    ...rest
  } = feed;
  return JSON.stringify(rest);
}

function countOf(notices: readonly Notice[], severity: NoticeSeverity): number {
  return notices.reduce((sum, notice) => sum + (notice.severity === severity ? notice.count : 0), 0);
}
