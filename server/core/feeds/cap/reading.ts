/** Reads CAP elements, and says in notices what is wrong with them. */

import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { quote } from "../body.ts";
import { earliestSensibleAt, localInstant, parseRfc3339 } from "../instant.ts";
import type { Bounds } from "../place.ts";
import { childrenOf, collapse, textOf, type XmlElement } from "../xml.ts";

export interface Reading {
  readonly notices: Notices;
  readonly receivedAt: number;
  readonly zone: string;
  readonly bounds: Bounds;
}

/** The words of CAP 1.2 (§3.2); 1.1 has no others that matter here. */
export const words = {
  status: ["Actual", "Exercise", "System", "Test", "Draft"],
  msgType: ["Alert", "Update", "Cancel", "Ack", "Error"],
  scope: ["Public", "Restricted", "Private"],
  category: [
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
  ],
  urgency: ["Immediate", "Expected", "Future", "Past", "Unknown"],
  severity: ["Extreme", "Severe", "Moderate", "Minor", "Unknown"],
  certainty: ["Observed", "Likely", "Possible", "Unlikely", "Unknown"],
} as const;

export function note(
  { notices }: Reading,
  code: string,
  severity: NoticeSeverity,
  label: string,
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

/** A required text; its absence is a notice and `null`. */
export function requireText(
  reading: Reading,
  parent: XmlElement,
  element: string,
  label: string,
): string | null {
  const text = textOf(parent, element);
  if (text === null) note(reading, "cap-missing", "error", label, element, null, "a text");
  return text;
}

/** A required word of the standard's list, in its spelling; any other is a notice and `null`. */
export function requireWord(
  reading: Reading,
  parent: XmlElement,
  element: keyof typeof words,
  label: string,
): string | null {
  const text = textOf(parent, element);
  if (text !== null) return toWord(reading, text, element, label);
  note(reading, "cap-missing", "error", label, element, null, words[element].join(", "));
  return null;
}

/** The words of an element that may repeat. */
export function readWords(
  reading: Reading,
  parent: XmlElement,
  element: keyof typeof words,
  label: string,
): string[] {
  return childrenOf(parent, element)
    .map((child) => collapse(child.text))
    .map((text) => (text === null ? null : toWord(reading, text, element, label)))
    .filter((word) => word !== null);
}

function toWord(reading: Reading, text: string, element: keyof typeof words, label: string): string | null {
  // CAP 1.0 said "Very Likely"; 1.1 and 1.2 (§3.2.2) ask to read it as Likely.
  const wanted = element === "certainty" && text === "Very Likely" ? "likely" : text.toLowerCase();
  const word = (words[element] as readonly string[]).find((one) => one.toLowerCase() === wanted) ?? null;
  if (word !== text) {
    const severity = word === null ? "error" : "info";
    note(reading, "cap-bad-word", severity, label, element, text, words[element].join(", "));
  }
  return word;
}

const withoutZone = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;

/**
 * Epoch milliseconds of a CAP date-time (§3.3.2); one without a zone is the city's local time, with a notice.
 * `null` when there is none, or, with a notice, when it cannot be read.
 */
export function readInstant(
  reading: Reading,
  parent: XmlElement,
  element: string,
  label: string,
): number | null {
  const text = textOf(parent, element);
  if (text === null) return null;
  const at = parseRfc3339(text) ?? readLocal(reading, text, element, label);
  if (at !== null && at >= earliestSensibleAt) return at;
  note(reading, "cap-bad-time", "error", label, element, text, "a date-time like 2011-10-05T23:04:00+10:00");
  return null;
}

function readLocal(reading: Reading, text: string, element: string, label: string): number | null {
  const at = localInstant(withoutZone.exec(text), reading.zone);
  if (at !== null)
    note(
      reading,
      "cap-time-without-zone",
      "warning",
      label,
      element,
      text,
      `an offset; read as time of ${reading.zone}`,
    );
  return at;
}
