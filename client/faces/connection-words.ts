/** The connection to the server in words, the same on every face. */

import type { Language } from "../../shared/city.ts";
import type { Connection } from "../live/store.ts";
import { formatAge } from "../words/format-age.ts";
import { wordsIn } from "../words/words.ts";

/** `Disconnected, values 8 s old`; `null` while the server is heard. `now` is city time. */
export function connectionInWords(
  { state, sinceAt, outdated }: Connection,
  now: number | null,
  language: Language,
): string | null {
  const t = wordsIn(language);
  if (outdated) return t("connection.outdated");
  if (state === "connected") return null;
  if (state === "connecting" || now === null || sinceAt === null) return t("connection.connecting");
  return t("connection.disconnected", { age: formatAge((now - sinceAt) / 1_000, language) });
}
