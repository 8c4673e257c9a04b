import type { FeedStatus } from "../../../shared/feed.ts";
import { useCityNow, useConnection, useFeeds } from "../../live/store.ts";
import { Shape, type ShapeName } from "../../look/shapes.tsx";
import { formatAge } from "../../words/format-age.ts";
import { useWords } from "../../words/words.ts";
import { feedAgeSeconds, feedInWords, feedsInWords, inDoubtFirst } from "../feed-words.ts";
import styles from "./data-section.module.css";
import { Section } from "./section.tsx";

const shownAtMost = 4;

/** Whether the data can be trusted: the oldest feed when all is well, else each feed in doubt with its reason. */
export function DataSection() {
  const { t, text, language } = useWords();
  const feeds = useFeeds();
  const now = useCityNow(1_000);
  const { state } = useConnection();
  if (now === null) return null;
  if (state !== "connected")
    return (
      <Section title={t("faces.wall.dataInDoubt")}>
        <p className={styles.doubted}>
          <Shape name="unlinked" />
          <span>{t("faces.wall.linkLost")}</span>
        </p>
      </Section>
    );
  const doubted = inDoubtFirst(feeds).filter((feed) => feed.status !== "fresh");
  if (feeds.length > 0 && doubted.length === 0) {
    const oldest = feeds.reduce((a, b) => ((b.observedAt ?? 0) < (a.observedAt ?? 0) ? b : a));
    const age = formatAge(feedAgeSeconds(oldest, now) ?? 0, language);
    return (
      <Section title={t("faces.wall.data")} note={feedsInWords(feeds, t)}>
        <p className={styles.calm}>{t("feeds.oldest", { title: text(oldest.title), age })}</p>
      </Section>
    );
  }
  return (
    <Section title={t("faces.wall.dataInDoubt")} note={feedsInWords(feeds, t)}>
      <ul>
        {doubted.slice(0, shownAtMost).map((feed) => (
          <li key={feed.id} className={styles.doubted}>
            <Shape name={shapeOf(feed)} />
            <span>
              <span className={styles.what}>
                {t("feeds.named", { title: text(feed.title), state: feedInWords(feed, now, language) })}
              </span>
              {feed.error && <span className={styles.why}>{t(`feeds.error.${feed.error.class}`)}</span>}
            </span>
          </li>
        ))}
        {doubted.length > shownAtMost && (
          <li className={styles.why}>{t("feeds.moreInDoubt", { count: doubted.length - shownAtMost })}</li>
        )}
      </ul>
    </Section>
  );
}

function shapeOf(feed: FeedStatus): ShapeName {
  return feed.status === "down" ? "down" : feed.status === "stale" ? "stale" : "waiting";
}
