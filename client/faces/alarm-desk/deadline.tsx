import { Shape } from "../../look/shapes.tsx";
import { useCityNow } from "../../live/store.ts";
import { formatAge } from "../../words/format-age.ts";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-desk.module.css";
import type { QueueRow } from "./queue.ts";

/** How long is left until the response has to be done, or how late it is; nothing once it is over or confirmed. */
export function Deadline({ row: { alarm, dueAt } }: { row: QueueRow }) {
  const { t, language } = useWords();
  const now = useCityNow(1_000);
  if (now === null || !alarm.isActive || alarm.confirmed !== null) return null;
  const age = formatAge(Math.abs(dueAt - now) / 1000, language);
  return now > dueAt ? (
    <span className={styles.late}>
      <Shape name="warning" /> {t("alarms.late", { age })}
    </span>
  ) : (
    <span className={styles.left}>{t("alarms.left", { age })}</span>
  );
}
