/** Things as they changed, one table per kind with a column for each of the kind's fields. */

import type { Geometry } from "geojson";
import { feedOfEntityId, type Entity, type EntityOf } from "../../shared/entity.ts";
import { kindSchemas, type FieldType, type FieldValue, type Kind } from "../../shared/kinds.ts";
import type { Columns, ColumnType, ColumnTypes, Rows } from "./engine.ts";
import type { EntityRows } from "./history.ts";
import { instantOf, nanIfNull, nullIfNan, validAt } from "./words.ts";

export function entityTable(kind: Kind): string {
  return `entities_${kind}`;
}

const columnTypeOf: Record<FieldType, ColumnType> = {
  number: "number",
  text: "text",
  flag: "flag",
  at: "at",
  /** JSON. */
  texts: "text",
};

/** The columns before those of the kind's fields. What a thing has of the rest of `EntityOf` is JSON in `more`. */
const commonColumns = {
  id: "text",
  known_at: "at",
  valid_at: "at",
  is_keyframe: "flag",
  is_removed: "flag",
  observed_at: "at",
  received_at: "at",
  lon: "number",
  lat: "number",
  is_estimated: "flag",
  more: "text",
} as const satisfies ColumnTypes;

function fieldsOf(kind: Kind): [string, FieldType][] {
  return Object.entries(kindSchemas[kind].fields);
}

export function entityColumns(kind: Kind): ColumnTypes {
  return {
    ...commonColumns,
    ...Object.fromEntries(fieldsOf(kind).map(([field, type]) => [field, columnTypeOf[type]])),
  };
}

type More = Pick<Entity, "geometry" | "validity" | "alertC">;

interface Word {
  readonly id: string;
  readonly knownAt: number;
  readonly isKeyframe: boolean;
  /** `null`: it is gone. */
  readonly entity: Entity | null;
}

/** Of words about one kind. */
export function columnsOfEntities(kind: Kind, words: readonly EntityRows[]): Columns {
  const rows = words.flatMap(({ knownAt, isKeyframe, changed, removed }): Word[] => [
    ...changed.map((entity) => ({ id: entity.id, knownAt, isKeyframe, entity })),
    ...removed.map((id) => ({ id, knownAt, isKeyframe: false, entity: null })),
  ]);
  return {
    id: rows.map(({ id }) => id),
    known_at: rows.map(({ knownAt }) => knownAt),
    valid_at: rows.map(({ knownAt, entity }) => validAt(entity?.observedAt, knownAt)),
    is_keyframe: rows.map(({ isKeyframe }) => Number(isKeyframe)),
    is_removed: rows.map(({ entity }) => Number(entity === null)),
    observed_at: rows.map(({ entity }) => instantOf(entity?.observedAt)),
    received_at: rows.map(({ entity }) => instantOf(entity?.receivedAt)),
    lon: rows.map(({ entity }) => nanIfNull(entity?.position?.[0])),
    lat: rows.map(({ entity }) => nanIfNull(entity?.position?.[1])),
    is_estimated: rows.map(({ entity }) => Number(entity?.quality === "estimated")),
    more: rows.map(({ entity }) => (entity === null ? null : moreOf(entity))),
    ...Object.fromEntries(
      fieldsOf(kind).map(([field, type]) => [
        field,
        columnOfField(type, rows, (entity) => valueOf(entity, field)),
      ]),
    ),
  };
}

function valueOf(entity: Entity, field: string): FieldValue | undefined {
  return (entity.fields as Readonly<Record<string, FieldValue>>)[field];
}

function columnOfField(
  type: FieldType,
  rows: readonly Word[],
  valueIn: (entity: Entity) => FieldValue | undefined,
): Columns[string] {
  const values = rows.map(({ entity }) => (entity === null ? null : (valueIn(entity) ?? null)));
  if (type === "text") return values as (string | null)[];
  if (type === "texts") return values.map((texts) => (texts === null ? null : JSON.stringify(texts)));
  const numbers = values.map((value) => (value === null ? Number.NaN : Number(value)));
  return type === "at" ? numbers.map(instantOf) : numbers;
}

function moreOf({ geometry, validity, alertC }: Entity): string | null {
  return geometry || validity || alertC
    ? JSON.stringify({ geometry, validity, alertC } satisfies Partial<Record<keyof More, unknown>>)
    : null;
}

/** Things of a kind; fields that the source did not say are absent. */
export function entitiesOf(kind: Kind, rows: Rows): Entity[] {
  const id = rows.texts("id");
  const observedAt = rows.numbers("observed_at");
  const receivedAt = rows.numbers("received_at");
  const lon = rows.numbers("lon");
  const lat = rows.numbers("lat");
  const isEstimated = rows.numbers("is_estimated");
  const more = rows.texts("more");
  const fields = fieldsOf(kind).map(([field, type]) => [field, valuesOf(rows, field, type)] as const);
  return id.map((_, row) => ({
    kind,
    ...namesOf(id[row]!),
    observedAt: nullIfNan(observedAt[row]!),
    receivedAt: receivedAt[row]!,
    position: Number.isNaN(lon[row]) ? null : ([lon[row]!, lat[row]!] as const),
    quality: isEstimated[row] === 1 ? "estimated" : "good",
    ...(more[row] === null ? null : (JSON.parse(more[row]!) as { geometry?: Geometry })),
    fields: Object.fromEntries(
      fields.flatMap(([field, values]) => (values[row] === null ? [] : [[field, values[row]]])),
    ),
  })) as EntityOf<Kind>[] as Entity[];
}

function namesOf(id: string): Pick<Entity, "id" | "feedId" | "sourceId"> {
  return { id, feedId: feedOfEntityId(id), sourceId: decodeURIComponent(id.slice(id.lastIndexOf("/") + 1)) };
}

function valuesOf(rows: Rows, field: string, type: FieldType): readonly FieldValue[] {
  if (type === "text") return rows.texts(field);
  if (type === "texts")
    return rows.texts(field).map((json) => (json === null ? null : (JSON.parse(json) as readonly string[])));
  return Array.from(rows.numbers(field), (value) =>
    Number.isNaN(value) ? null : type === "flag" ? value === 1 : value,
  );
}
