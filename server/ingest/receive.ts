/**
 * A feed whose source pushes: who may, how much, and the promise that what was acknowledged is never lost. Bodies are
 * decoded and shown at once, and acknowledged only after the journal has them synced to disk.
 *
 * A push proves itself by `Authorization: Bearer <token>`, or by `X-Timestamp` (epoch seconds) and
 * `X-Signature: sha256=<hex HMAC-SHA-256 over timestamp + "." + body as sent>`. `X-Part` names the part of a feed of
 * several; without it the part is `body`.
 */

import { createHmac } from "node:crypto";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { RefusedLines } from "../core/feeds/connector.ts";
import type { ReceiveTransport } from "../core/feeds/feed-entry.ts";
import { sameSecret } from "../same-secret.ts";
import type { BodyKeeper } from "./body-keeper.ts";
import type { Fold } from "./fold.ts";
import type { FeedWiring } from "./intake.ts";
import { crash } from "./part-decoder.ts";

export interface Push {
  /** By lower-case name. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** What of the request's address the body's meaning depends on (the precision of line protocol); never a secret. */
  readonly url?: string;
}

/** The fault of a push as a stable word, for the `type` of the HTTP problem. */
export type PushProblem =
  | "unauthorized"
  | "replayed"
  | "too-large"
  | "unsupported-encoding"
  | "unreadable"
  | "not-kept"
  | "busy"
  | "not-set-up"
  | "crashed";

export interface PushAnswer {
  /** 202 when the body is safely on disk, or was before; 429: as 503, but nothing is wrong, there is only too much. */
  readonly status: 202 | 401 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly problem?: { readonly type: PushProblem; readonly detail: string };
  /** Lines of an accepted body that could not be read: they are lost, and sending them again would not help. */
  readonly refused?: RefusedLines;
  readonly retryAfterSeconds?: number;
}

/** How far a signed timestamp may be from our clock. */
const signedForMs = 300_000;
/** Bodies of one feed on their way to the disk, as they came and inflated; beyond it pushes are turned away. */
const mostBusyBytes = 64 << 20;
/** Ticks come four times a second, and disks are not slower for long. */
const busySeconds = 1;

