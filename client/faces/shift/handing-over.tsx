import { useRef, useState, type FormEvent } from "react";
import { longestShiftText, type Handover, type HandoverContent } from "../../../shared/shift.ts";
import { useWords } from "../../words/words.ts";
import { newKey } from "../alarm-desk/act.ts";
import { useOnDuty } from "../alarm-desk/on-duty.ts";
import type { Answer } from "../alarm-system/use-answer.ts";
import { Failure } from "./failure.tsx";
import { HandedOver } from "./handover-content.tsx";
import { whoIs } from "./shift-log.ts";
import styles from "./shift.module.css";
import { useWhen } from "./use-when.ts";
import { handOver, type NotWritten } from "./write.ts";

/** What is typed outlives a page that is loaded anew. */
const kept = "citydeck-handover";

/** Where whoever goes writes what the next one has to know, over what the city says now. */
export function HandingOver(props: { draft: Answer<HandoverContent> | null; waiting: readonly Handover[] }) {
  const { draft, waiting } = props;
  const { t } = useWords();
  const when = useWhen();
  const duty = useOnDuty();
  const own = waiting.find(({ by }) => by.position === duty?.position);
  return (
    <section className={styles.handing} aria-label={t("shift.handover.write")}>
      <h2>{t("shift.handover.write")}</h2>
      {duty === null ? (
        <p>{t("shift.handover.duty")}</p>
      ) : own ? (
        <p>{t("shift.handover.waiting", { time: when(own.at) })}</p>
      ) : (
        <HandoverForm />
      )}
      <h2>{t("shift.handover.now")}</h2>
      {draft === null && <p className={styles.quiet}>{t("shift.loading")}</p>}
      {draft !== null && "failed" in draft && (
        <p role="alert">{t("shift.failed", { reason: draft.failed })}</p>
      )}
      {draft !== null && "value" in draft && <HandedOver content={draft.value} />}
    </section>
  );
}

function HandoverForm() {
  const { t } = useWords();
  const duty = useOnDuty();
  const [text, setText] = useState(() => readKept());
  const [failure, setFailure] = useState<NotWritten | null>(null);
  const key = useRef(newKey());
  const type = (typed: string): void => {
    setText(typed);
    keep(typed);
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (duty === null) return;
    const failed = await handOver(text.trim(), duty, key.current);
    setFailure(failed);
    if (failed !== null) return;
    type("");
    key.current = newKey();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)}>
      <label>
        {t("shift.handover.text")}
        <textarea
          required
          rows={4}
          maxLength={longestShiftText}
          placeholder={t("shift.handover.example")}
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      </label>
      <p>
        <button type="submit" data-main="true">
          {t("shift.handover.send")}
        </button>{" "}
        <span className={styles.quiet}>{duty && t("shift.handover.as", { who: whoIs(duty) })}</span>
      </p>
      <p className={styles.quiet}>{t("shift.handover.why")}</p>
      <Failure of={failure} />
    </form>
  );
}

function readKept(): string {
  try {
    return sessionStorage.getItem(kept) ?? "";
  } catch {
    return "";
  }
}

function keep(text: string): void {
  try {
    sessionStorage.setItem(kept, text);
  } catch {
    // A browser that keeps nothing has it until the page is left.
  }
}
