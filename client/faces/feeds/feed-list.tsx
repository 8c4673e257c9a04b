import type { FeedStatus } from "../../../shared/feed.ts";
import type { FeedQuality } from "../../../shared/feed-quality.ts";
import { useCity, useCityNow, useFeeds } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatLimit } from "../../words/format-age.ts";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { feedInWords, feedsInWords, inDoubtFirst, ownersInWords } from "../feed-words.ts";
import { Link } from "../link.tsx";
import styles from "./feeds.module.css";
import { GradeMark, Requirements } from "./grade-mark.tsx";

/** All feeds, those in doubt first. */
export function FeedList({ qualities }: { qualities: ReadonlyMap<string, FeedQuality> }) {
  const { t } = useWords();
  const feeds = useFeeds();
  const sorted = inDoubtFirst(feeds);
  return (
    <>
      <p className={styles.lead}>{feedsInWords(feeds, t)}</p>
      <table className={styles.table} aria-label={t("faces.feeds.title")}>
        <thead>
          <tr>
            <th scope="col">{t("faces.feeds.feed")}</th>
            <th scope="col">{t("faces.quality.grade")}</th>
            <th scope="col">{t("faces.quality.state")}</th>
            <th scope="col" className={styles.wide}>
              {t("faces.quality.cadence")}
            </th>
            <th scope="col" className={`${styles.figure} ${styles.wide}`}>
              {t("faces.quality.complete")}
            </th>
            <th scope="col" className={`${styles.figure} ${styles.wide}`}>
              {t("faces.quality.things")}
            </th>
            <th scope="col" className={styles.wide}>
              {t("faces.quality.notices")}
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((feed) => (
            <Row key={feed.id} feed={feed} quality={qualities.get(feed.id) ?? null} />
          ))}
        </tbody>
      </table>
      <h2>{t("faces.quality.howGraded")}</h2>
      <p className={styles.lead}>{t("faces.quality.gradeMeans")}</p>
      <Requirements missing={null} />
    </>
  );
}

function Row({ feed, quality }: { feed: FeedStatus; quality: FeedQuality | null }) {
  const { t, text, language } = useWords();
  const city = useCity();
  const now = useCityNow(1_000);
  const [errors, warnings] = [countOf(feed, "error"), countOf(feed, "warning")];
  return (
    <tr data-doubt={feed.status !== "fresh"}>
      <th scope="row">
        <Link to={`/feeds?feed=${encodeURIComponent(feed.id)}`}>{text(feed.title)}</Link>
        <span className={styles.under}>{ownersInWords(feed, city, text)}</span>
      </th>
      <td>{quality === null ? t("faces.quality.ungraded") : <GradeMark grade={quality.graded.grade} />}</td>
      <td>
        {feed.status !== "fresh" && <Shape name={feed.status} />}{" "}
        <span className={styles.whole}>{now === null ? "" : feedInWords(feed, now, language)}</span>
        {feed.error && <span className={styles.under}>{t(`feeds.error.${feed.error.class}`)}</span>}
      </td>
      <td className={styles.wide}>
        {t("faces.quality.every", { age: formatLimit(feed.cadenceSeconds, language) })}
        <span className={styles.under}>
          {quality?.week == null
            ? t("faces.quality.notMeasured")
            : t("faces.quality.onTime", {
                share: valueInWords(quality.week.onTimePercent, "percent", language),
              })}
        </span>
      </td>
      <td className={`${styles.figure} ${styles.wide}`}>
        {quality?.completeness == null
          ? t("faces.quality.ungraded")
          : valueInWords(quality.completeness, "percent", language)}
      </td>
      <td className={`${styles.figure} ${styles.wide}`}>{formatNumber(feed.entities, 0, language)}</td>
      <td className={styles.wide}>
        {errors + warnings === 0 ? (
          <span className={styles.quiet}>{t("faces.quality.noNotices")}</span>
        ) : (
          [
            ...(errors > 0 ? [t("faces.quality.errors", { count: errors })] : []),
            ...(warnings > 0 ? [t("faces.quality.warnings", { count: warnings })] : []),
          ].join(" · ")
        )}
      </td>
    </tr>
  );
}

function countOf({ notices }: FeedStatus, severity: string): number {
  return notices.reduce((sum, notice) => sum + (notice.severity === severity ? notice.count : 0), 0);
}
