import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasRecordings, listFeedCases, readRecording } from "../../../../fixtures/feed-cases.ts";
import type { EntityOf } from "../../../../shared/entity.ts";
import type { ConnectorFeed, Part, Update } from "../connector.ts";
import { log } from "./decode.ts";
import type { LogOptions } from "./options.ts";

const receivedAt = Date.UTC(2026, 10, 23, 12);
const at = (text: string) => Date.parse(text);

const feedWith = (options: LogOptions = {}): ConnectorFeed<LogOptions> => ({
  id: "edge",
  spec: "log",
  zone: "Europe/Berlin",
  bounds: [13, 52, 14, 53],
  url: null,
  options,
});

/** Stands in for the keyed hash; what it was asked for is what must not be in the result. */
const hash = (text: string): string =>
  `#${[...text].reduce((h, c) => (h * 33 + c.codePointAt(0)!) >>> 0, 5381).toString(36)}`;
const hashOf = (address: string) => hash(`address ${address}`);

const toPart = (body: string | Uint8Array, url: string | null = null): Part => ({
  name: "body",
  url,
  bytes: typeof body === "string" ? new TextEncoder().encode(body) : body,
});

function stripped(
  body: string | Uint8Array,
  options: LogOptions = {},
  now = receivedAt,
  url: string | null = null,
): Part {
  return log.strip!(toPart(body, url), feedWith(options), now, hash);
}

