import { useRef, useState, type FormEvent } from "react";
import { longestShiftText, type Handover } from "../../../shared/shift.ts";
import { useCity } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";
import { newKey } from "../alarm-desk/act.ts";
import { eventInWords } from "../alarm-desk/naming.ts";
import { useOnDuty } from "../alarm-desk/on-duty.ts";
import { useNameOfAlarm } from "../alarm-system/name-of-alarm.ts";
import { Failure } from "./failure.tsx";
import { HandedOver } from "./handover-content.tsx";
import { whoIs, type LogLine } from "./shift-log.ts";
import styles from "./shift.module.css";
import { useWhen } from "./use-when.ts";
import { writeEntry, type NotWritten } from "./write.ts";

const listedAtMost = 300;

/** What was done, written and handed over, the newest first. */
export function Log({ lines }: { lines: readonly LogLine[] }) {
  const { t } = useWords();
  const when = useWhen();
  const nameOf = useNameOfAlarm();
  const unlisted = lines.length - listedAtMost;
  return (
    <>
      {lines.length === 0 && <p className={styles.quiet}>{t("shift.log.empty")}</p>}
      <ol className={styles.log}>
        {lines.slice(0, listedAtMost).map((line, i) => (
          <li key={lines.length - i} data-kind={line.kind}>
            <time>{when(line.at)}</time>
            <div>
              {line.kind === "alarm" && (
                <>
                  <strong>{nameOf(line.event.alarm)}</strong> <EventWords line={line} />
                </>
              )}
              {line.kind === "entry" && <span className={styles.said}>{line.entry.text}</span>}
              {line.kind === "handover" && <PastHandover handover={line.handover} />}
            </div>
            <span className={styles.quiet}>{line.by && whoIs(line.by)}</span>
          </li>
        ))}
      </ol>
      {unlisted > 0 && <p className={styles.quiet}>{t("shift.log.more", { count: unlisted })}</p>}
    </>
  );
}

function EventWords({ line: { event } }: { line: LogLine & { kind: "alarm" } }) {
  const words = useWords();
  const rule = useCity()?.rules.find(({ id }) => id === event.rule);
  return <span>{eventInWords(event, rule, words)}</span>;
}

function PastHandover({ handover: { text, content, acknowledged } }: { handover: Handover }) {
  const { t } = useWords();
  const when = useWhen();
  const known = acknowledged && {
    time: when(acknowledged.at),
    who: whoIs(acknowledged.by),
    text: acknowledged.text ?? "",
  };
  return (
    <details>
      <summary>
        <strong>{t("shift.log.handedOver")}</strong>{" "}
        {known === null
          ? t("shift.handover.waits")
          : t(acknowledged?.text ? "shift.handover.knownWith" : "shift.handover.known", known)}
      </summary>
      <p className={styles.said}>{text}</p>
      <HandedOver content={content} />
    </details>
  );
}

/** A line of the operator's own. */
export function EntryForm() {
  const { t } = useWords();
  const duty = useOnDuty();
  const [text, setText] = useState("");
  const [failure, setFailure] = useState<NotWritten | null>(null);
  const key = useRef(newKey());
  if (duty === null) return <p>{t("shift.handover.duty")}</p>;
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const failed = await writeEntry(text.trim(), duty, key.current);
    setFailure(failed);
    if (failed !== null) return;
    setText("");
    key.current = newKey();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void send(event)}>
      <label>
        {t("shift.log.entry")}
        <input
          required
          pattern=".*\S.*"
          maxLength={longestShiftText}
          placeholder={t("shift.log.example")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit">{t("shift.log.send")}</button>
      <Failure of={failure} />
    </form>
  );
}
