import type { QualityPeriod } from "../../../shared/feed-quality.ts";
import { formatNumber } from "../../words/format-number.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import styles from "./feeds.module.css";

/** Codes × months: how much of the time each was said of a feed, and of how many entries. Nothing where no month has any. */
export function NoticeMonths({ months }: { months: readonly QualityPeriod[] }) {
  const { t, language } = useWords();
  const codes = [
    ...new Set(months.flatMap(({ notices }) => (notices ?? []).map(({ code }) => code))),
  ].toSorted();
  if (codes.length === 0) return null;
  return (
    <>
      <h3>{t("faces.quality.noticeMonths")}</h3>
      {/* What scrolls must be reached by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={styles.across} role="region" aria-label={t("faces.quality.noticeMonths")} tabIndex={0}>
        <table className={styles.table} aria-label={t("faces.quality.noticeMonths")}>
          <thead>
            <tr>
              <th scope="col">{t("faces.quality.code")}</th>
              {months.map(({ startsOn }) => (
                <th key={startsOn} scope="col" className={styles.figure}>
                  {startsOn.slice(0, 7)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {codes.map((code) => (
              <tr key={code}>
                <th scope="row">{code}</th>
                {months.map(({ startsOn, minutes, notices }) => {
                  const found = notices?.find((notice) => notice.code === code);
                  return (
                    <td key={startsOn} className={styles.figure}>
                      {found
                        ? valueInWords((100 * found.minutes) / minutes, "percent", language)
                        : t(notices === null ? "faces.quality.ungraded" : "faces.quality.never")}
                      {found && (
                        <span className={styles.under}>
                          {t("faces.quality.entriesEach", {
                            count: formatNumber(found.entries, 0, language),
                          })}
                        </span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
