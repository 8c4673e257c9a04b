import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-system.module.css";
import { useNameOfAlarm } from "./name-of-alarm.ts";

const listedAtMost = 20;

/** The floods of the period, the newest first. */
export function Floods({ floods, zone }: { floods: AlarmFiguresAnswer["floods"]; zone: string }) {
  const { t, language } = useWords();
  const nameOf = useNameOfAlarm();
  const time = (at: number): string => formatInstant(at, zone, language);
  return (
    <section aria-labelledby="floods-title">
      <h2 id="floods-title">{t("system.floods.title")}</h2>
      {floods.length === 0 && <p>{t("system.floods.none")}</p>}
      <ul className={styles.lines}>
        {floods
          .toReversed()
          .slice(0, listedAtMost)
          .map(({ fromAt, toAt, firstOut, count }) => (
            <li key={fromAt}>
              {t("system.floods.one", { from: time(fromAt), to: time(toAt), count, alarm: nameOf(firstOut) })}
            </li>
          ))}
      </ul>
    </section>
  );
}
