import "../../words/alarm-words.ts";
import type { Priority } from "../../../shared/alarms.ts";
import { priorityNumber, priorityShapes } from "../../look/priority-shapes.ts";
import { useWords } from "../../words/words.ts";
import styles from "./priority-mark.module.css";

/** The priority by shape, number and word; `isKnown`: outlined only, for what somebody has acknowledged or what is over. */
export function PriorityMark(props: {
  priority: Priority;
  isKnown?: boolean;
  /** Instead of the priority's own word. */
  word?: string;
}) {
  const { priority, isKnown = false, word } = props;
  const { t } = useWords();
  const { outline, baseline } = priorityShapes[priority];
  return (
    <span className={styles.mark} data-priority={priority} data-known={isKnown}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={outline} />
        <text x="10" y={baseline} textAnchor="middle">
          {priorityNumber(priority)}
        </text>
      </svg>
      <span>{word ?? t(`alarms.priorities.${priority}`)}</span>
    </span>
  );
}
