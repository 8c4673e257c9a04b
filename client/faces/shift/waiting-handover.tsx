import { useState, type FormEvent } from "react";
import { longestShiftText, type Handover } from "../../../shared/shift.ts";
import { Shape } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import { useOnDuty } from "../alarm-desk/on-duty.ts";
import { HandedOver } from "./handover-content.tsx";
import { whoIs } from "./shift-log.ts";
import styles from "./shift.module.css";
import { useWhen } from "./use-when.ts";
import { acknowledge, type NotWritten } from "./write.ts";
import { Failure } from "./failure.tsx";

/** A hand-over that nobody has acknowledged, and the way to do so for whoever comes. */
export function WaitingHandover({ handover }: { handover: Handover }) {
  const { t } = useWords();
  const when = useWhen();
  const { at, by, text, content } = handover;
  return (
    <article className={styles.waiting} aria-label={t("shift.handover.title")}>
      <h2>
        <Shape name="warning" /> {t("shift.handover.from", { time: when(at), who: whoIs(by) })}
      </h2>
      <p className={styles.quiet}>{t("shift.handover.waits")}</p>
      <p className={styles.said}>{text}</p>
      <HandedOver content={content} />
      <Acknowledging handover={handover} />
    </article>
  );
}

function Acknowledging({ handover: { id, by } }: { handover: Handover }) {
  const { t } = useWords();
  const duty = useOnDuty();
  const [remark, setRemark] = useState("");
  const [failure, setFailure] = useState<NotWritten | null>(null);
  if (duty === null) return <p className={styles.quiet}>{t("shift.handover.duty")}</p>;
  if (duty.shift !== null && duty.position === by.position && duty.shift === by.shift)
    return <p className={styles.quiet}>{t("shift.handover.own")}</p>;
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setFailure(await acknowledge(id, remark.trim() || null, duty));
  };
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)}>
      <label>
        {t("shift.handover.remark")}
        <input
          value={remark}
          maxLength={longestShiftText}
          onChange={(event) => setRemark(event.target.value)}
        />
      </label>
      <p>
        <button type="submit" data-main="true">
          {t("shift.handover.acknowledge")}
        </button>{" "}
        <span className={styles.quiet}>{t("shift.handover.as", { who: whoIs(duty) })}</span>
      </p>
      <Failure of={failure} />
    </form>
  );
}