export function startReceive(
  wiring: FeedWiring,
  transport: ReceiveTransport,
  fold: Fold,
  keeper: BodyKeeper,
): (push: Push) => Promise<PushAnswer> {
  const { now, wallNow = Date.now, isBehind = () => false } = wiring;
  /** Signatures of the last minutes: a push that comes twice is acknowledged once more, not taken in once more. */
  const signed = new Map<string, { readonly at: number; readonly answer: Promise<PushAnswer> }>();
  let busyBytes = 0;
  /** One at a time: what is being inflated is not counted yet. */
  let inflating: Promise<unknown> = Promise.resolve();

  const takeIn = async (push: Push, bytes: Uint8Array): Promise<PushAnswer> => {
    if (isBehind()) return busy("the live city has not taken in yet what came before");
    const receivedAt = now();
    const part = { name: push.header("x-part") ?? "body", url: push.url ?? null, bytes };
    const taken = fold.take(part, { receivedAt });
    if (!taken.ok) {
      const { class: errorClass, message } = taken.failure;
      if (errorClass === "crashed") return refuse(500, "crashed", "the feed's decoder failed");
      return refuse(422, errorClass === "too-large" ? "too-large" : "unreadable", message);
    }
    const { update } = taken.value;
    const kept = await keeper.keep(taken.value.part, update, receivedAt, true);
    if (!kept) return refuse(503, "not-kept", "shown, but not kept on disk: send it again later");
    return { status: 202, ...(update.refused && { refused: update.refused }) };
  };

  const receive = async (push: Push, raw: Uint8Array): Promise<PushAnswer> => {
    const inflated = inflating.then(() =>
      undoEncoding(raw, push.header("content-encoding"), transport.maxBytes),
    );
    inflating = inflated;
    const bytes = await inflated;
    if (!bytes.ok) return bytes.failure;
    if (bytes.value === raw) return takeIn(push, raw);
    busyBytes += bytes.value.byteLength;
    try {
      return busyBytes > mostBusyBytes ? busy("too many pushes at once") : await takeIn(push, bytes.value);
    } finally {
      busyBytes -= bytes.value.byteLength;
    }
  };

  const receiveSigned = (push: Push, raw: Uint8Array, secret: string): Promise<PushAnswer> => {
    const timestamp = push.header("x-timestamp") ?? "";
    const signature = push.header("x-signature") ?? "";
    const expected = `sha256=${createHmac("sha256", secret).update(`${timestamp}.`).update(raw).digest("hex")}`;
    if (!sameSecret(signature.toLowerCase(), expected))
      return Promise.resolve(refuse(401, "unauthorized", "X-Signature does not match"));
    const wall = wallNow();
    if (!isTimely(timestamp, wall)) return Promise.resolve(untimely);
    for (const [old, { at }] of signed) {
      if (wall - at <= 2 * signedForMs) break;
      signed.delete(old);
    }
    // The same bytes may be two parts' news in the same second.
    const signedPart = `${push.header("x-part") ?? "body"} ${expected}`;
    const before = signed.get(signedPart);
    if (before !== undefined) return before.answer;
    const answer = receive(push, raw);
    signed.set(signedPart, { at: wall, answer });
    // What was not accepted may be sent again as it is.
    void answer.then(
      ({ status }) => status === 202 || signed.delete(signedPart),
      () => signed.delete(signedPart),
    );
    return answer;
  };

  const hasSecret = (): boolean => {
    try {
      transport.bearer?.();
      transport.hmac?.();
      return true;
    } catch (error) {
      fold.fault(wiring.entry.id, crash("looking for the feed's secret", error));
      return false;
    }
  };
  hasSecret();

  return async (push) => {
    const { bearer, hmac, maxBytes } = transport;
    if (!hasSecret()) return refuse(503, "not-set-up", "this feed's own secret is not set");
    if (bearer !== null && !sameSecret(push.header("authorization") ?? "", `Bearer ${bearer()}`))
      return refuse(401, "unauthorized", "needs this feed's bearer token");
    if (bearer === null && (hmac === null || push.header("x-signature") === undefined))
      return refuse(401, "unauthorized", "needs X-Timestamp and X-Signature");
    if (busyBytes > mostBusyBytes) return busy("too many pushes wait for the disk");
    if (isBehind()) return busy("the live city has not taken in yet what came before");
    if (bearer === null && !isTimely(push.header("x-timestamp") ?? "", wallNow())) return untimely;
    let held = 0;
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of push.body) {
        // Counted as it comes: nobody has proved to be our source before the last byte.
        held += chunk.byteLength;
        busyBytes += chunk.byteLength;
        if (held > maxBytes) return refuse(413, "too-large", `at most ${maxBytes} bytes`);
        if (busyBytes > mostBusyBytes) return busy("too many pushes at once");
        chunks.push(chunk);
      }
      const raw = Buffer.concat(chunks);
      return await (hmac === null ? receive(push, raw) : receiveSigned(push, raw, hmac()));
    } finally {
      busyBytes -= held;
    }
  };
}

/**
 * A body as it comes, which ends with the reason of `signal` however long its source is silent: whoever drips must not
 * hold up the stop.
 */
export async function* untilStopped(body: Push["body"], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array, void> | Iterator<Uint8Array, void> =
    Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), stopped]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    Promise.resolve(chunks.return?.()).catch(() => undefined);
  }
}

/** Whether a signature of `timestamp` (epoch seconds) may still be used at `wall`. */
function isTimely(timestamp: string, wall: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1_000 - wall) <= signedForMs;
}

const untimely = refuse(401, "replayed", "X-Timestamp is not within 5 minutes of now");

function busy(detail: string): PushAnswer {
  return { ...refuse(429, "busy", detail), retryAfterSeconds: busySeconds };
}

function refuse(status: PushAnswer["status"], type: PushProblem, detail: string): PushAnswer {
  return { status, problem: { type, detail } };
}

const decoders = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
} as const;

async function undoEncoding(
  raw: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Result<Uint8Array, PushAnswer>> {
  const name = (encoding ?? "identity").trim().toLowerCase();
  if (name === "identity" || name === "") return ok(raw);
  if (!isDecoder(name)) return fail(refuse(415, "unsupported-encoding", "gzip, br, deflate or identity"));
  try {
    return ok(await decoders[name](raw, { maxOutputLength: maxBytes }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE")
      return fail(refuse(413, "too-large", `at most ${maxBytes} bytes after decompression`));
    return fail(refuse(422, "unreadable", `the body is not ${name}`));
  }
}

function isDecoder(name: string): name is keyof typeof decoders {
  return Object.hasOwn(decoders, name);
}
