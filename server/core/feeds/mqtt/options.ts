/** What the messages of an MQTT feed mean: the options of a feed with `spec: "mqtt"`. */

import type { EntityRule, InstantRule, PlaceRule, RowFilter, TimeForm } from "../table/options.ts";

export interface MqttOptions {
  /** What the messages of which topics say; the first whose pattern fits a topic counts. */
  readonly topics: readonly TopicRule[];
  /** How times are written, for every rule that does not say otherwise. Default `{ "format": "ISO" }`. */
  readonly time?: TimeForm | undefined;
  /** Texts that mean "none" in any column, compared after trimming; the empty text always does. */
  readonly absent?: readonly string[] | undefined;
  /** Longitude and latitude of things that do not tell where they are, by what `placeOf` names. */
  readonly places?: Readonly<Record<string, readonly [lon: number, lat: number]>> | undefined;
}

/**
 * Columns are members of the payload, as a name or a dotted path (`data.value`). Beside them there are `{name}`, a level
 * of the topic; `{topic}`, all of it; `{payload}`, a payload that is a bare number or text; `$.path`, a member of the
 * whole payload where `rows` leads deeper; and `'text'`, which stands for itself.
 */
export interface TopicRule {
  /** A topic filter of the standard in which `{name}` names a level: `sensors/{station}/temperature`. */
  readonly topic: string;
  /** Dotted path to the object or the list of objects that tells of things, default `""`: the payload itself. */
  readonly rows?: string | undefined;
  /**
   * `full`: a message holds all the things that its topic tells of. `partial`: it holds only news. By default it is
   * `full` where the topic alone names the thing.
   */
  readonly mode?: "full" | "partial" | undefined;
  /** Only these rows count. */
  readonly where?: RowFilter | undefined;
  /** What each row tells of. */
  readonly entities: readonly MessageRule[];
}

/** A rule of `table`, about the rows of one message. */
export interface MessageRule extends Omit<EntityRule, "from" | "observedAt" | "position"> {
  /**
   * The columns whose newest instant is the source's own time for the thing. `received`: the source tells no time, and
   * a message is taken to be as old as it is on arrival, unless it was retained. Without it no thing has a time.
   */
  readonly observedAt?: readonly InstantRule[] | "received" | undefined;
  /** `placeOf`: the column whose text is a key of `places`. */
  readonly position?: PlaceRule | { readonly placeOf: string } | undefined;
}
