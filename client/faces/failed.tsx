import { Component, type ReactNode } from "react";
import { wordsIn } from "../words/words.ts";
import styles from "./plain.module.css";

const reloadAfterMs = 60_000;

/**
 * Says in words that the page stopped. A wall has nobody to press a button: it reloads itself after a minute.
 */
export class Failed extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };
  #reload: ReturnType<typeof setTimeout> | undefined;

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(): void {
    this.#reload = setTimeout(() => location.reload(), reloadAfterMs);
  }

  override componentWillUnmount(): void {
    clearTimeout(this.#reload);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    const t = wordsIn(document.documentElement.lang.startsWith("zh") ? "zh" : "en");
    return (
      <main className={styles.page} role="alert">
        <h1>{t("faces.failed.title")}</h1>
        <p>{t("faces.failed.what", { message: error.message })}</p>
        <p>{t("faces.failed.works")}</p>
        <p>
          <button type="button" className={styles.button} onClick={() => location.reload()}>
            {t("faces.failed.reload")}
          </button>
        </p>
      </main>
    );
  }
}