function decode(...args: Parameters<typeof stripped>): Update {
  const result = log.decode(stripped(...args), feedWith(), args[2] ?? receivedAt);
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const events = (update: Update) => update.entities as readonly EntityOf<"SecurityEvent">[];
const fields = (update: Update) => events(update).map((event) => event.fields);
const counts = (update: Update) => Object.fromEntries(update.notices.map(({ code, count }) => [code, count]));

test.each(listFeedCases("log"))("$name becomes what was expected", ({ bytes, expected, options }) => {
  expect(JSON.parse(JSON.stringify(decode(bytes, options as LogOptions)))).toEqual(expected);
});

const failed = "Failed password for root from 203.0.113.7 port 4242 ssh2";

describe("heads", () => {
  test.each<[string, string, string | null, string | null]>([
    ["RFC 3164", `<38>Nov 23 12:30:00 gate sshd[12]: ${failed}`, "gate", "2026-11-23T11:30:00Z"],
    [
      "RFC 3164 of a day with one digit",
      `<38>Nov  3 12:30:00 gate sshd[12]: ${failed}`,
      "gate",
      "2026-11-03T11:30:00Z",
    ],
    [
      "as in a file, without priority",
      `Nov 23 12:30:00 gate sshd[12]: ${failed}`,
      "gate",
      "2026-11-23T11:30:00Z",
    ],
    [
      "rsyslog's file format",
      `2026-11-23T12:30:00.123456+01:00 gate sshd[12]: ${failed}`,
      "gate",
      "2026-11-23T11:30:00.123Z",
    ],
    [
      "RFC 5424",
      `<38>1 2026-11-23T11:30:00.003Z gate sshd 12 - - ${failed}`,
      "gate",
      "2026-11-23T11:30:00.003Z",
    ],
    [
      "RFC 5424 with structured data",
      String.raw`<38>1 2026-11-23T12:30:00+01:00 gate sshd-session 12 ID47 [a@1 b="x \"]\\"][timeQuality tzKnown="1"] ` +
        `\uFEFF${failed}`,
      "gate",
      "2026-11-23T11:30:00Z",
    ],
    ["RFC 5424 that leaves out what it may", `<38>1 - - sshd - - - ${failed}`, null, null],
  ])("%s", (_, line, target, time) => {
    const update = decode(line);
    expect(fields(update)).toEqual([
      {
        eventType: "login-failed",
        outcome: "blocked",
        source: hashOf("203.0.113.7"),
        target,
        eventAt: time === null ? null : at(time),
        accountExists: true,
      },
    ]);
    expect(counts(update)).toEqual(time === null ? { "log-no-time": 1 } : {});
  });

  test.each([
    ["a priority that there is not", `<192>Nov 23 12:30:00 gate sshd[12]: ${failed}`],
    ["structured data that never ends", `<38>1 2026-11-23T11:30:00Z gate sshd 12 - [a b="c ${failed}`],
    ["a priority alone", "<38>"],
  ])("%s is noticed, and the next line read", (_, line) => {
    const update = decode(`${line}\n<38>Nov 23 12:30:00 gate sshd[12]: ${failed}`);
    expect(events(update).length).toBe(1);
    expect(counts(update)).toMatchObject({ "log-no-head": 1 });
  });
});

describe("a time without a year is the last one before it came", () => {
  test.each([
    ["Dec 31 23:59:58", "2027-01-01T00:00:10Z", "2026-12-31T22:59:58Z"],
    ["Jan  1 00:00:03", "2027-01-01T00:00:10Z", "2026-12-31T23:00:03Z"],
    ["Jan  1 00:00:03", "2026-12-31T22:59:50Z", "2026-12-31T23:00:03Z"],
    ["Feb 29 12:00:00", "2027-03-05T12:00:00Z", "2024-02-29T11:00:00Z"],
    ["Nov 24 11:00:00", "2026-11-23T12:00:00Z", "2026-11-24T10:00:00Z"],
    ["Nov 25 12:00:00", "2026-11-23T12:00:00Z", "2025-11-25T11:00:00Z"],
  ])("%s, received %s", (time, received, expected) => {
    const later = decode(`${time} gate sshd[1]: ${failed}`, {}, at(received));
    const isAhead = at(expected) > at(received) + 60_000;
    expect(fields(later)[0]!.eventAt).toBe(isAhead ? null : at(expected));
    expect(counts(later)).toEqual(isAhead ? { "log-future": 1 } : {});
  });

  test("in the zone that the feed says", () => {
    const update = decode(`Nov 23 06:30:00 gate sshd[1]: ${failed}`, { zone: "America/New_York" });
    expect(fields(update)[0]!.eventAt).toBe(at("2026-11-23T11:30:00Z"));
  });

  test("a date that there is not has no time", () => {
    expect(counts(decode(`Nov 31 12:00:00 gate sshd[1]: ${failed}`))).toEqual({ "log-no-time": 1 });
  });
});

const ssh = (message: string, options?: LogOptions) =>
  decode(`Nov 23 12:30:00 gate sshd[12]: ${message}`, options);

describe("OpenSSH", () => {
  test.each<[string, object]>([
    [failed, { eventType: "login-failed", accountExists: true }],
    [
      "Failed password for invalid user admin from 203.0.113.7 port 4242 ssh2",
      { eventType: "login-failed", accountExists: false },
    ],
    [
      "Failed password for illegal user x from 203.0.113.7 port 1 ssh2",
      { eventType: "login-failed", accountExists: false },
    ],
    ["Failed password for invalid user  0101 from 203.0.113.7 port 4242 ssh2", { accountExists: false }],
    ["Failed publickey for git from 203.0.113.7 port 22 ssh2: RSA SHA256:abc", { eventType: "login-failed" }],
    ["Failed keyboard-interactive/pam for root from 203.0.113.7 port 22 ssh2", { eventType: "login-failed" }],
    [
      "Accepted publickey for anna from 203.0.113.7 port 22 ssh2: ED25519 SHA256:abc",
      { eventType: "login-accepted", outcome: "succeeded", accountExists: true },
    ],
    ["Accepted password for anna from 203.0.113.7 port 22 ssh2", { eventType: "login-accepted" }],
  ])("%s", (message, expected) => {
    expect(fields(ssh(message))).toMatchObject([
      { source: hashOf("203.0.113.7"), target: "gate", ...expected },
    ]);
  });

  test("the name that was tried cannot pretend another address", () => {
    const name = "x from 198.51.100.1 port 22 ssh2";
    const update = ssh(`Failed password for invalid user ${name} from 203.0.113.7 port 4242 ssh2`);
    expect(fields(update)).toMatchObject([{ source: hashOf("203.0.113.7") }]);
  });

  test.each([
    ["Invalid user admin from 203.0.113.7", "log-sshd-invalid-user"],
    ["input_userauth_request: invalid user admin [preauth]", "log-sshd-invalid-user"],
    ["Received disconnect from 203.0.113.7: 11: Bye Bye [preauth]", "log-sshd-disconnect"],
    ["Connection closed by invalid user admin 203.0.113.7 port 4242 [preauth]", "log-sshd-disconnect"],
    [
      "reverse mapping checking getaddrinfo for host [203.0.113.7] failed - POSSIBLE BREAK-IN ATTEMPT!",
      "log-sshd-reverse-mapping",
    ],
    ["Did not receive identification string from 203.0.113.7", "log-sshd-no-identification"],
    [
      "pam_unix(sshd:auth): authentication failure; logname= uid=0 rhost=203.0.113.7  user=root",
      "log-sshd-pam",
    ],
    ["Failed none for invalid user admin from 203.0.113.7 port 1 ssh2", "log-sshd-other"],
    ["Server listening on 0.0.0.0 port 22.", "log-sshd-other"],
  ])("%s is only counted", (message, code) => {
    const update = ssh(message);
    expect(update.entities).toEqual([]);
    expect(counts(update)).toEqual({ [code]: 1 });
  });

  test("repetitions count as many, and no more than can be believed", () => {
    const told = (n: number) => ssh(`message repeated ${n} times: [ ${failed}]`);
    expect(events(told(5)).length).toBe(5);
    expect(new Set(events(told(5)).map(({ id }) => id)).size).toBe(5);
    expect(events(told(999_999_999)).length).toBe(1_000);
    expect(counts(told(1_500))).toEqual({ "log-too-many": 500 });
    const again = decode(
      `Nov 23 12:30:00 gate sshd[12]: ${failed}\nNov 23 12:31:00 gate last message repeated 3 times`,
    );
    expect(events(again).length).toBe(4);
  });
});

describe("web servers", () => {
  const access = (request: string, status: number, more = "") =>
    decode(`203.0.113.7 - - [23/Nov/2026:12:30:00 +0100] "${request}" ${status} 312${more}`, {
      target: "portal",
    });

  test.each<[string, number, object | null]>([
    ["POST /login HTTP/1.1", 401, { eventType: "login-failed", outcome: "blocked" }],
    ["GET /files HTTP/1.1", 401, { eventType: "request-refused", outcome: "blocked" }],
    ["GET /admin HTTP/1.1", 403, { eventType: "request-refused", outcome: "blocked" }],
    ["GET / HTTP/1.1", 429, { eventType: "request-refused" }],
    ["GET / HTTP/1.1", 502, { eventType: "server-error", outcome: "failed" }],
    ["GET /../../etc/passwd HTTP/1.1", 400, { eventType: "request-suspicious", outcome: "blocked" }],
    ["GET /.env HTTP/1.1", 200, { eventType: "request-suspicious", outcome: "answered" }],
    ["GET /?q=1%27%20OR%201=1 HTTP/1.1", 500, { eventType: "request-suspicious", outcome: "blocked" }],
    [String.raw`\x16\x03\x01\x02`, 400, { eventType: "request-suspicious" }],
    ["GET / HTTP/1.1", 200, null],
    ["GET /nothing HTTP/1.1", 404, null],
  ])("%s %i", (request, status, expected) => {
    const update = access(request, status, ' "-" "Mozilla/5.0 (\\"x\\")"');
    const whole = {
      source: hashOf("203.0.113.7"),
      target: "portal",
      eventAt: at("2026-11-23T11:30:00Z"),
      accountExists: null,
    };
    if (expected === null) expect(counts(update)).toEqual({ "log-web-request": 1 });
    else expect(fields(update)).toMatchObject([{ ...whole, ...expected }]);
  });

  test("common form, a user's name, IPv6, a site's name, and inside syslog", () => {
    const line = (address: string, user = "-") =>
      `${address} - ${user} [23/Nov/2026:12:30:00 +0100] "GET /admin HTTP/1.0" 403 -`;
    const body = [
      line("203.0.113.7", "Jane Doe"),
      line("2001:db8::1"),
      `permits.city.example:443 ${line("203.0.113.7")}`,
      `<190>Nov 23 12:30:01 web1 nginx: ${line("::FFFF:203.0.113.7")}`,
    ].join("\n");
    expect(fields(decode(body)).map(({ source, target }) => [source, target])).toEqual([
      [hashOf("203.0.113.7"), null],
      [hashOf("2001:db8::1"), null],
      [hashOf("203.0.113.7"), "permits.city.example"],
      [hashOf("203.0.113.7"), "web1"],
    ]);
  });

  test("Apache's error log of 2.2 and 2.4", () => {
    const body = [
      "[Mon Nov 23 12:30:00 2026] [error] [client 203.0.113.7] Directory index forbidden by rule: /var/www/html/",
      "[Mon Nov 23 12:30:00.123456 2026] [authz_core:error] [pid 1:tid 2] [client 203.0.113.7:51234] AH01630: client denied by server configuration: /srv/",
      "[Mon Nov 23 12:30:00.123456 2026] [auth_basic:error] [pid 1] [client 203.0.113.7:51234] AH01618: user jane.doe not found: /admin",
      '[Mon Nov 23 12:30:00.123456 2026] [auth_basic:error] [pid 1] [client 203.0.113.7:51234] AH01617: user jane.doe: authentication failure for "/admin": Password Mismatch',
      "[Mon Nov 23 12:30:00 2026] [error] mod_jk child workerEnv in error state 6",
      "[Mon Nov 23 12:30:00 2026] [notice] workerEnv.init() ok",
    ].join("\n");
    const update = decode(body, { target: "portal" });
    expect(fields(update).map(({ eventType, accountExists }) => [eventType, accountExists])).toEqual([
      ["request-refused", null],
      ["request-refused", null],
      ["login-failed", false],
      ["login-failed", true],
    ]);
    expect(new Set(fields(update).map(({ source }) => source))).toEqual(new Set([hashOf("203.0.113.7")]));
    expect(fields(update)[0]!.eventAt).toBe(at("2026-11-23T11:30:00Z"));
    expect(counts(update)).toEqual({ "log-web-error": 1, "log-web-notice": 1 });
  });
});

test("targets have the names that the feed gives them; a host that is an address is hashed", () => {
  const body = ["gate", "10.0.0.1", "10.0.0.2"]
    .map((host) => `Nov 23 12:30:00 ${host} sshd[1]: ${failed}`)
    .join("\n");
  const update = decode(body, { targets: { gate: "vpn", "10.0.0.1": "mail" } });
  expect(fields(update).map(({ target }) => target)).toEqual(["vpn", "mail", hashOf("10.0.0.2")]);
});

test("other programs and unknown lines are counted, not quoted", () => {
  const update = decode("Nov 23 12:30:00 gate cron[1]: (jane.doe) CMD (secret)\nhello jane.doe\n\n");
  expect(update.entities).toEqual([]);
  expect(counts(update)).toEqual({ "log-other-program": 1, "log-unknown-line": 1 });
  expect(JSON.stringify(update)).not.toContain("jane");
});

test("lines alike are as many events; a body that is asked for again has the same ones", () => {
  const line = '203.0.113.7 - - [23/Nov/2026:12:30:00 +0100] "GET /admin HTTP/1.0" 403 -';
  const ids = (...args: Parameters<typeof decode>) => events(decode(...args)).map(({ id }) => id);
  const polled = "https://gate.example/log";
  const two = ids(`${line}\n${line}`, {}, receivedAt, polled);
  expect(new Set(two).size).toBe(2);
  expect(ids(`${line}\n${line}\n${line}`, {}, receivedAt + 5_000, polled).slice(0, 2)).toEqual(two);
  // What is appended to a file or sent to a port never comes twice.
  expect(ids(line)).not.toEqual(ids(line, {}, receivedAt + 5_000));
});

test("a log that was not stripped is not decoded", () => {
  const result = log.decode(toPart(`Nov 23 12:30:00 gate sshd[1]: ${failed}`), feedWith(), receivedAt);
  expect(result).toMatchObject({ ok: false, failure: { class: "unreadable" } });
});

test("a line of more than a line's length is cut", () => {
  const update = decode(`Nov 23 12:30:00 gate sshd[1]: ${failed} ${"x".repeat(20_000)}`);
  expect(counts(update)).toMatchObject({ "log-long-line": 1 });
});

/** Names and addresses as they stand in a line, to be looked for afterwards. */
const secret = fc.stringMatching(/^[a-z]{9,12}$/).map((word) => `qz${word}`);
const address = fc.ipV4().filter((text) => text.length > 10);

test("no name and no address that stands in a line is in what is kept of it", () => {
  const line = fc
    .tuple(secret, address, fc.nat(8))
    .map(([name, from, form]) => [
      name,
      from,
      [
        `Nov 23 12:30:00 gate sshd[1]: Failed password for ${name} from ${from} port 1 ssh2`,
        `Nov 23 12:30:00 gate sshd[1]: Invalid user ${name} from ${from}`,
        `Nov 23 12:30:00 ${from} sshd[1]: Accepted password for ${name} from ${from} port 1 ssh2`,
        `<38>1 2026-11-23T11:30:00Z gate sshd 1 - [x a="${name}"] Failed password for ${name} from ${from} port 1 ssh2`,
        `${from} - ${name} [23/Nov/2026:12:30:00 +0100] "GET /${name} HTTP/1.0" 403 - "${name}" "${name}"`,
        `[Mon Nov 23 12:30:00 2026] [error] [client ${from}] user ${name} not found: /${name}`,
        `Nov 23 12:30:00 gate ${name}[1]: ${name} ${from}`,
        `<999>${name} ${from}`,
        `message repeated 2 times: [ ${name} ${from}]`,
      ][form]!,
    ]);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
      const kept = new TextDecoder().decode(stripped(lines.map(([, , text]) => text).join("\n")).bytes);
      for (const [name, from] of lines) {
        expect(kept).not.toContain(name);
        expect(kept).not.toContain(from);
      }
    }),
    { seed: 11, numRuns: 600 },
  );
});

