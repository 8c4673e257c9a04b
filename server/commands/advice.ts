/** What a body that is no feed seems to be, and what somebody who has only this link or file could try. */

import { unzipSync } from "fflate";
import { decodeUtf, describeBody, isObject } from "../core/feeds/body.ts";
import type { Part } from "../core/feeds/connector.ts";

const mostLinks = 10;

/** Sentences; at least one. */
export function adviceFor({ bytes, url }: Part): readonly string[] {
  const start = decodeUtf(bytes.subarray(0, 4_096)).trim();
  if (start.startsWith("PMTiles"))
    return [
      "It is a map in PMTiles, the ground under a city and no feed: name it as `basemap` in city.json.",
    ];
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return [inZip(bytes)];
  if (/^(<!doctype html|<html)/i.test(start)) return ofPage(bytes, url);
  if (start.startsWith("<"))
    return [`It is ${describeBody(bytes)}, of no standard that Citydeck reads.`, askFor];
  if (/^[[{]/.test(start)) return ofJson(bytes);
  return [`It is ${describeBody(bytes)}.`, askFor];
}

const askFor =
  "Ask whoever publishes it for one of the standards in docs/feed-quality.md, or for rows of CSV or JSON with an id, a time and a place in each.";

function inZip(bytes: Uint8Array): string {
  const names: string[] = [];
  try {
    unzipSync(bytes, { filter: ({ name }) => names.push(name) < 0 });
  } catch {
    return "It is a broken or cut ZIP archive: fetch it again.";
  }
  const shown = names.slice(0, mostLinks).join(", ");
  return `It is a ZIP archive of ${names.length} files: ${shown}. A timetable (GTFS) has stops.txt, trips.txt and stop_times.txt at its top; tables end in .csv or .json.`;
}

/** Pages about feeds mostly link them. */
function ofPage(bytes: Uint8Array, base: string | null): readonly string[] {
  const links = feedLinks(decodeUtf(bytes.subarray(0, 1 << 20)), base);
  const found = `It is ${describeBody(bytes)}, made for people.`;
  if (links.length === 0)
    return [
      found,
      "No link in it looks like a feed. Look for words such as API, JSON, download, developers or open data, and try the address behind them.",
    ];
  return [found, "These links in it may be feeds; try one of them:", ...links];
}

const feedWords =
  /\.(json|geojson|xml|atom|rss|pb|csv|zip|cap)$|gbfs|gtfs|wzdx|datex|open311|georeport|ngsi|sensorthings/i;

function feedLinks(html: string, base: string | null): string[] {
  const links = new Set<string>();
  for (const [tag, , href] of html.matchAll(
    /<(a|link)\b[^>]{0,500}?href\s*=\s*["']?([^"'\s>]{1,500})[^>]{0,500}>/gi,
  )) {
    const parsed = URL.parse(href!.replaceAll("&amp;", "&"), base ?? undefined);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) continue;
    const isAlternate = /type\s*=\s*["']?application\/(atom\+xml|rss\+xml|json|geo\+json|cap\+xml)/i.test(
      tag,
    );
    const isFeed = isAlternate || feedWords.test(parsed.pathname);
    if (isFeed && links.size < mostLinks) links.add(parsed.href);
  }
  return [...links];
}

function ofJson(bytes: Uint8Array): readonly string[] {
  let body: unknown;
  try {
    body = JSON.parse(decodeUtf(bytes)) as unknown;
  } catch {
    return [`It is ${describeBody(bytes)}: fetch it again, or ask why it ends early.`];
  }
  const systems = urlsIn(body);
  if (isObject(body) && body["type"] === "FeatureCollection")
    return [
      "It is GeoJSON of polygons: areas rather than things. Areas of a city go to areas/<level>.geojson of its folder, in degrees, with an id and a name each.",
    ];
  const members = isObject(body)
    ? `with ${Object.keys(body).slice(0, mostLinks).join(", ")}`
    : "of another form";
  if (systems.length > 0) return [`It is JSON ${members}, which leads elsewhere; try one of:`, ...systems];
  return [`It is JSON ${members}, in which no list of things was found.`, askFor];
}

/** Addresses of other documents: of a GBFS manifest, of an interface's first page. */
function urlsIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return /^https?:\/\/\S+$/.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null || depth > 6) return [];
  const urls = Object.values(value).flatMap((member) => urlsIn(member, depth + 1));
  return [...new Set(urls)].slice(0, mostLinks);
}
