/** What is large crosses from process to process a slice at a time, so that no message holds up the city for long. */

import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { Reading } from "../../shared/protocol.ts";
import {
  noMinutes,
  noObservations,
  type CityAt,
  type CityChange,
  type EntityRows,
  type History,
  type HistoryBatch,
  type MinuteColumns,
  type ObservationColumns,
  type PointColumns,
  type Span,
  type ThingsOver,
  type ThingWord,
} from "./history.ts";

/** The next items of a list of the whole. */
export type Slice = readonly [list: string, items: readonly unknown[]];

/** Things or readings in a slice: about a millisecond's work to write or to read. */
const mostThings = 400;
/** Buckets in a slice. */
const mostBuckets = 50_000;

/** What a history's process is asked for. Everything but `append` and `close`, which are no questions. */
export type Question = Exclude<keyof History, "append" | "close">;

export type Answer<Q extends Question> = Awaited<ReturnType<History[Q]>>;

export function* slicesOfBatch(batch: HistoryBatch): Generator<Slice> {
  yield ["minutes", [batch.minutes]];
  yield ["observations", [batch.observations]];
  yield* together(
    "readings",
    batch.readings.flatMap((row) => cut(parts(row))),
    (rows) => rows.changed.length,
  );
  yield* together(
    "entities",
    batch.entities.flatMap((row) => cut(entityParts(row))),
    (rows) => rows.changed.length,
  );
  yield* together("feeds", batch.feeds, () => 1);
  yield* together("moments", batch.moments, () => 1);
}

/** The batch that the slices were made of, or what these slices have of it. */
export function batchOf(slices: Iterable<Slice>): HistoryBatch {
  const lists = listsOf(slices);
  return {
    minutes: listOf<MinuteColumns>(lists, "minutes")[0] ?? noMinutes(),
    observations: listOf<ObservationColumns>(lists, "observations")[0] ?? noObservations(),
    readings: joined(listOf<HistoryBatch["readings"][number]>(lists, "readings"), () => true, joinChanged),
    entities: joined(listOf<EntityRows>(lists, "entities"), isOfOneKind, joinEntities),
    feeds: listOf(lists, "feeds"),
    moments: listOf(lists, "moments"),
  };
}

export function* slicesOfAnswer<Q extends Question>(question: Q, answer: Answer<Q>): Generator<Slice> {
  if (question === "cityAt") yield* slicesOfCity(answer as CityAt);
  else if (question === "changes")
    yield* together("items", (answer as Answer<"changes">).flatMap(changeParts), sizeOf);
  else if (question === "thingsOver") {
    const { watched, words } = answer as ThingsOver;
    yield ["watched", watched];
    yield* together("words", words, () => 1);
  } else if (question === "points") yield* together("items", answer as Answer<"points">, bucketsAsThings);
  else if (Array.isArray(answer)) yield* together("items", answer as readonly unknown[], () => 1);
  else yield ["whole", [answer]];
}

export function answerOf<Q extends Question>(question: Q, slices: Iterable<Slice>): Answer<Q> {
  const lists = listsOf(slices);
  if (lists.has("whole")) return lists.get("whole")![0] as Answer<Q>;
  if (question === "cityAt") return cityOf(lists) as Answer<Q>;
  if (question === "thingsOver")
    return { watched: listOf<Span>(lists, "watched"), words: listOf<ThingWord>(lists, "words") } as Answer<Q>;
  if (question === "changes")
    return joined(listOf<CityChange>(lists, "items"), () => true, joinChanges) as Answer<Q>;
  return listOf(lists, "items") as unknown as Answer<Q>;
}

/** Items of about a slice's weight together. */
function* together<T>(list: string, items: readonly T[], weigh: (item: T) => number): Generator<Slice> {
  let slice: T[] = [];
  let weight = 0;
  for (const item of items) {
    slice.push(item);
    weight += Math.max(1, weigh(item));
    if (weight < mostThings) continue;
    yield [list, slice];
    slice = [];
    weight = 0;
  }
  if (slice.length > 0) yield [list, slice];
}

function chunks<T>(items: readonly T[]): (readonly T[])[] {
  if (items.length <= mostThings) return [items];
  return Array.from({ length: Math.ceil(items.length / mostThings) }, (_, i) =>
    items.slice(i * mostThings, (i + 1) * mostThings),
  );
}

/** A row as several about the same instant. */
function parts<T, R extends { readonly changed: readonly T[] }>(row: R): R[] {
  return chunks(row.changed).map((changed) => ({ ...row, changed }));
}

