import { useId, useState, type FormEvent } from "react";
import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";
import { rangeInWords } from "./naming.ts";
import { datesOf, formatRange, parseRange, stretchOf, type Range } from "./range.ts";
import { parseTypedRange, type RangeFault } from "./typed-range.ts";

const presets = [
  "last-1-hour",
  "last-6-hour",
  "last-24-hour",
  "last-7-day",
  "last-4-week",
  "last-90-day",
  "last-1-year",
  "today",
  "yesterday",
  "this-week",
  "last-week",
  "this-month",
  "last-month",
].map((text) => parseRange(text)!);

/** Chooses the time: typed, one of those often used, or two dates of the city's calendar. */
export function RangePicker(props: {
  range: Range;
  zone: string;
  now: number;
  onChoose: (range: Range) => void;
}) {
  const { range, zone, now, onChoose } = props;
  const words = useWords();
  const { t } = words;
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<RangeFault | null>(null);
  const shown = datesOf(stretchOf(range, zone, now), zone);
  const [dates, setDates] = useState(shown);
  const faultId = useId();
  const take = (event: FormEvent): void => {
    event.preventDefault();
    const read = parseTypedRange(typed, zone, now);
    setFault(read.ok ? null : read.failure);
    if (!read.ok) return;
    setTyped("");
    onChoose(read.value);
  };
  const isReversed = dates.from > dates.to;
  return (
    <div className={styles.ranges}>
      <form onSubmit={take}>
        <label>
          {t("explorer.range.typed")}
          <input
            data-first
            value={typed}
            placeholder={t("explorer.range.example")}
            aria-invalid={fault !== null}
            aria-describedby={faultId}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <button type="submit" className={styles.button}>
          {t("explorer.range.apply")}
        </button>
        <p id={faultId} role="status" className={styles.fault}>
          {fault && t(`explorer.rangeFaults.${fault.why}`, { part: fault.part })}
        </p>
      </form>
      <fieldset className={styles.presets}>
        <legend>{t("explorer.range.presets")}</legend>
        {presets.map((preset) => (
          <button
            key={formatRange(preset)}
            type="button"
            aria-pressed={formatRange(preset) === formatRange(range)}
            onClick={() => onChoose(preset)}
          >
            {rangeInWords(preset, zone, words)}
          </button>
        ))}
      </fieldset>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const chosen = parseRange(`${dates.from}..${dates.to}`);
          if (chosen) onChoose(chosen);
        }}
      >
        <fieldset className={styles.dates}>
          <legend>{t("explorer.range.calendar")}</legend>
          <label>
            {t("explorer.range.from")}
            <input
              type="date"
              required
              value={dates.from}
              onChange={(event) => setDates({ ...dates, from: event.target.value })}
            />
          </label>
          <label>
            {t("explorer.range.to")}
            <input
              type="date"
              required
              value={dates.to}
              onChange={(event) => setDates({ ...dates, to: event.target.value })}
            />
          </label>
          <button type="submit" className={styles.button} disabled={isReversed}>
            {t("explorer.range.apply")}
          </button>
          <p role="status" className={styles.fault}>
            {isReversed && t("explorer.rangeFaults.reversed", { part: `${dates.from} – ${dates.to}` })}
          </p>
        </fieldset>
      </form>
    </div>
  );
}