test("bodies cut and broken anywhere never throw, and lose no line that stands before the damage", () => {
  const lines = Array.from({ length: 12 }, (_, i) => `Nov 23 12:30:${10 + i} gate sshd[${i}]: ${failed}`);
  const body = new TextEncoder().encode(lines.join("\n"));
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.nat(255), fc.boolean(), (place, byte, isCut) => {
      const broken = isCut ? body.slice(0, place) : body.slice();
      if (!isCut && place > 1) broken[place] = byte;
      const whole = body.subarray(0, place).filter((one) => one === 0x0a).length;
      expect(decode(broken).entities.length).toBeGreaterThanOrEqual(whole);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test("any text at all is read in bounded time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      decode(text);
    }),
    { seed: 5, numRuns: 500 },
  );
  const startedAt = performance.now();
  for (const piece of [" from 1", "[", '"\\', "Failed ", "a:1 ", "(", "%2e", "user x "])
    for (const start of [
      "Nov 23 12:30:00 gate sshd[1]: Failed password for ",
      '1.2.3.4 - - [23/Nov/2026:12:30:00 +0100] "',
      "[Mon Nov 23 12:30:00 2026] [error] [client 1] user ",
      "<38>1 - - - - - [",
    ])
      decode(start + piece.repeat(8_000));
  decode(`${" ".repeat(200_000)}x`);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});

