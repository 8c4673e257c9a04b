/**
 * Datastreams into Sensors. What an answer leaves to a link, because the service pages inside `$expand` too, is asked for,
 * and what is known of the stream by then is carried along.
 */

import { entityIds, type EntityOf, type Position } from "../../../../shared/entity.ts";
import type { Notices } from "../../../../shared/notice.ts";
import { isObject, quote, textOf, type JsonObject } from "../body.ts";
import type { ConnectorFeed, Fetch } from "../connector.ts";
import { isoText, isOlder } from "../instant.ts";
import type { Note } from "../note.ts";
import { idOf, listIn } from "./body.ts";
import { placeIn } from "./location.ts";
import { newestOf, readObservation, type Measured } from "./observation.ts";
import type { SensorThingsOptions } from "./options.ts";
import { pageAfterName, pathOf } from "./path.ts";
import { propertyReader, type PropertyReader } from "./property.ts";

/** What is known of a Thing. */
export interface ThingDraft {
  readonly id: string | null;
  readonly name: string | null;
  readonly position: Position | null;
  /** Where the rest of its Locations are, while none has told its place. */
  readonly locations: string | null;
}

/** What is known of a stream. Plain JSON, because it is carried from one answer to the next. */
export interface StreamDraft {
  readonly id: string;
  readonly name: string | null;
  readonly property: string;
  readonly thing: ThingDraft;
  readonly measured: Measured | null;
  /** Where its Observations are, while none has come. */
  readonly observations: string | null;
}

/** What a follow's answer is told. */
export type Carry =
  | { readonly thing: ThingDraft }
  | { readonly stream: StreamDraft }
  | { readonly placeless: readonly StreamDraft[] };

export const nowhere: ThingDraft = { id: null, name: null, position: null, locations: null };

export interface Reading {
  /** The part that is read. */
  readonly name: string;
  readonly feed: ConnectorFeed<SensorThingsOptions>;
  readonly receivedAt: number;
  readonly notices: Notices;
  /** The address of a link in the body; `null` when there is none or nothing can be asked for. */
  readonly resolve: (link: unknown) => string | null;
}

