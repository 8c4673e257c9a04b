import { useState, type FormEvent } from "react";
import { rememberToken } from "../live/access.ts";
import { useWords } from "../words/words.ts";
import styles from "./token-form.module.css";

/** Asks for this installation's access token; `why` says what for. */
export function TokenForm({ why, onToken }: { why: string; onToken: () => void }) {
  const { t } = useWords();
  const [token, setToken] = useState("");
  const use = (event: FormEvent): void => {
    event.preventDefault();
    rememberToken(token);
    onToken();
  };
  return (
    <form className={styles.form} onSubmit={use}>
      <p className={styles.why}>{why}</p>
      <label>
        {t("faces.token.label")}{" "}
        <input
          type="password"
          autoComplete="off"
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
      </label>
      <button type="submit">{t("faces.token.use")}</button>
    </form>
  );
}
