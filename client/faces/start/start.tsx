import "../../words/start-words.ts";
import { languages } from "../../../shared/city.ts";
import { useCity, useCityNow, useFeeds } from "../../live/store.ts";
import { nextLanguage, nextTheme } from "../../look/preferences.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import { DataKind } from "../data-kind.tsx";
import { feedInWords, feedsInWords } from "../feed-words.ts";
import { Link } from "../link.tsx";
import { MailboxLink } from "../mailbox-link.tsx";
import styles from "../plain.module.css";

const data: readonly (readonly [path: string, word: WordKey])[] = [
  ["/api/v1/indicators", "faces.start.indicators"],
  ["/api/v1/feeds", "faces.start.feedsApi"],
  ["/api/v1/city", "faces.start.cityApi"],
  ["/api/v1/openapi.json", "faces.start.openapi"],
  ["/healthz", "faces.start.health"],
];

const deskPages: readonly (readonly [path: string, word: WordKey])[] = [
  ["/desk", "faces.alarmDesk.link"],
  ["/desk/area", "faces.start.area"],
  ["/desk/shift", "faces.start.shift"],
  ["/desk/system", "faces.start.system"],
  ["/desk/rules", "faces.start.rules"],
];

/** What there is to see, and where the numbers can be fetched. */
export default function Start() {
  const { t, text, language } = useWords();
  const city = useCity();
  const feeds = useFeeds();
  const now = useCityNow(1_000);
  return (
    <main className={styles.page}>
      <h1>{city === null ? "Citydeck" : text(city.settings.title)}</h1>
      <p className={styles.lead}>{t("faces.start.line")}</p>
      <DataKind />

      <h2>{t("faces.start.walls")}</h2>
      {city?.walls.length === 0 && <p className={styles.quiet}>{t("faces.wall.noWalls")}</p>}
      <ul>
        {city?.walls.map((wall) => (
          <li key={wall.id}>
            <Link to={`/wall/${encodeURIComponent(wall.id)}`}>{text(wall.title)}</Link>
          </li>
        ))}
      </ul>

      <p>
        <Link to="/admin/walls">{t("faces.start.change")}</Link>
      </p>

      {city !== null && city.rules.length > 0 && (
        <>
          <h2>{t("faces.alarmDesk.title")}</h2>
          <ul>
            {deskPages.map(([path, word]) => (
              <li key={path}>
                <Link to={path}>{t(word)}</Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <MailboxLink />

      <h2>{t("faces.start.reading")}</h2>
      <ul>
        <li>
          <a href={`/briefings?lang=${language}`}>{t("faces.start.briefings")}</a>
        </li>
        <li>
          <Link to="/explorer">{t("faces.start.explorer")}</Link>
        </li>
      </ul>

      <h2>{t("faces.start.feeds")}</h2>
      <p>
        {feedsInWords(feeds, t)} · <Link to="/feeds">{t("faces.start.feedQuality")}</Link>
      </p>
      <ul>
        {now !== null &&
          feeds.map((feed) => (
            <li key={feed.id} className={styles.row}>
              <span>{text(feed.title)}</span>
              <span className={feed.status === "fresh" ? styles.quiet : undefined}>
                {feedInWords(feed, now, language)}
              </span>
            </li>
          ))}
      </ul>

      <h2>{t("faces.start.data")}</h2>
      <ul>
        {data.map(([path, word]) => (
          <li key={path} className={styles.row}>
            <a href={path}>{path}</a>
            <span className={styles.quiet}>{t(word)}</span>
          </li>
        ))}
      </ul>

      <p className={`${styles.row} ${styles.actions}`}>
        <button type="button" className={styles.button} onClick={nextLanguage}>
          {languages.map((one) => (one === "en" ? "English" : "中文")).join(" / ")}
        </button>
        <button type="button" className={styles.button} onClick={nextTheme}>
          {t("faces.help.theme")}
        </button>
      </p>
    </main>
  );
}
