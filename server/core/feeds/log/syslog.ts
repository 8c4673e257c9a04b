/** The head of a syslog line: who says it, and when (RFC 5424 §6; RFC 3164 §4.1, which describes more than it rules). */

import { parseRfc3339 } from "../instant.ts";
import { monthOf, type LogTimes } from "./log-time.ts";

export interface LogLine {
  /** Epoch milliseconds; `null`: the line has no time, or none that there is. */
  readonly at: number | null;
  readonly host: string | null;
  /** The program without its process id; `null` when the line is a bare message. */
  readonly program: string | null;
  readonly message: string;
  /** `bare`: no head at all, as in the log file of a web server. `broken`: a priority, and no head behind it. */
  readonly head: "rfc5424" | "rfc3164" | "iso" | "bare" | "broken";
}

const priority = /^<(\d{1,3})>/;
const rfc5424 = /^1 (\S+) (\S+) (\S+) (\S+) (\S+) /;
const rfc3164 = /^([A-Z][a-z]{2}) ([ \d]?\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? (\S+) (.*)$/s;
/** What rsyslog and journald write by default: the head of RFC 3164 with a whole time. */
const iso = /^(\d{4}-\d\d-\d\dT\S{8,32}) (\S+) (.*)$/s;
const tag = /^([^\s[\]:]{1,64})(?:\[[^\]]{0,32}\])?: ?(.*)$/s;
/** RFC 5424 §6.2.1: facilities 0 to 23, severities 0 to 7. */
const highestPriority = 191;

export function readLogLine(line: string, times: LogTimes): LogLine {
  const found = priority.exec(line);
  const text = found ? line.slice(found[0].length) : line;
  if (found && Number(found[1]) > highestPriority) return without("broken", text);
  return (
    (found && readRfc5424(text)) ??
    readRfc3164(text, times) ??
    readIso(text) ??
    without(found ? "broken" : "bare", text)
  );
}

function without(head: "bare" | "broken", message: string): LogLine {
  return { at: null, host: null, program: null, message, head };
}

function readRfc5424(text: string): LogLine | null {
  const found = rfc5424.exec(text);
  if (!found) return null;
  const [whole, time = "", host = "", program = ""] = found;
  const end = endOfStructuredData(text, whole.length);
  if (end === null) return null;
  return {
    at: time === "-" ? null : parseRfc3339(time),
    host: valueOf(host),
    program: valueOf(program),
    message: text.slice(end).replace(/^ ?(?:\uFEFF)?/, ""),
    head: "rfc5424",
  };
}

/** RFC 5424 §6.3: `-`, or elements in brackets, whose values escape `"`, `\` and `]`. `null` when it never ends. */
function endOfStructuredData(text: string, from: number): number | null {
  if (text[from] === "-") return from + 1;
  let at = from;
  while (text[at] === "[") {
    let isQuoted = false;
    for (at++; at < text.length; at++) {
      const char = text[at];
      if (isQuoted && char === "\\") at++;
      else if (char === '"') isQuoted = !isQuoted;
      else if (char === "]" && !isQuoted) break;
    }
    if (at >= text.length) return null;
    at++;
  }
  return at === from ? null : at;
}

function valueOf(word: string): string | null {
  return word === "-" ? null : word;
}

function readRfc3164(text: string, times: LogTimes): LogLine | null {
  const found = rfc3164.exec(text);
  const month = monthOf(found?.[1] ?? "");
  if (!found || month < 0) return null;
  const [day, hour, minute, second] = found.slice(2, 6).map(Number) as [number, number, number, number];
  const at = times.yearless(month, day, hour, minute, second);
  return { at, host: found[6]!, ...readTag(found[7]!), head: "rfc3164" };
}

function readIso(text: string): LogLine | null {
  const found = iso.exec(text);
  if (!found) return null;
  return { at: parseRfc3339(found[1]!), host: found[2]!, ...readTag(found[3]!), head: "iso" };
}

function readTag(content: string): { readonly program: string | null; readonly message: string } {
  const found = tag.exec(content);
  return found ? { program: found[1]!, message: found[2]! } : { program: null, message: content };
}
