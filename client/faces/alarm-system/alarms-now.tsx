import type { Alarm, AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { useAlarms } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { Link } from "../link.tsx";
import styles from "./alarm-system.module.css";
import { useNameOfAlarm } from "./name-of-alarm.ts";

/** What is shelved or out of service now: until when, by whom and why. */
export function AwayNow({ zone }: { zone: string }) {
  const { t, language } = useWords();
  const nameOf = useNameOfAlarm();
  const away = useAlarms().filter(({ shelved, outOfService }) => shelved !== null || outOfService !== null);
  return (
    <section aria-labelledby="away-title">
      <h2 id="away-title">{t("system.away.title")}</h2>
      {away.length === 0 ? (
        <p>{t("system.away.none")}</p>
      ) : (
        <>
          <p className={styles.quiet}>{t("system.away.meaning")}</p>
          <table className={styles.table}>
            <thead>
              <tr>
                {(["alarm", "how", "until", "by", "reason"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`system.away.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {away.map((alarm) => {
                const { how, until, by, reason } = hidingOf(alarm);
                return (
                  <tr key={alarm.id}>
                    <th scope="row">
                      <AlarmLink id={alarm.id} name={nameOf(alarm.id)} />
                    </th>
                    <td>{t(`system.away.${how}`)}</td>
                    <td>{until === null ? t("system.away.noEnd") : formatInstant(until, zone, language)}</td>
                    <td>{by ?? t("system.away.byRule")}</td>
                    <td>{reason}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

/** Out of service hides more strongly than a shelf. */
function hidingOf({ shelved, outOfService }: Alarm) {
  if (outOfService !== null)
    return {
      how: "out",
      until: null,
      by: outOfService.by?.position ?? null,
      reason: outOfService.reason,
    } as const;
  return {
    how: "shelved",
    until: shelved!.until,
    by: shelved!.by.position,
    reason: shelved!.reason,
  } as const;
}

/** Alarms that chattered in the period, and those that are stale now. */
export function ToMend({ figures, zone }: { figures: AlarmFiguresAnswer; zone: string }) {
  const { t, language } = useWords();
  const nameOf = useNameOfAlarm();
  const lines = [
    ...figures.stale.map(({ alarm, since }) => ({
      alarm,
      what: t("system.trouble.stale", { time: formatInstant(since, zone, language) }),
    })),
    ...figures.chattering.map((alarm) => ({ alarm, what: t("system.trouble.chatters") })),
  ];
  return (
    <section aria-labelledby="mend-title">
      <h2 id="mend-title">{t("system.trouble.title")}</h2>
      {lines.length === 0 && <p>{t("system.trouble.none")}</p>}
      <ul className={styles.lines}>
        {lines.map(({ alarm, what }) => (
          <li key={`${alarm} ${what}`}>
            <AlarmLink id={alarm} name={nameOf(alarm)} /> <span className={styles.quiet}>{what}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function AlarmLink({ id, name }: { id: string; name: string }) {
  return <Link to={`/desk?alarm=${encodeURIComponent(id)}`}>{name}</Link>;
}
