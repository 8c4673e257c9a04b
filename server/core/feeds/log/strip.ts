/** From log lines to what may be kept of them. */

import { Notices } from "../../../../shared/notice.ts";
import { decodeUtf } from "../body.ts";
import type { ConnectorFeed, KeyedHash, Part } from "../connector.ts";
import { clockSkewMs, isoText } from "../instant.ts";
import type { Finding, FoundEvent } from "./finding.ts";
import { LogTimes } from "./log-time.ts";
import type { LogOptions } from "./options.ts";
import { readSshd, sshdPrograms } from "./sshd.ts";
import { writeStripped, type StrippedEvent } from "./stripped.ts";
import { readLogLine, type LogLine } from "./syslog.ts";
import { readWebLine } from "./web.ts";

/** Of a longer line the rest is not looked at. */
const longestLine = 8_192;
/** One line may not say that it stands for more. */
const mostRepetitions = 1_000;
const mostEvents = 250_000;
/** RFC 5424 §6: HOSTNAME. */
const longestHost = 255;

/** rsyslog's and sysklogd's ways of not writing the same line again. */
const repeatedInside = /^message repeated (\d{1,9}) times: \[ ?(.*)\]$/s;
const repeatedBefore = /^last message repeated (\d{1,9}) times$/;

const ipv4Inside = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/;
const looksLikeAddress = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]+)$/i;

/** Of the same part, but no address and no user's name is in it: `hash` stands for an address. */
export function stripLog(
  part: Part,
  feed: ConnectorFeed<LogOptions>,
  receivedAt: number,
  hash: KeyedHash,
): Part {
  const body = new LogBody(part, feed, receivedAt, hash);
  for (const line of linesOf(part.bytes)) body.read(line);
  return { ...part, bytes: writeStripped(body.finish()) };
}

/** A file's last line may have no end; carriage returns, NULs and blanks at the ends of lines mean nothing. */
export function linesOf(bytes: Uint8Array): readonly string[] {
  return decodeUtf(bytes).split("\n").map(withoutEnd);
}

/** By hand: an expression would begin anew at every blank, which makes a line of blanks cost its square. */
function withoutEnd(line: string): string {
  let end = line.length;
  while (end > 0 && "\r\0 ".includes(line[end - 1]!)) end--;
  return line.slice(0, end);
}

class LogBody {
  readonly #part: Part;
  readonly #options: LogOptions;
  readonly #receivedAt: number;
  readonly #hash: KeyedHash;
  readonly #times: LogTimes;
  readonly #notices = new Notices();
  readonly #events: StrippedEvent[] = [];
  /** How often the same line was there, as one more may be one more event. */
  readonly #seen = new Map<string, number>();
  /** A source that is asked again and again repeats itself; what is appended or sent never does. */
  readonly #salt: string;
  #line = 0;
  #last: { readonly text: string; readonly line: LogLine; readonly finding: Finding } | null = null;

  constructor(part: Part, { options, zone }: ConnectorFeed<LogOptions>, receivedAt: number, hash: KeyedHash) {
    this.#part = part;
    this.#options = options;
    this.#receivedAt = receivedAt;
    this.#hash = hash;
    this.#times = new LogTimes(options.zone ?? zone, receivedAt);
    this.#salt = /^https?:/.test(part.url ?? "") ? "" : receivedAt.toString(36);
  }

  read(text: string): void {
    this.#line++;
    if (text === "") return;
    if (text.length > longestLine)
      this.#note(
        "log-long-line",
        "warning",
        () => `${text.length} characters, expected at most ${longestLine}`,
      );
    const line = readLogLine(text.slice(0, longestLine), this.#times);
    if (line.head === "broken")
      this.#note(
        "log-no-head",
        "warning",
        () => "a priority, expected a head of RFC 5424 or RFC 3164 behind it",
      );
    const before = repeatedBefore.exec(line.message);
    if (before !== null && this.#last !== null) {
      const { text: earlier, line: said, finding } = this.#last;
      return this.#take(earlier, { ...said, at: line.at ?? said.at }, finding, Number(before[1]));
    }
    const inside = repeatedInside.exec(line.message);
    const meant = inside === null ? line : { ...line, message: inside[2]! };
    const finding = findingOf(meant, this.#times);
    this.#last = { text, line: meant, finding };
    this.#take(text, meant, finding, inside === null ? 1 : Number(inside[1]));
  }

