/** The way to an MQTT broker, opened again and again: the only place that knows the client library. */

import { isIP, type LookupFunction } from "node:net";
import type { IClientOptions, MqttClient } from "mqtt";
import { ok, type Result } from "../../shared/result.ts";
import type { FeedEntry } from "../core/feeds/feed-entry.ts";
import { bareHost } from "../inside-address.ts";
import { clientFault, reasonFault } from "./mqtt-fault.ts";
import { findInsideHost, openReach } from "../outside.ts";
import { crash, type PartFault } from "./part-decoder.ts";
import { readLimited } from "./watch-files.ts";

export type SubscribeTransport = FeedEntry["transport"] & { readonly type: "subscribe" };

export interface BrokerEvents {
  connected(): void;
  /**
   * `isRetained`: the broker had kept it for newcomers. Resolves when it is on disk, `isOwed` to a broker that waits for
   * that (QoS 1 and 2), or when it will never be; never rejects.
   */
  message(topic: string, payload: Uint8Array, isRetained: boolean, isOwed: boolean): Promise<unknown>;
  /** The connection has ended, or could not be opened. */
  closed(why: PartFault): void;
}

export interface BrokerConnection {
  /** Tries to connect; `connected` or `closed` says how that went. Never rejects. */
  open(): Promise<void>;
  /**
   * `answer` is called with what SUBACK says of each filter, 0x80 and more being refusals; not at all when the
   * connection ends before.
   */
  subscribe(filters: readonly string[], answer: (granted: readonly Granted[]) => void): void;
  /** After it nothing is told any more. */
  close(): Promise<void>;
}

export interface Granted {
  readonly filter: string;
  /** The granted QoS or a reason code (MQTT 5.0 §3.9.3). */
  readonly code: number;
}

const keepAliveSeconds = 30;
/** The largest packet that is taken off the line; a message of more than `maxBytes` is refused after it came. */
const mostPacketBytes = 64 << 20;
const mostCertificateBytes = 1 << 20;
const closeWithinMs = 1_000;
/** At some 20 µs each. */
const messagesInARow = 250;

export function createBrokerConnection(
  transport: SubscribeTransport,
  feedId: string,
  events: BrokerEvents,
  lookup?: LookupFunction,
): BrokerConnection {
  let client: MqttClient | null = null;
  /** Why the connection ends, once that is known. */
  let trouble: PartFault | null = null;
  let isClosed = false;

  const ended = (why: PartFault): void => {
    if (!isClosed) events.closed(why);
  };

  const listenTo = (made: MqttClient): MqttClient =>
    made
      .on("connect", () => events.connected())
      .on("disconnect", ({ reasonCode }) => {
        trouble ??= reasonFault("ended the connection", reasonCode ?? 0x80);
      })
      .on("error", (error) => {
        trouble ??= clientFault(error);
        made.stream.destroy();
      })
      .on("close", () =>
        ended(trouble ?? { class: "connection", message: "the broker closed the connection" }),
      );

  /**
   * Takes message after message. While a turn ends the line is not read: in a burst others come in between, and the broker
   * feels the pressure.
   */
  const takeFrom = (stream: MqttClient["stream"]): MqttClient["handleMessage"] => {
    const acknowledge = acknowledgements(stream);
    let taken = 0;
    return ({ topic, payload, retain, qos, messageId }, done) => {
      // What is not taken is not acknowledged, by the library neither.
      if (isClosed) return done(notByLibrary);
      const kept = events.message(topic, payload as Uint8Array, retain, qos > 0);
      // Who has hung up meanwhile has nothing left to acknowledge with.
      if (qos === 2) return void whenKept(kept, () => done(isClosed ? notByLibrary : undefined));
      if (qos === 1) acknowledge(messageId!, kept);
      const next = (): void => done(qos === 1 ? notByLibrary : undefined);
      if (++taken % messagesInARow === 0) setImmediate(next);
      else next();
    };
  };

  return {
    async open() {
      trouble = null;
      try {
        // Only a city that listens to a broker pays for the library.
        const { connect } = await import("mqtt");
        const credentials = await readCredentials(transport);
        if (isClosed) return;
        if (!credentials.ok) return ended(credentials.failure);
        client ??= listenTo(connect(transport.url, clientOptions(transport, feedId)));
        Object.assign(client.options, credentials.value, await wayTo(transport, lookup));
        if (isClosed) return;
        client.connect();
        client.handleMessage = takeFrom(client.stream);
        boundPackets(client, (fault) => (trouble ??= fault));
      } catch (error) {
        const known = findInsideHost(error) ?? isSystemError(error);
        ended(known ? clientFault(error as Error) : crash("connecting", error));
      }
    },
    subscribe(filters, answer) {
      const asked = Object.fromEntries(filters.map((filter) => [filter, { qos: transport.qos }]));
      client?.subscribe(asked, (_error, grants, suback) => {
        if (isClosed || !grants || !suback) return;
        answer(grants.map(({ topic }, i) => ({ filter: topic, code: Number(suback.granted[i]) })));
      });
    },
    async close() {
      isClosed = true;
      if (client !== null) await sayGoodbye(client);
    },
  };
}

