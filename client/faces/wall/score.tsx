import type { PartOf } from "../../../shared/wall.ts";
import { useIndicator, useReading } from "../../live/store.ts";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import styles from "./score.module.css";
import { Section } from "./section.tsx";

/** A composite score as the wall's largest figure. */
export function Score({ part }: { part: PartOf<"score"> }) {
  const { t, text, language } = useWords();
  const indicator = useIndicator(part.indicator);
  const value = useReading(part.indicator)?.value ?? null;
  if (indicator === null) return null;
  return (
    <Section title={text(indicator.title)} note={t("faces.score.onTarget")}>
      <p className={styles.score}>{value === null ? "—" : formatNumber(value, 0, language)}</p>
    </Section>
  );
}
