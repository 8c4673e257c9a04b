/** A history in any engine that knows SQL: this file puts the parts together and bounds what a question may cost. */

import type { Text } from "../../shared/city.ts";
import type { Entity } from "../../shared/entity.ts";
import { kinds, type Kind } from "../../shared/kinds.ts";
import type { Moment, MomentKind } from "../../shared/moment.ts";
import type { Reading } from "../../shared/protocol.ts";
import type { Engine, Read, Rows } from "./engine.ts";
import { columnsOfEntities, entitiesOf, entityTable } from "./entities.ts";
import { parseExtract, readLines } from "./extract.ts";
import { Feeds } from "./feeds.ts";
import { Figures } from "./figures.ts";
import { Grid } from "./grid.ts";
import {
  QueryTimedOut,
  QueryTooLarge,
  type CityAt,
  type CityChange,
  type ExtractPart,
  type ExtractTaken,
  type FeedDay,
  type FeedTurn,
  type History,
  type HistoryBatch,
  type HistoryFigures,
  type KnownAs,
  type MomentRow,
  type ObservationsQuery,
  type ThingsOver,
  type ThingWord,
  type Observed,
  type PointColumns,
  type PointsQuery,
  type Span,
} from "./history.ts";
import { minutesAbout, readingsOfMinutes, type MinuteReading } from "./minute-readings.ts";
import { Observations } from "./observations.ts";
import { columnsOfReadings, readingsOf } from "./readings.ts";
import { Recorded } from "./recorded.ts";
import { migrate } from "./schema.ts";
import {
  firstKeyframeIn,
  keyframeBefore,
  nanIfNull,
  nullIfNan,
  wordsAt,
  wordsIn,
  wordsOver,
  type Words,
} from "./words.ts";

export interface HistoryOptions {
  /** The city's, for its days. */
  readonly zone: string;
  readonly queryTimeoutMs: number;
  /** Buckets times series, or rows, that one answer may have. */
  readonly maxValues: number;
  /** Words about things over a stretch of time that one answer may have: each is a thing with all its fields. */
  readonly maxThingWords: number;
  readonly keptDays: KeptDays;
  /** What may be held in memory of the newest figures, so that most questions need no table. */
  readonly heldBytes: number;
}

/** How long rows are kept. Hours and days of figures, feeds' days and moments are kept for ever. */
export interface KeptDays {
  readonly minutes: number;
  readonly observations: number;
  readonly readings: number;
  readonly entities: number;
  readonly feeds: number;
}

const dayMs = 24 * 60 * 60_000;

const defaults = {
  queryTimeoutMs: 20_000,
  maxValues: 2_000_000,
  maxThingWords: 50_000,
  keptDays: { minutes: 400, observations: 90, readings: 30, entities: 30, feeds: 30 },
  heldBytes: 64 * 2 ** 20,
} satisfies Omit<HistoryOptions, "zone">;

/** Opens what the engine holds, or makes it, and brings it to this program's schema. */
export async function openHistory(
  engine: Engine,
  options: Pick<HistoryOptions, "zone"> & Partial<HistoryOptions>,
): Promise<History> {
  await migrate(engine);
  const grid = new Grid(options.zone);
  const all = { ...defaults, ...options };
  return new SqlHistory(engine, all, {
    figures: await Figures.open(engine, grid, all.heldBytes),
    feeds: await Feeds.open(engine, grid),
    recorded: new Recorded(engine),
    observations: await Observations.open(engine),
  });
}

interface Parts {
  readonly figures: Figures;
  readonly feeds: Feeds;
  readonly recorded: Recorded;
  readonly observations: Observations;
}

const wordsOfReadings: Words = { table: "readings", key: "series", keyframes: "Reading" };

function wordsOfKind(kind: Kind): Words {
  return { table: entityTable(kind), key: "id", keyframes: kind };
}

class SqlHistory implements History {
  readonly #engine: Engine;
  readonly #options: HistoryOptions;
  readonly #parts: Parts;
  /** Everything that writes waits for what wrote before. */
  #writing: Promise<unknown> = Promise.resolve();
  #tidying: Promise<unknown> = Promise.resolve();
  readonly #closing = new AbortController();

  constructor(engine: Engine, options: HistoryOptions, parts: Parts) {
    this.#engine = engine;
    this.#options = options;
    this.#parts = parts;
    // Until then questions are answered from the tables.
    void this.#tidy(() => parts.figures.hold(this.#closing.signal)).catch(() => undefined);
  }

