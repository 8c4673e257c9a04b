import type { FormEvent, ReactNode } from "react";
import { useWords } from "../../words/words.ts";
import styles from "./admin.module.css";
import { ChangePanel } from "./change-panel.tsx";
import type { CityFile, FileActions } from "./city-file.ts";

/** A file of the city that is being changed: what people change most (`children`), all of it as JSON, and what that changes. */
export function FileForm(props: {
  path: string;
  file: CityFile & { readonly state: "open" };
  actions: FileActions;
  children: ReactNode;
}) {
  const { path, file, actions, children } = props;
  const { t } = useWords();
  return (
    <>
      <form
        className={styles.form}
        onChange={actions.touch}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          actions.save();
        }}
      >
        {children}
        <details>
          <summary>{t("faces.admin.wholeFile")}</summary>
          <textarea
            className={styles.json}
            aria-label={path}
            spellCheck={false}
            rows={24}
            value={file.draft}
            onChange={(event) => actions.change(event.target.value)}
          />
        </details>
      </form>
      <ChangePanel file={file} actions={actions} />
    </>
  );
}
