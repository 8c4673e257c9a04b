/**
 * A feed whose source sends lines to a port of ours: syslog over UDP (RFC 5426), TCP (RFC 6587) or TLS (RFC 5425).
 * Lines that come within a quarter of a second are one part. Nobody acknowledges syslog: too much over TCP and TLS waits
 * in the sender, too much over UDP is dropped and counted.
 */

import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { BlockList, createServer, isIPv6, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from "node:tls";
import { Notices } from "../../shared/notice.ts";
import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./wiring.ts";
import type { PartFault } from "./part-decoder.ts";
import { FrameReader } from "./syslog-frames.ts";
import { watchFiles, type FileTiming, type FileWatch } from "./watch-files.ts";

export type ListenTransport = FeedEntry["transport"] & { readonly type: "listen" };

const partName = "body";
/** Trouble with them is no trouble with what comes. */
const certificatesName = "certificates";
const flushEveryMs = 250;
/** A part ends before its time when it has so many bytes. */
const partBytes = 1 << 20;
const retryMs = 5_000;
/** Notices that no line brings are told this often at most: senders that are refused may be very many. */
const noticesEveryMs = 5_000;
const handshakeMs = 10_000;
/** A certificate and its key are not renewed in one instant. */
const certificateTiming: FileTiming = { settleMs: 1_000, lookMs: 10_000 };
const maxCertificateBytes = 1 << 20;

/** Listens until it is stopped; a port that is taken is tried again. */
export function startListen(
  wiring: FeedWiring,
  transport: ListenTransport,
  fold: Fold,
  keeper: BodyKeeper,
): { stop(): Promise<void> } {
  const lines = new LineDesk(wiring, transport, fold, keeper);
  let opened: Opened | null = null;
  let retry: NodeJS.Timeout | undefined;
  let stopped = false;
  const listen = async (): Promise<void> => {
    try {
      const now = await (transport.protocol === "udp"
        ? openUdp(transport, lines)
        : openTcp(transport, lines, wiring, fold));
      if (stopped) return await now.close();
      opened = now;
      fold.forgive(partName);
    } catch (error) {
      fold.fault(partName, listenFault(transport, error));
      if (!stopped)
        retry = setTimeout(() => {
          listening = listen();
        }, retryMs);
    }
  };
  let listening = listen();
  const flushing = setInterval(() => {
    lines.flush();
    opened?.resume();
  }, flushEveryMs);
  return {
    async stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(flushing);
      await listening;
      await opened?.close();
      lines.flush();
    },
  };
}

interface Opened {
  /** Reads on where reading was put off. */
  resume(): void;
  close(): Promise<void>;
}

function listenFault({ protocol, host, port }: ListenTransport, error: unknown): PartFault {
  const { code, message } = error as NodeJS.ErrnoException;
  const isSetting = code === "ENOENT" || code === "EACCES" || code?.startsWith("ERR_OSSL") === true;
  return {
    class: isSetting ? "settings" : "connection",
    message: `${protocol} ${host}:${port} cannot be listened to: ${code === "EADDRINUSE" ? "another program does" : message}`,
  };
}

/** Lines on their way into a part, with what there is too much of. */
class LineDesk {
  readonly #wiring: FeedWiring;
  readonly #transport: ListenTransport;
  readonly #fold: Fold;
  readonly #keeper: BodyKeeper;
  #lines: Uint8Array[] = [];
  #bytes = 0;
  #dropped = 0;
  #notices = new Notices();
  #noticesToldAt = Number.NEGATIVE_INFINITY;
  /** Lines that may come before it is too fast; a second's worth at most. */
  #room: number;
  #roomAt = performance.now();

  constructor(wiring: FeedWiring, transport: ListenTransport, fold: Fold, keeper: BodyKeeper) {
    this.#wiring = wiring;
    this.#transport = transport;
    this.#fold = fold;
    this.#keeper = keeper;
    this.#room = transport.linesPerSecond;
  }

  /** Whether a source that can wait should. */
  get isFull(): boolean {
    this.#makeRoom();
    return this.#room < 1 || this.#wiring.isBehind?.() === true;
  }

  /** Takes a line from a source that cannot wait, if there is room. */
  offer(line: Uint8Array, isCut: boolean): void {
    if (!this.isFull) return this.add(line, isCut);
    this.#dropped++;
    const { linesPerSecond } = this.#transport;
    this.note(
      "listen-too-many",
      "error",
      `lines were dropped: more than ${linesPerSecond} a second, or the city is behind`,
    );
  }

