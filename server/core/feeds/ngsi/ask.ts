/** What to ask a broker for, as URLs: all entities of the declared types, page by page. */

import type { ConnectorFeed, Fetch, Part } from "../connector.ts";
import { defaultPageSize, type NgsiOptions } from "./options.ts";

type Feed = ConnectorFeed<NgsiOptions>;

/** The first page and the scope of what is pushed: both tell of the same entities. */
export const entitiesPart = "entities";
const pageName = /^entities(?: page (\d+))?$/;

/** A round is the first page (NGSIv2 "List Entities", ETSI GS CIM 009 §6.4.3.2). */
export function nextRound(feed: Feed): readonly Fetch[] {
  if (feed.url === null || !URL.canParse(feed.url)) return [];
  const url = new URL(feed.url);
  url.href = url.href.replace(/(?:\/entities)?\/*(?=$|[?#])/, "/entities");
  const types = feed.options.entities?.map(({ type }) => type) ?? [];
  if (types.length > 0) url.searchParams.set("type", types.join(","));
  url.searchParams.set("limit", String(feed.options.pageSize ?? defaultPageSize));
  url.searchParams.set("offset", "0");
  return [{ name: entitiesPart, url: url.href, headers: headersOf(feed) }];
}

/**
 * The page after a full one: bodies alone are read, so that `NGSILD-Results-Count` and `Fiware-Total-Count` are not. A
 * page that is exactly full is followed by an empty one.
 */
export function pageAfter({ name, url }: Part, feed: Feed, entities: number): readonly Fetch[] {
  const page = pageName.exec(name);
  if (page === null || url === null || !URL.canParse(url)) return [];
  const next = new URL(url);
  const limit = Number(next.searchParams.get("limit"));
  if (!(limit > 0) || entities < limit) return [];
  next.searchParams.set("offset", String(Number(next.searchParams.get("offset") ?? 0) + limit));
  return [
    { name: `${entitiesPart} page ${Number(page[1] ?? 1) + 1}`, url: next.href, headers: headersOf(feed) },
  ];
}

/** Whether the part may be missing from the next round without anybody saying so. */
export function isLaterPage({ name }: Part): boolean {
  return name !== entitiesPart && pageName.test(name);
}

function headersOf({ options: { context } }: Feed): Readonly<Record<string, string>> {
  const accept = { accept: "application/json" };
  if (context === undefined) return accept;
  return {
    ...accept,
    link: `<${context}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`,
  };
}