  append(batch: HistoryBatch): Promise<void> {
    return this.#write(async () => {
      const { figures, feeds, recorded, observations } = this.#parts;
      const written: (() => void)[] = [];
      await this.#engine.together(async () => {
        const readings = columnsOfReadings(batch.readings, (id) => figures.numberOfSeries(id));
        written.push(
          await figures.append(batch.minutes),
          await feeds.append(batch.feeds),
          await recorded.append(batch),
          await observations.append(batch.observations),
        );
        await this.#engine.append("readings", readings);
        for (const [kind, words] of Map.groupBy(batch.entities, (word) => word.kind))
          await this.#engine.append(entityTable(kind), columnsOfEntities(kind, words));
        const keyframes = [
          ...batch.readings.map((words) => ({ ...words, kind: wordsOfReadings.keyframes })),
          ...batch.entities,
        ].filter(({ isKeyframe, isCut }) => isKeyframe && !isCut);
        await this.#engine.append("keyframes", {
          kind: keyframes.map(({ kind }) => kind),
          known_at: keyframes.map(({ knownAt }) => knownAt),
        });
        await this.#engine.append("moments", columnsOfMoments(batch.moments));
      });
      for (const done of written) done();
    });
  }

  takeExtract(part: ExtractPart): Promise<ExtractTaken> {
    return this.#write(async () => {
      const { bytes, toByte } = await readLines(part.file, part.fromByte, part.isWhole);
      const { minutes, hours, toAt, refused } = parseExtract(bytes, part);
      const written: (() => void)[] = [];
      await this.#engine.together(async () => {
        const { figures, recorded } = this.#parts;
        written.push(await figures.append(minutes), await figures.appendHours(hours));
        written.push(await recorded.touch(minutes.at));
        await recorded.touchHours(hours.at);
      });
      for (const done of written) done();
      return { toByte, rows: minutes.at.length + hours.at.length, toAt, refused };
    });
  }

  async points(query: PointsQuery, signal: AbortSignal): Promise<readonly PointColumns[]> {
    signal.throwIfAborted();
    const { figures } = this.#parts;
    const values = query.series.length * Math.max(0, query.edges.length - 1);
    this.#refuseOver(values, `${query.series.length} series in ${query.edges.length - 1} buckets`);
    const held = figures.heldPoints(query);
    if (held) return held;
    return this.#ask(signal, (read) =>
      figures.points(read, query, (sums, what) => {
        this.#refuseOver(sums, what);
      }),
    );
  }

  seriesOf(indicator: string, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted();
    return Promise.resolve(this.#parts.figures.seriesOf(indicator));
  }

  cityAt(at: number, known: KnownAs, asked: readonly Kind[], signal: AbortSignal): Promise<CityAt> {
    return this.#ask(signal, async (read) => {
      const readings = await this.#readingsAt(read, at, known);
      const entities = new Map<Kind, readonly Entity[]>();
      for (const kind of asked) {
        const words = await wordsAt(read, wordsOfKind(kind), at, known);
        if (words !== null) entities.set(kind, standing(entitiesOf(kind, words), words));
      }
      return { at, readings, entities, feeds: await this.#parts.feeds.at(read, at) };
    });
  }

  changes(
    span: Span,
    known: KnownAs,
    asked: readonly Kind[],
    everyMs: number,
    signal: AbortSignal,
  ): Promise<readonly CityChange[]> {
    return this.#ask(signal, async (read) => {
      const changes = new Changes();
      const wordsOf = async (words: Words): Promise<Rows> => {
        const most = this.#options.maxValues + 1;
        const { dialect } = this.#engine;
        const rows = await wordsIn({ read, dialect }, words, { ...span, everyMs }, known, most);
        this.#refuseOver(rows.length, `changes in ${words.table}`);
        return rows;
      };
      const time = known === "then" ? "known_at" : "valid_at";
      const readings = await wordsOf(wordsOfReadings);
      const readingAt = readings.numbers(time);
      this.#readingsOf(readings).forEach((reading, row) =>
        changes.at(readingAt[row]!).readings.push(reading),
      );
      for (const { at, reading } of await this.#minuteReadings(read, span, known))
        changes.at(at).readings.push(reading);
      for (const kind of asked) {
        const rows = await wordsOf(wordsOfKind(kind));
        const at = rows.numbers(time);
        const isRemoved = rows.numbers("is_removed");
        entitiesOf(kind, rows).forEach((entity, row) => {
          const ofKind = changes.at(at[row]!).ofKind(kind);
          if (isRemoved[row] === 1) ofKind.removed.push(entity.id);
          else ofKind.changed.push(entity);
        });
      }
      for (const { knownAt, feed } of await this.#parts.feeds.changes(read, span))
        changes.at(knownAt).feeds.push(feed);
      return changes.list();
    });
  }

  thingsOver(kind: Kind, span: Span, signal: AbortSignal): Promise<ThingsOver> {
    return this.#ask(signal, async (read) => {
      const most = this.#options.maxThingWords;
      const { watched, rows } = await wordsOver(read, wordsOfKind(kind), span, most + 1);
      if (rows === null) return { watched, words: [] };
      if (rows.length > most) {
        const days = Math.ceil((span.toAt - span.fromAt) / dayMs);
        throw new QueryTooLarge(
          `things of the kind ${kind} changed more than ${most} times in ${days} days: ask about fewer days`,
        );
      }
      const at = rows.numbers("known_at");
      const isRemoved = rows.numbers("is_removed");
      const words = entitiesOf(kind, rows).map((entity, row): ThingWord => {
        return { at: at[row]!, id: entity.id, entity: isRemoved[row] === 1 ? null : entity };
      });
      return { watched, words };
    });
  }

  moments({ fromAt, toAt }: Span, signal: AbortSignal): Promise<readonly Moment[]> {
    return this.#ask(signal, async (read) =>
      momentsOf(
        await read(
          `SELECT * FROM moments WHERE valid_at >= ${fromAt} AND valid_at < ${toAt} ORDER BY valid_at, known_at`,
        ),
      ),
    );
  }

  observations(query: ObservationsQuery, signal: AbortSignal): Promise<readonly Observed[]> {
    return this.#ask(signal, async (read) => {
      const observed = await this.#parts.observations.of(read, query, this.#options.maxValues + 1);
      this.#refuseOver(observed.length, `observations of ${query.thing}`);
      return observed;
    });
  }

  feedDays(span: Span, signal: AbortSignal): Promise<readonly FeedDay[]> {
    return this.#ask(signal, (read) => this.#parts.feeds.days(read, span));
  }

  feedTurns(span: Span, signal: AbortSignal): Promise<readonly FeedTurn[]> {
    return this.#ask(signal, (read) => this.#parts.feeds.turns(read, span));
  }

  recorded(withinMs: number, signal: AbortSignal): Promise<readonly Span[]> {
    return this.#ask(signal, (read) => this.#parts.recorded.spans(read, withinMs));
  }

  maintain(now: number): Promise<void> {
    return this.#tidy(() => this.#write(() => this.#maintain(now)));
  }

  async #maintain(now: number): Promise<void> {
    const { keptDays } = this.#options;
    const { figures, feeds, recorded } = this.#parts;
    await figures.maintain(now, keptDays.minutes);
    await feeds.maintain(now, now - keptDays.feeds * dayMs);
    await recorded.fold();
    await this.#forget("observations", now - keptDays.observations * dayMs);
    await this.#forget("readings", now - keptDays.readings * dayMs);
    for (const kind of kinds) await this.#forget(entityTable(kind), now - keptDays.entities * dayMs);
    await this.#forget("keyframes", now - Math.max(keptDays.readings, keptDays.entities) * dayMs);
  }

  async figures(): Promise<HistoryFigures> {
    const tables = ["minutes", "readings", "observations", "feeds", "moments", ...kinds.map(entityTable)];
    const counts = await this.#ask(new AbortController().signal, (read) =>
      read(
        tables
          .map((table) => `SELECT '${table}' AS name, count(*) AS rows FROM ${table}`)
          .join(" UNION ALL "),
      ),
    );
    const rows = counts.numbers("rows");
    return {
      bytes: await this.#engine.bytes(),
      rows: Object.fromEntries(counts.texts("name").map((name, row) => [name!, rows[row]!])),
      setAside: this.#engine.setAside,
    };
  }

  backup(dir: string): Promise<void> {
    return this.#tidy(() => this.#engine.backup(dir));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#tidying.catch(() => undefined);
    await this.#writing.catch(() => undefined);
    await this.#engine.close();
  }

  /** What was learnt before goes: an instant whose keyframe is gone shows nothing. */
  async #forget(table: string, before: number): Promise<void> {
    await this.#engine.run(`DELETE FROM ${table} WHERE known_at < ${before}`);
  }

  /** Files come and go while one of these runs, so that they run one after the other; others may write meanwhile. */
  #tidy<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#tidying.catch(() => undefined).then(run);
    this.#tidying = result;
    return result;
  }

  #write<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#writing.catch(() => undefined).then(run);
    this.#writing = result;
    return result;
  }

  async #ask<T>(signal: AbortSignal, questions: (read: Read) => Promise<T>): Promise<T> {
    const { queryTimeoutMs } = this.#options;
    const timeout = AbortSignal.timeout(queryTimeoutMs);
    try {
      return await this.#engine.ask(AbortSignal.any([signal, timeout]), questions);
    } catch (error) {
      if (timeout.aborted && !signal.aborted)
        throw new QueryTimedOut(`no answer within ${queryTimeoutMs / 1000} s`);
      throw error;
    }
  }

  #refuseOver(values: number, what: string): void {
    const { maxValues } = this.#options;
    if (values > maxValues)
      throw new QueryTooLarge(`${what}: ${values} values, an answer may have ${maxValues}`);
  }

  async #readingsAt(read: Read, at: number, known: KnownAs): Promise<readonly Reading[]> {
    const words = await wordsAt(read, wordsOfReadings, at, known);
    if (words !== null) return standing(this.#readingsOf(words), words);
    const about = minutesAbout({ fromAt: at, toAt: at + 1 });
    const minutes = await this.#minutesAbout(read, about, known);
    const standingAt = minutes.filter((minute) => minute.at <= at);
    return Array.from(new Map(standingAt.map(({ reading }) => [reading.id, reading])).values());
  }

  /** What minutes say of a stretch at whose beginning nobody kept each reading, until somebody does. */
  async #minuteReadings(read: Read, span: Span, known: KnownAs): Promise<readonly MinuteReading[]> {
    if ((await keyframeBefore(read, wordsOfReadings, span.fromAt)) !== null) return [];
    const minutes = await this.#minutesAbout(read, minutesAbout(span), known);
    const toAt = (await firstKeyframeIn(read, wordsOfReadings, span)) ?? span.toAt;
    return minutes.filter(({ at }) => at >= span.fromAt && at < toAt);
  }

  async #minutesAbout(read: Read, span: Span, known: KnownAs): Promise<readonly MinuteReading[]> {
    const { figures } = this.#parts;
    const words = await figures.minutesIn(read, span);
    this.#refuseOver(words.at.length, "words about minutes");
    return readingsOfMinutes(words, figures.series, known);
  }

  #readingsOf(rows: Rows): Reading[] {
    return readingsOf(rows, this.#parts.figures.series);
  }
}

