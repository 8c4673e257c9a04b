import { useMemo } from "react";
import { parseSeriesId } from "../../../shared/city.ts";
import type { Moment } from "../../../shared/moment.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useFeedsOf, useIndicator, useMoments } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import styles from "./explorer.module.css";
import type { Stretch } from "./range.ts";
import { eventsOf } from "./moments-of.ts";

/** What happened in the stretch that these figures or everybody are concerned by. */
export function useEvents(
  { fromAt, toAt }: Stretch,
  ids: readonly string[],
  city: CityBody,
): readonly Moment[] {
  const moments = useMoments();
  const joined = ids.map((id) => parseSeriesId(id).indicator).join("\n");
  return useMemo(
    () => eventsOf(moments, { fromAt, toAt }, joined.split("\n"), city.indicators),
    [moments, fromAt, toAt, joined, city],
  );
}

/** The marks over the chart in words, by their numbers. */
export function Events({ events, zone }: { events: readonly Moment[]; zone: string }) {
  const { t } = useWords();
  return (
    <section className={styles.events}>
      <h3>{t("explorer.events.title")}</h3>
      <ol>
        {events.map((event) => (
          <Event key={`${event.at} ${event.kind} ${event.subject}`} event={event} zone={zone} />
        ))}
      </ol>
    </section>
  );
}

function Event({ event, zone }: { event: Moment; zone: string }) {
  const { t, text, language } = useWords();
  const indicator = useIndicator(event.subject);
  const [feed] = useFeedsOf([event.subject]);
  const named = indicator ?? feed ?? null;
  const title = named === null ? event.subject : text(named.title);
  return (
    <li>
      <time dateTime={new Date(event.at).toISOString()}>{formatInstant(event.at, zone, language)}</time>{" "}
      {t(`explorer.events.${event.kind}`, { title: event.text === null ? title : text(event.text) })}
    </li>
  );
}
