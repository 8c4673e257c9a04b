import { useState } from "react";
import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";

/** Copies an address; where the browser gives pages no clipboard (HTTP), shows it to be copied by hand. */
export function CopyLink({ url, words }: { url: string; words: string }) {
  const { t } = useWords();
  const [done, setDone] = useState<{ url: string; isCopied: boolean } | null>(null);
  const copy = async (): Promise<void> => {
    // Without a clipboard the property is not there, whatever its type says.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    const copied = clipboard?.writeText(url) ?? Promise.reject(new Error("no clipboard"));
    setDone(
      await copied.then(
        () => ({ url, isCopied: true }),
        () => ({ url, isCopied: false }),
      ),
    );
  };
  const shown = done?.url === url ? done : null;
  return (
    <>
      <button type="button" onClick={() => void copy()}>
        {words}
      </button>
      <span role="status" className={styles.note}>
        {shown?.isCopied === true && t("explorer.export.copied")}
      </span>
      {shown?.isCopied === false && (
        <input
          readOnly
          className={styles.address}
          aria-label={t("explorer.export.address")}
          value={url}
          ref={(field) => field?.select()}
        />
      )}
    </>
  );
}
