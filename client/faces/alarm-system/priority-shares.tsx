import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-system.module.css";
import { ShareBar } from "./share-bar.tsx";
import { wantedInWords } from "./wanted-in-words.ts";

/** How urgent the alarms were, beside what a good set of them is made of. */
export function PriorityShares({ figures }: { figures: AlarmFiguresAnswer }) {
  const { t, language } = useWords();
  const { priorities, recommendedPercent: wanted, alarms } = figures;
  const shares = [
    { key: "urgent", percent: priorities.critical + priorities.high, wanted: wanted.urgent },
    { key: "medium", percent: priorities.medium, wanted: wanted.medium },
    { key: "low", percent: priorities.low, wanted: wanted.low },
  ] as const;
  return (
    <section aria-labelledby="priorities-title">
      <h2 id="priorities-title">{t("system.priorities.title")}</h2>
      <p className={styles.quiet}>{t("system.priorities.meaning")}</p>
      {alarms === 0 ? (
        <p>{t("system.bad.none")}</p>
      ) : (
        <table className={`${styles.table} ${styles.shares}`}>
          <tbody>
            {shares.map((share) => (
              <tr key={share.key}>
                <th scope="row">{t(`system.priorities.${share.key}`)}</th>
                <td>
                  <ShareBar percent={share.percent} wanted={share.wanted} />
                </td>
                <td data-figure>{valueInWords(share.percent, "percent", language)}</td>
                <td data-figure className={styles.quiet}>
                  {t("system.priorities.wanted", {
                    figure: wantedInWords(share.wanted, "percent", language),
                  })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
