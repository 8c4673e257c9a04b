/** What CAP alerts come in: bare, in Atom and RSS feeds or behind their links, in EDXL-DE envelopes. */

import { quote } from "../body.ts";
import type { Fetch, Part } from "../connector.ts";
import { parseRfc3339 } from "../instant.ts";
import { childrenOf, findElements, textOf, type XmlElement } from "../xml.ts";
import type { Reading } from "./reading.ts";

export interface Contents {
  readonly alerts: readonly XmlElement[];
  /** Alerts to ask for, oldest first, so that a cancel comes after what it cancels. */
  readonly links: readonly Fetch[];
  readonly publishedAt: number | null;
  /** A bare alert says nothing about others. */
  readonly isBare: boolean;
  /** The envelope's word for all that is in it (EDXL-DE `distributionStatus`). */
  readonly status: string | null;
}

const capNamespace = /^urn:oasis:names:tc:emergency:cap:(\d\.\d)$/;
const atomNamespace = "http://www.w3.org/2005/Atom";
const edxlNamespace = "urn:oasis:names:tc:emergency:EDXL:DE:1.0";

/** The version of CAP in an element's namespace. */
export function findCapVersion(element: XmlElement): string | null {
  return capNamespace.exec(element.uri)?.[1] ?? null;
}

/** Also of unknown versions, and, for a whole document, without any namespace. */
function isAlert(element: XmlElement): boolean {
  return element.name === "alert" && (/emergency:cap|\/cap\//.test(element.uri) || element.uri === "");
}

/** `null` when the document is none of these. */
export function openContainer(reading: Reading, root: XmlElement, part: Part): Contents | null {
  if (isAlert(root)) return { alerts: [root], links: [], publishedAt: null, isBare: true, status: null };
  if (root.name === "feed" && root.uri === atomNamespace) return openAtom(reading, root, part);
  if (root.name === "rss" || (root.name === "RDF" && root.uri.includes("rdf-syntax")))
    return openRss(reading, root, part);
  if (root.name === "EDXLDistribution") return openEdxl(reading, root);
  const alerts = findElements(root, isAlert);
  return alerts.length === 0 ? null : { alerts, links: [], publishedAt: null, isBare: false, status: null };
}

function openEdxl(reading: Reading, root: XmlElement): Contents {
  if (root.uri !== edxlNamespace)
    reading.notices.add(
      "cap-edxl-version",
      "warning",
      `the envelope's namespace is ${quote(root.uri)}, expected ${edxlNamespace}`,
    );
  const objects = childrenOf(root, "contentObject").map((object) => findElements(object, isAlert));
  const empty = objects.filter((alerts) => alerts.length === 0).length;
  if (empty > 0)
    reading.notices.add(
      "cap-edxl-no-alert",
      "info",
      "a contentObject holds no CAP alert, expected one inside embeddedXMLContent",
      empty,
    );
  const publishedAt = parseRfc3339(textOf(root, "dateTimeSent") ?? "");
  return {
    alerts: objects.flat(),
    links: [],
    publishedAt,
    isBare: false,
    status: textOf(root, "distributionStatus"),
  };
}

/** What an entry of a feed leads to. */
interface Entry {
  readonly alerts: readonly XmlElement[];
  readonly link: string | null;
  readonly at: number | null;
}

function openAtom(reading: Reading, root: XmlElement, part: Part): Contents {
  const entries = childrenOf(root, "entry").map((entry) => ({
    alerts: findElements(entry, isAlert),
    link: atomLink(entry),
    at: parseRfc3339(textOf(entry, "updated") ?? ""),
  }));
  return openEntries(reading, entries, part, parseRfc3339(textOf(root, "updated") ?? ""));
}

/** The alert itself before any page about it. */
function atomLink(entry: XmlElement): string | null {
  const content = childrenOf(entry, "content")[0]?.attributes.get("src");
  if (content !== undefined) return content;
  const links = childrenOf(entry, "link");
  const typed = links.find((link) => link.attributes.get("type") === "application/cap+xml");
  const alternate = links.find((link) => (link.attributes.get("rel") ?? "alternate") === "alternate");
  return (typed ?? alternate ?? links[0])?.attributes.get("href") ?? null;
}

function openRss(reading: Reading, root: XmlElement, part: Part): Contents {
  const items = findElements(root, (element) => element.name === "item").map((item) => {
    const enclosures = childrenOf(item, "enclosure");
    const enclosure = enclosures.find((one) => one.attributes.get("type") === "application/cap+xml");
    return {
      alerts: findElements(item, isAlert),
      link: enclosure?.attributes.get("url") ?? textOf(item, "link"),
      at: parseRfc822(textOf(item, "pubDate")),
    };
  });
  const channel = findElements(root, (element) => element.name === "channel")[0];
  const publishedAt = channel
    ? parseRfc822(textOf(channel, "lastBuildDate") ?? textOf(channel, "pubDate"))
    : null;
  return openEntries(reading, items, part, publishedAt);
}

/** "Wed, 02 Oct 2002 13:00:00 GMT" (RSS 2.0, RFC 822 with four-digit years). */
function parseRfc822(text: string | null): number | null {
  const shape = /^(?:\w{3}, )?\d{1,2} \w{3} \d{4} \d\d:\d\d(?::\d\d)? (?:GMT|UT|[A-Z]{3}|[+-]\d{4})$/;
  const at = text !== null && shape.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

function openEntries(
  reading: Reading,
  entries: readonly Entry[],
  part: Part,
  publishedAt: number | null,
): Contents {
  const links = new Map<string, Fetch>();
  const oldestFirst = entries.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  for (const { alerts, link } of oldestFirst) {
    if (alerts.length > 0) continue;
    const url = resolve(link, part.url);
    // A feed that links to itself says nothing new.
    if (url !== null && url !== part.url) links.set(url, { name: url, url });
    else
      reading.notices.add(
        "cap-bad-link",
        "error",
        () => `an entry links to ${quote(link)}, expected the http(s) address of an alert`,
      );
  }
  const alerts = entries.flatMap((entry) => entry.alerts);
  return { alerts, links: Array.from(links.values()), publishedAt, isBare: false, status: null };
}

function resolve(link: string | null, base: string | null): string | null {
  if (link === null || !URL.canParse(link, base ?? undefined)) return null;
  const url = new URL(link, base ?? undefined);
  return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
}
