/** One probe of one service: a connection of its own, one answer, and what its certificate says. */

import type { Readable } from "node:stream";
import { TLSSocket } from "node:tls";
import { Agent, request, type buildConnector } from "undici";
import type { ProbedService } from "../core/feeds/feed-entry.ts";
import type { ProbeReason, ProbeResult } from "../core/feeds/probe/round.ts";
import { withinTime } from "./deadline.ts";
import { faultOf, headerOf, parseHttpUrl, withoutSecrets } from "./http-get.ts";
import { outsideConnector, type Reach } from "../outside.ts";

export interface ProbeOptions {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** City time. */
  readonly now: () => number;
  readonly lookup: Reach["lookup"];
}

const maxRedirects = 5;

/** Asks for the service once. Never rejects: whatever goes wrong is why it is not available. */
export async function probeService(service: ProbedService, options: ProbeOptions): Promise<ProbeResult> {
  const { id, name, timeoutSeconds } = service;
  const probedAt = new Date(options.now()).toISOString();
  const certificates: number[] = [];
  const agent = openProbeAgent(service, options, (expiresAt) => certificates.push(expiresAt));
  const outcome = await withinTime(timeoutSeconds * 1_000, options.signal, (deadline) =>
    ask(service, { ...options, signal: deadline.signal, agent }).catch((error: unknown) =>
      deadline.isOver
        ? unavailable("timeout", `no answer within ${timeoutSeconds} s`)
        : outcomeOf(error, options.maxBytes),
    ),
  );
  await agent.destroy();
  const expiresAt = Math.min(...certificates);
  return {
    id,
    name,
    url: withoutSecrets(service.url),
    probedAt,
    ...outcome,
    certificateExpiresAt: Number.isFinite(expiresAt) ? new Date(expiresAt).toISOString() : null,
  };
}

type Outcome = Pick<ProbeResult, "isAvailable" | "reason" | "detail" | "status" | "responseSeconds">;

interface Asking extends ProbeOptions {
  readonly agent: Agent;
}

/** Follows redirects, unless a redirect is what the service is expected to answer. */
async function ask(service: ProbedService, { agent, signal, maxBytes }: Asking): Promise<Outcome> {
  const { method, outgoing, speed } = service;
  const startedAt = performance.now();
  const seen = new Set<string>();
  let url = new URL(service.url);
  while (seen.size <= maxRedirects && !seen.has(url.href)) {
    seen.add(url.href);
    const headers = { "user-agent": outgoing.userAgent, accept: "*/*", "accept-encoding": "identity" };
    const answer = await request(url, { method, headers, dispatcher: agent, signal });
    const responseSeconds = ((performance.now() - startedAt) * speed) / 1_000;
    const location = headerOf(answer.headers, "location");
    const redirects = answer.statusCode >= 300 && answer.statusCode < 400 && location !== null;
    if (answer.statusCode === service.status || !redirects) {
      const outcome = await judge(service, answer, maxBytes);
      return outcome.isAvailable === true
        ? { ...outcome, status: answer.statusCode, responseSeconds }
        : { ...outcome, status: answer.statusCode };
    }
    discard(answer.body);
    const next = parseHttpUrl(location, url);
    if (next === null) return unavailable("redirect", "redirects to something that is not HTTP");
    url = next;
  }
  const why = seen.has(url.href) ? "redirects in a circle" : `more than ${maxRedirects} redirects`;
  return unavailable("redirect", why);
}

type RawAnswer = Awaited<ReturnType<typeof request>>;

/** Whether an answer is what was expected. */
async function judge(service: ProbedService, answer: RawAnswer, maxBytes: number): Promise<Outcome> {
  const { statusCode, headers, body } = answer;
  const { status, text } = service;
  if (statusCode !== status || text === null) {
    discard(body);
    return statusCode === status
      ? available
      : unavailable("status", `status ${statusCode}, expected ${status}`);
  }
  const encoding = headerOf(headers, "content-encoding") ?? "identity";
  if (encoding !== "identity") {
    discard(body);
    return unavailable("text", `encoded as ${encoding.slice(0, 40)} although only identity was accepted`);
  }
  const start = decodeText(await readStart(body, maxBytes), headerOf(headers, "content-type"));
  if (start.includes(text)) return available;
  return unavailable("text", `its first ${maxBytes} bytes do not hold ${JSON.stringify(text)}`);
}

const available: Outcome = {
  isAvailable: true,
  reason: null,
  detail: null,
  status: null,
  responseSeconds: null,
};

function unavailable(reason: ProbeReason, detail: string): Outcome {
  return { ...available, isAvailable: false, reason, detail };
}

const unansweredReasons: ReadonlySet<string> = new Set<ProbeReason>(["dns", "tls", "timeout", "connection"]);

/** What was thrown on the way to an answer. An address that we may not ask says nothing of the service behind it. */
function outcomeOf(error: unknown, maxBytes: number): Outcome {
  const { class: fault, message } = faultOf(error, maxBytes);
  if (fault === "not-allowed") return { ...available, isAvailable: null, reason: fault, detail: message };
  return unavailable(isUnanswered(fault) ? fault : "unreadable", message);
}

function isUnanswered(fault: string): fault is ProbeReason {
  return unansweredReasons.has(fault);
}

/** Connections of one probe. Certificates are read before they are judged, so that an expired one can say so. */
function openProbeAgent(
  { outgoing, timeoutSeconds }: ProbedService,
  { lookup }: ProbeOptions,
  seen: (expiresAt: number) => void,
): Agent {
  const timeout = timeoutSeconds * 1_000;
  const connectAnyway = outsideConnector(
    { outgoing, lookup },
    { timeout, allowH2: false, rejectUnauthorized: false },
  );
  const connect: buildConnector.connector = (target, callback) =>
    connectAnyway(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      if (!(socket instanceof TLSSocket)) return callback(null, socket);
      const expiresAt = Date.parse(socket.getPeerCertificate().valid_to);
      if (!Number.isNaN(expiresAt)) seen(expiresAt);
      if (socket.authorized) return callback(null, socket);
      socket.destroy();
      callback(Object.assign(new Error("untrusted"), { code: String(socket.authorizationError) }), null);
    });
  return new Agent({ connect, headersTimeout: timeout, bodyTimeout: timeout });
}

async function readStart(body: Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

/** In the declared character set; a page that declares none or an unknown one is read as UTF-8. */
function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const charset = /charset="?([\w:.-]+)/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** The probe's connections end with it: what is left of an answer is not waited for. */
function discard(body: Readable): void {
  body.on("error", () => undefined).destroy();
}
