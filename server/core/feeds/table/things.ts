/** Rows into things, by one rule. */

import { entityIds, type Entity, type Position } from "../../../../shared/entity.ts";
import { findFieldType, type FieldValue, type Kind } from "../../../../shared/kinds.ts";
import { quote } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { snapped } from "../snap.ts";
import type { Cells, Read } from "./cells.ts";
import { columnNames } from "./columns.ts";
import type { EntityRule, FieldRule, Pick, TableOptions } from "./options.ts";
import type { RowNotices } from "./row-notices.ts";
import type { Row } from "./sheet.ts";

/** Between the texts of several id columns; rare in ids, so that two ids hardly ever become one. */
const idSeparator = "|";

/** Kinds whose places are a home or a mishap. */
const snappedKinds: ReadonlySet<Kind> = new Set(["DispatchCall", "DispatchUnit"]);

export interface Reading {
  /** Emptied on the way, so that what a body holds and what is made of it are never there at once. */
  readonly rows: (Row | null)[];
  readonly report: RowNotices;
  readonly publishedAt: number | null;
  readonly receivedAt: number;
}

/** A rule made ready for sheets of one header. */
export interface ThingRule {
  readonly rule: EntityRule;
  readonly feed: ConnectorFeed<TableOptions>;
  readonly fields: readonly Field[];
  /** A thing without values: its copies have room for all of them from the start. */
  readonly blank: Readonly<Record<string, FieldValue>>;
  readonly sourceId: (row: Row) => string | null;
  readonly entityIdOf: (sourceId: string) => string;
  /** `null`: every row counts. */
  readonly passes: ((row: Row) => boolean) | null;
  /** `null`: the rule names no columns with a time. */
  readonly instants: readonly Read<number>[] | null;
  /** `null`: the rule says no place. */
  readonly place: Read<Position> | null;
  readonly isSnapped: boolean;
  /** All that a row says, to put rows of one instant in an order. */
  readonly textOf: (row: Row) => string;
}

/** A thing whose fields are filled in by name: `tableFaults` has checked each of them against the kind. */
type Thing = Omit<Entity, "fields"> & { readonly fields: Record<string, FieldValue> };

/** What one of several rows says of one thing. */
interface Draft {
  readonly row: Row;
  readonly i: number;
  readonly thing: Thing;
}

interface Field {
  readonly name: string;
  readonly read: Read<FieldValue>;
  readonly pick: Pick;
}

/** The text that names a row's thing; `null` while any of the id columns is empty. */
export function sourceIdOf(rule: EntityRule, cells: Cells): (row: Row) => string | null {
  const [first, ...others] = rule.id.map((column) => cells.text(column));
  if (others.length === 0) return first!;
  return (row) => {
    let id = first!(row);
    for (let i = 0; i < others.length && id !== null; i++) {
      const text = others[i]!(row);
      id = text === null ? null : id + idSeparator + text;
    }
    return id;
  };
}

export function thingRule(rule: EntityRule, cells: Cells, feed: ConnectorFeed<TableOptions>): ThingRule {
  const passesTable = cells.filter(feed.options.where);
  const passesRule = cells.filter(rule.where);
  const { observedAt, position } = rule;
  const fields = fieldsOf(rule, cells);
  return {
    rule,
    feed,
    fields,
    blank: Object.fromEntries(fields.map(({ name }) => [name, null])),
    sourceId: sourceIdOf(rule, cells),
    entityIdOf: entityIds(feed.id, rule.kind),
    passes:
      passesTable && passesRule ? (row) => passesTable(row) && passesRule(row) : (passesTable ?? passesRule),
    instants:
      observedAt === undefined || observedAt === "published"
        ? null
        : observedAt.map((at) => cells.instant(at)),
    place: position ? cells.place(position, feed.bounds) : null,
    isSnapped: snappedKinds.has(rule.kind),
    textOf: cells.joined(columnNames(feed.options)),
  };
}

/** The things that the rules make of the rows, one rule's after the other's. The order of the rows does not matter. */
export function readThings(rules: readonly ThingRule[], reading: Reading): readonly Entity[] {
  const { rows } = reading;
  const plans = rules.map((made) => planOf(made, reading));
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    rows[i] = null;
    for (const plan of plans) addThing(plan, row, i, reading);
  }
  for (const { made, things } of plans) noticeUndated(made.rule, things, reading);
  return plans.length === 1 ? plans[0]!.things : plans.flatMap(({ things }) => things);
}

