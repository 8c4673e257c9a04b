/** Measured values of sensors: each at its source's own time, a row in a few bytes, kept longer than the things are. */

import type { Entity } from "../../shared/entity.ts";
import type { Fields } from "../../shared/kinds.ts";
import { Dictionary } from "./dictionary.ts";
import type { ColumnTypes, Engine, Read } from "./engine.ts";
import type { Observed, ObservationColumns, ObservationsQuery } from "./history.ts";
import { Places } from "./places.ts";

export const observationTables: Readonly<Record<string, ColumnTypes>> = {
  entity_names: { number: "u32", text: "text" },
  properties: { number: "u16", text: "text" },
  observations: { entity: "u32", property: "u16", valid_at: "at", known_at: "at", value: "number" },
};

/** What a recorder is told of sensors becomes a row for each value that was not told yet. */
export class Measured {
  /** By sensor: of its newest value. */
  readonly #observedAt = new Map<string, number>();
  #rows: MeasuredRow[] = [];

  get rowCount(): number {
    return this.#rows.length;
  }

  take({ id, observedAt, fields }: Entity, knownAt: number): void {
    const { property, value } = fields as Fields<"Sensor">;
    if (typeof value !== "number" || observedAt === null || this.#observedAt.get(id) === observedAt) return;
    this.#observedAt.set(id, observedAt);
    this.#rows.push({ id, property: property ?? "", at: observedAt, knownAt, value });
  }

  forget(id: string): void {
    this.#observedAt.delete(id);
  }

  /** The rows since the last call. */
  drain(): ObservationColumns {
    const rows = this.#rows;
    this.#rows = [];
    return columnsOf(rows);
  }
}

interface MeasuredRow {
  readonly id: string;
  readonly property: string;
  readonly at: number;
  readonly knownAt: number;
  readonly value: number;
}

function columnsOf(rows: readonly MeasuredRow[]): ObservationColumns {
  const entities = new Places();
  const properties = new Places();
  return {
    entityOf: Uint32Array.from(rows, ({ id }) => entities.of(id)),
    propertyOf: Uint16Array.from(rows, ({ property }) => properties.of(property)),
    at: Float64Array.from(rows, ({ at }) => at),
    knownAt: Float64Array.from(rows, ({ knownAt }) => knownAt),
    value: Float64Array.from(rows, ({ value }) => value),
    entities: entities.all,
    properties: properties.all,
  };
}

/** The table and the question about it. */
export class Observations {
  readonly #engine: Engine;
  readonly #entities: Dictionary;
  readonly #properties: Dictionary;

  private constructor(engine: Engine, entities: Dictionary, properties: Dictionary) {
    this.#engine = engine;
    this.#entities = entities;
    this.#properties = properties;
  }

  static async open(engine: Engine): Promise<Observations> {
    return new Observations(
      engine,
      await Dictionary.read(engine, "entity_names"),
      await Dictionary.read(engine, "properties"),
    );
  }

  /** On disk when the transaction is; then what it gives is to be called. */
  async append({ entities, properties, ...rows }: ObservationColumns): Promise<() => void> {
    const entityNumbers = entities.map((id) => this.#entities.numberOf(id));
    const propertyNumbers = properties.map((property) => this.#properties.numberOf(property));
    const written = [await this.#entities.append(), await this.#properties.append()];
    await this.#engine.append("observations", {
      entity: rows.entityOf.map((place) => entityNumbers[place]!),
      property: rows.propertyOf.map((place) => propertyNumbers[place]!),
      valid_at: rows.at,
      known_at: rows.knownAt,
      value: rows.value,
    });
    return () => {
      for (const done of written) done();
    };
  }

  /** `most`: rows that are read at most. */
  async of(read: Read, { thing, fromAt, toAt, asOf }: ObservationsQuery, most: number): Promise<Observed[]> {
    const entity = this.#entities.find(thing);
    if (entity === undefined) return [];
    const { dialect } = this.#engine;
    const known = asOf === null ? "" : ` AND known_at <= ${asOf}`;
    const rows = await read(`
      SELECT property, valid_at, ${dialect.argMax("value", "known_at")} AS newest_value, max(known_at) AS learnt_at
      FROM observations
      WHERE entity = ${entity} AND valid_at >= ${fromAt} AND valid_at < ${toAt}${known}
      GROUP BY property, valid_at
      ORDER BY property, valid_at
      LIMIT ${most}`);
    const property = rows.numbers("property");
    const at = rows.numbers("valid_at");
    const knownAt = rows.numbers("learnt_at");
    const value = rows.numbers("newest_value");
    return Array.from({ length: rows.length }, (_, row) => ({
      property: this.#properties.texts[property[row]!]!,
      at: at[row]!,
      knownAt: knownAt[row]!,
      value: value[row]!,
    }));
  }
}
