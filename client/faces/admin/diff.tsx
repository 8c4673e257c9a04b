import { structuredPatch } from "diff";
import { useMemo } from "react";
import { useWords } from "../../words/words.ts";
import styles from "./admin.module.css";

const marks: Readonly<Record<string, string>> = { "+": "added", "-": "removed" };

/** What a draft changes, line by line, with two lines around each change. */
export function Diff({ before, after }: { before: string; after: string }) {
  const { t } = useWords();
  const hunks = useMemo(
    () => structuredPatch("", "", before, after, "", "", { context: 2 }).hunks,
    [before, after],
  );
  if (hunks.length === 0) return <p className={styles.quiet}>{t("faces.admin.unchanged")}</p>;
  return (
    <pre className={styles.diff} aria-label={t("faces.admin.diff")}>
      {hunks.flatMap((hunk, h) =>
        hunk.lines
          .filter((line) => !line.startsWith("\\"))
          .map((line, i) => (
            <span key={`${h} ${i}`} className={styles.line} data-mark={marks[line[0]!]}>
              {line}
            </span>
          )),
      )}
    </pre>
  );
}