async function whenKept(kept: Promise<unknown>, goOn: () => void): Promise<void> {
  await kept;
  goOn();
}

/** The library acknowledges a message before it takes the next one, unless this is what became of it. */
const notByLibrary = new Error("acknowledged when it is kept");

/**
 * Tells a broker of the messages of QoS 1 that are kept, each when it is, in the order in which they came (MQTT 5.0 §4.6):
 * the next ones are taken meanwhile, so that many share one write to the disk.
 */
function acknowledgements(stream: MqttClient["stream"]): (id: number, kept: Promise<unknown>) => void {
  let before: Promise<unknown> = Promise.resolve();
  return (id, kept) => {
    before = before
      .then(() => kept)
      .then(() => {
        // PUBACK, the same in 3.1.1 and, for success, in 5.0 (§3.4.2.1).
        if (stream.writable) stream.write(Buffer.from([0x40, 2, id >> 8, id & 0xff]));
      });
  };
}

/** What has come of a packet is held in memory until it is whole: one that does not end is given up. */
function boundPackets(client: MqttClient, giveUp: (fault: PartFault) => void): void {
  const { stream } = client;
  let partialBytes = 0;
  const whole = (): void => {
    partialBytes = 0;
  };
  client.on("packetreceive", whole);
  stream.on("close", () => client.off("packetreceive", whole));
  stream.on("data", ({ byteLength }: Uint8Array) => {
    partialBytes += byteLength;
    if (partialBytes <= mostPacketBytes) return;
    giveUp({ class: "too-large", message: `a packet of more than ${mostPacketBytes} bytes` });
    stream.destroy();
  });
}

/** Does not wait for long whether it is heard. */
async function sayGoodbye(client: MqttClient): Promise<void> {
  const { stream } = client;
  if (!stream || stream.destroyed) return;
  const closed = new Promise((done) => stream.once("close", done));
  if (client.connected) client.end();
  else stream.destroy();
  const cut = setTimeout(() => stream.destroy(), closeWithinMs);
  await closed;
  clearTimeout(cut);
}

/** What stays the same for all connections. `log` is the library's own, which would write passwords. */
function clientOptions(
  { protocolVersion, clientId, sessionExpirySeconds, timeoutSeconds }: SubscribeTransport,
  feedId: string,
): IClientOptions {
  const is5 = protocolVersion === "5.0";
  return {
    manualConnect: true,
    reconnectPeriod: 0,
    resubscribe: false,
    rejectUnauthorized: true,
    keepalive: keepAliveSeconds,
    connectTimeout: timeoutSeconds * 1_000,
    protocolVersion: is5 ? 5 : 4,
    clientId: clientId ?? `citydeck-${feedId}-${crypto.randomUUID().slice(0, 8)}`,
    clean: sessionExpirySeconds === 0,
    ...(is5 && {
      properties: { sessionExpiryInterval: sessionExpirySeconds, maximumPacketSize: mostPacketBytes },
    }),
    log: () => undefined,
  };
}

const defaultPorts: Readonly<Record<string, number>> = {
  "mqtt:": 1883,
  "mqtts:": 8883,
  "ws:": 80,
  "wss:": 443,
};

/**
 * How to reach the broker, anew for each connection: only an address outside, or one that the city folder names. Throws
 * `InsideHost`, and what a lookup throws: here, because of a web socket the library does not say why it failed. It takes a
 * lookup for TLS and web sockets; for TCP it takes the address that was found.
 */
async function wayTo(
  { url, outgoing }: SubscribeTransport,
  anywhere: LookupFunction | undefined,
): Promise<Pick<IClientOptions, "hostname" | "wsOptions"> & { readonly lookup?: LookupFunction }> {
  const { protocol, hostname, port } = new URL(url);
  const host = bareHost(hostname);
  const reach = openReach({ outgoing, ...(anywhere && { lookup: anywhere }) });
  const lookup = reach.lookupFor(hostname, Number(port || defaultPorts[protocol]));
  const address = isIP(host) === 0 ? await lookUp(host, lookup) : host;
  return protocol === "mqtt:" ? { hostname: address } : { lookup, wsOptions: { lookup } };
}

function lookUp(host: string, lookup: LookupFunction): Promise<string> {
  return new Promise((resolve, reject) => {
    lookup(host, {}, (error, found) => {
      if (error !== null) reject(error);
      else resolve(typeof found === "string" ? found : found[0]!.address);
    });
  });
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string";
}

/**
 * Secrets and certificates as they are now: they may have been renewed since the last connection. Rejects with
 * `MissingSecret`.
 */
async function readCredentials({
  username,
  password,
  ca,
  cert,
  key,
}: SubscribeTransport): Promise<Result<Record<string, string | Buffer>, PartFault>> {
  const credentials: Record<string, string | Buffer> = {};
  if (username !== null) credentials["username"] = typeof username === "string" ? username : username();
  if (password !== null) credentials["password"] = password();
  for (const [name, path] of Object.entries({ ca, cert, key })) {
    if (path === null) continue;
    const file = await readLimited({ name, path }, mostCertificateBytes);
    if (!file.ok) return file;
    credentials[name] = Buffer.from(file.value.bytes);
  }
  return ok(credentials);
}
