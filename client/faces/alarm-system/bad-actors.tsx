import { parseSeriesId } from "../../../shared/city.ts";
import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { useCity } from "../../live/store.ts";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-system.module.css";
import { useNameOfAlarm } from "./name-of-alarm.ts";
import { ShareBar } from "./share-bar.tsx";

/** Rules and alarms that make most of the work. */
export function BadActors({ figures: { badRules, badActors } }: { figures: AlarmFiguresAnswer }) {
  const { t, text } = useWords();
  const nameOf = useNameOfAlarm();
  const rules = useCity()?.rules ?? [];
  const titleOf = (id: string): string => {
    const rule = rules.find((one) => one.id === id);
    return rule ? text(rule.title) : id;
  };
  // An alarm that is the only one of its rule says nothing new.
  const grouped = badActors.filter(({ alarm }) => parseSeriesId(alarm).group !== null);
  return (
    <>
      <Most
        title={t("system.bad.rules")}
        rows={badRules.map((one) => ({ ...one, id: one.rule, name: titleOf(one.rule) }))}
      />
      {grouped.length > 0 && (
        <Most
          title={t("system.bad.alarms")}
          rows={grouped.map((one) => ({ ...one, id: one.alarm, name: nameOf(one.alarm) }))}
        />
      )}
    </>
  );
}

interface MostRow {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly percent: number;
}

function Most({ title, rows }: { title: string; rows: readonly MostRow[] }) {
  const { t, language } = useWords();
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p>{t("system.bad.none")}</p>
      ) : (
        <>
          <p className={styles.quiet}>{t("system.bad.meaning")}</p>
          <table className={`${styles.table} ${styles.shares}`}>
            <tbody>
              {rows.map(({ id, name, count, percent }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td>
                    <ShareBar percent={percent} />
                  </td>
                  <td data-figure>{formatNumber(count, 0, language)}</td>
                  <td data-figure className={styles.quiet}>
                    {valueInWords(percent, "percent", language)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
