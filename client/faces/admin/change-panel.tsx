import { useWords } from "../../words/words.ts";
import styles from "./admin.module.css";
import type { CityFile, FileActions } from "./city-file.ts";
import { Diff } from "./diff.tsx";

type Open = CityFile & { readonly state: "open" };

/** What a draft changes, what the check says of the city with it, and whether it is written. */
export function ChangePanel({ file, actions }: { file: Open; actions: FileActions }) {
  const { t } = useWords();
  const { previous } = file;
  const isChanged = file.draft !== file.text;
  return (
    <aside className={styles.change} aria-label={t("faces.admin.diff")}>
      <h3>{t("faces.admin.diff")}</h3>
      <Diff before={file.text} after={file.draft} />
      <Verdict file={file} isChanged={isChanged} />
      <p className={styles.actions}>
        <button type="button" disabled={!isChanged || file.faults?.length !== 0} onClick={actions.save}>
          {t("faces.admin.save")}
        </button>
        <button
          type="button"
          disabled={!isChanged || file.print === null}
          onClick={() => actions.change(file.text)}
        >
          {t("faces.admin.discard")}
        </button>
        <button type="button" onClick={actions.reload}>
          {t("faces.admin.reload")}
        </button>
        {previous !== null && (
          <button type="button" disabled={file.draft === previous} onClick={() => actions.change(previous)}>
            {t("faces.admin.previous")}
          </button>
        )}
      </p>
    </aside>
  );
}

/** What the check says of the draft, and what became of it. */
function Verdict({ file, isChanged }: { file: Open; isChanged: boolean }) {
  const { t } = useWords();
  const { faults, outcome } = file;
  return (
    <div role="status">
      {outcome === "saved" && <p>{t("faces.admin.saved")}</p>}
      {outcome !== null && outcome !== "saved" && (
        <p>{t("faces.admin.refused", { reason: outcome.refused })}</p>
      )}
      {isChanged && faults === null && <p className={styles.quiet}>{t("faces.admin.checking")}</p>}
      {isChanged && faults?.length === 0 && <p>{t("faces.admin.sound")}</p>}
      {faults !== null && faults.length > 0 && (
        <>
          <p>{t("faces.admin.faults", { count: faults.length })}</p>
          <ul className={styles.faults}>
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
