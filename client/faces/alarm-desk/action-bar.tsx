import { useState, type FormEvent } from "react";
import { isHidden, type AlarmAction } from "../../../shared/alarms.ts";
import { formatAge } from "../../words/format-age.ts";
import { useWords } from "../../words/words.ts";
import type { ActionName } from "./act.ts";
import styles from "./alarm-desk.module.css";
import type { QueueRow } from "./queue.ts";

/** Actions that ask for something before they are done. */
export type AskedFor = "shelve" | "comment" | "remove-from-service";

interface Props {
  readonly rows: readonly QueueRow[];
  /** What is being asked for; `null`: nothing. */
  readonly asked: AskedFor | null;
  readonly onAsk: (action: AskedFor | null) => void;
  readonly onAct: (action: AlarmAction) => void;
  readonly position: string;
}

/** Keys beside the words: one key does it. */
export const actionKeys: Readonly<Partial<Record<ActionName, string>>> = {
  acknowledge: "a",
  confirm: "c",
  shelve: "s",
  comment: "m",
  assign: "g",
};

/** What can be done with the chosen alarms as they are. */
export function ActionBar({ rows, asked, onAsk, onAct, position }: Props) {
  const { t } = useWords();
  const button = (
    action: Exclude<ActionName, "check" | "uncheck">,
    isOffered: boolean,
    onClick: () => void,
  ) =>
    isOffered && (
      <button type="button" key={action} onClick={onClick} data-main={action === "acknowledge"}>
        {t(`desk.actions.${action}`)} {actionKeys[action] && <kbd>{actionKeys[action]}</kbd>}
      </button>
    );
  const some = (is: (row: QueueRow) => boolean): boolean => rows.some(is);
  const acknowledge = some(
    ({ alarm }) =>
      alarm.state === "unacknowledged" ||
      alarm.state === "returned" ||
      (alarm.state === "latched" && alarm.acknowledged === null),
  );
  const confirm = some(({ alarm }) => alarm.acknowledged !== null && alarm.confirmed === null);
  return (
    <>
      <div className={styles.actions}>
        {button("acknowledge", acknowledge, () => onAct({ action: "acknowledge" }))}
        {button("confirm", confirm, () => onAct({ action: "confirm" }))}
        {button(
          "assign",
          some(({ alarm }) => alarm.assignedTo !== position),
          () => onAct({ action: "assign", to: position }),
        )}
        {button(
          "shelve",
          some(({ alarm }) => !isHidden(alarm)),
          () => onAsk("shelve"),
        )}
        {button(
          "unshelve",
          some(({ alarm }) => alarm.state === "shelved"),
          () => onAct({ action: "unshelve" }),
        )}
        {button("comment", true, () => onAsk("comment"))}
        {button(
          "remove-from-service",
          some(({ alarm }) => alarm.outOfService === null),
          () => onAsk("remove-from-service"),
        )}
        {button(
          "return-to-service",
          some(({ alarm }) => alarm.outOfService !== null),
          () => onAct({ action: "return-to-service" }),
        )}
      </div>
      {asked !== null && (
        <AskForm
          key={[asked, ...rows.map(({ alarm }) => alarm.id)].join("\n")}
          action={asked}
          atMostSeconds={Math.min(...rows.map(({ rule }) => rule.shelveAtMostSeconds))}
          onAct={(action) => {
            onAsk(null);
            onAct(action);
          }}
          onCancel={() => onAsk(null)}
        />
      )}
    </>
  );
}

/** Who asked to write something wants to write it. */
const focused = (input: HTMLInputElement | null): void => input?.focus();

const shelvingSeconds = [15 * 60, 3_600, 4 * 3_600, 8 * 3_600, 24 * 3_600];

function AskForm(props: {
  action: AskedFor;
  atMostSeconds: number;
  onAct: (action: AlarmAction) => void;
  onCancel: () => void;
}) {
  const { action, atMostSeconds, onAct, onCancel } = props;
  const { t, language } = useWords();
  const offered = shelvingSeconds.filter((seconds) => seconds <= atMostSeconds);
  const times = offered.length > 0 ? offered : [atMostSeconds];
  const [words, setWords] = useState("");
  const [forSeconds, setForSeconds] = useState(times[0]!);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = words.trim();
    if (action === "shelve") onAct({ action, forSeconds, reason: said });
    else if (action === "comment") onAct({ action, text: said });
    else onAct({ action, reason: said });
  };
  return (
    <form className={styles.ask} onSubmit={submit} aria-label={t(`desk.actions.${action}`)}>
      {action === "shelve" && (
        <label>
          {t("desk.forTime")}{" "}
          <select value={forSeconds} onChange={(event) => setForSeconds(Number(event.target.value))}>
            {times.map((seconds) => (
              <option key={seconds} value={seconds}>
                {formatAge(seconds, language)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className={styles.grows}>
        {t(action === "comment" ? "desk.text" : "desk.reason")}{" "}
        <input
          ref={focused}
          required
          pattern=".*\S.*"
          maxLength={500}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </label>
      <button type="submit">{t("desk.do")}</button>
      <button type="button" onClick={onCancel}>
        {t("desk.cancel")} <kbd>Esc</kbd>
      </button>
    </form>
  );
}
