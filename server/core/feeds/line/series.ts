/**
 * The series that a feed has spoken of: what their keys mean, and the sensors that their fields feed. A key is taken
 * apart when it is first seen; after that a sample costs a comparison of bytes.
 */

import { entityId, type EntityOf, type Position } from "../../../../shared/entity.ts";
import type { FieldRule, LineOptions, MeasurementRule, Take } from "./options.ts";
import { readFieldName, readKey, type LineFault, type LineScanner } from "./scan.ts";

/** More than these are forgotten before the next body, and read anew. */
const mostSeries = 50_000;
/** A series with more fields than this looks them up every time. */
const mostFields = 256;
/** Between the tags that together name a thing. */
const idSeparator = "|";

/** What a field of a series is for. */
export type Use =
  | { readonly is: "sample"; readonly sensor: Sensor }
  | { readonly is: "lon" | "lat" }
  /** No rule names it, or the tags that would name its thing are missing. */
  | { readonly is: "unmapped" | "no-id" };

export interface Field {
  /** As it stands in the body, escapes and all. */
  readonly name: Uint8Array;
  readonly use: Use;
}

export interface Series {
  readonly key: Uint8Array;
  readonly hash: number;
  readonly fault: LineFault | null;
  readonly meaning: Meaning | null;
  readonly fields: Field[];
}

/** What the tags of a series say about its thing. */
interface Meaning {
  readonly measurement: string;
  readonly rule: MeasurementRule | null;
  /** What names the thing; `null`: a tag for it is missing. */
  readonly thing: string | null;
  readonly name: string;
  /** The place as the tags or the feed's options tell it: degrees, or what stands there instead. */
  readonly place: readonly [lon: unknown, lat: unknown] | null;
  /** Whether fields tell the place. */
  readonly placeInFields: boolean;
}

export class SeriesTable {
  readonly #options: LineOptions;
  readonly #feedId: string;
  /** Open addressing: the series at the first free place from its hash on. */
  #places: (Series | undefined)[] = [];
  #size = 0;
  #sensors = new Map<string, Sensor>();

  constructor(options: LineOptions, feedId: string) {
    this.#options = options;
    this.#feedId = feedId;
    this.#clear();
  }

  /** Between two bodies: forgets everything when there is too much of it. */
  trim(): void {
    if (this.#size > mostSeries || this.#sensors.size > mostSeries * 4) this.#clear();
  }

  /** The series of the line that the scanner stands at. */
  at({ bytes, keyStart, keyEnd, keyHash }: LineScanner): Series {
    const places = this.#places;
    const mask = places.length - 1;
    let place = keyHash & mask;
    for (let known = places[place]; known !== undefined; known = places[place]) {
      if (known.hash === keyHash && isSame(known.key, bytes, keyStart, keyEnd)) return known;
      place = (place + 1) & mask;
    }
    const series = this.#make(bytes.slice(keyStart, keyEnd), keyHash);
    places[place] = series;
    if (++this.#size * 2 > places.length) this.#grow();
    return series;
  }

  /** The field that the scanner stands at: the `i`th of its line, which mostly is the `i`th of the line before. */
  fieldAt(series: Series, i: number, { bytes, nameStart, nameEnd }: LineScanner): Field {
    const { fields } = series;
    const likely = fields[i];
    if (likely !== undefined && isSame(likely.name, bytes, nameStart, nameEnd)) return likely;
    for (const field of fields) if (isSame(field.name, bytes, nameStart, nameEnd)) return field;
    const name = bytes.slice(nameStart, nameEnd);
    const field = { name, use: this.#useOf(series, readFieldName(name)) };
    if (fields.length < mostFields) fields.push(field);
    return field;
  }

  #clear(): void {
    this.#places = Array.from({ length: 1_024 });
    this.#size = 0;
    this.#sensors = new Map();
  }

  #grow(): void {
    const before = this.#places;
    const mask = before.length * 2 - 1;
    this.#places = Array.from({ length: before.length * 2 });
    for (const series of before) {
      if (series === undefined) continue;
      let place = series.hash & mask;
      while (this.#places[place] !== undefined) place = (place + 1) & mask;
      this.#places[place] = series;
    }
  }

  #make(key: Uint8Array, hash: number): Series {
    const read = readKey(key);
    if (read.fault !== null) return { key, hash, fault: read.fault, meaning: null, fields: [] };
    return { key, hash, fault: null, meaning: this.#meaningOf(read.measurement, read.tags), fields: [] };
  }

  #meaningOf(measurement: string, tags: ReadonlyMap<string, string>): Meaning | null {
    const { measurements, places = {} } = this.#options;
    const rule = measurements?.find(
      (one) =>
        one.measurement === measurement &&
        Object.entries(one.where ?? {}).every(([tag, text]) => tags.get(tag) === text),
    );
    if (measurements !== undefined && rule === undefined) return null;
    const words = rule ? rule.id.map((tag) => tags.get(tag)) : [...tags.values()];
    const thing = words.includes(undefined) ? null : words.join(idSeparator);
    const declared = thing !== null && Object.hasOwn(places, thing) ? places[thing]! : null;
    const { lon, lat } = rule?.position ?? {};
    const tagged =
      lon !== undefined && lat !== undefined && tags.has(lon) && tags.has(lat)
        ? ([degrees(tags.get(lon)!), degrees(tags.get(lat)!)] as const)
        : null;
    return {
      measurement,
      rule: rule ?? null,
      thing,
      name: (rule?.name === undefined ? undefined : tags.get(rule.name)) ?? thing ?? "",
      place: tagged ?? declared,
      placeInFields: lon !== undefined && tagged === null,
    };
  }

  #useOf({ meaning }: Series, field: string): Use {
    if (meaning === null) return { is: "unmapped" };
    const { measurement, rule, thing, placeInFields } = meaning;
    if (placeInFields && field === rule?.position?.lon) return { is: "lon" };
    if (placeInFields && field === rule?.position?.lat) return { is: "lat" };
    const own =
      rule === null ? `${measurement}.${field}` : Object.hasOwn(rule.fields, field) && rule.fields[field];
    if (own === false || own === undefined) return { is: "unmapped" };
    if (thing === null) return { is: "no-id" };
    const made: FieldRule = typeof own === "string" ? { property: own } : own;
    return { is: "sample", sensor: this.#sensor(thing, meaning.name, made) };
  }

  /** Two series may feed one sensor: it is told apart by its thing and its property. */
  #sensor(thing: string, name: string, rule: FieldRule): Sensor {
    const sourceId = thing === "" ? rule.property : thing + idSeparator + rule.property;
    let sensor = this.#sensors.get(sourceId);
    if (!sensor) this.#sensors.set(sourceId, (sensor = new Sensor(this.#feedId, sourceId, name, rule)));
    return sensor;
  }
}

