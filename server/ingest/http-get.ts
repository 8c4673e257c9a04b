/**
 * One GET to a source that may be slow, hostile or broken: bounded in time, redirects and decompressed bytes. Every
 * way it can fail is a value that names it; query strings are left out of messages, because they carry keys.
 */

import { Writable, type Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { Agent, request } from "undici";
import { fail, ok, type Result } from "../../shared/result.ts";
import { withinTime } from "./deadline.ts";
import { findInsideHost, outsideConnector, type Reach } from "../outside.ts";
import type { PartFault } from "./part-decoder.ts";

export interface GetOptions {
  readonly userAgent: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** For everything together: connecting, redirects, headers and body. */
  readonly timeoutMs: number;
  /** Of the decompressed body. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly agent: Agent;
  readonly wallNow: () => number;
}

export type Answer =
  | { readonly type: "not-modified" }
  | {
      readonly type: "body";
      /** Where the body came from after redirects. */
      readonly url: string;
      readonly bytes: Uint8Array;
      readonly etag: string | null;
      readonly lastModified: string | null;
    };

export interface GetFault extends PartFault {
  readonly retryAfterMs: number | null;
}

const maxRedirects = 5;

/** Connections of one feed, kept open between its requests. They stay outside. */
export function openAgent(timeoutMs: number, reach: Reach): Agent {
  const connect = outsideConnector(reach, { timeout: timeoutMs });
  return new Agent({ connect, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
}

/** Asks for `url`; follows redirects to HTTP addresses, without the configured headers once the origin changes. */
export async function httpGet(url: string, options: GetOptions): Promise<Result<Answer, GetFault>> {
  const progress: Progress = { bytes: 0, answered: false };
  return withinTime(options.timeoutMs, options.signal, async (deadline) => {
    try {
      return await getFollowing(url, { ...options, signal: deadline.signal }, progress);
    } catch (error) {
      const fault = deadline.isOver
        ? timeoutFault(options.timeoutMs, progress)
        : faultOf(error, options.maxBytes);
      return fail({ ...fault, message: `${withoutSecrets(url)}: ${fault.message}`, retryAfterMs: null });
    }
  });
}

interface Progress {
  bytes: number;
  answered: boolean;
}

async function getFollowing(
  start: string,
  options: GetOptions,
  progress: Progress,
): Promise<Result<Answer, GetFault>> {
  const seen = new Set<string>();
  let url = parseHttpUrl(start);
  let headers = options.headers;
  for (let hop = 0; url !== null && hop <= maxRedirects; hop++) {
    if (seen.has(url.href)) return httpFault(`${withoutSecrets(start)}: redirects in a circle`);
    seen.add(url.href);
    const answer = await request(bare(url), {
      method: "GET",
      headers: requestHeaders(url, headers, options),
      dispatcher: options.agent,
      signal: options.signal,
    });
    progress.answered = true;
    if (![301, 302, 303, 307, 308].includes(answer.statusCode))
      return readAnswer(url, answer, options, progress);
    await discard(answer.body);
    const location = headerOf(answer.headers, "location");
    if (location === null) return httpFault(`${withoutSecrets(start)}: a redirect without a location`);
    const next = parseHttpUrl(location, url);
    if (next === null) return httpFault(`${withoutSecrets(start)}: redirects to something that is not HTTP`);
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
  if (url === null) return httpFault(`${withoutSecrets(start)}: not an http or https address`);
  return httpFault(`${withoutSecrets(start)}: more than ${maxRedirects} redirects`);
}

type RawAnswer = Awaited<ReturnType<typeof request>>;

async function readAnswer(
  url: URL,
  answer: RawAnswer,
  options: GetOptions,
  progress: Progress,
): Promise<Result<Answer, GetFault>> {
  const { statusCode, headers, body } = answer;
  if (statusCode === 304) {
    await discard(body);
    return ok({ type: "not-modified" });
  }
  if (statusCode < 200 || statusCode > 299 || statusCode === 206) {
    await discard(body);
    const unauthorized = statusCode === 401 || statusCode === 403 || statusCode === 407;
    return fail({
      class: unauthorized ? "unauthorized" : "http",
      message: `${withoutSecrets(url.href)}: answered with status ${statusCode}`,
      retryAfterMs: parseRetryAfter(headerOf(headers, "retry-after"), options.wallNow()),
    });
  }
  const bytes = await readBody(body, headerOf(headers, "content-encoding"), options.maxBytes, progress);
  const etag = headerOf(headers, "etag");
  return ok({ type: "body", url: url.href, bytes, etag, lastModified: headerOf(headers, "last-modified") });
}

class BodyFault extends Error {
  readonly fault: PartFault;
  constructor(fault: PartFault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Undoes the declared encodings while reading, and stops as soon as more than `maxBytes` come out. */
async function readBody(
  body: Readable,
  encoding: string | null,
  maxBytes: number,
  progress: Progress,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const collect = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      progress.bytes += chunk.byteLength;
      chunks.push(chunk);
      done(progress.bytes > maxBytes ? new BodyFault(tooLarge(maxBytes)) : null);
    },
  });
  await pipeline([body, ...decodersOf(encoding), collect]);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): PartFault {
  return { class: "too-large", message: `the body exceeds ${maxBytes} bytes` };
}

const mostEncodings = 2;

/** Encodings in the order they are undone: the last one applied comes first (RFC 9110 §8.4). */
function decodersOf(encoding: string | null): Transform[] {
  const names = (encoding ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "" && name !== "identity");
  if (names.length > mostEncodings)
    throw new BodyFault({ class: "unreadable", message: `${names.length} content encodings on one body` });
  return names.reverse().map((name) => {
    if (name === "gzip" || name === "x-gzip") return createGunzip();
    if (name === "br") return createBrotliDecompress();
    if (name === "deflate") return createInflate();
    throw new BodyFault({ class: "unreadable", message: `unknown content encoding ${name.slice(0, 40)}` });
  });
}

function requestHeaders(
  url: URL,
  headers: Readonly<Record<string, string>>,
  { etag, lastModified, userAgent }: GetOptions,
): Record<string, string> {
  return {
    "user-agent": userAgent,
    accept: "*/*",
    "accept-encoding": "gzip, br, deflate",
    ...(url.username === "" ? {} : { authorization: basicAuthorization(url) }),
    ...(etag === null ? {} : { "if-none-match": etag }),
    ...(lastModified === null ? {} : { "if-modified-since": lastModified }),
    ...headers,
  };
}

function basicAuthorization({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

function bare(url: URL): URL {
  const copy = new URL(url);
  copy.username = "";
  copy.password = "";
  copy.hash = "";
  return copy;
}

/** `null` for what is not an absolute or relative HTTP address. */
export function parseHttpUrl(text: string, base?: URL): URL | null {
  const url = URL.parse(text, base?.href);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:") ? url : null;
}

/** The address as people may read it: no user, no query. */
export function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? "an invalid address" : `${parsed.origin}${parsed.pathname}`;
}

/** Milliseconds to wait: seconds or an HTTP date (RFC 9110 §10.2.3); `null` when absent or neither. */
export function parseRetryAfter(text: string | null, wallNow: number): number | null {
  if (text === null) return null;
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - wallNow);
}

export function headerOf(headers: RawAnswer["headers"], name: string): string | null {
  const value = headers[name];
  return typeof value === "string" ? value : (value?.[0] ?? null);
}

/** A small rest is read so that the connection can be used again; a large one is cut with it. */
async function discard(body: RawAnswer["body"]): Promise<void> {
  await body.dump({ limit: 64 * 1_024 }).catch(() => undefined);
}

function httpFault(message: string): { readonly ok: false; readonly failure: GetFault } {
  return fail({ class: "http", message, retryAfterMs: null });
}

function timeoutFault(timeoutMs: number, { answered, bytes }: Progress): PartFault {
  const after = `after ${timeoutMs / 1_000} s`;
  const message = answered ? `the body did not end ${after} (${bytes} bytes so far)` : `no answer ${after}`;
  return { class: "timeout", message };
}

const dnsCodes = new Set(["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_FAIL"]);
const tlsCode = /^ERR_(?:TLS|SSL)|CERT|^(?:UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)/;
const decodingCode = /^(?:Z_|ERR_BROTLI|ERR__ERROR|ERR_PADDING)/;

/** What undici, TLS, DNS and zlib throw, as the feed error that people handle. */
export function faultOf(error: unknown, maxBytes: number): PartFault {
  if (error instanceof BodyFault) return error.fault;
  const refused = findInsideHost(error);
  if (refused) return { class: "not-allowed", message: refused.message };
  const { code = "" } = innermost(error);
  if (decodingCode.test(code))
    return { class: "unreadable", message: `the content encoding is broken (${code})` };
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return tooLarge(maxBytes);
  return networkFault(error);
}

/** What DNS, TCP and TLS throw, as the feed error that people handle. */
export function networkFault(error: unknown): PartFault {
  const { code = "", message } = innermost(error);
  if (dnsCodes.has(code)) return { class: "dns", message: `the name cannot be resolved (${code})` };
  if (tlsCode.test(code)) return { class: "tls", message: `no trusted connection (${code})` };
  if (code.endsWith("_TIMEOUT") || code === "ETIMEDOUT")
    return { class: "timeout", message: `no answer (${code})` };
  return { class: "connection", message: `the connection failed (${code === "" ? message : code})` };
}

function innermost(error: unknown): { code?: string; message: string } {
  if (!(error instanceof Error)) return { message: String(error) };
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined && first instanceof Error) return innermost(first);
  return { message: error.message, ...(code === undefined ? {} : { code: String(code) }) };
}
