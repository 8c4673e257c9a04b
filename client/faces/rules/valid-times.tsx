import { weekdayNames } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import admin from "../admin/admin.module.css";
import { withValue } from "../admin/edit.ts";
import { valueAt } from "../admin/json-at.ts";
import styles from "./rules.module.css";

interface Stretch {
  readonly weekdays?: readonly number[];
  readonly from: string;
  readonly to: string;
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** The hours of the week in which a rule is valid; none: always. */
export function ValidTimes({ draft, onChange }: { draft: string; onChange: (draft: string) => void }) {
  const { t, language } = useWords();
  const times = (valueAt(draft, ["validTimes"]) ?? []) as readonly Stretch[];
  const set = (next: readonly Stretch[]): void =>
    onChange(withValue(draft, ["validTimes"], next.length === 0 ? undefined : next));
  const names = weekdayNames(language);
  const change = (index: number, part: Partial<Stretch>): void =>
    set(times.with(index, { ...times[index]!, ...part }));
  return (
    <fieldset className={admin.scene}>
      <legend>{t("rules.validTimes")}</legend>
      {times.length === 0 && <p className={admin.quiet}>{t("rules.always")}</p>}
      {times.map((time, index) => {
        const days = time.weekdays ?? everyDay;
        return (
          <div key={index} className={styles.time}>
            {names.map((name, i) => (
              <label key={name}>
                <input
                  type="checkbox"
                  checked={days.includes(i + 1)}
                  onChange={() => change(index, { weekdays: toggled(days, i + 1) })}
                />{" "}
                {name}
              </label>
            ))}
            {(["from", "to"] as const).map((end) => (
              <label key={end}>
                {t(`rules.${end}`)}{" "}
                <input
                  value={time[end]}
                  size={5}
                  onChange={(event) => change(index, { [end]: event.target.value })}
                />
              </label>
            ))}
            <button type="button" onClick={() => set(times.toSpliced(index, 1))}>
              {t("faces.admin.remove")}
            </button>
          </div>
        );
      })}
      <p className={admin.actions}>
        <button
          type="button"
          onClick={() => set([...times, { weekdays: everyDay, from: "06:00", to: "22:00" }])}
        >
          {t("rules.addTime")}
        </button>
      </p>
    </fieldset>
  );
}

function toggled(days: readonly number[], day: number): readonly number[] {
  return days.includes(day) ? days.filter((one) => one !== day) : [...days, day].toSorted((a, b) => a - b);
}
