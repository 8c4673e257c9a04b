/** Feeds' health, a row per minute and change, and what their minutes add up to by city day. */

import { cityDate } from "../../shared/city-time.ts";
import type { FeedError, FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import { completenessOf } from "../../shared/grade.ts";
import type { Notice, NoticeSeverity } from "../../shared/notice.ts";
import { Dictionary } from "./dictionary.ts";
import type { ColumnTypes, Engine, Read, Rows } from "./engine.ts";
import type { Grid } from "./grid.ts";
import type { FeedDay, FeedRow, Span } from "./history.ts";
import { instantOf, nanIfNull, nullIfNan } from "./words.ts";

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
  /** What the minutes of a day that is over add up to. */
  feed_days: {
    day_at: "at",
    feed: "text",
    minutes: "u32",
    available: "u32",
    fresh: "u32",
    on_time: "u32",
    judged: "u32",
    complete: "number",
    heard: "u32",
    lag: "number",
    oldest: "number",
    error_count: "number",
    warning_count: "number",
  },
};

const daySums =
  "feed, minutes, available, fresh, on_time, judged, complete, heard, lag, oldest, error_count, warning_count";

type Changing = "status" | "lastGoodAt" | "observedAt" | "entities" | "dropped" | "error" | "notices";

export class Feeds {
  readonly #engine: Engine;
  readonly #definitions: Dictionary;

  readonly #grid: Grid;
  /** The day that words were last appended for: it was not added up since. */
  #newestDay = Number.NEGATIVE_INFINITY;

  private constructor(engine: Engine, grid: Grid, definitions: Dictionary) {
    this.#engine = engine;
    this.#grid = grid;
    this.#definitions = definitions;
  }

  static async open(engine: Engine, grid: Grid): Promise<Feeds> {
    return new Feeds(engine, grid, await Dictionary.read(engine, "feed_definitions"));
  }

  async append(rows: readonly FeedRow[]): Promise<() => void> {
    const definition = rows.map(({ feed }) => this.#definitions.numberOf(definitionOf(feed)));
    const age = rows.map(({ feed, knownAt }) =>
      feed.observedAt === null ? Number.NaN : Math.max(0, (knownAt - feed.observedAt) / 1000),
    );
    const errors = rows.map(({ feed }) => countOf(feed.notices, "error"));
    const written = await this.#definitions.append();
    await this.#addUpAgain(rows);
    await this.#engine.append("feeds", {
      feed: rows.map(({ feed }) => feed.id),
      known_at: rows.map(({ knownAt }) => knownAt),
      definition,
      status: rows.map(({ feed }) => statusWords.indexOf(feed.status)),
      last_good_at: rows.map(({ feed }) => instantOf(feed.lastGoodAt)),
      observed_at: rows.map(({ feed }) => instantOf(feed.observedAt)),
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

  /** Other words of days that were added up: they are to be added up again. */
  async #addUpAgain(rows: readonly FeedRow[]): Promise<void> {
    const days = new Set(rows.map(({ knownAt }) => this.#grid.startOfDay(knownAt)));
    days.delete(this.#newestDay);
    if (days.size === 0) return;
    await this.#engine.run(`DELETE FROM feed_days WHERE day_at IN (${[...days].join(", ")})`);
    this.#newestDay = Math.max(...days);
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
  async days(read: Read, span: Span): Promise<FeedDay[]> {
    const made = await madeDays(read);
    const days: FeedDay[] = [];
    for (
      let day = this.#grid.startOfDay(span.fromAt);
      day < span.toAt;
      day = this.#grid.startOfNextDay(day)
    ) {
      const sums = made.has(day)
        ? `SELECT ${daySums} FROM feed_days WHERE day_at = ${day}`
        : this.#sumsOf(day);
      days.push(...daysOf(await read(`${sums} ORDER BY feed`), cityDate(day, this.#grid.zone)));
    }
    return days;
  }

  /** Adds up the days that are over, and forgets what was known before `keptFrom`. */
  async maintain(now: number, keptFrom: number): Promise<void> {
    const [made, first] = await this.#engine.ask(new AbortController().signal, async (read) => [
      await madeDays(read),
      (await read("SELECT min(known_at) AS at FROM feeds")).numbers("at")[0]!,
    ]);
    this.#newestDay = Number.NEGATIVE_INFINITY;
    if (!(first > 0)) return;
    for (let day = this.#grid.startOfDay(first); ; day = this.#grid.startOfNextDay(day)) {
      if (this.#grid.startOfNextDay(day) + minuteMs > now) break;
      if (made.has(day)) continue;
      await this.#engine.run(
        `INSERT INTO feed_days (day_at, ${daySums}) SELECT ${day}, ${daySums} FROM (${this.#sumsOf(day)}) sums`,
      );
    }
    await this.#engine.run(`DELETE FROM feeds WHERE known_at < ${this.#grid.startOfDay(keptFrom)}`);
  }

  #sumsOf(day: number): string {
    const bounds = `known_at >= ${day} AND known_at < ${this.#grid.startOfNextDay(day)}`;
    return `
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
      WHERE ${bounds} AND (feed, known_at) IN (
        SELECT feed, min(known_at) FROM feeds WHERE ${bounds}
        GROUP BY feed, ${this.#engine.dialect.quotient("known_at", minuteMs)})
      GROUP BY feed`;
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

/** Starts of the days that were added up. */
async function madeDays(read: Read): Promise<Set<number>> {
  return new Set((await read("SELECT DISTINCT day_at FROM feed_days")).numbers("day_at"));
}

function daysOf(rows: Rows, date: string): FeedDay[] {
  const columns = {
    minutes: rows.numbers("minutes"),
    availableMinutes: rows.numbers("available"),
    freshMinutes: rows.numbers("fresh"),
    onTimeMinutes: rows.numbers("on_time"),
    judgedMinutes: rows.numbers("judged"),
    completenessSum: rows.numbers("complete"),
    heardMinutes: rows.numbers("heard"),
    lagSecondsSum: rows.numbers("lag"),
    errors: rows.numbers("error_count"),
    warnings: rows.numbers("warning_count"),
  };
  const oldest = rows.numbers("oldest");
  return rows
    .texts("feed")
    .map((feed, row) => ({
      feed: feed!,
      date,
      minutes: columns.minutes[row]!,
      availableMinutes: columns.availableMinutes[row]!,
      freshMinutes: columns.freshMinutes[row]!,
      onTimeMinutes: columns.onTimeMinutes[row]!,
      judgedMinutes: columns.judgedMinutes[row]!,
      completenessSum: columns.completenessSum[row]!,
      heardMinutes: columns.heardMinutes[row]!,
      lagSecondsSum: columns.lagSecondsSum[row]!,
      oldestSeconds: nullIfNan(oldest[row]!),
      errors: columns.errors[row]!,
      warnings: columns.warnings[row]!,
    }));
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
