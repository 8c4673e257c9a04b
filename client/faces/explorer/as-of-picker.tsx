import { useState } from "react";
import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";
import { instantOfLocal, localText } from "./local-time.ts";

/** Chooses as of when the figures are known: now, or an instant of the city's clock. */
export function AsOfPicker(props: {
  zone: string;
  now: number;
  asOf: number | null;
  onChoose: (asOf: number | null) => void;
}) {
  const { zone, now, asOf, onChoose } = props;
  const { t } = useWords();
  const [local, setLocal] = useState(() => localText(asOf ?? now, zone));
  return (
    <form
      className={styles.ranges}
      onSubmit={(event) => {
        event.preventDefault();
        const at = instantOfLocal(local, zone);
        if (at !== null) onChoose(at);
      }}
    >
      <p>{t("explorer.asOf.means")}</p>
      <label>
        {t("explorer.asOf.then")}
        <input
          type="datetime-local"
          required
          data-first
          value={local}
          max={localText(now, zone)}
          onChange={(event) => setLocal(event.target.value)}
        />
      </label>
      <button type="submit" className={styles.button}>
        {t("explorer.range.apply")}
      </button>
      {asOf !== null && (
        <button type="button" className={styles.button} onClick={() => onChoose(null)}>
          {t("explorer.asOf.today")}
        </button>
      )}
    </form>
  );
}
