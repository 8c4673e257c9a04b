import type { Alarm } from "../../../shared/alarms.ts";
import { seriesId } from "../../../shared/city.ts";
import { useIndicator, useReading } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";

/**
 * The figure that an alarm watches, as it is now, and that it is old or not known; before there is a word of it, what the
 * alarm last said. Nothing for an alarm that watches no figure.
 */
export function AlarmValue({ alarm }: { alarm: Alarm }) {
  const { t, language } = useWords();
  const { indicator, group } = alarm;
  const unit = useIndicator(indicator ?? "")?.unit;
  const reading = useReading(indicator === null ? "" : seriesId(indicator, group));
  if (indicator === null || !unit) return null;
  const { value, state } = reading ?? { value: alarm.value, state: alarm.valueState };
  if (value === null)
    return (
      <>
        <Shape name="no-data" /> {t("alarms.noValue")}
      </>
    );
  return (
    <>
      {valueInWords(value, unit, language)}
      {state === "stale" && (
        <>
          {" "}
          <Shape name="stale" /> {t("alarms.oldValue")}
        </>
      )}
    </>
  );
}
