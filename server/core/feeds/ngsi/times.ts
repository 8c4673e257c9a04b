/** The times of an entity and of its values, from the most particular to the least. */

import { isObject, quote } from "../body.ts";
import { dateReader, LocalTimes, type DateReader } from "../date-text.ts";
import { readInterval, type Interval } from "../interval.ts";
import type { Attribute, NgsiEntity } from "./entity.ts";
import type { Note } from "../note.ts";

/** What the Smart Data Models and IoT agents call the time of an observation; the first that is there counts. */
const observedNames = [
  "dateObserved",
  "dateObservedTo",
  "observationDateTime",
  "TimeInstant",
  "dateIssued",
] as const;
/** NGSI-LD times are UTC with their Z (ETSI GS CIM 009 §4.6.3); NGSIv2 names ISO 8601 alone. */
const offset = /(?:[Zz]|[+-]\d\d(?::?\d\d)?)$/;
const modifiedNames = ["modifiedAt", "dateModified"] as const;

/** What a text says of time. */
interface TimeText {
  readonly text: string;
  readonly interval: Interval | null;
  /** Whether an end of it names no zone. */
  readonly isLocal: boolean;
}

const noTime: Pick<TimeText, "interval" | "isLocal"> = { interval: null, isLocal: false };

export interface EntityTimes {
  /** When its values were observed: the end of the span that they were observed in. */
  readonly observedAt: number | null;
  /** The span that its values are about. */
  readonly valid: Interval | null;
  /** When somebody last touched it: all there is where nobody says when it was observed. */
  readonly modifiedAt: number | null;
}

export class Times {
  readonly #dates: DateReader;
  /** The attributes of an entity mostly have one time. */
  #last: TimeText = { text: "", interval: null, isLocal: false };

  /** `zone`: of times that name none. */
  constructor(zone: string) {
    this.#dates = dateReader("ISO", new LocalTimes(zone));
  }

  /** `names`: the attributes that the feed declares. */
  ofEntity(entity: NgsiEntity, names: readonly string[] | undefined, note: Note): EntityTimes {
    const observed = this.#first(entity, names ?? observedNames, note);
    const isSpan = observed !== null && observed.fromAt < observed.toAt;
    return {
      observedAt: observed?.toAt ?? null,
      valid: this.#validity(entity, note) ?? this.#observedSpan(entity, note) ?? (isSpan ? observed : null),
      modifiedAt: this.#first(entity, modifiedNames, note)?.toAt ?? null,
    };
  }

  #validity(entity: NgsiEntity, note: Note): Interval | null {
    const from = this.#named(entity, "validFrom", note);
    const to = from && this.#named(entity, "validTo", note);
    return spanOf(from, to) ?? this.#named(entity, "validity", note);
  }

  #observedSpan(entity: NgsiEntity, note: Note): Interval | null {
    const from = this.#named(entity, "dateObservedFrom", note);
    return spanOf(from, from && this.#named(entity, "dateObservedTo", note));
  }

  /** The time of one value: its own, else its entity's. */
  ofValue(attribute: Attribute, entity: EntityTimes, note: Note): number | null {
    return (
      this.#read(attribute.observedAt, note)?.toAt ??
      entity.observedAt ??
      this.#read(attribute.modifiedAt, note)?.toAt ??
      entity.modifiedAt
    );
  }

  #named(entity: NgsiEntity, name: string, note: Note): Interval | null {
    return this.#read(entity.find(name)?.value, note);
  }

  #first(entity: NgsiEntity, names: readonly string[], note: Note): Interval | null {
    return this.#read(entity.findFirst(names)?.value, note);
  }

  #timeText(text: string): TimeText {
    if (text === this.#last.text) return this.#last;
    const isLocal = text.split("/").some((end) => end.includes("T") && !offset.test(end));
    return (this.#last = { text, interval: readInterval(text, this.#dates), isLocal });
  }

  /** A text, or the JSON-LD form of one (`{ "@type": "DateTime", "@value": … }`). */
  #read(value: unknown, note: Note): Interval | null {
    const text = isObject(value) ? value["@value"] : value;
    if (text === undefined || text === null || text === "") return null;
    const { interval, isLocal } = typeof text === "string" ? this.#timeText(text) : noTime;
    if (interval === null) note("ngsi-bad-time", "warning", `time ${quote(text)}, expected ISO 8601`);
    else if (isLocal)
      note("ngsi-local-time", "warning", `time ${quote(text)}, expected one with Z or an offset`);
    return interval;
  }
}

function spanOf(from: Interval | null, to: Interval | null): Interval | null {
  return from !== null && to !== null && from.fromAt <= to.toAt
    ? { fromAt: from.fromAt, toAt: to.toAt }
    : null;
}