/** One sensor, and what the body that is being read says of it. */
export class Sensor {
  readonly id: string;
  readonly sourceId: string;
  readonly #feedId: string;
  readonly #name: string;
  readonly #property: string;
  readonly #times: number;
  readonly #plus: number;
  readonly #take: Take;
  /** Samples of this body. */
  #samples = 0;
  #value = 0;
  /** Where the newest sample stands among those of the body, and its own time, NaN when it has none to believe. */
  #orderAt = 0;
  #finer = 0;
  #observedAt = Number.NaN;
  #position: Position | null = null;

  constructor(feedId: string, sourceId: string, name: string, { property, times, plus, take }: FieldRule) {
    this.id = entityId(feedId, "Sensor", sourceId);
    this.sourceId = sourceId;
    this.#feedId = feedId;
    this.#name = name === "" ? sourceId : name;
    this.#property = property;
    this.#times = times ?? 1;
    this.#plus = plus ?? 0;
    this.#take = take ?? "newest";
  }

  /**
   * Takes in a sample; says whether it is the first of the body. Of samples of one instant the last counts, as in
   * InfluxDB.
   */
  add(value: number, orderAt: number, finer: number, observedAt: number, position: Position | null): boolean {
    const isFirst = this.#samples === 0;
    this.#samples++;
    const isNewest =
      isFirst || orderAt > this.#orderAt || (orderAt === this.#orderAt && finer >= this.#finer);
    if (isNewest) {
      this.#orderAt = orderAt;
      this.#finer = finer;
      this.#observedAt = observedAt;
      this.#position = position;
    }
    if (isFirst || (isNewest && this.#take === "newest")) this.#value = value;
    else if (this.#take === "min") this.#value = Math.min(this.#value, value);
    else if (this.#take === "max") this.#value = Math.max(this.#value, value);
    else if (this.#take === "mean" || this.#take === "sum") this.#value += value;
    return isFirst;
  }

  /** The sensor as the body leaves it; the next body starts anew. */
  takeEntity(receivedAt: number): EntityOf<"Sensor"> {
    const samples = this.#samples;
    this.#samples = 0;
    const value = this.#take === "mean" ? this.#value / samples : this.#value;
    return {
      id: this.id,
      kind: "Sensor",
      feedId: this.#feedId,
      sourceId: this.sourceId,
      observedAt: Number.isNaN(this.#observedAt) ? null : this.#observedAt,
      receivedAt,
      position: this.#position,
      quality: "good",
      fields: {
        name: this.#name,
        property: this.#property,
        value: this.#take === "count" ? samples : value * this.#times + this.#plus,
      },
    };
  }
}

function degrees(text: string): number | string {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = known;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
