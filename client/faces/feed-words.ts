/** A feed's health in words, the same on every face. */

import type { Language, Text } from "../../shared/city.ts";
import type { FeedStatus, FeedStatusWord } from "../../shared/feed.ts";
import type { CityBody } from "../../shared/protocol.ts";
import { store } from "../live/store.ts";
import { ageAgainstLimit, formatAge } from "../words/format-age.ts";
import { wordsIn, type Words } from "../words/words.ts";

export function feedAgeSeconds(feed: Pick<FeedStatus, "observedAt">, now: number): number | null {
  return feed.observedAt === null ? null : Math.max(now - feed.observedAt, 0) / 1_000;
}

/** `live, 8 s`, `7 min old, limit 3`, `down 29 min`. */
export function feedInWords(
  feed: Pick<FeedStatus, "status" | "observedAt" | "staleAfterSeconds">,
  now: number,
  language: Language,
): string {
  const t = wordsIn(language);
  const age = feedAgeSeconds(feed, now);
  if (age === null) return t(feed.status === "down" ? "feeds.downNever" : "feeds.waiting");
  switch (feed.status) {
    case "fresh":
      return t("feeds.fresh", { age: formatAge(age, language) });
    case "stale":
      return ageAgainstLimit(age, feed.staleAfterSeconds, language);
    case "down":
      return t("feeds.down", { age: formatAge(age, language) });
    case "waiting":
      return t("feeds.waiting");
  }
}

/** `all 41 feeds live`, `39 of 41 feeds live`. */
export function feedsInWords(feeds: readonly Pick<FeedStatus, "status">[], t: Words): string {
  const live = feeds.filter((feed) => feed.status === "fresh").length;
  if (feeds.length === 0) return t(store.clock?.kind === "past" ? "past.noFeeds" : "faces.wall.noFeeds");
  return live === feeds.length
    ? t("feeds.allLive", { count: live })
    : t("feeds.someLive", { live, all: feeds.length });
}

const worstFirst: readonly FeedStatusWord[] = ["down", "stale", "waiting", "fresh"];

/** Those in doubt first, then by id. */
export function inDoubtFirst(feeds: readonly FeedStatus[]): FeedStatus[] {
  const rank = ({ status }: FeedStatus): number => worstFirst.indexOf(status);
  return feeds.toSorted((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id));
}

/** `Mobility · Velomar`: who answers for a feed, and who supplies it. */
export function ownersInWords(feed: FeedStatus, city: CityBody | null, text: (text: Text) => string): string {
  const owner = city?.departments.find(({ id }) => id === feed.department);
  const supplier = city?.suppliers.find(({ id }) => id === feed.supplier);
  return [owner, supplier].flatMap((one) => (one ? [text(one.title)] : [])).join(" · ");
}
