import { useCallback } from "react";
import { useCity, useCityNow } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { formatDate, formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";

/** Says instants by the city's clock: the time alone when that is today. */
export function useWhen(): (at: number) => string {
  const { language } = useWords();
  const zone = useCity()?.settings.zone ?? "UTC";
  const now = useCityNow(60_000, 60_000);
  const today = now === null ? null : formatDate(now, zone, language);
  return useCallback(
    (at) =>
      formatDate(at, zone, language) === today
        ? formatTime(at, zone, language)
        : formatInstant(at, zone, language),
    [zone, language, today],
  );
}
