import { useLayoutEffect, useRef, type ReactNode } from "react";
import { useWords } from "../words/words.ts";
import styles from "./panel.module.css";

/** A modal panel over the face. The browser's own dialog keeps the focus inside, gives it back and closes on Escape. */
export function Panel({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it leaves the page: only a dialog that closes gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog className={styles.panel} ref={dialog} onClose={onClose} aria-label={title}>
      <div className={styles.head}>
        <h2>{title}</h2>
        <button type="button" className={styles.close} onClick={() => dialog.current?.close()}>
          {t("faces.panel.close")} <kbd>Esc</kbd>
        </button>
      </div>
      {children}
    </dialog>
  );
}
