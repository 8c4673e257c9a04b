/** Reads DATEX II elements, and says in notices what is wrong with them. */

import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { quote } from "../body.ts";
import { earliestSensibleAt, localInstant, parseRfc3339 } from "../instant.ts";
import type { Bounds } from "../place.ts";
import { collapse, findElement, type XmlElement } from "../xml.ts";

export interface Reading {
  readonly notices: Notices;
  readonly receivedAt: number;
  readonly zone: string;
  readonly bounds: Bounds;
  readonly languages: readonly string[];
}

/** One situation record, whose notices name it. */
export interface RecordReading extends Reading {
  readonly label: string;
}

/** 2.x has one namespace, 3.x one for each package; extensions of others are not seen. */
export function isDatex({ uri }: XmlElement): boolean {
  return uri.startsWith("http://datex2.eu/schema/");
}

/** The children of that name in whichever package of the standard. */
export function childrenNamed(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && isDatex(child));
}

/** The element at the end of a path of names, first children all the way. */
export function findChild(parent: XmlElement, ...path: readonly string[]): XmlElement | null {
  let at: XmlElement | null = parent;
  for (const name of path) at = at && firstNamed(at, name);
  return at;
}

function firstNamed({ children }: XmlElement, name: string): XmlElement | null {
  for (const child of children) if (child.name === name && isDatex(child)) return child;
  return null;
}

/** The first element of that name at any depth. */
export function findWithin(parent: XmlElement, name: string): XmlElement | null {
  return findElement(parent, (element) => element.name === name && isDatex(element));
}

/** The text at the end of a path, `null` when it is empty or not there. */
export function textAt(parent: XmlElement, ...path: readonly string[]): string | null {
  const element = findChild(parent, ...path);
  return element && wordOf(element);
}

/** An element's text; the 3.x enumerations write what the standard does not know as an attribute beside `_extended`. */
export function wordOf({ text, attributes }: XmlElement): string | null {
  const word = collapse(text);
  return word === null || word === "_extended" ? (attributes.get("_extendedValue") ?? word) : word;
}

/** A finite number at the end of a path. */
export function numberAt(parent: XmlElement, ...path: readonly string[]): number | null {
  const text = textAt(parent, ...path);
  if (text === null) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The type that an element says it has (`xsi:type`), without its prefix. */
export function typeOf({ attributes }: XmlElement): string | null {
  for (const [name, value] of attributes)
    if (name.endsWith(":type")) return value.slice(value.indexOf(":") + 1).trim() || null;
  return null;
}

/** The raw text of a MultilingualString (`values/value lang="fi"`) in the first wanted language, else its first one. */
export function multilingualIn({ languages }: Reading, element: XmlElement): string {
  const values = childrenNamed(findChild(element, "values") ?? element, "value");
  const offered = values.map(({ attributes }) => primaryTag(attributes.get("lang") ?? ""));
  const chosen = languages.map((wanted) => offered.indexOf(primaryTag(wanted))).find((at) => at >= 0);
  return (values[chosen ?? 0] ?? element).text;
}

function primaryTag(language: string): string {
  return language.toLowerCase().split("-")[0]!;
}

export function note(
  { notices, label }: RecordReading,
  code: string,
  severity: NoticeSeverity,
  element: string,
  value: string | null,
  expected: string,
): void {
  notices.add(
    code,
    severity,
    () => `${label}: ${element} is ${value === null ? "missing" : quote(value)}, expected ${expected}`,
  );
}

const withoutZone = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?$/;

/**
 * Epoch milliseconds of an xs:dateTime; one without a zone is the city's local time, with a notice. `null` when there is
 * none, or, with a notice, when it cannot be read.
 */
export function instantAt(
  reading: RecordReading,
  parent: XmlElement,
  ...path: readonly string[]
): number | null {
  const text = textAt(parent, ...path);
  if (text === null) return null;
  const element = path.at(-1)!;
  const at = parseRfc3339(text) ?? readLocal(reading, text, element);
  if (at !== null && at >= earliestSensibleAt) return at;
  note(reading, "datex2-bad-time", "error", element, text, "a time like 2025-11-27T06:24:59Z, 2000 or later");
  return null;
}

function readLocal(reading: RecordReading, text: string, element: string): number | null {
  const at = localInstant(withoutZone.exec(text), reading.zone);
  if (at !== null)
    note(
      reading,
      "datex2-time-without-zone",
      "warning",
      element,
      text,
      `an offset; read as time of ${reading.zone}`,
    );
  return at;
}