  add(line: Uint8Array, isCut: boolean): void {
    this.#room--;
    // A message may hold line feeds; a line of a part may not.
    this.#lines.push(line.map((byte) => (byte === 0x0a ? 0x20 : byte)));
    this.#bytes += line.length;
    if (isCut)
      this.note(
        "listen-long-line",
        "warning",
        `a line of more than ${this.#transport.maxLineBytes} bytes was cut`,
      );
    if (this.#bytes >= partBytes) this.flush();
  }

  note(code: string, severity: "info" | "warning" | "error", example: string): void {
    this.#notices.add(code, severity, example);
  }

  flush(): void {
    const { entry, now, drop } = this.#wiring;
    if (this.#dropped > 0) drop?.(entry.id, this.#dropped);
    this.#dropped = 0;
    if (this.#lines.length === 0) return this.#tellNotices();
    const { protocol, host, port } = this.#transport;
    const bytes = Buffer.concat(this.#lines.flatMap((line) => [line, lineEnd]));
    const notices = this.#notices.list();
    this.#lines = [];
    this.#bytes = 0;
    this.#notices = new Notices();
    const receivedAt = now();
    const raw = { name: partName, url: `${protocol}://${host}:${port}`, bytes };
    const taken = this.#fold.take(raw, { receivedAt, notices });
    if (taken.ok) void this.#keeper.keep(taken.value.part, taken.value.update, receivedAt, false);
  }

  #tellNotices(): void {
    const notices = this.#notices.list();
    if (notices.length === 0 || performance.now() - this.#noticesToldAt < noticesEveryMs) return;
    this.#noticesToldAt = performance.now();
    this.#notices = new Notices();
    this.#fold.tell(partName, notices);
  }

  #makeRoom(): void {
    const { linesPerSecond } = this.#transport;
    const now = performance.now();
    this.#room = Math.min(linesPerSecond, this.#room + ((now - this.#roomAt) / 1_000) * linesPerSecond);
    this.#roomAt = now;
  }
}

const lineEnd = Uint8Array.of(0x0a);

async function openUdp(transport: ListenTransport, lines: LineDesk): Promise<Opened> {
  const { host, port, maxLineBytes } = transport;
  const isAllowed = allowed(transport);
  const socket = createSocket({ type: isIPv6(host) ? "udp6" : "udp4", recvBufferSize: 4 << 20 });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, host, resolve);
  });
  socket.removeAllListeners("error");
  socket.on("error", (error) => lines.note("listen-error", "warning", error.message));
  socket.on("message", (message, { address }) => {
    if (!isAllowed(address)) return lines.note("listen-refused", "warning", "somebody who is not in `from`");
    lines.offer(message.subarray(0, maxLineBytes), message.length > maxLineBytes);
  });
  return { resume: () => undefined, close: () => closed(socket) };
}

async function openTcp(
  transport: ListenTransport,
  lines: LineDesk,
  wiring: FeedWiring,
  fold: Fold,
): Promise<Opened> {
  const { host, port, maxConnections, maxLineBytes, idleSeconds } = transport;
  const isAllowed = allowed(transport);
  const sockets = new Set<Socket>();
  /** Of those too that are still in their handshake. */
  const connections = new Set<Socket>();
  const welcome = (socket: Socket): void => {
    if (!isAllowed(socket.remoteAddress ?? "")) {
      lines.note("listen-refused", "warning", "somebody who is not in `from`");
      socket.destroy();
      return;
    }
    const frames = new FrameReader(maxLineBytes, { line: (bytes, isCut) => lines.add(bytes, isCut) });
    sockets.add(socket);
    socket.setTimeout(idleSeconds * 1_000, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => {
      frames.push(chunk);
      if (lines.isFull) socket.pause();
    });
    socket.on("end", () => frames.end());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const secured = transport.protocol === "tls" ? await tlsServer(transport, welcome, lines) : null;
  const server = secured ?? createServer(welcome);
  server.maxConnections = maxConnections;
  server.on("connection", (connection: Socket) => {
    connections.add(connection);
    connection.on("close", () => connections.delete(connection));
  });
  server.on("drop", () =>
    lines.note("listen-refused", "warning", `a connection beyond the ${maxConnections} that may be`),
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const renewing =
    secured && watchCertificates(secured, transport, wiring.timing?.file ?? certificateTiming, fold);
  return {
    resume() {
      if (!lines.isFull) for (const socket of sockets) socket.resume();
    },
    async close() {
      await renewing?.stop();
      const ended = closed(server);
      for (const connection of connections) connection.destroy();
      await ended;
    },
  };
}

async function tlsServer(
  transport: ListenTransport,
  welcome: (socket: Socket) => void,
  lines: LineDesk,
): Promise<TlsServer> {
  const isClientAsked = transport.clientCa !== null;
  const server = createTlsServer(
    {
      ...(await secureContext(transport)),
      handshakeTimeout: handshakeMs,
      requestCert: isClientAsked,
      rejectUnauthorized: isClientAsked,
    },
    welcome,
  );
  server.on("tlsClientError", ({ message }) =>
    lines.note("listen-tls", "warning", `a TLS handshake failed: ${message.slice(0, 120)}`),
  );
  return server;
}

async function secureContext({ certificate, key, clientCa }: ListenTransport): Promise<TlsOptions> {
  const [cert, secret, ca] = await Promise.all(
    [certificate, key, clientCa].map(async (path) => (path === null ? undefined : await readFile(path))),
  );
  return { cert, key: secret, ...(ca && { ca }), minVersion: "TLSv1.2" };
}

/**
 * New connections get certificates as they are on disk: a renewed one needs no restart. Those that cannot be used are
 * the feed's error until they can, and the ones before them go on.
 */
function watchCertificates(
  server: TlsServer,
  transport: ListenTransport,
  timing: FileTiming,
  fold: Fold,
): FileWatch {
  const files = (["certificate", "key", "clientCa"] as const).flatMap((name) => {
    const path = transport[name];
    return path === null ? [] : [{ name, path }];
  });
  return watchFiles(files, maxCertificateBytes, timing, async () => {
    try {
      server.setSecureContext(await secureContext(transport));
      fold.forgive(certificatesName);
    } catch (error) {
      const message = `the TLS certificates have changed and cannot be used, those before go on: ${(error as Error).message}`;
      fold.fault(certificatesName, { class: "settings", message });
    }
  });
}

/** Whether an address may send: it is in one of the networks of `from`, or there are none. */
function allowed({ from }: ListenTransport): (address: string) => boolean {
  if (from.length === 0) return () => true;
  const networks = new BlockList();
  for (const network of from) {
    const [address = "", bits] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    networks.addSubnet(address, bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits), family);
  }
  return (address) => {
    const bare = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return networks.check(bare, isIPv6(bare) ? "ipv6" : "ipv4");
  };
}

function closed(server: Server | UdpSocket): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
