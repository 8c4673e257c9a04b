/** Rows into things, by one rule. */

import { entityIds, type Entity, type Position } from "../../../../shared/entity.ts";
import { findFieldType, type FieldValue, type Kind } from "../../../../shared/kinds.ts";
import { quote } from "../body.ts";
import type { ConnectorFeed } from "../connector.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import { snapped } from "../snap.ts";
import type { Cells, Read } from "./cells.ts";
import type { EntityRule, FieldRule, Pick, TableOptions } from "./options.ts";
import type { RowNotices } from "./row-notices.ts";
import type { Row } from "./sheet.ts";

/** Between the texts of several id columns; rare in ids, so that two ids hardly ever become one. */
const idSeparator = "|";

/** Kinds whose places are a home or a mishap. */
const snappedKinds: ReadonlySet<Kind> = new Set(["DispatchCall", "DispatchUnit"]);

export interface Reading {
  readonly rows: readonly Row[];
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
  readonly passes: (row: Row) => boolean;
  /** `null`: the rule names no columns with a time. */
  readonly instants: readonly Read<number>[] | null;
  /** `null`: the rule says no place. */
  readonly place: Read<Position> | null;
}

/** What one row says of one thing. */
interface Draft {
  readonly row: Row;
  readonly i: number;
  readonly observedAt: number | null;
  readonly position: Position | null;
  /** By the rule's fields. */
  readonly values: Record<string, FieldValue>;
}

interface Field {
  readonly name: string;
  readonly read: Read<FieldValue>;
  readonly pick: Pick;
}

/** The text that names a row's thing; `null` while any of the id columns is empty. */
export function sourceIdOf(rule: EntityRule, cells: Cells): (row: Row) => string | null {
  const [first, ...others] = rule.id.map((column) => cells.text(column));
  return (row) => {
    let id = first!(row);
    for (const other of others) {
      const text = other(row);
      if (id === null || text === null) return null;
      id += idSeparator + text;
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
    passes: (row) => passesTable(row) && passesRule(row),
    instants:
      observedAt === undefined || observedAt === "published"
        ? null
        : observedAt.map((at) => cells.instant(at)),
    place: position ? cells.place(position, feed.bounds) : null,
  };
}

/** The things that a rule makes of the sheet's rows. The order of the rows does not matter. */
export function readThings(made: ThingRule, reading: Reading): readonly Entity[] {
  const groups = rowsById(made, reading);
  const things: Entity[] = [];
  for (const [id, found] of groups) {
    const draft =
      typeof found === "number" ? draftOf(made, found, reading) : draftOfAll(made, found, id, reading);
    things.push(thingOf(id, draft, made, reading));
  }
  noticeMerged(made, groups, reading);
  noticeUndated(made.rule, things, reading);
  return things;
}

type RowsById = ReadonlyMap<string, number | readonly number[]>;

/** Where nothing stands for the single rows, so that the counts can be understood. */
function noticeMerged({ rule, feed }: ThingRule, groups: RowsById, { report }: Reading): void {
  if (feed.options.entities.some(({ from }) => from !== "rows") || groups.size === 0) return;
  let rows = 0;
  for (const found of groups.values()) rows += typeof found === "number" ? 1 : found.length;
  const text = `${rows} rows are ${groups.size} ${rule.kind} by ${rule.id.join(" + ")}`;
  if (rows > groups.size) report.addAbout("merged", "info", text, rows);
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

/** The number of the row that tells of each thing; a list where there are several, because mostly there is one. */
function rowsById({ rule, sourceId, passes }: ThingRule, { rows, report }: Reading): RowsById {
  const groups = new Map<string, number | number[]>();
  rows.forEach((row, i) => {
    if (!passes(row)) return;
    const id = sourceId(row);
    if (id === null) {
      report.add("no-id", "error", i, rule.id.join(" + "), "", "an id in every row");
      return;
    }
    const group = groups.get(id);
    if (group === undefined) groups.set(id, i);
    else if (typeof group === "number") groups.set(id, [group, i]);
    else group.push(i);
  });
  return groups;
}

function draftOf(made: ThingRule, i: number, reading: Reading): Draft {
  const { fields, place } = made;
  const { rows, report } = reading;
  const row = rows[i]!;
  const observedAt = observedAtOf(made, row, i, reading);
  const position = place && place(row, i, report);
  const values: Record<string, FieldValue> = { ...made.blank };
  for (const { name, read } of fields) values[name] = read(row, i, report);
  return { row, i, observedAt, position, values };
}

/** What several rows say of one thing: the newest alone, unless the rule takes from all. */
function draftOfAll(made: ThingRule, found: readonly number[], id: string, reading: Reading): Draft {
  const { rule, fields } = made;
  const drafts = found.map((i) => draftOf(made, i, reading)).sort(newestFirst);
  const newest = drafts[0]!;
  if (rule.from !== "rows") {
    const expected = `one row per ${rule.kind}, the newest of ${drafts.length} counts`;
    reading.report.add("duplicate-id", "warning", drafts[1]!.i, rule.id.join(" + "), id, expected);
    return newest;
  }
  const position = drafts.find((draft) => draft.position !== null)?.position ?? null;
  const picks = fields.map(({ name, pick }) => [
    name,
    picked(
      drafts.map(({ values }) => values[name]!),
      pick,
    ),
  ]);
  return { ...newest, position, values: Object.fromEntries(picks) as Draft["values"] };
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
function newestFirst(a: Draft, b: Draft): number {
  const [first, second] = [
    a.observedAt ?? Number.NEGATIVE_INFINITY,
    b.observedAt ?? Number.NEGATIVE_INFINITY,
  ];
  if (first !== second) return second - first;
  const [left, right] = [a.row.join("\0"), b.row.join("\0")];
  return left < right ? -1 : left > right ? 1 : 0;
}

function thingOf(
  sourceId: string,
  draft: Draft,
  { rule, feed, entityIdOf }: ThingRule,
  reading: Reading,
): Entity {
  const { receivedAt } = reading;
  const { values, position } = draft;
  addDurations(values, rule, draft, reading);
  if (rule.status) values["status"] = statusOf(values, rule.status);
  // The compiler cannot follow a kind that is data; `tableFaults` has checked every field against it.
  return {
    id: entityIdOf(sourceId),
    kind: rule.kind,
    feedId: feed.id,
    sourceId,
    observedAt: draft.observedAt,
    receivedAt,
    position: position && snappedKinds.has(rule.kind) ? snapped(position) : position,
    quality: "good",
    fields: values,
  } as Entity;
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
  draft: Draft,
  { report }: Reading,
): void {
  if (rule.durations === undefined) return;
  for (const [field, { from, to }] of Object.entries(rule.durations)) {
    const [start, end] = [values[from], values[to]];
    const known = typeof start === "number" && typeof end === "number";
    values[field] = known && end >= start ? (end - start) / 1000 : null;
    if (known && end < start) {
      const text = `${isoText(end)} after ${isoText(start)}`;
      report.add("time-order", "warning", draft.i, `${from} to ${to}`, text, `${to} not before ${from}`);
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
  const undated = things.filter((thing) => thing.observedAt === null);
  const [first] = undated;
  if (!first) return;
  const why =
    rule.observedAt === undefined
      ? "the options name no column with a time"
      : "expected a time in at least one of the declared columns or in the file's name";
  report.addAbout(
    "no-observed-at",
    "warning",
    `${rule.kind} ${quote(first.sourceId)}: ${why}`,
    undated.length,
  );
}
