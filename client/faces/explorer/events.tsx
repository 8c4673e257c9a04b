import { useEffect, useMemo, useState } from "react";
import type { CityEvent } from "../../../shared/city-event.ts";
import { parseSeriesId } from "../../../shared/city.ts";
import type { CityBody } from "../../../shared/protocol.ts";
import { useFeedsOf, useIndicator } from "../../live/store.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { eventsOf } from "./events-of.ts";
import styles from "./explorer.module.css";
import type { Stretch } from "./range.ts";

/** A stretch that moves with the clock is asked about anew this often in city time. */
const stepMs = 300_000;

/** What happened in the stretch that these figures or everybody are concerned by; as before while it is asked for. */
export function useEvents(
  { fromAt, toAt }: Stretch,
  ids: readonly string[],
  city: CityBody,
): readonly CityEvent[] {
  const [events, setEvents] = useState<readonly CityEvent[]>([]);
  const from = Math.floor(fromAt / stepMs) * stepMs;
  const to = Math.ceil(toAt / stepMs) * stepMs;
  useEffect(() => {
    const stop = new AbortController();
    fetch(`/api/v1/events?from=${from}&to=${to}`, { signal: stop.signal })
      .then(async (answer) => {
        if (answer.ok) setEvents((await answer.json()) as CityEvent[]);
      })
      // Without marks a chart is still right.
      .catch(() => undefined);
    return () => stop.abort();
  }, [from, to]);
  const joined = ids.map((id) => parseSeriesId(id).indicator).join("\n");
  return useMemo(
    () => eventsOf(events, { fromAt, toAt }, joined.split("\n"), city.indicators),
    [events, fromAt, toAt, joined, city],
  );
}

/** The marks over the chart in words, by their numbers. */
export function Events({ events, zone }: { events: readonly CityEvent[]; zone: string }) {
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

function Event({ event, zone }: { event: CityEvent; zone: string }) {
  const { t, text, language } = useWords();
  const indicator = useIndicator(event.subject);
  const [feed] = useFeedsOf([event.subject]);
  const named = indicator ?? feed ?? null;
  const title = named === null ? event.subject : text(named.title);
  return (
    <li>
      <time dateTime={new Date(event.at).toISOString()}>{formatInstant(event.at, zone, language)}</time>{" "}
      {t(`explorer.events.${event.kind}`, { title: event.text === null ? title : text(event.text) })}
      {event.endsAt !== null &&
        ` · ${t("explorer.events.until", { time: formatInstant(event.endsAt, zone, language) })}`}
    </li>
  );
}
