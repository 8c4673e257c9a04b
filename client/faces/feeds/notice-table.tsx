import type { Spec } from "../../../shared/feed.ts";
import type { FeedRule } from "../../../shared/feed-quality.ts";
import type { Notice } from "../../../shared/notice.ts";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import styles from "./feeds.module.css";

const severities = ["error", "warning", "info"];

/** Notices by code, the gravest first, with what each means and the first example of it. */
export function NoticeTable({
  spec,
  notices,
  rules,
}: {
  spec: Spec;
  notices: readonly Notice[];
  rules: ReadonlyMap<string, FeedRule>;
}) {
  const { t, text, language } = useWords();
  const sorted = notices.toSorted(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || b.count - a.count,
  );
  return (
    <table
      className={`${styles.table} ${styles.notices} ${styles.stacked}`}
      aria-label={t("faces.quality.notices")}
    >
      <thead>
        <tr>
          <th scope="col">{t("faces.quality.code")}</th>
          <th scope="col" className={styles.figure}>
            {t("faces.quality.count")}
          </th>
          <th scope="col">{t("faces.quality.meaning")}</th>
          <th scope="col">{t("faces.quality.example")}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ code, severity, count, example }) => {
          const rule = rules.get(`${spec} ${code}`) ?? rules.get(code);
          return (
            <tr key={code}>
              <th scope="row">
                <span className={severity === "error" ? styles.grave : undefined}>{code}</span>
                <span className={styles.under}>{t(`faces.quality.severity.${severity}`)}</span>
              </th>
              <td className={styles.figure}>{formatNumber(count, 0, language)}</td>
              <td>
                {rule === undefined ? t("faces.quality.noMeaning") : text(rule.meaning)}
                {rule && (
                  <span className={styles.under}>{t("faces.quality.restsOn", { basis: rule.basis })}</span>
                )}
              </td>
              <td className={styles.example}>{example}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
