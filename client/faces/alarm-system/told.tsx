import type { NotificationsAnswer } from "../../../shared/notification.ts";
import { formatInstant } from "../../words/format-date.ts";
import { formatNumber } from "../../words/format-number.ts";
import { useWords } from "../../words/words.ts";
import { toldNames } from "../told-names.ts";
import styles from "./alarm-system.module.css";
import { toldContacts } from "./told-contacts.ts";
import { useAnswer } from "./use-answer.ts";

/** Whether people are told: messages accepted, waiting and given up, by contact. */
export function Told({ zone, now }: { zone: string; now: number }) {
  const { t, text, language } = useWords();
  const answer = useAnswer<NotificationsAnswer>("/api/v1/notifications", now);
  const names = toldNames(answer !== null && "value" in answer ? answer.value.roles : [], text);
  const deliveries = answer !== null && "value" in answer ? answer.value.deliveries : [];
  return (
    <section aria-labelledby="told-title">
      <h2 id="told-title">{t("system.told.title")}</h2>
      {answer !== null && "failed" in answer && <p>{t("system.told.unread", { reason: answer.failed })}</p>}
      {answer !== null && "value" in answer && deliveries.length === 0 && <p>{t("system.told.none")}</p>}
      {deliveries.length > 0 && (
        <>
          <p className={styles.quiet}>{t("system.told.meaning", { count: deliveries.length })}</p>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("system.told.contact")}</th>
                {(["sent", "waiting", "failed"] as const).map((column) => (
                  <th key={column} scope="col" data-figure>
                    {t(`system.told.${column}`)}
                  </th>
                ))}
                <th scope="col">{t("system.told.last")}</th>
                <th scope="col">{t("system.told.error")}</th>
              </tr>
            </thead>
            <tbody>
              {toldContacts(deliveries).map((one) => (
                <tr key={`${one.role} ${one.contact}`} data-over={one.waiting + one.givenUp > 0}>
                  <th scope="row">
                    {names.role(one.role)} · {names.contact(one.role, one.contact)}
                  </th>
                  {[one.sent, one.waiting, one.givenUp].map((count, i) => (
                    <td key={i} data-figure>
                      {formatNumber(count, 0, language)}
                    </td>
                  ))}
                  <td>{one.triedAt === null ? "" : formatInstant(one.triedAt, zone, language)}</td>
                  <td>{one.error}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}
