import type { AlarmCommand } from "../../../shared/alarms.ts";
import { useWords } from "../../words/words.ts";
import type { Outcome } from "./act.ts";
import styles from "./alarm-desk.module.css";
import { useAlarmNamesById } from "./naming.ts";

/** What became of the last action, said aloud too, and the way back where there is one. */
export function OutcomeLine(props: {
  outcome: Outcome | null;
  onUndo: () => void;
  onAgain: (command: AlarmCommand) => void;
}) {
  const { outcome, onUndo, onAgain } = props;
  const { t } = useWords();
  const nameOf = useAlarmNamesById();
  const canUndo = outcome?.kind === "done" && outcome.undo !== null;
  return (
    <div className={styles.outcome} role="status" data-empty={outcome === null}>
      {outcome?.kind === "token" && <p>{t("desk.token")}</p>}
      {outcome?.kind === "failed" && (
        <p>
          {t("desk.failed", { reason: outcome.reason })}{" "}
          <button type="button" onClick={() => onAgain(outcome.command)}>
            {t("desk.again")}
          </button>
        </p>
      )}
      {outcome?.kind === "done" && (
        <>
          {outcome.alarms.length > 0 && (
            <p>
              {t(`desk.done.${outcome.action}`, { count: outcome.alarms.length })}{" "}
              {canUndo && (
                <button type="button" onClick={onUndo}>
                  {t("desk.undo")} <kbd>u</kbd>
                </button>
              )}
            </p>
          )}
          {outcome.refused.map(({ alarm, reason }) => (
            <p key={alarm}>
              {t("desk.notDone", { alarm: nameOf(alarm) ?? alarm, reason: t(`desk.refused.${reason}`) })}
            </p>
          ))}
          {outcome.unstored !== null && <p>{t("desk.unstored", { reason: outcome.unstored })}</p>}
        </>
      )}
    </div>
  );
}