/** What a rule makes of a sheet. */
interface Plan {
  readonly made: ThingRule;
  /** By row: the thing of which that row alone tells; `null` for none. */
  readonly ids: readonly (string | null)[];
  /** Those made so far: at first the ones of which several rows tell. */
  readonly things: Entity[];
}

function addThing({ made, ids, things }: Plan, row: Row, i: number, reading: Reading): void {
  const id = ids[i]!;
  if (id !== null) things.push(finished(thingOf(id, row, i, made, reading), i, made, reading));
}

function planOf(made: ThingRule, reading: Reading): Plan {
  const ids = idsOf(made, reading);
  if (areDifferent(ids)) return { made, ids, things: [] };
  const groups = rowsById(ids);
  noticeMerged(made, groups, reading);
  const things: Entity[] = [];
  for (const [id, rows] of groups) if (rows.length > 1) things.push(thingOfAll(id, rows, made, reading));
  return { made, ids: ids.map((id) => (id !== null && groups.get(id)!.length > 1 ? null : id)), things };
}

/** The source's id of the thing that each row tells of; `null` for a row that the rule passes over. */
function idsOf({ rule, sourceId, passes }: ThingRule, { rows, report }: Reading): (string | null)[] {
  const ids = new Array<string | null>(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const isMeant = passes === null || passes(row);
    const id = isMeant ? sourceId(row) : null;
    if (isMeant && id === null)
      report.add("no-id", "error", i, rule.id.join(" + "), "", "an id in every row");
    ids[i] = id;
  }
  return ids;
}

function areDifferent(ids: readonly (string | null)[]): boolean {
  if (ids.length < 2) return true;
  const different = new Set<string>();
  let count = 0;
  for (const id of ids)
    if (id !== null) {
      different.add(id);
      count++;
    }
  return different.size === count;
}

type RowsById = ReadonlyMap<string, readonly number[]>;

function rowsById(ids: readonly (string | null)[]): RowsById {
  const groups = new Map<string, number[]>();
  ids.forEach((id, i) => {
    const group = id === null ? null : groups.get(id);
    if (group) group.push(i);
    else if (id !== null) groups.set(id, [i]);
  });
  return groups;
}

/** Where nothing stands for the single rows, so that the counts can be understood. */
function noticeMerged({ rule, feed }: ThingRule, groups: RowsById, { report }: Reading): void {
  if (feed.options.entities.some(({ from }) => from !== "rows")) return;
  const rows = [...groups.values()].reduce((sum, { length }) => sum + length, 0);
  const text = `${rows} rows are ${groups.size} ${rule.kind} by ${rule.id.join(" + ")}`;
  report.addAbout("merged", "info", text, rows);
}

function fieldsOf(rule: EntityRule, cells: Cells): readonly Field[] {
  return Object.entries(rule.fields).map(([name, field]) => ({
    name,
    read: cells.field(findFieldType(rule.kind, name) ?? "text", field),
    pick: pickOf(field),
  }));
}

function pickOf(field: FieldRule): Pick {
  if (typeof field === "string" || "value" in field) return "newest";
  return "count" in field ? "sum" : (field.pick ?? "newest");
}

/** What several rows say of one thing: the newest alone, unless the rule takes from all. */
function thingOfAll(id: string, found: readonly number[], made: ThingRule, reading: Reading): Entity {
  const { rule, fields, textOf } = made;
  const drafts = found
    .map((i): Draft => {
      const row = reading.rows[i]!;
      return { row, i, thing: thingOf(id, row, i, made, reading) };
    })
    .sort(newestFirst(textOf));
  const { i, thing } = drafts[0]!;
  if (rule.from !== "rows") {
    const expected = `one row per ${rule.kind}, the newest of ${drafts.length} counts`;
    reading.report.add("duplicate-id", "warning", drafts[1]!.i, rule.id.join(" + "), id, expected);
    return finished(thing, i, made, reading);
  }
  const position = drafts.find((draft) => draft.thing.position !== null)?.thing.position ?? null;
  const picks = fields.map(({ name, pick }) => {
    const values = drafts.map((draft) => draft.thing.fields[name]!);
    return [name, picked(values, pick)] as const;
  });
  return finished({ ...thing, position, fields: Object.fromEntries(picks) }, i, made, reading);
}

