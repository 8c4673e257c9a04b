/** Open311 GeoReport v2: what citizens asked the city to do, and what became of it. */

import type { EntityOf } from "../../../../shared/entity.ts";
import { Notices } from "../../../../shared/notice.ts";
import { ok, type Result } from "../../../../shared/result.ts";
import { quote } from "../body.ts";
import type { Connector, ConnectorFeed, Cursor, Failure, Fetch, Part, Update } from "../connector.ts";
import {
  askForRequest,
  defaultPageSize,
  forgetToken,
  isPage,
  nextRound,
  pageAfter,
  rememberToken,
  updatedKey,
} from "./ask.ts";
import { newestOfEach } from "../newest-of-each.ts";
import { has, readEntries, textIn, type Entry } from "./entries.ts";
import type { Open311Options } from "./options.ts";
import { playRequests } from "./play.ts";
import { readRequest, requestReading } from "./request.ts";

export const open311: Connector<Open311Options> = {
  spec: "open311",
  gives: () => ["ServiceRequest"],
  next: nextRound,
  decode: decodeAnswer,
  play: playRequests,
};

type Feed = ConnectorFeed<Open311Options>;
type ServiceRequest = EntityOf<"ServiceRequest">;

function decodeAnswer(part: Part, feed: Feed, receivedAt: number): Result<Update, Failure> {
  const entries = readEntries(part);
  if (!entries.ok) return entries;
  const notices = new Notices();
  const reading = requestReading(feed, receivedAt, notices);
  const tokens: Entry[] = [];
  const services: Entry[] = [];
  const requests: ServiceRequest[] = [];
  let others = 0;
  for (const entry of entries.value) {
    const isToken = has(entry, "token");
    if (isToken) tokens.push(entry);
    if (isService(entry)) services.push(entry);
    else if (!isToken) {
      const request = readRequest(entry, others++, reading);
      if (request) requests.push(request);
    }
  }
  noticeServices(part, services, entries.value.length, notices);
  const paged = isPage(part) ? page(part, feed, requests, others, notices) : nothingMore;
  const waiting = takeTokens(part, feed, tokens, receivedAt);
  return ok({
    mode: "partial",
    scope: part.name,
    version: null,
    publishedAt: null,
    entities: newestOfEach(requests, ({ sourceId }) =>
      notices.add(
        "open311-duplicate-id",
        "warning",
        () => `request ${quote(sourceId)} more than once, expected one; the newest counts`,
      ),
    ),
    observations: [],
    notices: notices.list(),
    follow: [...paged.follow, ...waiting.follow],
    cursor: { ...paged.cursor, ...waiting.cursor },
  });
}

interface More {
  readonly follow: readonly Fetch[];
  readonly cursor: Cursor;
}

const nothingMore: More = { follow: [], cursor: {} };

function isService(entry: Entry): boolean {
  const isRequest =
    has(entry, "service_request_id") || has(entry, "status") || has(entry, "requested_datetime");
  return !isRequest && has(entry, "service_code");
}

/** Services are no things in the city, but how many there are tells whether the endpoint works. */
function noticeServices(part: Part, services: readonly Entry[], entries: number, notices: Notices): void {
  const [first] = services;
  if (first)
    notices.add(
      "open311-services",
      "info",
      `${services.length} services, the first ${quote(textIn(first, "service_code"))} ${quote(textIn(first, "service_name"))}`,
      services.length,
    );
  else if (part.name === "services" && entries === 0)
    notices.add("open311-no-services", "warning", "the service list is empty, expected at least one service");
}

/** Where the next page begins, and what the next round starts from. */
function page(
  part: Part,
  feed: Feed,
  requests: readonly ServiceRequest[],
  entries: number,
  notices: Notices,
): More {
  const isFull = entries >= (feed.options.pageSize ?? defaultPageSize);
  const field = feed.options.ask === "updated" ? "updatedAt" : "requestedAt";
  const instants = requests.flatMap((request) => request.fields[field] ?? []);
  const { fetch, isNewestFirst } = pageAfter(part, feed, instants, isFull);
  if (isFull && fetch === null)
    notices.add(
      "open311-page-cut",
      "warning",
      `${part.name}: ${entries} requests fill the page, expected times in them to ask on from`,
    );
  const updated = requests.flatMap((request) => request.fields.updatedAt ?? request.fields.requestedAt ?? []);
  // Newest first, only the first page knows the newest; oldest first, every page is newer than the one before.
  const isNewest = part.name === "requests" || !isNewestFirst;
  const cursor =
    updated.length > 0 && isNewest ? { [updatedKey]: updated.reduce((a, b) => Math.max(a, b)) } : {};
  return { follow: fetch === null ? [] : [fetch], cursor };
}

/** GeoReport v2, "GET service_request_id from a token": the id follows when the endpoint has made the request. */
function takeTokens(part: Part, feed: Feed, tokens: readonly Entry[], receivedAt: number): More {
  const follow: Fetch[] = [];
  const cursor: Record<string, Cursor[string]> = {};
  for (const entry of tokens) {
    const token = textIn(entry, "token") ?? "";
    const requestId = textIn(entry, "service_request_id");
    Object.assign(cursor, requestId === null ? rememberToken(part, token, receivedAt) : forgetToken(token));
    if (requestId !== null && feed.url !== null) follow.push(askForRequest(feed, requestId));
  }
  return { follow, cursor };
}
