import { useMemo } from "react";
import { useWords } from "../../words/words.ts";
import type { Figure } from "./drawings/drawing.ts";
import { strongestLag } from "./drawings/relation-drawing.ts";
import styles from "./explorer.module.css";
import { longestLag, type View } from "./view.ts";

/** By how many buckets the second figure is taken later than the first. */
export function LagChoice(props: { view: View; figures: readonly Figure[]; onChange: (view: View) => void }) {
  const { view, figures, onChange } = props;
  const { t } = useWords();
  const strongest = useMemo(() => strongestLag(figures), [figures]);
  return (
    <p className={styles.lag}>
      <label>
        {t("explorer.relation.lag")}{" "}
        <input
          type="number"
          min={-longestLag}
          max={longestLag}
          value={view.lag}
          onChange={(event) => {
            const lag = event.target.valueAsNumber;
            if (Number.isInteger(lag) && Math.abs(lag) <= longestLag) onChange({ ...view, lag });
          }}
        />
      </label>
      {strongest !== null && strongest.lag !== view.lag && (
        <button
          type="button"
          className={styles.button}
          onClick={() => onChange({ ...view, lag: strongest.lag })}
        >
          {t("explorer.relation.useStrongest")}
        </button>
      )}
    </p>
  );
}