  finish(): { readonly events: readonly StrippedEvent[]; readonly notices: ReturnType<Notices["list"]> } {
    return { events: this.#events, notices: this.#notices.list() };
  }

  #take(text: string, line: LogLine, finding: Finding, times: number): void {
    if ("counted" in finding)
      return this.#notices.add(
        finding.counted,
        "info",
        () => `${this.#part.name} line ${this.#line}: ${meanings[finding.counted] ?? ""}`,
        times,
      );
    const room = Math.max(0, Math.min(times, mostRepetitions, mostEvents - this.#events.length));
    if (room < times)
      this.#notices.add(
        "log-too-many",
        "error",
        `${this.#part.name} line ${this.#line}: stands for ${times} events, of which ${room} are taken`,
        times - room,
      );
    const event = this.#eventOf(line, finding);
    for (let i = 0; i < room; i++) this.#events.push({ ...event, id: this.#idOf(text, event.at) });
  }

  #eventOf(line: LogLine, { address, at, site, ...found }: FoundEvent): Omit<StrippedEvent, "id"> {
    const { eventType, outcome, accountExists } = found;
    return {
      eventType,
      outcome,
      accountExists,
      source: address === null ? null : this.#hashOf(address),
      target: this.#targetOf(site ?? line.host),
      at: this.#believable(at === undefined ? line.at : at),
    };
  }

  /** One address, however it is written, has one hash. */
  #hashOf(address: string): string {
    const lower = address.toLowerCase().replace(/^\[(.*)\]$/, "$1");
    return this.#hash(`address ${ipv4Inside.exec(lower)?.[1] ?? lower}`);
  }

  #targetOf(host: string | null): string | null {
    const { targets = {}, target = null } = this.#options;
    if (host === null) return target;
    if (Object.hasOwn(targets, host)) return targets[host]!;
    return looksLikeAddress.test(host) ? (target ?? this.#hashOf(host)) : host.slice(0, longestHost);
  }

  #believable(at: number | null): number | null {
    if (at === null) {
      this.#note(
        "log-no-time",
        "warning",
        () => "no time that can be read, expected one; it counts in no window of time",
      );
      return null;
    }
    if (at <= this.#receivedAt + clockSkewMs) return at;
    this.#note(
      "log-future",
      "warning",
      () =>
        `time ${isoText(at)}, expected not after it was received, ${isoText(this.#receivedAt)}; perhaps the zone is another one`,
    );
    return null;
  }

  /** The same for the same line of a body that is read again, another for each of several alike. */
  #idOf(text: string, at: number | null): string {
    const line = this.#hash(`line ${text}`);
    const alike = this.#seen.get(line) ?? 0;
    this.#seen.set(line, alike + 1);
    return [this.#salt, at === null ? "" : at.toString(36), line, alike]
      .filter((word) => word !== "")
      .join("-");
  }

  #note(code: string, severity: "info" | "warning" | "error", example: () => string): void {
    this.#notices.add(code, severity, () => `${this.#part.name} line ${this.#line}: ${example()}`);
  }
}

function findingOf(line: LogLine, times: LogTimes): Finding {
  if (line.program !== null && sshdPrograms.has(line.program)) return readSshd(line.message);
  const found = readWebLine(line.message, times);
  if (found) return found;
  return { counted: line.head === "bare" ? "log-unknown-line" : "log-other-program" };
}

/** What is said of lines that are only counted: never the line. */
const meanings: Readonly<Record<string, string>> = {
  "log-sshd-invalid-user":
    "an account that does not exist was named; the attempt itself is a line of its own",
  "log-sshd-disconnect": "a connection ended",
  "log-sshd-reverse-mapping": "the address and its name do not fit each other",
  "log-sshd-no-identification": "somebody who does not speak SSH",
  "log-sshd-pam": "PAM, which repeats what sshd says itself",
  "log-sshd-other": "another line of sshd",
  "log-web-request": "a request that was answered, or asked for what is not there",
  "log-web-error": "trouble of the web server, about no request",
  "log-web-notice": "the web server about itself",
  "log-other-program": "a program that is not read",
  "log-unknown-line": "neither syslog nor a web server's line",
};