export class Streams {
  readonly sensors: EntityOf<"Sensor">[] = [];
  readonly #reading: Reading;
  readonly #propertyOf: PropertyReader;
  readonly #idOf: (sourceId: string) => string;
  readonly #follow: Fetch[] = [];
  /** By the link to their Thing's Locations: streams of one Thing in one answer ask for them once. */
  readonly #placeless = new Map<string, StreamDraft[]>();

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#propertyOf = propertyReader(reading.feed.options.properties);
    this.#idOf = entityIds(reading.feed.id, "Sensor");
  }

  get follow(): readonly Fetch[] {
    const locations = Array.from(this.#placeless, ([url, placeless]) =>
      this.#ask(`${pathOf("Datastreams", placeless[0]!.id)}/Thing/Locations`, url, { placeless }),
    );
    return [...this.#follow, ...locations];
  }

  readThing(thing: JsonObject): void {
    const draft = this.#thingDraft(thing);
    const { items, link } = listIn(thing, "Datastreams");
    for (const stream of items ?? []) this.readStream(stream, draft);
    const url = this.#reading.resolve(link);
    if (items === null && url === null)
      this.#reading.notices.add(
        "sensorthings-no-streams",
        "info",
        () => `Thing ${quote(draft.id)}: expected Datastreams or a link to them`,
      );
    if (url !== null && draft.id !== null)
      this.#follow.push(this.#ask(`${pathOf("Things", draft.id)}/Datastreams`, url, { thing: draft }));
  }

  /** `thing`: what it is part of, when it was not told of it itself. */
  readStream(stream: JsonObject, thing: ThingDraft): void {
    const id = idOf(stream);
    if (id === null)
      return this.#reading.notices.add("sensorthings-no-id", "error", "a stream without @iot.id");
    const note = this.#note(id);
    if ("multiObservationDataTypes" in stream)
      return note("sensorthings-multi", "info", "a MultiDatastream, expected a Datastream; left out");
    const property = this.#propertyOf(stream, note);
    if (property === null) return;
    const { items, link } = listIn(stream, "Observations");
    const newest = newestOf(items ?? []);
    const rest = newest === null ? this.#reading.resolve(link) : null;
    const own = isObject(stream["Thing"]) ? this.#thingDraft(stream["Thing"]) : thing;
    this.#goOn({
      id,
      property,
      name: own.name ?? textOf(stream["name"]),
      thing: own,
      measured: newest === null ? null : this.#measure(newest, id),
      observations: items === null ? newestAt(rest) : rest,
    });
  }

  /** The Observations of a stream that an earlier answer had without any. */
  readObservations(observations: readonly JsonObject[], stream: StreamDraft, next: string | null): void {
    const newest = newestOf(observations);
    this.#goOn({
      ...stream,
      measured: newest === null ? null : this.#measure(newest, stream.id),
      observations: newest === null ? next : null,
    });
  }

  /** The Locations of a Thing that an earlier answer had without a place. */
  readLocations(
    locations: readonly JsonObject[],
    streams: readonly StreamDraft[],
    next: string | null,
  ): void {
    const position = placeIn(locations, this.#reading.feed.bounds, this.#note(streams[0]?.id ?? ""));
    for (const stream of streams)
      this.#goOn({
        ...stream,
        thing: { ...stream.thing, position, locations: position === null ? next : null },
      });
  }

  /** Asks for what is still missing, the place first; a stream that has all there is becomes a Sensor. */
  #goOn(draft: StreamDraft): void {
    const { id, thing, observations } = draft;
    if (thing.position === null && thing.locations !== null) {
      const waiting = this.#placeless.get(thing.locations);
      if (waiting) waiting.push(draft);
      else this.#placeless.set(thing.locations, [draft]);
    } else if (draft.measured === null && observations !== null)
      this.#follow.push(
        this.#ask(`${pathOf("Datastreams", id)}/Observations`, observations, { stream: draft }),
      );
    else this.#tell(draft);
  }

  /** A part that is named by its path, and by its page where that is what is read already. */
  #ask(path: string, url: string, carry: Carry): Fetch {
    const { name } = this.#reading;
    const isNextPage = name === path || name.startsWith(`${path} page `);
    return {
      name: isNextPage ? pageAfterName(name) : path,
      url,
      headers: { accept: "application/json" },
      carry,
    };
  }

  #tell({ id, name, property, thing, measured }: StreamDraft): void {
    const { feed, receivedAt } = this.#reading;
    const note = this.#note(id);
    const observedAt = measured?.observedAt ?? null;
    if (isOlder(observedAt, feed.options.maxAgeSeconds, receivedAt))
      return note("sensorthings-silent", "info", `last observed ${isoText(observedAt!)}; left out`);
    if (measured === null)
      note("sensorthings-no-observation", "info", "expected an Observation; its value is not known");
    if (thing.position === null) note("sensorthings-no-place", "info", "expected a Thing with a Location");
    this.sensors.push({
      id: this.#idOf(id),
      kind: "Sensor",
      feedId: feed.id,
      sourceId: id,
      observedAt,
      receivedAt,
      position: thing.position,
      quality: "good",
      fields: {
        name,
        property,
        value: measured?.value ?? null,
        validFromAt: measured?.validFromAt ?? null,
        validToAt: measured?.validToAt ?? null,
      },
    });
  }

  #measure(observation: JsonObject, id: string): Measured {
    return readObservation(observation, this.#reading.receivedAt, this.#note(id));
  }

  #thingDraft(thing: JsonObject): ThingDraft {
    const { feed, resolve } = this.#reading;
    const { items, link } = listIn(thing, "Locations");
    const id = idOf(thing);
    const note: Note = (code, severity, text) =>
      this.#reading.notices.add(code, severity, () => `Thing ${quote(id)}: ${text}`);
    const position = placeIn(items ?? [], feed.bounds, note);
    return { id, name: textOf(thing["name"]), position, locations: position === null ? resolve(link) : null };
  }

  #note(id: string): Note {
    return (code, severity, text) =>
      this.#reading.notices.add(code, severity, () => `stream ${quote(id)}: ${text}`);
  }
}

/** A link that leads to all there ever was, asked for the newest alone. */
function newestAt(link: string | null): string | null {
  if (link === null) return null;
  return `${link}${link.includes("?") ? "&" : "?"}$orderby=phenomenonTime%20desc&$top=1`;
}
