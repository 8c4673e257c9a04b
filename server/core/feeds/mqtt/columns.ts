/** Where the cells of a message's rows come from: by the name of the column. */

import { isObject } from "../body.ts";
import { cellText, memberReader } from "../table/sheet.ts";
import type { MqttOptions } from "./options.ts";
import type { TopicPattern } from "./topic.ts";

/** What the rows of one message share. */
export interface Message {
  readonly topic: string;
  readonly levels: readonly string[];
  /** Members of the whole payload, of those that `sharedPaths` names. */
  readonly shared: readonly unknown[];
}

/** What a row is read from. */
export interface MessageRow {
  readonly message: Message;
  /** An object inside the payload, or the bare value that the payload is. */
  readonly entry: unknown;
}

/** `undefined`: there is nothing. */
export type ReadColumn = (row: MessageRow) => unknown;

const placePrefix = "place of ";
/** Before the path of a member of the whole payload. */
const payloadPrefix = "$.";

/** The column for the place that `places` has for the text of `column`. */
export function placeColumn(column: string): string {
  return placePrefix + column;
}

/** The column whose text names the place, of one that `placeColumn` made; every other column is itself. */
export function placedColumn(column: string): string {
  return column.startsWith(placePrefix) ? column.slice(placePrefix.length) : column;
}

/** The name inside the braces of `{name}`; `null` for every other column. */
export function bracedName(column: string): string | null {
  return /^\{(.*)\}$/.exec(column)?.[1] ?? null;
}

/** Whether the column is known from the topic alone, whatever the payload says. */
export function isFromTopic(column: string): boolean {
  const name = bracedName(column);
  return isLiteral(column) || (name !== null && name !== "payload");
}

/** Whether the column is a member of the payload. */
export function isMember(column: string): boolean {
  return !isLiteral(column) && bracedName(column) === null && !column.startsWith(placePrefix);
}

function isLiteral(column: string): boolean {
  return column.length >= 2 && column.startsWith("'") && column.endsWith("'");
}

/** The members of the whole payload that the columns name: read once for all rows, which then need no more of it. */
export function sharedPaths(columns: readonly string[]): readonly string[] {
  const placed = columns.map(placedColumn).filter((column) => column.startsWith(payloadPrefix));
  return [...new Set(placed)].map((column) => column.slice(payloadPrefix.length));
}

/** `pattern`: the topic's, whose levels have names. `shared`: the paths of what a message has in `shared`. */
export function columnReader(
  column: string,
  pattern: TopicPattern,
  shared: readonly string[],
  places: MqttOptions["places"] = {},
): ReadColumn {
  if (isLiteral(column)) return () => column.slice(1, -1);
  const name = bracedName(column);
  if (name === "topic") return ({ message }) => message.topic;
  if (name === "payload") return ({ entry }) => (isObject(entry) ? undefined : entry);
  if (name !== null) {
    const place = pattern.placeOf(name);
    return ({ message }) => message.levels[place];
  }
  if (column.startsWith(payloadPrefix)) {
    const place = shared.indexOf(column.slice(payloadPrefix.length));
    return ({ message }) => message.shared[place];
  }
  if (!column.startsWith(placePrefix)) {
    const read = memberReader(column);
    return ({ entry }) => read(entry);
  }
  const key = columnReader(placedColumn(column), pattern, shared);
  const texts = new Map(Object.entries(places).map(([id, place]) => [id, place.join(", ")] as const));
  return (row) => texts.get(cellText(key(row)));
}
