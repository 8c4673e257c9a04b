/** Where the numbers of a picture come from, in words: it is read far from the page that says it. */

import { parseSeriesId } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useClock, useFeedsOf } from "../../live/store.ts";
import { useWords } from "../../words/words.ts";

/** Each feed of these figures with its supplier, licence and attribution; and whether the city is made up or recorded. */
export function useSources(figures: readonly string[], city: CityBody): readonly string[] {
  const { t, text } = useWords();
  const clock = useClock();
  const indicators = new Set(figures.map((id) => parseSeriesId(id).indicator));
  const ids = city.indicators.filter(({ id }) => indicators.has(id)).flatMap(({ feeds }) => feeds);
  const feeds = useFeedsOf(Array.from(new Set(ids))).filter((feed) => feed !== null);
  const named = feeds.map(({ title, supplier, licence, attribution }) => {
    const by = city.suppliers.find(({ id }) => id === supplier);
    const about = [...(by ? [text(by.title)] : []), licence, ...(attribution === null ? [] : [attribution])];
    return `${text(title)} (${about.join(", ")})`;
  });
  return [
    ...(named.length === 0 ? [] : [t("explorer.picture.source", { feeds: named.join("; ") })]),
    ...(clock?.kind === "simulated" || clock?.kind === "replay"
      ? [`${t(`clock.${clock.kind}`)}: ${t(`clock.${clock.kind}Means`)}`]
      : []),
  ];
}
