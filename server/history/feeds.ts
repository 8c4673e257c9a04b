/** Feeds' health, a row per minute and change, and what their minutes add up to by city day. */

import { cityDate } from "../../shared/city-time.ts";
import type { FeedError, FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import { completenessOf } from "../../shared/grade.ts";
import type { Notice, NoticeSeverity } from "../../shared/notice.ts";
import { Dictionary } from "./dictionary.ts";
import type { ColumnTypes, Engine, Read, Rows } from "./engine.ts";
import type { Grid } from "./grid.ts";
import type { FeedDay, FeedDayNotice, FeedRow, FeedTurn, Span } from "./history.ts";
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
  /** What was noticed on a day that is over, by code; a row without a feed says that the day was added up. */
  feed_notices: {
    day_at: "at",
    feed: "text",
    code: "text",
    /** A place in `severities`. */
    severity: "u8",
    /** In which it stood, and the entries of which it was said, summed over them. */
    minutes: "u32",
    entries: "number",
  },
};

/** Numbers of `severity`. Never renumbered. */
const severities: readonly NoticeSeverity[] = ["error", "warning", "info"];

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
    for (const table of ["feed_days", "feed_notices"])
      await this.#engine.run(`DELETE FROM ${table} WHERE day_at IN (${[...days].join(", ")})`);
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

  /** When each feed turned, and when nobody was watching it. */
  async turns(read: Read, { fromAt, toAt }: Span): Promise<FeedTurn[]> {
    const bounds = `known_at >= ${fromAt} AND known_at < ${toAt}`;
    // Where there is no row before, one engine says NULL and another 0: both are long ago.
    const rows = await read(
      `SELECT * FROM (
         SELECT feed, known_at, status, first_value(status) OVER before AS status_before,
           coalesce(first_value(known_at) OVER before, 0) AS known_before
         FROM feeds WHERE ${bounds}
         WINDOW before AS (PARTITION BY feed ORDER BY known_at ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)
       ) words
       WHERE status <> status_before OR known_at - known_before > ${heardWithinMs}
       ORDER BY feed, known_at`,
    );
    const last = await read(
      `SELECT feed, max(known_at) AS known_at FROM feeds WHERE ${bounds} GROUP BY feed`,
    );
    const lastKnown = last.numbers("known_at");
    const heardTo = new Map(last.texts("feed").map((feed, row) => [feed!, lastKnown[row]! + heardWithinMs]));
    const [knownAt, knownBefore, status] = ["known_at", "known_before", "status"].map((name) =>
      rows.numbers(name),
    );
    const turns = Map.groupBy(
      rows.texts("feed").flatMap((feed, row): FeedTurn[] => {
        const turn = { feed: feed!, at: knownAt![row]!, status: statusWords[status![row]!]! };
        const before = knownBefore![row]!;
        const isGap = before > 0 && turn.at - before > heardWithinMs;
        return isGap ? [{ feed: feed!, at: before + heardWithinMs, status: null }, turn] : [turn];
      }),
      ({ feed }) => feed,
    );
    return Array.from(turns).flatMap(([feed, ofFeed]) => {
      const endAt = heardTo.get(feed)!;
      return endAt < toAt ? [...ofFeed, { feed, at: endAt, status: null }] : ofFeed;
    });
  }

  /** By city day and feed: the first word of each minute counts. Days are whole, whatever part of them the span has. */
  async days(read: Read, span: Span): Promise<FeedDay[]> {
    const made = await madeDays(read, "feed_days");
    const noticed = await madeDays(read, "feed_notices");
    const days: FeedDay[] = [];
    for (
      let day = this.#grid.startOfDay(span.fromAt);
      day < span.toAt;
      day = this.#grid.startOfNextDay(day)
    ) {
      const sums = made.has(day)
        ? `SELECT ${daySums} FROM feed_days WHERE day_at = ${day}`
        : this.#sumsOf(day);
      // Of days that were added up before notices were, nothing is known of them until `maintain` has looked, if it can.
      const notices = noticed.has(day)
        ? await madeNotices(read, day)
        : made.has(day)
          ? null
          : await this.#noticesOf(read, day);
      days.push(...daysOf(await read(`${sums} ORDER BY feed`), cityDate(day, this.#grid.zone), notices));
    }
    return days;
  }

  /** Adds up the days that are over, and forgets what was known before `keptFrom`. */
  async maintain(now: number, keptFrom: number): Promise<void> {
    const [made, noticed, first] = await this.#engine.ask(new AbortController().signal, async (read) => [
      await madeDays(read, "feed_days"),
      await madeDays(read, "feed_notices"),
      (await read("SELECT min(known_at) AS at FROM feeds")).numbers("at")[0]!,
    ]);
    this.#newestDay = Number.NEGATIVE_INFINITY;
    if (!(first > 0)) return;
    for (let day = this.#grid.startOfDay(first); ; day = this.#grid.startOfNextDay(day)) {
      if (this.#grid.startOfNextDay(day) + minuteMs > now) break;
      if (!made.has(day))
        await this.#engine.run(
          `INSERT INTO feed_days (day_at, ${daySums}) SELECT ${day}, ${daySums} FROM (${this.#sumsOf(day)}) sums`,
        );
      if (!noticed.has(day)) await this.#addUpNotices(day);
    }
    await this.#engine.run(`DELETE FROM feeds WHERE known_at < ${this.#grid.startOfDay(keptFrom)}`);
  }

  async #addUpNotices(day: number): Promise<void> {
    const notices = await this.#engine.ask(new AbortController().signal, (read) =>
      this.#noticesOf(read, day),
    );
    const rows = [...notices].flatMap(([feed, all]) => all.map((notice) => ({ feed, ...notice })));
    const made = { feed: "", code: "", severity: "info", minutes: 0, entriesSum: 0 } as const;
    const columns = [...rows, made];
    await this.#engine.append("feed_notices", {
      day_at: columns.map(() => day),
      feed: columns.map(({ feed }) => feed),
      code: columns.map(({ code }) => code),
      severity: columns.map(({ severity }) => severities.indexOf(severity)),
      minutes: columns.map(({ minutes }) => minutes),
      entries: columns.map(({ entriesSum }) => entriesSum),
    });
  }

  /** By feed, from the words of a day; what a feed says minute after minute is read once. */
  async #noticesOf(read: Read, day: number): Promise<DayNotices> {
    const rows = await read(
      `SELECT feed, notices, count(*) AS minutes FROM feeds
       WHERE notices IS NOT NULL AND ${this.#firstOfMinutes(day)}
       GROUP BY feed, notices`,
    );
    const minutes = rows.numbers("minutes");
    const texts = rows.texts("notices");
    const byFeed = new Map<string, Map<string, FeedDayNotice>>();
    rows.texts("feed").forEach((feed, row) => {
      const ofFeed = byFeed.get(feed!) ?? new Map<string, FeedDayNotice>();
      byFeed.set(feed!, ofFeed);
      for (const { code, severity, count } of JSON.parse(texts[row]!) as Notice[]) {
        const key = `${severity} ${code}`;
        const before = ofFeed.get(key);
        ofFeed.set(key, {
          code,
          severity,
          minutes: (before?.minutes ?? 0) + minutes[row]!,
          entriesSum: (before?.entriesSum ?? 0) + count * minutes[row]!,
        });
      }
    });
    return new Map([...byFeed].map(([feed, ofFeed]) => [feed, sorted([...ofFeed.values()])]));
  }

  /** The first word of each feed in each minute of a day. */
  #firstOfMinutes(day: number): string {
    const bounds = `known_at >= ${day} AND known_at < ${this.#grid.startOfNextDay(day)}`;
    return `${bounds} AND (feed, known_at) IN (
        SELECT feed, min(known_at) FROM feeds WHERE ${bounds}
        GROUP BY feed, ${this.#engine.dialect.quotient("known_at", minuteMs)})`;
  }

  #sumsOf(day: number): string {
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
      WHERE ${this.#firstOfMinutes(day)}
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
async function madeDays(read: Read, table: "feed_days" | "feed_notices"): Promise<Set<number>> {
  return new Set((await read(`SELECT DISTINCT day_at FROM ${table}`)).numbers("day_at"));
}

type DayNotices = ReadonlyMap<string, readonly FeedDayNotice[]>;

/** What was noticed on a day that was added up, by feed. */
async function madeNotices(read: Read, day: number): Promise<DayNotices> {
  const rows = await read(`SELECT * FROM feed_notices WHERE day_at = ${day} AND code <> ''`);
  const feeds = rows.texts("feed");
  const codes = rows.texts("code");
  const severity = rows.numbers("severity");
  const minutes = rows.numbers("minutes");
  const entries = rows.numbers("entries");
  const all = codes.map((code, row) => ({
    feed: feeds[row]!,
    notice: {
      code: code!,
      severity: severities[severity[row]!]!,
      minutes: minutes[row]!,
      entriesSum: entries[row]!,
    },
  }));
  return new Map(
    [...Map.groupBy(all, ({ feed }) => feed)].map(([feed, ofFeed]) => [
      feed,
      sorted(ofFeed.map(({ notice }) => notice)),
    ]),
  );
}

function sorted(notices: readonly FeedDayNotice[]): readonly FeedDayNotice[] {
  const place = ({ severity, code }: FeedDayNotice): string => `${severities.indexOf(severity)} ${code}`;
  return notices.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

function daysOf(rows: Rows, date: string, notices: DayNotices | null): FeedDay[] {
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
      notices: notices && (notices.get(feed!) ?? []),
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
