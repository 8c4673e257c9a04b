/**
 * Stands between a good feed and whoever reads it, or between a source and whoever it pushes to, and makes it bad in one
 * chosen way: so that a supplier sees what its readers will see on a bad day, and a connector is tested against days that
 * have not come yet. Listens on loopback only.
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { request } from "undici";
import { pushOn, readPush } from "./faulty-push.ts";
import { atOtherTimes, doubled, swapped } from "./garble.ts";
import { gzipCharge, signInPage } from "./payloads.ts";

/** What each fault does, in words for `--help`. */
export const faults = {
  none: "passes everything on",
  late: "answers --seconds late",
  stale: "gives the first answer for ever",
  cut: "ends the connection half-way through the body",
  half: "gives half of the body as if it were all",
  doubled: "gives every entry twice",
  swapped: "gives latitude for longitude",
  "lying-clock": "moves every time --seconds ahead",
  slow: "lets the body drip for --seconds",
  bomb: "gives a small gzip body that becomes 1 GiB",
  html: "gives a web page with status 200",
  down: "gives status 503",
} as const;

export type Fault = keyof typeof faults;

export function isFault(word: string): word is Fault {
  return Object.hasOwn(faults, word);
}

const daySeconds = 86_400;

/** How many seconds a fault takes where nobody says. */
export function usualSeconds(fault: Fault): number {
  return fault === "lying-clock" ? daySeconds : 60;
}

export interface FaultProxyOptions {
  /** The good feed. Its origin is what the proxy stands for; links to it in bodies lead through the proxy too. */
  readonly target: string;
  readonly fault: Fault;
  /** What `late`, `slow` and `lying-clock` need; default 60, a day for the clock. */
  readonly seconds?: number | undefined;
  readonly port?: number;
}

export interface FaultProxy {
  /** The feed's address through the proxy. */
  readonly url: string;
  /** From the next request on. */
  setFault(fault: Fault): void;
  stop(): Promise<void>;
}

export type Bytes = Uint8Array<ArrayBuffer>;

interface Good {
  readonly status: number;
  readonly type: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const mostBytes = 256 * 1024 * 1024;

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const target = new URL(options.target);
  const kept = new Map<string, Good>();
  const stopping = new AbortController();
  let { fault } = options;
  let origin = "";

  const ask = async (path: string, headers: IncomingMessage["headers"]): Promise<Good> => {
    const answer = await request(addressOf(path, target.origin), {
      headers: passedOn(headers),
      signal: stopping.signal,
    });
    const bytes = new Uint8Array(await answer.body.arrayBuffer());
    if (bytes.length > mostBytes) throw new Error(`the feed has more than ${mostBytes} bytes`);
    const type = answer.headers["content-type"];
    return {
      status: answer.statusCode,
      type: typeof type === "string" ? type : null,
      bytes: throughProxy(bytes, target.origin, origin),
    };
  };

  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = incoming.url ?? "/";
    const good = (fault === "stale" ? kept.get(path) : undefined) ?? (await ask(path, incoming.headers));
    if (fault === "stale") kept.set(path, good);
    await misbehave(response, good, fault, options.seconds ?? usualSeconds(fault), stopping.signal);
  };

  const sent = new Map<string, Bytes>();

  /** A push, for its receiver at the same path. */
  const passOn = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = incoming.url ?? "/";
    const own = await readPush(incoming, mostBytes);
    if (fault === "down") return void response.writeHead(503, { "retry-after": "1" }).end();
    const body = fault === "stale" ? (sent.get(path) ?? own) : own;
    if (fault === "stale") sent.set(path, body);
    const seconds = options.seconds ?? usualSeconds(fault);
    const to = addressOf(path, target.origin);
    const told = await pushOn({ target: to, incoming, body, fault, seconds, signal: stopping.signal });
    if (told === null) return void response.destroy();
    response.writeHead(told.status, told.type === null ? {} : { "content-type": told.type }).end(told.bytes);
  };

  const server = createServer((incoming, response) => {
    const isPush = incoming.method === "POST" || incoming.method === "PUT";
    (isPush ? passOn : answer)(incoming, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(`the feed behind the proxy: ${String(error)}`);
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `${origin}${target.pathname}${target.search}`,
    setFault(next) {
      fault = next;
      kept.clear();
      sent.clear();
    },
    async stop() {
      stopping.abort();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What is asked for may be `//host/` or `http://host/`, which would lead, with the feed's key, to anybody. */
function addressOf(path: string, origin: string): URL {
  const url = new URL(path, origin);
  if (url.origin !== origin) throw new Error(`expected a path of ${origin}, found "${path.slice(0, 80)}"`);
  return url;
}

/** Every answer is whole and new: a fault must not hide behind "not modified" or an encoding of the source's. */
function passedOn({ authorization, accept, ...headers }: IncomingMessage["headers"]): Record<string, string> {
  const key = headers["x-api-key"];
  return {
    "accept-encoding": "identity",
    "user-agent": headers["user-agent"] ?? "Citydeck fault-proxy",
    ...(authorization === undefined ? {} : { authorization }),
    ...(accept === undefined ? {} : { accept }),
    ...(typeof key === "string" ? { "x-api-key": key } : {}),
  };
}

function throughProxy(bytes: Uint8Array<ArrayBuffer>, from: string, to: string): Uint8Array<ArrayBuffer> {
  const text = Buffer.from(bytes).toString("latin1");
  return text.includes(from) ? new Uint8Array(Buffer.from(text.replaceAll(from, to), "latin1")) : bytes;
}

async function misbehave(
  response: ServerResponse,
  { status, type, bytes }: Good,
  fault: Fault,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const headers = { ...(type === null ? {} : { "content-type": type }), "cache-control": "no-store" };
  const give = (body: Uint8Array): void => void response.writeHead(status, headers).end(body);
  switch (fault) {
    case "none":
    case "stale":
      return give(bytes);
    case "late":
      await pause(seconds * 1_000, undefined, { signal });
      return give(bytes);
    case "cut":
      response.writeHead(status, { ...headers, "content-length": bytes.length });
      response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
      return;
    case "half":
      return give(bytes.subarray(0, bytes.length >> 1));
    case "doubled":
      return give(doubled(bytes));
    case "swapped":
      return give(swapped(bytes));
    case "lying-clock":
      return give(atOtherTimes(bytes, seconds));
    case "slow":
      response.writeHead(status, { ...headers, "content-length": bytes.length });
      return drip(response, bytes, seconds, signal);
    case "bomb":
      return explode(response, headers);
    case "html":
      response.writeHead(200, { "content-type": "text/html" });
      response.end(signInPage);
      return;
    case "down":
      response.writeHead(503, { "retry-after": "1" }).end();
  }
}

async function drip(
  response: ServerResponse,
  bytes: Uint8Array,
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  const drops = 50;
  for (let i = 0; i < drops && !response.destroyed; i++) {
    response.write(bytes.subarray((bytes.length * i) / drops, (bytes.length * (i + 1)) / drops));
    await pause((seconds * 1_000) / drops, undefined, { signal });
  }
  response.end();
}

const charges = 16;

function explode(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  response.writeHead(200, { ...headers, "content-encoding": "gzip" });
  for (let i = 0; i < charges; i++) response.write(gzipCharge());
  response.end();
}
