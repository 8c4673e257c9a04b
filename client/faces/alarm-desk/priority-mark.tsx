import { urgency, type Priority } from "../../../shared/alarms.ts";
import { useWords } from "../../words/words.ts";
import styles from "./priority-mark.module.css";

const outlines: Readonly<Record<Priority, string>> = {
  critical: "M2 2h16v16H2z",
  high: "M10 1l9 17H1z",
  medium: "M10 19L1 2h18z",
  low: "M10 0.500L19.500 10L10 19.500L0.500 10z",
};

/** Where the number stands, so that each shape holds it in its heaviest part. */
const baselines: Readonly<Record<Priority, number>> = { critical: 14.2, high: 16, medium: 11.6, low: 14 };

/** The priority by shape, number and word; `isKnown`: outlined only, for what somebody has acknowledged or what is over. */
export function PriorityMark({ priority, isKnown = false }: { priority: Priority; isKnown?: boolean }) {
  const { t } = useWords();
  return (
    <span className={styles.mark} data-priority={priority} data-known={isKnown}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={outlines[priority]} />
        <text x="10" y={baselines[priority]} textAnchor="middle">
          {4 - urgency(priority)}
        </text>
      </svg>
      <span>{t(`desk.priorities.${priority}`)}</span>
    </span>
  );
}
