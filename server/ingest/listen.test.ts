/** A feed that listens, with Debian's `logger` (bsdutils) as the sender, and hand-made ones for what it cannot do. */

import { execFile, spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { copyFile, readdir, readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually, rig, temporaryFolder, type Rig } from "../../test/feed-rig.ts";
import type { EntityOf } from "../../shared/entity.ts";
import { log } from "../core/feeds/log/decode.ts";
import { startFeed, type RunningFeed } from "./intake.ts";
import type { FeedWiring } from "./wiring.ts";
import type { ListenTransport } from "./listen.ts";
import { freePort } from "../../test/free-port.ts";

const pem = new URL("../../fixtures/tls/self-signed.pem", import.meta.url).pathname;
const failed = "Failed password for invalid user admin from 203.0.113.7 port 4242 ssh2";

interface Listening extends Rig {
  readonly port: number;
  readonly feed: RunningFeed;
  readonly dropped: () => number;
  events(): EntityOf<"SecurityEvent">["fields"][];
  codes(): Record<string, number>;
}

async function listening(
  transport: Partial<ListenTransport> = {},
  more: Partial<Omit<FeedWiring, "entry">> = {},
): Promise<Listening> {
  const port = transport.port ?? (await freePort());
  let dropped = 0;
  const city = await rig(
    {
      type: "listen",
      protocol: "tcp",
      host: "127.0.0.1",
      certificate: null,
      key: null,
      clientCa: null,
      from: [],
      maxConnections: 10,
      maxLineBytes: 1_000,
      idleSeconds: 60,
      linesPerSecond: 10_000,
      maxBytes: 1e6,
      ...transport,
      port,
    },
    { connector: log, drop: (_, count) => (dropped += count), entry: { spec: "log" }, ...more },
  );
  const feed = startFeed(city.wiring);
  onTestFinished(() => feed.stop());
  await feed.ready;
  // The port is bound a moment later.
  await pause(50);
  const updates = () => city.delivered.map(({ update }) => update);
  return {
    ...city,
    port,
    feed,
    dropped: () => dropped,
    events: () =>
      updates().flatMap(({ entities }) => entities.map((one) => (one as EntityOf<"SecurityEvent">).fields)),
    codes() {
      const counts: Record<string, number> = {};
      for (const { code, count } of updates().flatMap(({ notices }) => notices))
        counts[code] = (counts[code] ?? 0) + count;
      return counts;
    },
  };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** However it ends. */
function closing(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

const hasLogger = spawnSync("logger", ["--version"]).status === 0;
const run = promisify(execFile);

describe.skipIf(!hasLogger)("logger", () => {
  test.each<[string, Partial<ListenTransport>, string[]]>([
    ["UDP, RFC 3164", { protocol: "udp" }, ["--udp", "--rfc3164"]],
    ["UDP, RFC 5424", { protocol: "udp" }, ["--udp", "--rfc5424"]],
    ["TCP, RFC 3164", {}, ["--tcp", "--rfc3164"]],
    ["TCP, RFC 5424", {}, ["--tcp", "--rfc5424"]],
    ["TCP, RFC 5424, octet counting", {}, ["--tcp", "--rfc5424", "--octet-count"]],
    ["TCP, RFC 3164, octet counting", {}, ["--tcp", "--rfc3164", "--octet-count"]],
  ])("%s", async (_, transport, options) => {
    const city = await listening(transport, { zone: Intl.DateTimeFormat().resolvedOptions().timeZone });
    const server = ["--server", "127.0.0.1", "--port", String(city.port)];
    await run("logger", [...server, ...options, "--id=42", "--tag", "sshd", failed]);
    await eventually(() => expect(city.events().length).toBe(1));
    const [event] = city.events();
    expect(event).toMatchObject({
      eventType: "login-failed",
      accountExists: false,
      source: "hash of address 203.0.113.7",
    });
    expect(event!.target).toMatch(/\S/);
    expect(Math.abs(event!.eventAt! - Date.now())).toBeLessThan(10_000);
    expect(city.words.at(-1)).toMatchObject({ error: null });
  });
});

test("over TLS, with the lengths that RFC 5425 wants; who speaks no TLS is noted", async () => {
  const city = await listening({ protocol: "tls", certificate: pem, key: pem });
  const plain = await open(city.port);
  plain.write(`<38>Nov 23 12:30:00 gate sshd[1]: ${failed}\n`);
  await closing(plain);
  const socket = connectTls({
    host: "127.0.0.1",
    port: city.port,
    ca: await readFile(pem),
    checkServerIdentity: () => undefined,
  });
  await once(socket, "secureConnect");
  const message = `<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}`;
  socket.write(`${message.length} ${message}${message.length} ${message.slice(0, 20)}`);
  await pause(20);
  socket.end(message.slice(20));
  await eventually(() => expect(city.events().length).toBe(2));
  expect(city.codes()).toMatchObject({ "listen-tls": 1 });
});

test("with clientCa only its clients are let in", async () => {
  const city = await listening({ protocol: "tls", certificate: pem, key: pem, clientCa: pem });
  const secret = await readFile(pem);
  const send = async (more: object): Promise<void> => {
    const socket = connectTls({ host: "127.0.0.1", port: city.port, rejectUnauthorized: false, ...more });
    socket.on("error", () => undefined);
    socket.end(`<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}\n`);
    await closing(socket);
  };
  await send({});
  await send({ cert: secret, key: secret });
  await eventually(() => expect(city.events().length).toBe(1));
  expect(city.codes()).toMatchObject({ "listen-tls": 1 });
});

test("a renewed certificate is taken while it runs; a bad one is the feed's error, and the one before goes on", async () => {
  const folder = await temporaryFolder();
  const [certificate, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const other = fileURLToPath(new URL("../../fixtures/tls/expired.pem", import.meta.url));
  await Promise.all([copyFile(pem, certificate), copyFile(pem, key)]);
  const city = await listening(
    { protocol: "tls", certificate, key },
    { timing: { file: { settleMs: 10, lookMs: 100 } } },
  );
  const shown = async (): Promise<string> => {
    const socket = connectTls({ host: "127.0.0.1", port: city.port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const print = async (path: string): Promise<string> =>
    new X509Certificate(await readFile(path)).fingerprint256;
  expect(await shown()).toBe(await print(pem));

  await copyFile(other, certificate);
  await eventually(() => expect(city.words.at(-1)?.error).toMatchObject({ class: "settings" }));
  expect(city.words.at(-1)!.error!.message).toContain("those before go on");
  expect(await shown()).toBe(await print(pem));

  await copyFile(other, key);
  await eventually(() => expect(city.words.at(-1)).toMatchObject({ good: null, error: null }));
  expect(await shown()).toBe(await print(other));
});

test("what is kept on disk has no address and no name, and is there after a restart", async () => {
  const city = await listening();
  const socket = await open(city.port);
  socket.end(`<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}\n`);
  await eventually(() => expect(city.events().length).toBe(1));
  await city.feed.stop();
  const journal = join(city.folder, "feeds", "sensors", "journal");
  const kept = Buffer.concat(
    await Promise.all((await readdir(journal)).map((name) => readFile(join(journal, name)))),
  );
  expect(kept.toString()).toContain("login-failed");
  expect(
    kept
      .toString()
      .replaceAll("hash of address 203.0.113.7", "")
      .replace(/hash of line [^"]*/g, ""),
  ).not.toMatch(/203\.0\.113|admin/);
  const again = await listening({}, { dataFolder: city.folder });
  expect(again.delivered).toMatchObject([{ restored: true }]);
  expect(again.events()).toEqual(city.events());
});

test("over UDP what comes too fast is dropped and counted", async () => {
  const city = await listening({ protocol: "udp", linesPerSecond: 20 });
  const socket = createSocket("udp4");
  onTestFinished(() => void socket.close());
  const line = `<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}`;
  for (let i = 0; i < 200; i++) await new Promise((sent) => socket.send(line, city.port, "127.0.0.1", sent));
  await eventually(() => expect(city.events().length + city.dropped()).toBe(200));
  expect(city.events().length).toBeLessThan(60);
  await eventually(() => {
    socket.send(line, city.port, "127.0.0.1");
    expect(city.codes()["listen-too-many"]).toBeGreaterThan(0);
  });
});

test("over TCP what comes too fast waits in the sender, and nothing is lost", async () => {
  const city = await listening({ linesPerSecond: 500 });
  const socket = await open(city.port);
  const line = `<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}\n`;
  const startedAt = performance.now();
  socket.end(line.repeat(1_500));
  await eventually(() => expect(city.events().length).toBe(1_500));
  expect(performance.now() - startedAt).toBeGreaterThan(700);
  expect(city.dropped()).toBe(0);
});

test("while the city is behind, TCP waits", async () => {
  let isBehind = true;
  const city = await listening({}, { isBehind: () => isBehind });
  const socket = await open(city.port);
  const line = `<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}\n`;
  socket.write(line.repeat(20_000));
  await pause(600);
  const before = city.events().length;
  expect(before).toBeLessThan(5_000);
  await pause(600);
  expect(city.events().length).toBe(before);
  isBehind = false;
  await eventually(() => expect(city.events().length).toBe(20_000));
});

test("connections are bounded in number, silence and origin; lines in length", async () => {
  const city = await listening({ maxConnections: 2, idleSeconds: 0.3, maxLineBytes: 500 });
  const [first, second] = [await open(city.port), await open(city.port)];
  const third = connect(city.port, "127.0.0.1");
  third.on("error", () => undefined);
  await closing(third);
  first.write(`<38>1 ${new Date().toISOString()} gate cron 1 - - ${"x".repeat(2_000)}\n`);
  await Promise.all([closing(first), closing(second)]);
  const fourth = await open(city.port);
  fourth.end("<38>1 - gate cron 1 - - bye\n");
  await eventually(() => expect(city.codes()).toMatchObject({ "listen-refused": 1, "listen-long-line": 1 }));

  const closed = await listening({ from: ["10.0.0.0/8", "2001:db8::/32"] });
  const stranger = connect(closed.port, "127.0.0.1");
  stranger.on("error", () => undefined);
  await closing(stranger);
  const allowed = await listening({ from: ["127.0.0.0/8"] });
  (await open(allowed.port)).end(`<38>1 ${new Date().toISOString()} gate sshd 1 - - ${failed}\n`);
  await eventually(() => expect(allowed.events().length).toBe(1));
});

test("who is refused is told though no line comes, and not each time anew", async () => {
  const city = await listening({ from: ["10.0.0.0/8"] });
  const knock = async (): Promise<void> => {
    const stranger = connect(city.port, "127.0.0.1");
    stranger.on("error", () => undefined);
    await closing(stranger);
  };
  await knock();
  await eventually(() => expect(city.codes()).toEqual({ "listen-refused": 1 }));
  for (let i = 0; i < 4; i++) {
    await knock();
    await pause(150);
  }
  expect(city.codes()).toEqual({ "listen-refused": 1 });
  expect(city.words.filter(({ good }) => good !== null)).toEqual([]);
  await eventually(() => expect(city.codes()).toEqual({ "listen-refused": 5 }));
  expect(city.delivered.length).toBe(2);
  expect(city.delivered.every(({ update }) => update.tellsNothing)).toBe(true);
});

test("a port that is taken, or a certificate that is not there, is the feed's error", async () => {
  const first = await listening();
  const second = await listening({ port: first.port });
  await eventually(() =>
    expect(second.words.at(-1)?.error).toMatchObject({
      class: "connection",
      message: `tcp 127.0.0.1:${first.port} cannot be listened to: another program does`,
    }),
  );
  const third = await listening({ protocol: "tls", certificate: "/nowhere.pem", key: "/nowhere.pem" });
  await eventually(() => expect(third.words.at(-1)?.error).toMatchObject({ class: "settings" }));
});

test.skipIf(process.platform !== "linux")("a port that stays taken costs no socket at each try", async () => {
  const first = await listening({ protocol: "udp" });
  const opened = (): number => readdirSync("/proc/self/fd").length;
  const before = opened();
  const second = await listening({ protocol: "udp", port: first.port });
  await eventually(() => expect(second.words.at(-1)?.error).toMatchObject({ class: "connection" }));
  await second.feed.stop();
  await eventually(() => expect(opened()).toBeLessThanOrEqual(before));
});

test("a stop does not wait for a handshake that never comes", async () => {
  const city = await listening({ protocol: "tls", certificate: pem, key: pem });
  const silent = await open(city.port);
  const stoppedAt = performance.now();
  await city.feed.stop();
  expect(performance.now() - stoppedAt).toBeLessThan(2_000);
  if (!silent.destroyed) await closing(silent);
});
