/** What people ask about the feeds of the running city: grades, what was kept, the last body and what it decodes to. */

import { cityDate } from "../shared/city-time.ts";
import type { FeedStatus } from "../shared/feed.ts";
import type { Agreement, AgreementState, FeedBody, FeedQuality } from "../shared/feed-quality.ts";
import { completenessOf, fewestMinutes, gradeOf } from "../shared/grade.ts";
import type { Inspection } from "../shared/inspection.ts";
import { fail, ok, type Result } from "../shared/result.ts";
import type { FeedEntry } from "./core/feeds/feed-entry.ts";
import { allowedKinds } from "./core/feeds/forbidden.ts";
import { connectorFor } from "./core/feeds/index.ts";
import { inspectUpdate } from "./core/feeds/inspection.ts";
import { noticeSums } from "./core/feeds/notice-sums.ts";
import { ruleTableOf } from "./core/feeds/rules.ts";
import { passingKeyedHash } from "./keyed-hash.ts";
import type { Epoch } from "./epoch.ts";
import type { Epochs } from "./epochs.ts";
import type { FeedDesk } from "./http/feed-desk.ts";
import { withoutSecrets } from "./ingest/http-get.ts";
import type { LastBody } from "./ingest/last-bodies.ts";
import { createPartDecoder } from "./ingest/part-decoder.ts";
import type { Kept } from "./live/kept.ts";

/** Of a body that is text, and of one that is not. */
const shownTextBytes = 64 << 10;
const shownHexBytes = 4 << 10;
const expiringMs = 30 * 86_400_000;
/** Anything shorter stands in bodies by chance. */
const shortestSecret = 6;

export function feedDeskOf(epochs: Epochs, promises: Kept, now: () => number): FeedDesk {
  return {
    list: () => feedQualities(epochs.current, epochs.feedStatuses(now()), promises, now()),
    kindsOf(id) {
      const entry = epochs.current.folder.feeds.find((feed) => feed.id === id);
      return entry ? connectorFor(entry.spec).gives(entry.options) : null;
    },
    body: (id, part) => lastBody(epochs.current, id, part),
    replay: (id, part) => replayBody(epochs.current, id, part),
  };
}

/** Every feed's agreement, what it kept of it, and its grade. */
export function feedQualities(
  epoch: Epoch,
  statuses: readonly FeedStatus[],
  kept: Kept,
  now: number,
): FeedQuality[] {
  const byId = new Map(statuses.map((status) => [status.id, status]));
  return epoch.folder.feeds.map((entry) => qualityOf(entry, byId.get(entry.id)!, epoch, kept, now));
}

function qualityOf(entry: FeedEntry, status: FeedStatus, epoch: Epoch, kept: Kept, now: number): FeedQuality {
  const { zone } = epoch.folder.settings;
  const { today, week } = kept.of(entry.id, now, zone);
  const { newestVersion } = ruleTableOf(entry.spec);
  const version = epoch.versions.get(entry.id) ?? null;
  const sums = noticeSums(entry.spec, status.notices);
  const completeness = completenessOf(status.entities, sums.errors);
  const agreement = entry.agreement && {
    ...entry.agreement,
    state: agreementState(entry.agreement, now, zone),
  };
  return {
    id: entry.id,
    kinds: allowedKinds(connectorFor(entry.spec).gives(entry.options), entry.agreement),
    agreement,
    version,
    newestVersion,
    completeness,
    today,
    week,
    graded: gradeOf({
      status: status.status,
      hasError: status.error !== null,
      department: entry.department,
      licence: entry.licence,
      agreement: agreement && { isInForce: agreement.state !== "expired" },
      onTimePercent: week !== null && week.minutes >= fewestMinutes ? week.onTimePercent : null,
      ...sums,
      completeness,
      promisedCompleteness: agreement?.completenessPercent ?? null,
      version,
      newestVersion,
    }),
  };
}

function agreementState(
  { validUntil, terminated }: Pick<Agreement, "validUntil" | "terminated">,
  now: number,
  zone: string,
): AgreementState {
  if (validUntil === null) return "in-force";
  if (validUntil < cityDate(now, zone)) return "expired";
  return terminated || validUntil < cityDate(now + expiringMs, zone) ? "expiring" : "in-force";
}