describe.skipIf(!hasRecordings)("recordings", () => {
  test("OpenSSH: 520 lines with failed passwords, two of which stand for five", () => {
    const update = decode(readRecording("_security-logs/OpenSSH_2k.log"));
    const all = fields(update);
    expect(all.filter(({ eventType }) => eventType === "login-failed").length).toBe(518 + 2 * 5);
    expect(all.filter(({ eventType }) => eventType === "login-accepted").length).toBe(1);
    expect(all.filter(({ accountExists }) => accountExists === false).length).toBe(135);
    const counted = Object.values(counts(update)).reduce((a, b) => a + b, 0);
    expect(counted + 521).toBe(2_000);
    expect(counts(update)["log-sshd-invalid-user"]).toBe(226);
    expect(new Set(all.map(({ target }) => target))).toEqual(new Set(["LabSZ"]));
    expect(all.at(-1)!.eventAt).toBe(at("2025-12-10T10:04:45Z"));
  });

  test("Apache: 32 requests refused of 2,000 lines", () => {
    const update = decode(readRecording("_security-logs/Apache_error_2k.log"), { target: "web" });
    expect(fields(update).filter(({ eventType }) => eventType === "request-refused").length).toBe(32);
    expect(counts(update)).toEqual({ "log-web-notice": 1_405, "log-web-error": 563 });
  });

  test("played, a log is there line by line; the year of its first line is told", () => {
    const part = toPart(readRecording("_security-logs/OpenSSH_2k.log"));
    expect(log.play!(part, feedWith())).toMatchObject({ ok: true, value: { span: null } });
    const played = log.play!(part, feedWith({ year: 2015, zone: "UTC" }));
    if (!played.ok) throw new Error(played.failure.message);
    expect(played.value.span).toEqual({
      fromAt: at("2015-12-10T06:55:46Z"),
      toAt: at("2015-12-10T11:04:45Z"),
    });
    const linesOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes).split("\n").length;
    const half = at("2015-12-10T09:00:00Z");
    const before = linesOf(played.value.stepAt(half).bytes);
    const after = [...played.value.stepsBetween(half, at("2015-12-10T12:00:00Z"))];
    expect(before + after.reduce((sum, { bytes }) => sum + linesOf(bytes), 0)).toBe(2_000);
    const found = [played.value.stepAt(half), ...after].flatMap(({ bytes, at: stepAt }) =>
      events(decode(bytes, { zone: "UTC" }, stepAt)),
    );
    expect(found.length).toBe(529);
    expect(new Set(found.map(({ id }) => id)).size).toBe(529);
  });
});
