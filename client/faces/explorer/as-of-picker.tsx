import { useState } from "react";
import { localToInstant, zoneOffsetMs } from "../../../shared/city-time.ts";
import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";

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
        const at = instantOf(local, zone);
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

function localText(at: number, zone: string): string {
  return new Date(at + zoneOffsetMs(at, zone)).toISOString().slice(0, 16);
}

function instantOf(local: string, zone: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(local)?.slice(1).map(Number);
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts as [number, number, number, number, number];
  return localToInstant({ year, month, day, hour, minute, second: 0 }, zone);
}
