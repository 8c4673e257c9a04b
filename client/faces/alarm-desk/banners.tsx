import { useAlarms, useAlarmSystem, useCity, useCityNow, useJudgedAt, useClock } from "../../live/store.ts";
import { formatAge } from "../../words/format-age.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { Shape } from "../../look/shapes.tsx";
import styles from "./alarm-desk.module.css";
import { useAlarmNames } from "./naming.ts";

/** Alarms that were not judged for so long, in seconds of the wall's clock, are blind. */
const blindAfterSeconds = 15;

/** What holds of all alarms: that they are not judged, that there are too many, that they are not written down. */
export function Banners() {
  const { t, language } = useWords();
  const system = useAlarmSystem();
  const alarms = useAlarms();
  const city = useCity();
  const nameOf = useAlarmNames();
  const judgedAt = useJudgedAt();
  const now = useCityNow(1_000);
  const speed = useClock()?.speed ?? 1;
  const zone = city?.settings.zone ?? "UTC";
  const unjudged = judgedAt === null || now === null ? 0 : (now - judgedAt) / 1000;
  const isBlind = unjudged > blindAfterSeconds * Math.max(speed, 1);
  const { flood, unstored } = system ?? { flood: null, unstored: null };
  const first = alarms.find(({ id }) => id === flood?.firstOut);
  const rule = city?.rules.find(({ id }) => id === first?.rule);
  return (
    <>
      {isBlind && (
        <p className={styles.banner} data-grave="true">
          <Shape name="warning" /> {t("desk.blind", { age: formatAge(unjudged, language) })}
        </p>
      )}
      {/* The age in it changes each second, which nobody wants to hear. */}
      <p className="visually-hidden" role="status">
        {isBlind ? t("desk.blindAloud") : ""}
      </p>
      <div role="status">
        {flood && (
          <p className={styles.banner} data-grave="true">
            <Shape name="warning" />{" "}
            {t("desk.flood", {
              time: formatTime(flood.since, zone, language),
              count: flood.count,
              alarm: first && rule ? nameOf(first, rule) : flood.firstOut,
            })}
          </p>
        )}
        {unstored && (
          <p className={styles.banner}>
            <Shape name="warning" /> {t("desk.notStored", { count: unstored.count, reason: unstored.error })}
          </p>
        )}
      </div>
    </>
  );
}