/** The newest word of each thing, without those that are gone; `rows` are in the order of learning. */
function standing<T extends { readonly id: string }>(words: readonly T[], rows: Rows): T[] {
  const isRemoved = rows.numbers("is_removed");
  const byId = new Map<string, T>();
  words.forEach((word, row) => {
    if (isRemoved[row] === 1) byId.delete(word.id);
    else byId.set(word.id, word);
  });
  return [...byId.values()];
}

class Change {
  readonly readings: Reading[] = [];
  readonly feeds: CityChange["feeds"][number][] = [];
  readonly #ofKinds = new Map<
    Kind,
    { readonly kind: Kind; readonly changed: Entity[]; readonly removed: string[] }
  >();

  ofKind(kind: Kind): { readonly changed: Entity[]; readonly removed: string[] } {
    let ofKind = this.#ofKinds.get(kind);
    if (!ofKind) this.#ofKinds.set(kind, (ofKind = { kind, changed: [], removed: [] }));
    return ofKind;
  }

  get entities(): CityChange["entities"] {
    return [...this.#ofKinds.values()];
  }
}

class Changes {
  readonly #byTime = new Map<number, Change>();

  at(knownAt: number): Change {
    let change = this.#byTime.get(knownAt);
    if (!change) this.#byTime.set(knownAt, (change = new Change()));
    return change;
  }

