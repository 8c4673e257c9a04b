import { useBlindSeconds } from "../../live/alarm-sight.ts";
import { useAlarms, useAlarmSystem, useCity } from "../../live/store.ts";
import { formatAge } from "../../words/format-age.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { Shape } from "../../look/shapes.tsx";
import styles from "./alarm-desk.module.css";
import { HandoverBanner } from "../shift/handover-banner.tsx";
import { useAlarmNames } from "./naming.ts";

/** What holds of all alarms: that they are not judged, that there are too many, that they are not written down. */
export function Banners() {
  const { t, language } = useWords();
  const system = useAlarmSystem();
  const alarms = useAlarms();
  const city = useCity();
  const nameOf = useAlarmNames();
  const blind = useBlindSeconds();
  const zone = city?.settings.zone ?? "UTC";
  const { flood, unstored } = system ?? { flood: null, unstored: null };
  const first = alarms.find(({ id }) => id === flood?.firstOut);
  const rule = city?.rules.find(({ id }) => id === first?.rule);
  const firstOut = first && rule ? nameOf(first, rule) : (flood?.firstOut ?? "");
  return (
    <>
      <HandoverBanner />
      {blind !== null && (
        <p className={styles.banner} data-grave="true">
          <Shape name="warning" /> {t("alarms.blind", { age: formatAge(blind, language) })}
        </p>
      )}
      {/* Ages and counts change all the time, which nobody wants to hear. */}
      <div className="visually-hidden" role="status">
        {blind !== null && <p>{t("alarms.blindAloud")}</p>}
        {flood && <p>{t("alarms.floodAloud")}</p>}
        {unstored && <p>{t("alarms.notStoredAloud", { reason: unstored.error })}</p>}
      </div>
      {flood && (
        <p className={styles.banner} data-grave="true">
          <Shape name="warning" />{" "}
          {t("alarms.flood", {
            time: formatTime(flood.since, zone, language),
            count: flood.count,
            alarm: firstOut,
          })}
        </p>
      )}
      {unstored && (
        <p className={styles.banner}>
          <Shape name="warning" /> {t("alarms.notStored", { count: unstored.count, reason: unstored.error })}
        </p>
      )}
    </>
  );
}
