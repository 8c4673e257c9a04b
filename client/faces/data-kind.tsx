import { useCityNow, useClock, useConnection } from "../live/store.ts";
import { Shape } from "../look/shapes.tsx";
import { useWords } from "../words/words.ts";
import { connectionInWords } from "./connection-words.ts";
import styles from "./data-kind.module.css";

/** On a page of words: what the data is when it is made or recorded (the past has marks of its own), and that it is old when the server is lost. */
export function DataKind() {
  const { t, language } = useWords();
  const clock = useClock();
  const connection = useConnection();
  const now = useCityNow(1_000);
  const lost = connectionInWords(connection, now, language);
  return (
    <>
      {(clock?.kind === "simulated" || clock?.kind === "replay") && (
        <p className={styles.kind}>
          <Shape name="replay" /> <strong>{t(`clock.${clock.kind}`)}</strong> {t(`clock.${clock.kind}Means`)}
        </p>
      )}
      {lost !== null && (
        <p className={styles.lost}>
          <Shape name="unlinked" /> {lost}
        </p>
      )}
      {/* The age beside it changes each second, which nobody wants to hear. */}
      <p className="visually-hidden" role="status">
        {connection.state === "disconnected" ? t("announce.disconnected") : ""}
      </p>
    </>
  );
}