  list(): CityChange[] {
    return [...this.#byTime]
      .toSorted(([a], [b]) => a - b)
      .map(([knownAt, { readings, entities, feeds }]) => ({ knownAt, readings, entities, feeds }));
  }
}

function columnsOfMoments(rows: readonly MomentRow[]): Parameters<Engine["append"]>[1] {
  return {
    valid_at: rows.map(({ moment }) => moment.at),
    known_at: rows.map(({ knownAt }) => knownAt),
    kind: rows.map(({ moment }) => moment.kind),
    subject: rows.map(({ moment }) => moment.subject),
    department: rows.map(({ moment }) => moment.department),
    value: rows.map(({ moment }) => nanIfNull(moment.value)),
    text: rows.map(({ moment }) => (moment.text === null ? null : JSON.stringify(moment.text))),
  };
}

function momentsOf(rows: Rows): Moment[] {
  const at = rows.numbers("valid_at");
  const value = rows.numbers("value");
  const [kind, subject, department, text] = [
    rows.texts("kind"),
    rows.texts("subject"),
    rows.texts("department"),
    rows.texts("text"),
  ];
  return Array.from({ length: rows.length }, (_, row) => ({
    at: at[row]!,
    kind: kind[row]! as MomentKind,
    subject: subject[row]!,
    department: department[row]!,
    value: nullIfNan(value[row]!),
    text: text[row] === null ? null : (JSON.parse(text[row]!) as Text),
  }));
}
