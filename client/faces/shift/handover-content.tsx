import type { ReactNode } from "react";
import type { CityEvent } from "../../../shared/city-event.ts";
import type { HandoverAlarm, HandoverAlarms, HandoverContent } from "../../../shared/shift.ts";
import { useAlarmNames } from "../alarm-desk/naming.ts";
import { PriorityMark } from "../alarm-desk/priority-mark.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import styles from "./shift.module.css";
import { useWhen } from "./use-when.ts";

/** What is open, shelved, out of service, expected, muted and noted; `isLevel3`: under a heading of its own. */
export function HandedOver({ content }: { content: HandoverContent }) {
  const { t, text } = useWords();
  const when = useWhen();
  const { open, shelved, outOfService, expected, muted, notes } = content;
  return (
    <div className={styles.content}>
      <Alarms title={t("shift.content.open")} of={open} more={(alarm) => <OpenAlarm alarm={alarm} />} />
      <Alarms
        title={t("shift.content.shelved")}
        of={shelved}
        more={({ shelved: shelving }) =>
          shelving && (
            <>
              <strong>{t("shift.content.until", { time: when(shelving.until) })}</strong>{" "}
              {t("shift.content.by", { text: shelving.reason, who: shelving.by.position })}
            </>
          )
        }
      />
      <Alarms
        title={t("shift.content.outOfService")}
        of={outOfService}
        more={({ outOfService: out }) =>
          out && (out.by ? t("shift.content.by", { text: out.reason, who: out.by.position }) : out.reason)
        }
      />
      <Part title={t("shift.content.expected")} count={expected.length}>
        {expected.map((event) => (
          <Expected key={`${event.kind} ${event.subject}`} event={event} />
        ))}
      </Part>
      <Part title={t("shift.content.muted")} count={muted.length}>
        {muted.map(({ feed, title, why }) => (
          <li key={feed}>
            <strong>{text(title)}</strong> {why}
          </li>
        ))}
      </Part>
      <Part title={t("shift.content.notes")} count={notes.length}>
        {notes.map(({ indicator, title, text: said, untilAt }) => (
          <li key={indicator}>
            <strong>{text(title)}</strong> {said}{" "}
            {untilAt !== null && t("shift.content.noteUntil", { time: when(untilAt) })}
          </li>
        ))}
      </Part>
    </div>
  );
}

function Part({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  const { t, language } = useWords();
  return (
    <section>
      <h3>
        {title}{" "}
        <span className={styles.quiet}>
          {count === 0 ? t("shift.content.none") : formatNumber(count, 0, language)}
        </span>
      </h3>
      {count > 0 && <ul>{children}</ul>}
    </section>
  );
}

function Alarms(props: { title: string; of: HandoverAlarms; more: (alarm: HandoverAlarm) => ReactNode }) {
  const { title, of, more } = props;
  const { t } = useWords();
  const nameOf = useAlarmNames();
  const unlisted = of.count - of.alarms.length;
  return (
    <Part title={title} count={of.count}>
      {of.alarms.map((alarm) => (
        <li key={alarm.id} className={styles.alarm}>
          <PriorityMark priority={alarm.priority} isKnown={alarm.state !== "unacknowledged"} />
          <p>
            <strong>{nameOf(alarm, alarm)}</strong> {more(alarm)}
          </p>
        </li>
      ))}
      {unlisted > 0 && <li className={styles.quiet}>{t("shift.content.more", { count: unlisted })}</li>}
    </Part>
  );
}

function OpenAlarm({ alarm }: { alarm: HandoverAlarm }) {
  const { t } = useWords();
  const when = useWhen();
  const { state, since, assignedTo, acknowledgedBy, comment } = alarm;
  const who = assignedTo ?? acknowledgedBy;
  return (
    <>
      {t(`alarms.states.${state}`)}, {t("shift.content.since", { time: when(since) })}
      {who !== null && ` · ${who}`}
      {comment !== null && (
        <> · {t("shift.content.by", { text: `“${comment.text}”`, who: comment.by.position })}</>
      )}
    </>
  );
}

function Expected({ event }: { event: CityEvent }) {
  const { t, text } = useWords();
  const when = useWhen();
  const { kind, at, endsAt, subject } = event;
  return (
    <li>
      <span className={styles.quiet}>
        {t(kind === "alert" ? "shift.content.alert" : "shift.content.works")}
      </span>{" "}
      <strong>{event.text ? text(event.text) : subject}</strong>{" "}
      {endsAt === null
        ? t("shift.content.from", { from: when(at) })
        : t("shift.content.span", { from: when(at), to: when(endsAt) })}
    </li>
  );
}
