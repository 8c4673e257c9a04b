import type { ReactNode } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import type { WallDefinition } from "../../../shared/wall.ts";
import { useCityNow, useClock, useConnection, useFeeds } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { formatDay, formatSeconds, formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { connectionInWords } from "../connection-words.ts";
import { feedsInWords } from "../feed-words.ts";
import styles from "./header.module.css";
import type { SceneControl } from "./rotation.ts";
import { SceneBar } from "./scene-bar.tsx";

/** City, scene, whether the data is live, day and clock. */
export function Header(props: {
  wall: WallDefinition;
  city: CityBody;
  rotation: SceneControl;
  /** What stands in the place of the scenes now. */
  over: ReactNode;
  onHelp: () => void;
  onPast: () => void;
}) {
  const { wall, city, rotation, over, onHelp, onPast } = props;
  const { t, text, language } = useWords();
  const now = useCityNow(1_000);
  const { zone } = city.settings;
  return (
    <header className={styles.header}>
      <h1 className={styles.city}>
        <button type="button" title={t("faces.help.title")} onClick={onHelp}>
          {text(city.settings.title)}
        </button>
      </h1>
      {over || <SceneBar scenes={wall.scenes} control={rotation} />}
      <span className={styles.space} />
      <ClockKindTag />
      <LinkState />
      {now !== null && (
        <>
          <p className={styles.day}>{formatDay(now, zone, language)}</p>
          <p className={styles.clock}>
            <button type="button" title={t("past.title")} onClick={onPast}>
              <time dateTime={new Date(now).toISOString()}>
                {formatTime(now, zone, language)}
                <span className={styles.seconds}>:{formatSeconds(now)}</span>
              </time>
              <span className="visually-hidden">{t("past.title")}</span>
            </button>
          </p>
        </>
      )}
    </header>
  );
}

/** Anything but live data is said in words, with its speed; of the past the whole face says it. */
function ClockKindTag() {
  const { t, language } = useWords();
  const clock = useClock();
  if (clock === null || clock.kind === "live" || clock.kind === "past") return null;
  return (
    <p className={styles.kind}>
      <span className={styles.tag}>
        <Shape name="replay" /> {t(`clock.${clock.kind}`)}
      </span>
      <span className={styles.means}>
        {t(`clock.${clock.kind}Means`)}
        {clock.speed !== 1 && ` ${t("clock.speed", { speed: formatNumber(clock.speed, 0, language) })}`}
      </span>
    </p>
  );
}

/** The connection when it is lost, else the feeds; boxed and hatched when anything is not live. */
function LinkState() {
  const { t, language } = useWords();
  const connection = useConnection();
  const now = useCityNow(1_000);
  const feeds = useFeeds();
  const clock = useClock();
  const lost = connectionInWords(connection, now, language);
  if (lost !== null)
    return (
      <p className={styles.boxed}>
        <Shape name="unlinked" /> {lost}
      </p>
    );
  const allLive = feeds.length > 0 && feeds.every((feed) => feed.status === "fresh");
  if (allLive)
    return <p className={styles.live}>{clock?.kind === "live" ? t("clock.live") : feedsInWords(feeds, t)}</p>;
  return (
    <p className={styles.boxed}>
      <Shape name="down" /> {feedsInWords(feeds, t)}
    </p>
  );
}
