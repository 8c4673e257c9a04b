/** What to ask an Open311 endpoint for, as URLs (GeoReport v2, "API Methods"). */

import type { ConnectorFeed, Cursor, Fetch, Part } from "../connector.ts";
import type { Open311Options } from "./options.ts";

const dayMs = 86_400_000;
/** A token that names no request after so long never will. */
const tokenPatienceMs = 30 * dayMs;
const mostTokens = 100;
const tokenKey = "token:";
export const updatedKey = "updatedAt";
const firstPage = "requests";
export const defaultPageSize = 1_000;

/** The span of time that a page asks for, epoch milliseconds. */
interface Span {
  readonly fromAt: number;
  readonly toAt: number;
}

type Feed = ConnectorFeed<Open311Options>;

/** A round: the first page of requests, the services if wanted, and every token that still waits for its request. */
export function nextRound(feed: Feed, cursor: Cursor | null, now: number): readonly Fetch[] {
  if (feed.url === null) return [];
  const { options } = feed;
  const known = cursor?.[updatedKey];
  const windowAt = now - (options.windowDays ?? 7) * dayMs;
  const sinceAt =
    options.ask === "updated" && typeof known === "number"
      ? Math.min(now, known - (options.overlapSeconds ?? 3_600) * 1000)
      : windowAt;
  const page = requestsPage(feed, { fromAt: sinceAt, toAt: now }, 1);
  const services = options.services ? [{ name: "services", url: urlOf(feed, "services", {}) }] : [];
  return [page, ...services, ...waitingTokens(cursor, now).map((token) => askForToken(feed, token))];
}

function waitingTokens(cursor: Cursor | null, now: number): readonly string[] {
  return Object.entries(cursor ?? {})
    .filter(([key, at]) => key.startsWith(tokenKey) && typeof at === "number" && now - at < tokenPatienceMs)
    .slice(0, mostTokens)
    .map(([key]) => key.slice(tokenKey.length));
}

function askForToken(feed: Feed, token: string): Fetch {
  return {
    name: tokenKey + token,
    url: urlOf(feed, `tokens/${encodeURIComponent(token.toWellFormed())}`, {}),
  };
}

/** A token instead of a request: remembered and asked for each round, never posted again. */
export function rememberToken(part: Part, token: string, receivedAt: number): Cursor {
  return part.name === tokenKey + token ? {} : { [tokenKey + token]: receivedAt };
}

/** The token's request is known: the token is forgotten, the request asked for. */
export function forgetToken(token: string): Cursor {
  return { [tokenKey + token]: "" };
}

export function askForRequest(feed: Feed, requestId: string): Fetch {
  return {
    name: `request:${requestId}`,
    url: urlOf(feed, `requests/${encodeURIComponent(requestId.toWellFormed())}`, {}),
  };
}

/** Whether the part is a page of a round, so that the next page may follow it. */
export function isPage(part: Part): boolean {
  return part.name === firstPage || part.name.startsWith(`${firstPage} page `);
}

/**
 * The page after a full one. GeoReport v2 pages by time alone: newest first, the next page ends where this one ended;
 * oldest first, it starts there. `instants` are those of the page's requests in its order. `null`: it was the last.
 */
export function pageAfter(
  part: Part,
  feed: Feed,
  instants: readonly number[],
  full: boolean,
): { readonly fetch: Fetch | null; readonly isNewestFirst: boolean } {
  const [first, last] = [instants[0], instants.at(-1)];
  const isNewestFirst = first !== undefined && last !== undefined && first >= last;
  const asked = part.url === null ? null : spanIn(part.url, feed.options);
  if (!full || asked === null || first === undefined) return { fetch: null, isNewestFirst };
  const number = Number(/ page (\d+)$/.exec(part.name)?.[1] ?? 1) + 1;
  if (feed.options.paging === "page") return { fetch: requestsPage(feed, asked, number), isNewestFirst };
  const span = isNewestFirst
    ? { fromAt: asked.fromAt, toAt: before(Math.min(...instants), asked.toAt) }
    : { fromAt: after(Math.max(...instants), asked.fromAt), toAt: asked.toAt };
  return { fetch: span.fromAt < span.toAt ? requestsPage(feed, span, number) : null, isNewestFirst };
}

/** Times go out in whole seconds. A page that leads nowhere (all of one second) is left one second behind. */
function before(at: number, askedToAt: number): number {
  const up = Math.ceil(at / 1000) * 1000;
  return up < askedToAt ? up : askedToAt - 1000;
}

function after(at: number, askedFromAt: number): number {
  const down = Math.floor(at / 1000) * 1000;
  return down > askedFromAt ? down : askedFromAt + 1000;
}

function requestsPage(feed: Feed, span: Span, page: number): Fetch {
  const [from, to] = spanNames(feed.options);
  const size = String(feed.options.pageSize ?? defaultPageSize);
  return {
    name: page === 1 ? firstPage : `${firstPage} page ${page}`,
    url: urlOf(feed, "requests", {
      [from]: w3c(span.fromAt),
      [to]: w3c(span.toAt),
      ...(feed.options.paging === "page" ? { page: String(page), page_size: size } : {}),
    }),
  };
}

function spanNames(options: Open311Options): readonly [from: string, to: string] {
  return options.ask === "updated" ? ["updated_after", "updated_before"] : ["start_date", "end_date"];
}

function spanIn(url: string, options: Open311Options): Span | null {
  if (!URL.canParse(url)) return null;
  const { searchParams } = new URL(url);
  const [from, to] = spanNames(options).map((name) => Date.parse(searchParams.get(name) ?? ""));
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return null;
  return { fromAt: from, toAt: to };
}

/** W3C date and time in whole seconds, `2010-05-24T18:00:00Z`. */
function w3c(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The method's URL; the endpoint's own query (a key) is kept. */
function urlOf({ url, options }: Feed, method: string, parameters: Readonly<Record<string, string>>): string {
  const [base = "", query] = (url ?? "").split("?");
  const all = {
    ...(options.jurisdictionId === undefined ? {} : { jurisdiction_id: options.jurisdictionId }),
    ...parameters,
  };
  const pairs = Object.entries(all).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const text = [...(query ? [query] : []), ...pairs].join("&");
  return `${base.replace(/\/+$/, "")}/${method}.${options.format ?? "json"}${text === "" ? "" : `?${text}`}`;
}
