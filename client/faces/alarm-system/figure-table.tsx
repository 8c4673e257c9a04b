import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";
import { Shape } from "../../look/shapes.tsx";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-system.module.css";
import { judgedFigures } from "./judged-figures.ts";
import { wantedInWords } from "./wanted-in-words.ts";

/** Each figure with what it means, what is wanted of it, and whether that holds. */
export function FigureTable({ figures }: { figures: AlarmFiguresAnswer }) {
  const { t, language } = useWords();
  return (
    <section aria-labelledby="figures-title">
      <h2 id="figures-title">{t("system.figures")}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("system.figure")}</th>
            <th scope="col" data-figure>
              {t("system.value")}
            </th>
            <th scope="col" data-figure>
              {t("system.wanted")}
            </th>
          </tr>
        </thead>
        <tbody>
          {judgedFigures(figures).map(({ key, unit, value, atMost, isGood }) => (
            <tr key={key} data-over={isGood === false}>
              <th scope="row">
                {t(`system.titles.${key}`)}
                <p>{t(`system.meanings.${key}`)}</p>
              </th>
              <td data-figure>
                {value === null ? t("system.notKnown") : valueInWords(value, unit, language)}
              </td>
              <td data-figure>
                {atMost !== null && (
                  <>
                    {t("system.atMost", { figure: wantedInWords(atMost, unit, language) })}
                    {isGood !== null && (
                      <span className={styles.verdict}>
                        <Shape name={isGood ? "on-target" : "above"} />{" "}
                        {t(isGood ? "system.good" : "system.over")}
                      </span>
                    )}
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