/** The last body of a feed, or of one of its parts, as people may read it; `null` when none is kept. */
export function lastBody(epoch: Epoch, feedId: string, partName: string | null): FeedBody | null {
  const found = findBody(epoch, feedId, partName);
  if (!found) return null;
  const { entry, body, parts } = found;
  const { bytes, url, name } = body.part;
  const text = textOf(bytes.subarray(0, shownTextBytes));
  const shown = Math.min(bytes.byteLength, text === null ? shownHexBytes : shownTextBytes);
  return {
    part: name,
    parts,
    receivedAt: body.receivedAt,
    url: url === null ? null : withoutSecrets(url),
    size: bytes.byteLength,
    isCut: shown < bytes.byteLength,
    form: text === null ? "hex" : "text",
    content:
      text === null
        ? withoutSecretsOf(entry, hexOf(bytes.subarray(0, shown)), (secret) => hexOf(Buffer.from(secret)))
        : withoutSecretsOf(entry, text),
  };
}

/** Decodes the last body again, as it was decoded when it came; `null` when none is kept. */
export function replayBody(
  epoch: Epoch,
  feedId: string,
  partName: string | null,
): Result<Inspection, string> | null {
  const found = findBody(epoch, feedId, partName);
  if (!found) return null;
  const { entry, body } = found;
  const { zone, bounds } = epoch.folder.settings;
  const url = entry.transport.type === "poll" ? entry.transport.url : null;
  const feed = { id: entry.id, spec: entry.spec, zone, bounds, url, options: entry.options };
  // What is kept was stripped when it came, so nothing is hashed here.
  const decoder = createPartDecoder(connectorFor(entry.spec), feed, passingKeyedHash());
  const decoded = decoder.decode(body.part, body.decodedAt);
  if (!decoded.ok) return fail(withoutSecretsOf(entry, decoded.failure.message));
  return ok(inspectUpdate(body.part.name, entry.spec, decoded.value));
}

interface Found {
  readonly entry: FeedEntry;
  readonly body: LastBody;
  readonly parts: readonly string[];
}

function findBody({ folder, bodies }: Epoch, feedId: string, partName: string | null): Found | null {
  const entry = folder.feeds.find(({ id }) => id === feedId);
  const kept = bodies.of(feedId);
  const body = partName === null ? kept[0] : kept.find(({ part }) => part.name === partName);
  return entry && body ? { entry, body, parts: kept.map(({ part }) => part.name) } : null;
}

/** `null` for what is not UTF-8 or holds other control characters than white space. A cut letter at the end is left out. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    // oxlint-disable-next-line no-control-regex -- that is the question
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

/** A source may echo the key it was asked with. */
function withoutSecretsOf(
  { transport }: FeedEntry,
  text: string,
  written: (secret: string) => string = (secret) => secret,
): string {
  const words = secretsOf(transport).flatMap((secret) => secret.split(/\s+/));
  const secrets = words.filter((word) => word.length >= shortestSecret);
  return secrets.reduce((shown, secret) => shown.replaceAll(written(secret), "•••"), text);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function secretsOf(transport: FeedEntry["transport"]): string[] {
  const said = (secret: (() => string) | null): string[] => {
    try {
      return secret === null ? [] : [secret()];
    } catch {
      // A secret that the environment does not have cannot be echoed.
      return [];
    }
  };
  switch (transport.type) {
    case "poll": {
      const url = URL.parse(transport.url);
      const inUrl = url === null ? [] : [decodeURIComponent(url.password), ...url.searchParams.values()];
      const inHeaders = Object.values(transport.headers).flatMap((value) =>
        typeof value === "string" ? [value] : said(value),
      );
      return [...inUrl, ...inHeaders];
    }
    case "receive":
      return [
        ...said(transport.bearer),
        ...said(transport.hmac),
        ...(transport.reconcile ? secretsOf(transport.reconcile) : []),
      ];
    case "subscribe":
      return said(transport.password);
    case "query":
      return said(transport.connection);
    case "listen":
    case "file":
    case "replay":
    case "probe":
      return [];
  }
}
