import { useState, type FormEvent } from "react";
import { signIn } from "../live/access.ts";
import { useWords } from "../words/words.ts";
import styles from "./token-form.module.css";

/** Takes this installation's access token, once; `why` says what for. */
export function TokenForm({ why, onToken }: { why: string; onToken?: () => void }) {
  const { t } = useWords();
  const [token, setToken] = useState("");
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<Awaited<ReturnType<typeof signIn>>>(null);
  const give = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (isAsking) return;
    setAsking(true);
    const failed = await signIn(token.trim());
    setAsking(false);
    setFailure(failed);
    if (failed === null) onToken?.();
  };
  return (
    <form className={styles.form} onSubmit={(event) => void give(event)} aria-label={t("faces.token.signIn")}>
      <p className={styles.why}>{why}</p>
      <label>
        {t("faces.token.label")}{" "}
        <input
          required
          type="password"
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      <button type="submit">{t(isAsking ? "faces.token.asking" : "faces.token.signIn")}</button>
      <p className={styles.why} role="status">
        {failure !== null &&
          (failure === "wrong"
            ? t("faces.token.wrong")
            : t("faces.token.failed", { reason: failure.reason }))}
      </p>
    </form>
  );
}
