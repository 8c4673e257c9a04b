import { useWords } from "../../words/words.ts";
import type { NotWritten } from "./write.ts";

/** Why nothing was written, said aloud too. */
export function Failure({ of }: { of: NotWritten | null }) {
  const { t } = useWords();
  return (
    <p role="status">
      {of && (of.why === "token" ? t("desk.token") : t("shift.failed", { reason: of.reason }))}
    </p>
  );
}
