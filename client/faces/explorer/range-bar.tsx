import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";
import { stretchInWords } from "./naming.ts";
import { shifted, wholeMinutes, zoomed, type Stretch } from "./range.ts";
import type { View } from "./view.ts";

interface Props {
  readonly view: View;
  readonly stretch: Stretch;
  readonly zone: string;
  readonly now: number;
  /** The chart can be drawn over. */
  readonly canDraw: boolean;
  /** Where something was recorded, when that is a small part of the stretch. */
  readonly recorded: Stretch | null;
  readonly onChange: (view: View) => void;
}

/** The stretch that is shown, and steps through time from it. */
export function RangeBar({ view, stretch, zone, now, canDraw, recorded, onChange }: Props) {
  const words = useWords();
  const { t } = words;
  const steps = [
    ["earlier", "←", shifted(stretch, -1, now)],
    ["later", "→", shifted(stretch, 1, now)],
    ["zoomIn", "+", zoomed(stretch, 0.5, now)],
    ["zoomOut", "−", zoomed(stretch, 2, now)],
  ] as const;
  return (
    <div className={styles.rangeBar}>
      <p>{stretchInWords(stretch, zone, words)}</p>
      <div role="group" aria-label={t("explorer.choose.range")}>
        {steps.map(([step, sign, range]) => (
          <button
            key={step}
            type="button"
            className={styles.button}
            aria-label={t(`explorer.range.${step}`)}
            title={t(`explorer.range.${step}`)}
            disabled={step === "later" && stretch.toAt >= now - 60_000}
            onClick={() => onChange({ ...view, range })}
          >
            {sign}
          </button>
        ))}
      </div>
      {recorded !== null && (
        <button
          type="button"
          className={styles.button}
          onClick={() => onChange({ ...view, range: wholeMinutes(recorded.fromAt, recorded.toAt) })}
        >
          {t("explorer.range.recorded")}
        </button>
      )}
      {canDraw && <p className={styles.hint}>{t("explorer.range.hint")}</p>}
    </div>
  );
}
