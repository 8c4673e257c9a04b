import { useEffect, useState } from "react";
import type { Alarm, AlarmEvent, AlarmRule } from "../../../shared/alarms.ts";
import type { NotificationDecision, NotificationsAnswer } from "../../../shared/notification.ts";
import { reasonOf } from "../../live/access.ts";
import { useCity, useCityNow } from "../../live/store.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { MailboxLink } from "../mailbox-link.tsx";
import { useWhen } from "../shift/use-when.ts";
import { becauseOf, toldNames } from "../told-names.ts";
import { eventInWords } from "./naming.ts";
import styles from "./alarm-desk.module.css";

/** What is looked back at, so that it is seen what helped the last times. */
const lookBackMs = 30 * 86_400_000;
const listedAtMost = 60;

/** What happened to an alarm and what was done, the newest first, and who was told of it. */
export function AlarmLog({ alarm }: { alarm: Alarm }) {
  const words = useWords();
  const { t, text } = words;
  const now = useCityNow(60_000);
  const when = useWhen();
  const city = useCity();
  const zone = city?.settings.zone ?? "UTC";
  const from = now === null ? null : now - lookBackMs;
  // A change of the alarm is a new line of its log.
  const change = JSON.stringify([
    alarm.state,
    alarm.occurrence,
    alarm.comment,
    alarm.assignedTo,
    alarm.confirmed,
    alarm.doneSteps,
  ]);
  const events = useAnswer<readonly AlarmEvent[]>(
    from === null
      ? null
      : `/api/v1/alarms/events?alarm=${encodeURIComponent(alarm.id)}&from=${from}&limit=${listedAtMost}`,
    change,
  );
  const told = useAnswer<NotificationsAnswer>(
    `/api/v1/notifications?alarm=${encodeURIComponent(alarm.id)}`,
    `${change} ${from}`,
  );
  const names = toldNames(told !== null && typeof told !== "string" ? told.roles : [], text);
  const ruleOf = (id: string): AlarmRule | undefined => city?.rules.find((one) => one.id === id);
  const titleOfRule = (id: string): string => {
    const rule = ruleOf(id);
    return rule ? text(rule.title) : id;
  };
  return (
    <>
      <h3>{t("desk.detail.log")}</h3>
      {events !== null && typeof events === "string" && (
        <p className={styles.quiet}>{t("desk.detail.logFailed", { reason: events })}</p>
      )}
      {events !== null && typeof events !== "string" && (
        <ol className={styles.log}>
          {events.length === 0 && <li className={styles.quiet}>{t("desk.detail.logEmpty")}</li>}
          {events
            .slice(-listedAtMost)
            .toReversed()
            .map((event, i) => (
              <li key={events.length - i}>
                <time>{when(event.at)}</time>
                <span>{eventInWords(event, ruleOf(alarm.rule), words)}</span>
                <span className={styles.quiet}>
                  {[event.by?.position, event.by?.shift].filter(Boolean).join(" · ")}
                </span>
              </li>
            ))}
        </ol>
      )}
      {told !== null && typeof told !== "string" && (
        <>
          <h3>{t("desk.detail.told")}</h3>
          {told.now.length === 0 && <p className={styles.quiet}>{t("desk.detail.toldNobody")}</p>}
          <ul className={styles.log}>
            {told.now.map((decision) => (
              <li key={`${decision.route} ${decision.level}`}>
                <span>{names.role(decision.role)}</span>
                <span>{decisionInWords(decision, becauseOf(decision, names, titleOfRule), zone, words)}</span>
              </li>
            ))}
          </ul>
          <MailboxLink />
        </>
      )}
    </>
  );
}

function decisionInWords(
  decision: NotificationDecision,
  because: string,
  zone: string,
  { t, language }: UsedWords,
): string {
  const what = t(`desk.decisions.${decision.decision}`, { because });
  return decision.until === null
    ? what
    : t("desk.untilTime", { what, time: formatTime(decision.until, zone, language) });
}

/** What the server answers, asked again when `change` does; a text when it cannot, `null` before. */
function useAnswer<T>(path: string | null, change: string): T | string | null {
  const [answer, setAnswer] = useState<{ path: string; said: T | string } | null>(null);
  useEffect(() => {
    if (path === null) return;
    let isMounted = true;
    const ask = async (): Promise<T | string> => {
      const response = await fetch(path);
      return response.ok ? ((await response.json()) as T) : reasonOf(response);
    };
    void ask()
      .catch(String)
      .then((said) => isMounted && setAnswer({ path, said }));
    return () => {
      isMounted = false;
    };
  }, [path, change]);
  // What was said of the same alarm stays until there is something newer.
  const isSame =
    answer !== null && path !== null && answer.path.split("&from=")[0] === path.split("&from=")[0];
  return isSame ? answer.said : null;
}
