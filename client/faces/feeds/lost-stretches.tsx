import { useEffect, useState } from "react";
import type { LostSpan } from "../../../shared/lost.ts";
import { useCity } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { formatDay, formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { askFor } from "./feed-quality.ts";
import styles from "./feeds.module.css";

/** What the history lost and whether it was recovered, the newest first; nothing where it lost nothing. */
export function LostStretches() {
  const { t, language } = useWords();
  const city = useCity();
  const [stretches, setStretches] = useState<readonly LostSpan[]>([]);
  useEffect(() => {
    let isMounted = true;
    void askFor<LostSpan[]>("/api/v1/lost").then((answer) => {
      if (isMounted && answer !== null) setStretches(answer.toReversed());
    });
    return () => {
      isMounted = false;
    };
  }, []);
  if (city === null || stretches.length === 0) return null;
  const { zone } = city.settings;
  const time = (at: number): string => `${formatDay(at, zone, language)} ${formatTime(at, zone, language)}`;
  return (
    <section>
      <h2>{t("faces.lost.title")}</h2>
      <ul>
        {stretches.map(({ fromAt, toAt, rows, recovered }) => (
          <li key={fromAt}>
            {t("faces.lost.stretch", {
              from: time(fromAt),
              to: time(toAt),
              rows: formatNumber(rows, 0, language),
            })}{" "}
            {recovered === null ? (
              <b>
                <Shape name="no-data" /> {t("faces.lost.missing")}
              </b>
            ) : (
              <>
                <Shape name="on-target" />{" "}
                {t(recovered.indicators === recovered.of ? "faces.lost.recovered" : "faces.lost.partly", {
                  indicators: formatNumber(recovered.indicators, 0, language),
                  of: formatNumber(recovered.of, 0, language),
                })}
              </>
            )}
          </li>
        ))}
      </ul>
      <p className={styles.quiet}>{t("faces.lost.how")}</p>
    </section>
  );
}
