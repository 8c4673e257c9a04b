import type { CityEvent } from "../../../shared/city-event.ts";
import type { Indicator } from "../../live/store.ts";
import type { Stretch } from "./range.ts";

/** More marks than these are no help to an eye. */
const shownAtMost = 20;

/**
 * What began in a stretch and concerns some indicators, their feeds or everybody (warnings), and works where a figure is of
 * transport. Where there is too much, works give way first, then what is older. A warning that is told with its time in force
 * is not told again as a moment, nor are works of one name for each direction.
 */
export function eventsOf(
  events: readonly CityEvent[],
  { fromAt, toAt }: Stretch,
  indicators: readonly string[],
  known: readonly Pick<Indicator, "id" | "domain" | "feeds">[],
): readonly CityEvent[] {
  const subjects = new Set([
    ...indicators,
    ...known.filter(({ id }) => indicators.includes(id)).flatMap(({ feeds }) => feeds),
  ]);
  const alerts = new Set(events.flatMap(({ kind, text }) => (kind === "alert" && text ? [text.en] : [])));
  const isOfTransport = known.some(({ id, domain }) => domain === "transport" && indicators.includes(id));
  const works = new Set<string>();
  const concerning = events.filter(({ at, kind, subject, text }) => {
    if (at < fromAt || at >= toAt) return false;
    if (kind === "works") {
      const name = `${at} ${text?.en ?? subject}`;
      const isNew = !works.has(name);
      works.add(name);
      return isOfTransport && isNew;
    }
    if (kind === "warning") return text === null || !alerts.has(text.en);
    return kind === "warning-over" || kind === "alert" || subjects.has(subject);
  });
  const others = concerning.filter(({ kind }) => kind !== "works").slice(-shownAtMost);
  const room = shownAtMost - others.length;
  const newestWorks = room === 0 ? [] : concerning.filter(({ kind }) => kind === "works").slice(-room);
  return [...others, ...newestWorks].toSorted((a, b) => a.at - b.at);
}