/** The newest of the rule's instants. One in the future is kept and noticed, never believed to be now. */
function observedAtOf(
  { rule, instants }: ThingRule,
  row: Row,
  i: number,
  { publishedAt, receivedAt, report }: Reading,
): number | null {
  if (rule.observedAt === "published") return publishedAt;
  let newest: number | null = null;
  for (const read of instants ?? []) {
    const at = read(row, i, report);
    if (at !== null && (newest === null || at > newest)) newest = at;
  }
  if (newest !== null && newest > receivedAt + clockSkewMs) {
    const late = `a time before it was received, ${isoText(receivedAt)}`;
    report.add("future", "warning", i, "observedAt", isoText(newest), late);
  }
  return newest;
}

/** Newest first; rows of one instant in the order of their text, so that the order of the file does not matter. */
function newestFirst(textOf: ThingRule["textOf"]): (a: Draft, b: Draft) => number {
  return (a, b) => {
    const [first, second] = [
      a.thing.observedAt ?? Number.NEGATIVE_INFINITY,
      b.thing.observedAt ?? Number.NEGATIVE_INFINITY,
    ];
    if (first !== second) return second - first;
    const [left, right] = [textOf(a.row), textOf(b.row)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

/** What one row says of a thing. */
function thingOf(sourceId: string, row: Row, i: number, made: ThingRule, reading: Reading): Thing {
  const { rule, feed, place } = made;
  const { report, receivedAt } = reading;
  const observedAt = observedAtOf(made, row, i, reading);
  const position = place && place(row, i, report);
  const fields: Record<string, FieldValue> = { ...made.blank };
  for (const { name, read } of made.fields) fields[name] = read(row, i, report);
  return {
    id: made.entityIdOf(sourceId),
    kind: rule.kind,
    feedId: feed.id,
    sourceId,
    observedAt,
    receivedAt,
    position: position && made.isSnapped ? snapped(position) : position,
    quality: "good",
    fields,
  };
}

/** With what follows from its fields, once all of them are known. */
function finished(thing: Thing, i: number, { rule }: ThingRule, { report }: Reading): Entity {
  addDurations(thing.fields, rule, i, report);
  if (rule.status) thing.fields["status"] = statusOf(thing.fields, rule.status);
  return thing as Entity;
}

/** `values` newest first. */
function picked(values: readonly FieldValue[], pick: Pick): FieldValue {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  switch (pick) {
    case "newest":
      return known[0]!;
    case "min":
      return known.reduce((a, b) => (b < a ? b : a));
    case "max":
      return known.reduce((a, b) => (b > a ? b : a));
    case "max-of-all":
      return known.length < values.length ? null : picked(known, "max");
    case "sum":
      return known.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
  }
}

/** A time that runs backwards gives no duration: half of it is wrong, and nobody knows which. */
function addDurations(
  values: Record<string, FieldValue>,
  rule: EntityRule,
  i: number,
  report: RowNotices,
): void {
  if (rule.durations === undefined) return;
  for (const [field, { from, to }] of Object.entries(rule.durations)) {
    const [start, end] = [values[from], values[to]];
    const known = typeof start === "number" && typeof end === "number";
    values[field] = known && end >= start ? (end - start) / 1000 : null;
    if (known && end < start) {
      const text = `${isoText(end)} after ${isoText(start)}`;
      report.add("time-order", "warning", i, `${from} to ${to}`, text, `${to} not before ${from}`);
    }
  }
}

function statusOf(
  values: Readonly<Record<string, FieldValue>>,
  rule: NonNullable<EntityRule["status"]>,
): string {
  return rule.by.find(({ present }) => typeof values[present] === "number")?.status ?? rule.otherwise;
}

function noticeUndated(rule: EntityRule, things: readonly Entity[], { report }: Reading): void {
  let undated = 0;
  let first: Entity | null = null;
  for (const thing of things)
    if (thing.observedAt === null) {
      first ??= thing;
      undated++;
    }
  if (first === null) return;
  const why =
    rule.observedAt === undefined
      ? "the options name no column with a time"
      : "expected a time in at least one of the declared columns or in the file's name";
  report.addAbout("no-observed-at", "warning", `${rule.kind} ${quote(first.sourceId)}: ${why}`, undated);
}
