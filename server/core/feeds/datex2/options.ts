import type { FeedEntry } from "../feed-entry.ts";

/** Options of a feed with `spec: "datex2"`. Its parts are publications, location tables, or both. */
export interface Datex2Options {
  /**
   * Whether what a publication does not repeat is over. Default: what its exchange information says (`updateMethod`,
   * `codedExchangeProtocol`), else `full`. What is pushed one situation at a time wants `partial`. A sign of life is always `partial`.
   */
  readonly mode?: "full" | "partial" | undefined;
  /** Which of several languages to read: the first that is there. Default `["en", "zh"]`. */
  readonly languages?: readonly string[] | undefined;
  /** The `datex2` feed whose location table resolves the Alert-C codes; without it a part of the feed itself. */
  readonly locationTable?: string | undefined;
  /** `[]`: the feed holds nothing but a location table. */
  readonly gives?: readonly "Situation"[] | undefined;
}

/** The feed that holds the location table of a feed; every feed may hold its own. */
export function locationTableOf(feed: Pick<FeedEntry, "id" | "spec" | "options">): string {
  if (feed.spec !== "datex2") return feed.id;
  return (feed.options as Datex2Options | null)?.locationTable ?? feed.id;
}
