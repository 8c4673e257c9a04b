import type { Text } from "../../../shared/city.ts";
import { useBlindSeconds } from "../../live/alarm-sight.ts";
import { useAlarmSystem } from "../../live/store.ts";
import { formatAge } from "../../words/format-age.ts";
import { useWords } from "../../words/words.ts";
import { Shape } from "../../look/shapes.tsx";
import styles from "./alarm-desk.module.css";
import { Link } from "../link.tsx";
import { HandoverBanner } from "../shift/handover-banner.tsx";
import { useWhen } from "../shift/use-when.ts";
import { useAlarmNamesById } from "./naming.ts";

/** What holds of all alarms: that they are not judged, that there are too many, that they are not written down, that messages do not arrive. */
export function Banners() {
  const { t, text, language } = useWords();
  const system = useAlarmSystem();
  const when = useWhen();
  const nameOf = useAlarmNamesById();
  const blind = useBlindSeconds();
  const { flood, unstored, unreached } = system ?? { flood: null, unstored: null, unreached: [] };
  const calledOf = (contact: Text | string): string =>
    typeof contact === "string" ? contact : text(contact);
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
        {unreached.map(({ role, contact }) => {
          const who = { role: text(role), contact: calledOf(contact) };
          return <p key={`${who.role} ${who.contact}`}>{t("desk.unreachedAloud", who)}</p>;
        })}
      </div>
      {flood && (
        <p className={styles.banner} data-grave="true">
          <Shape name="warning" />{" "}
          {t("alarms.flood", {
            time: when(flood.since),
            count: flood.count,
            alarm: nameOf(flood.firstOut) ?? flood.firstOut,
          })}
        </p>
      )}
      {unstored && (
        <p className={styles.banner}>
          <Shape name="warning" /> {t("alarms.notStored", { count: unstored.count, reason: unstored.error })}
        </p>
      )}
      {unreached.map(({ role, contact, since, alarm, subject: said, waiting }) => {
        const who = { role: text(role), contact: calledOf(contact) };
        const subject = (alarm === null ? null : nameOf(alarm)) ?? said;
        return (
          <p key={`${who.role} ${who.contact}`} className={styles.banner} data-banner="unreached">
            <Shape name="warning" /> {t("desk.unreached", { ...who, time: when(since) })}{" "}
            {waiting === 0
              ? t("desk.unreachedGivenUp", { subject })
              : t("desk.unreachedWaiting", { subject, count: waiting })}{" "}
            <Link to="/desk/system">{t("desk.unreachedMore")}</Link>
          </p>
        );
      })}
    </>
  );
}
