import { grades, requirements, type Grade, type RequirementId } from "../../../shared/grade.ts";
import { Shape } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import styles from "./feeds.module.css";

/** A grade as a word and as filled squares of four. */
export function GradeMark({ grade }: { grade: Grade | null }) {
  const { t } = useWords();
  const reached = grade === null ? 0 : grades.indexOf(grade) + 1;
  return (
    <span className={styles.whole}>
      <span className={styles.pips} aria-hidden="true">
        {grades.map((one, i) => (
          <i key={one} data-filled={i < reached} />
        ))}
      </span>
      {t(grade === null ? "faces.quality.none" : `faces.quality.grades.${grade}`)}
    </span>
  );
}

/** Every requirement by grade; with `missing`, which of them a feed does not meet. */
export function Requirements({ missing }: { missing: readonly RequirementId[] | null }) {
  const { t, text } = useWords();
  return (
    <table className={styles.table} aria-label={t("faces.quality.howGraded")}>
      <tbody>
        {requirements.map(({ id, grade, meaning }) => (
          <tr key={id}>
            <th scope="row" className={styles.whole}>
              {t(`faces.quality.grades.${grade}`)}
            </th>
            <td>{text(meaning)}</td>
            {missing !== null && (
              <td className={styles.whole}>
                {missing.includes(id) ? (
                  <b>
                    <Shape name="no-data" /> {t("faces.quality.missing")}
                  </b>
                ) : (
                  <span className={styles.quiet}>
                    <Shape name="on-target" /> {t("faces.quality.met")}
                  </span>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
