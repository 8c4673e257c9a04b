/** The tables, and the way to them from every earlier version of them. */

import { kinds, type Kind } from "../../shared/kinds.ts";
import { entityColumns, entityTable } from "./entities.ts";
import type { ColumnTypes, Dialect, Engine, Rows } from "./engine.ts";
import { feedTables } from "./feeds.ts";
import { figureTables } from "./figures.ts";
import { observationTables } from "./observations.ts";
import { readingColumns } from "./readings.ts";

/** A database that a newer program made. It is left as it is. */
export class NewerSchema extends Error {}

interface Table {
  readonly columns: ColumnTypes;
  readonly sortedBy: readonly string[];
}

const tablesOf1: Readonly<Record<string, Table>> = {
  series: { columns: figureTables.series!, sortedBy: ["number"] },
  revisions: { columns: figureTables.revisions!, sortedBy: ["number"] },
  minutes: { columns: figureTables.minutes!, sortedBy: ["series", "valid_at", "known_at"] },
  closed_days: { columns: figureTables.closed_days!, sortedBy: ["from_at"] },
  hours: { columns: figureTables.hours!, sortedBy: ["series", "valid_at", "known_at"] },
  days: { columns: figureTables.days!, sortedBy: ["series", "valid_at", "known_at"] },
  unknown_hours: { columns: figureTables.unknown_hours!, sortedBy: ["valid_at"] },
  unknown_days: { columns: figureTables.unknown_days!, sortedBy: ["valid_at"] },
  zones: { columns: figureTables.zones!, sortedBy: ["number"] },
  readings: { columns: readingColumns, sortedBy: ["known_at"] },
  keyframes: { columns: { kind: "text", known_at: "at" }, sortedBy: ["kind", "known_at"] },
  entity_names: { columns: observationTables.entity_names!, sortedBy: ["number"] },
  properties: { columns: observationTables.properties!, sortedBy: ["number"] },
  observations: { columns: observationTables.observations!, sortedBy: ["entity", "property", "valid_at"] },
  feed_definitions: { columns: feedTables.feed_definitions!, sortedBy: ["number"] },
  feeds: { columns: feedTables.feeds!, sortedBy: ["known_at"] },
  feed_days: { columns: feedTables.feed_days!, sortedBy: ["day_at", "feed"] },
  moments: {
    columns: {
      valid_at: "at",
      known_at: "at",
      kind: "text",
      subject: "text",
      department: "text",
      value: "number",
      /** JSON. */
      text: "text",
    },
    sortedBy: ["valid_at"],
  },
  /** Minutes in which something was recorded; `to_at` exclusive. */
  recorded: { columns: { from_at: "at", to_at: "at", generation: "u32" }, sortedBy: ["from_at"] },
};

const tablesOf2: Readonly<Record<string, Table>> = {
  feed_notices: { columns: feedTables.feed_notices!, sortedBy: ["day_at", "feed"] },
};

/** Step `n` leads from version `n` to `n + 1`. A step that was released is never changed. */
const steps: readonly ((dialect: Dialect) => string[])[] = [
  (dialect) => createTables(dialect, tablesOf1),
  (dialect) => createTables(dialect, tablesOf2),
];

function createTables(dialect: Dialect, tables: Readonly<Record<string, Table>>): string[] {
  return Object.entries(tables).map(([table, { columns, sortedBy }]) =>
    dialect.createTable(table, columns, sortedBy),
  );
}

export const schemaVersion = steps.length;

/** Brings the database to this program's schema. Rejects with `NewerSchema` when it is ahead of it. */
export async function migrate(engine: Engine): Promise<void> {
  await engine.run(engine.dialect.createTable("schema_versions", { version: "u32" }, ["version"]));
  const version = await ask(engine, "SELECT max(version) AS version FROM schema_versions", (rows) => {
    const newest = rows.numbers("version")[0]!;
    return Number.isNaN(newest) ? 0 : newest;
  });
  if (version > schemaVersion)
    throw new NewerSchema(
      `the history has schema ${version}, this program knows ${schemaVersion}: it was written by a newer version`,
    );
  for (const [from, step] of steps.entries()) {
    if (from < version) continue;
    await engine.together(async () => {
      for (const statement of step(engine.dialect)) await engine.run(statement);
      await engine.append("schema_versions", { version: [from + 1] });
    });
  }
  await addKinds(engine);
}

/** A kind may gain fields without a new version of the schema: older rows have nothing in them. */
async function addKinds(engine: Engine): Promise<void> {
  const { dialect } = engine;
  await engine.together(async () => {
    for (const kind of kinds)
      await engine.run(dialect.createTable(entityTable(kind), entityColumns(kind), ["known_at"]));
  });
  const known = await engine.ask(new AbortController().signal, async (read) => {
    const columns = new Map<Kind, ReadonlySet<string>>();
    for (const kind of kinds)
      columns.set(kind, new Set((await read(`SELECT * FROM ${entityTable(kind)} LIMIT 0`)).columns));
    return columns;
  });
  for (const kind of kinds) {
    for (const [column, type] of Object.entries(entityColumns(kind))) {
      if (!known.get(kind)!.has(column)) await engine.run(dialect.addColumn(entityTable(kind), column, type));
    }
  }
}

async function ask<T>(engine: Engine, sql: string, answer: (rows: Rows) => T): Promise<T> {
  return engine.ask(new AbortController().signal, async (read) => answer(await read(sql)));
}
