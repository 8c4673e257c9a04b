/** A push on its way through the fault proxy: the same bad days, with the body going the other way. */

import { request as openRequest, type IncomingMessage } from "node:http";
import { request as openTlsRequest } from "node:https";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { request } from "undici";
import type { Bytes, Fault } from "./fault-proxy.ts";
import { atOtherTimes, doubled, swapped } from "./garble.ts";
import { gzipCharge, signInPage } from "./payloads.ts";

export interface PushAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly bytes: Bytes;
}

export interface FaultyPush {
  readonly target: URL;
  readonly incoming: Pick<IncomingMessage, "method" | "headers">;
  readonly body: Bytes;
  readonly fault: Fault;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** A push as it was sent, its encoding undone; changed bytes cannot be signed anew, so a signature will not match. */
export async function readPush(incoming: IncomingMessage, mostBytes: number): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > mostBytes) throw new Error(`the push has more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const isGzip = incoming.headers["content-encoding"] === "gzip";
  return new Uint8Array(isGzip ? gunzipSync(bytes, { maxOutputLength: mostBytes }) : bytes);
}

/** Sends a push on, made bad, and says what the receiver answered; `null` where the connection ended half-way. */
export async function pushOn(push: FaultyPush): Promise<PushAnswer | null> {
  const { target, incoming, fault, seconds, signal } = push;
  if (fault === "cut") return cutOff(push);
  if (fault === "late") await pause(seconds * 1_000, undefined, { signal });
  const answer = await request(target, {
    method: incoming.method === "PUT" ? "PUT" : "POST",
    headers: headersOf(push),
    body: fault === "slow" ? Readable.from(dripping(push)) : bodyOf(push),
    signal,
  });
  const type = answer.headers["content-type"];
  return {
    status: answer.statusCode,
    type: typeof type === "string" ? type : null,
    bytes: new Uint8Array(await answer.body.arrayBuffer()),
  };
}

const notPassedOn = new Set([
  "host",
  "connection",
  "content-length",
  "content-encoding",
  "transfer-encoding",
  "expect",
]);

function headersOf({ incoming, fault }: FaultyPush): Record<string, string> {
  const passed = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === "string" && !notPassedOn.has(name) ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(passed), ...(fault === "bomb" ? { "content-encoding": "gzip" } : {}) };
}

function bodyOf({ body, fault, seconds }: FaultyPush): Uint8Array {
  switch (fault) {
    case "half":
      return body.subarray(0, body.length >> 1);
    case "doubled":
      return doubled(body);
    case "swapped":
      return swapped(body);
    case "lying-clock":
      return atOtherTimes(body, seconds);
    case "html":
      return Buffer.from(signInPage);
    case "bomb":
      return gzipCharge();
    case "none":
    case "stale":
    case "late":
    case "slow":
    case "cut":
    case "down":
      return body;
  }
}

async function* dripping({ body, seconds, signal }: FaultyPush): AsyncGenerator<Uint8Array> {
  const drops = 20;
  for (let i = 0; i < drops; i++) {
    yield body.subarray((body.length * i) / drops, (body.length * (i + 1)) / drops);
    await pause((seconds * 1_000) / drops, undefined, { signal });
  }
}

async function cutOff(push: FaultyPush): Promise<null> {
  const { target, incoming, body, signal } = push;
  const open = target.protocol === "https:" ? openTlsRequest : openRequest;
  const headers = { ...headersOf(push), "content-length": body.length };
  const outgoing = open(target, { method: incoming.method, headers, signal }).on("error", () => undefined);
  await new Promise<void>((written) => {
    outgoing.write(body.subarray(0, body.length >> 1), () => written());
  });
  outgoing.destroy();
  return null;
}
