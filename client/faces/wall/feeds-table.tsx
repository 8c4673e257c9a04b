import type { CityBody } from "../../../shared/protocol.ts";
import type { FeedStatus } from "../../../shared/feed.ts";
import { useCity, useCityNow, useConnection, useFeeds } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatAge } from "../../words/format-age.ts";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import { feedAgeSeconds, feedsInWords, inDoubtFirst, ownersInWords } from "../feed-words.ts";
import styles from "./feeds-table.module.css";
import { useIsStacked } from "./screen.ts";
import { Section } from "./section.tsx";
import { useUnitSize } from "./unit-size.ts";

/** The least height of a row in u, as `feeds-table.module.css` gives it, with a line of a whole pixel on a small screen. */
const rowUnits = 32.3;

/** Every feed with its owner, its age against its limit and what is wrong with it; those in doubt first. */
export function FeedsTable() {
  const { t } = useWords();
  const city = useCity();
  const feeds = useFeeds();
  const now = useCityNow(1_000);
  const connected = useConnection().state === "connected";
  const [frame, { height }] = useUnitSize();
  const isStacked = useIsStacked();
  if (city === null || now === null) return null;
  const sorted = inDoubtFirst(feeds);
  // The head is a row too, and so are the words for those that find no room.
  const room = Math.max(Math.floor(height / rowUnits) - 1, 2);
  const shown = isStacked || height === 0 || sorted.length <= room ? sorted : sorted.slice(0, room - 1);
  return (
    <Section fills title={t("faces.feeds.title")} note={connected ? feedsInWords(feeds, t) : undefined}>
      <div className={styles.frame} ref={frame}>
        <table
          className={styles.table}
          aria-label={t("faces.feeds.title")}
          data-connected={connected}
          style={{ "--rows": shown.length + 1 }}
        >
          <thead>
            <tr>
              <th scope="col">{t("faces.feeds.feed")}</th>
              <th scope="col">{t("faces.feeds.owner")}</th>
              <th scope="col" className={styles.figure}>
                {t("faces.feeds.things")}
              </th>
              <th scope="col" className={styles.figure}>
                {t("faces.feeds.notices")}
              </th>
              <th scope="col" className={styles.figure}>
                {t("faces.feeds.age")}
              </th>
              <th scope="col">{t("faces.feeds.state")}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((feed) => (
              <Row key={feed.id} feed={feed} city={city} now={now} />
            ))}
            {shown.length < sorted.length && (
              <tr>
                <td className={styles.more} colSpan={6}>
                  {t("feeds.moreInDoubt", { count: sorted.length - shown.length })}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Row({ feed, city, now }: { feed: FeedStatus; city: CityBody; now: number }) {
  const { t, text, language } = useWords();
  const age = feedAgeSeconds(feed, now);
  const owners = ownersInWords(feed, city, text);
  const notices = feed.notices.reduce((sum, notice) => sum + notice.count, 0);
  return (
    <tr data-doubt={feed.status !== "fresh"}>
      <th scope="row">{text(feed.title)}</th>
      <td className={styles.owner} title={owners}>
        {owners}
      </td>
      <td className={styles.figure}>{formatNumber(feed.entities, 0, language)}</td>
      <td className={styles.figure}>{notices === 0 ? "" : formatNumber(notices, 0, language)}</td>
      <td className={styles.figure}>{age === null ? "—" : formatAge(age, language)}</td>
      <td className={styles.state}>
        <span
          className={styles.fuse}
          style={{ "--fuse": age === null ? 0 : Math.min(age / feed.staleAfterSeconds, 1) }}
          aria-hidden="true"
        />
        {feed.status !== "fresh" && (
          <b>
            <Shape name={feed.status} />{" "}
            {t(feed.error ? `feeds.error.${feed.error.class}` : `faces.feeds.${feed.status}`)}
          </b>
        )}
      </td>
    </tr>
  );
}