/** All parts but the last say that they are not all. */
function cut<R extends { readonly isCut?: true }>(rows: readonly R[]): R[] {
  return rows.map((row, i) => (i === rows.length - 1 ? row : { ...row, isCut: true }));
}

function entityParts<R extends Pick<EntityRows, "kind" | "changed" | "removed">>(row: R): R[] {
  return parts<Entity, R>(row).map((part, i) => (i === 0 ? part : { ...part, removed: [] }));
}

function changeParts(change: CityChange): CityChange[] {
  if (sizeOf(change) <= mostThings) return [change];
  const nothing = { knownAt: change.knownAt, readings: [], entities: [], feeds: [] };
  return [
    { ...change, readings: [], entities: [] },
    ...chunks(change.readings).map((readings) => ({ ...nothing, readings })),
    ...change.entities.flatMap(entityParts).map((rows) => ({ ...nothing, entities: [rows] })),
  ];
}

function sizeOf({ readings, entities, feeds }: CityChange): number {
  return entities.reduce((sum, { changed }) => sum + changed.length, readings.length + feeds.length);
}

function bucketsAsThings({ mean }: PointColumns): number {
  return (mean.length * mostThings) / mostBuckets;
}

function* slicesOfCity({ at, readings, entities, feeds }: CityAt): Generator<Slice> {
  yield ["at", [at]];
  yield* together("readings", readings, () => 1);
  yield* together("feeds", feeds, () => 1);
  for (const [kind, things] of entities)
    for (const some of chunks(things)) yield ["entities", [{ kind, things: some }]];
}

function cityOf(lists: ReadonlyMap<string, readonly unknown[]>): CityAt {
  const entities = new Map<Kind, Entity[]>();
  for (const { kind, things } of listOf<{ kind: Kind; things: readonly Entity[] }>(lists, "entities")) {
    const known = entities.get(kind);
    if (known) known.push(...things);
    else entities.set(kind, [...things]);
  }
  return {
    at: lists.get("at")![0] as number,
    readings: listOf<Reading>(lists, "readings"),
    feeds: listOf<FeedStatus>(lists, "feeds"),
    entities,
  };
}

function listsOf(slices: Iterable<Slice>): ReadonlyMap<string, readonly unknown[]> {
  const lists = new Map<string, unknown[]>();
  for (const [list, items] of slices) {
    const known = lists.get(list);
    if (known) known.push(...items);
    else lists.set(list, [...items]);
  }
  return lists;
}

function listOf<T>(lists: ReadonlyMap<string, readonly unknown[]>, list: string): readonly T[] {
  return (lists.get(list) ?? []) as readonly T[];
}

/** Puts neighbours about the same instant, which were cut, together again. */
function joined<R extends { readonly knownAt: number }>(
  rows: readonly R[],
  isSame: (a: R, b: R) => boolean,
  join: (cut: readonly R[]) => R,
): R[] {
  const whole: R[] = [];
  for (let from = 0, to = 0; from < rows.length; from = to) {
    const first = rows[from]!;
    while (to < rows.length && rows[to]!.knownAt === first.knownAt && isSame(first, rows[to]!)) to++;
    whole.push(to === from + 1 ? first : join(rows.slice(from, to)));
  }
  return whole;
}

function isOfOneKind(a: Pick<EntityRows, "kind">, b: Pick<EntityRows, "kind">): boolean {
  return a.kind === b.kind;
}

function joinChanged(cut: readonly HistoryBatch["readings"][number][]): HistoryBatch["readings"][number] {
  return { ...cut.at(-1)!, changed: cut.flatMap(({ changed }) => changed) };
}

function joinEntities<R extends Pick<EntityRows, "kind" | "changed" | "removed">>(cut: readonly R[]): R {
  return {
    ...cut.at(-1)!,
    changed: cut.flatMap(({ changed }) => changed),
    removed: cut.flatMap(({ removed }) => removed),
  };
}

function joinChanges(cut: readonly CityChange[]): CityChange {
  const byKind = Map.groupBy(
    cut.flatMap(({ entities }) => entities),
    ({ kind }) => kind,
  );
  return {
    knownAt: cut[0]!.knownAt,
    readings: cut.flatMap(({ readings }) => readings),
    entities: Array.from(byKind.values(), joinEntities),
    feeds: cut.flatMap(({ feeds }) => feeds),
  };
}
