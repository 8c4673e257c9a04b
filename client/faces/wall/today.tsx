import type { Language } from "../../../shared/city.ts";
import { localToInstant, startOfDay, startOfNextDay } from "../../../shared/city-time.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useCity, useCityNow, useIndicator, type Indicator } from "../../live/store.ts";
import { useTrend, type Point } from "../../live/trends.ts";
import { formatTime } from "../../words/format-time.ts";
import { formatValue, valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { Section } from "./section.tsx";
import styles from "./today.module.css";
import { useUnitSize } from "./unit-size.ts";

const minute = 60_000;
const bucketSeconds = 300;
const buckets = 288;
const tickHours = [3, 6, 9, 12, 15, 18, 21];

interface Day {
  readonly startAt: number;
  readonly endAt: number;
  readonly now: number;
  readonly zone: string;
}

/** The city's day from midnight to midnight, one line per figure. */
export default function Today({ indicators }: { indicators: readonly string[] }) {
  const { t, language } = useWords();
  const city = useCity();
  const now = useCityNow(minute);
  if (city === null || now === null) return null;
  const { zone } = city.settings;
  const day: Day = { startAt: startOfDay(now, zone), endAt: startOfNextDay(now, zone), now, zone };
  const share = (at: number): number => (at - day.startAt) / (day.endAt - day.startAt);
  return (
    <Section
      title={t("faces.wall.today")}
      note={<span className={styles.means}>{t("faces.wall.todayMeans")}</span>}
    >
      <div className={styles.rows}>
        {indicators.map((id) => (
          <Row key={id} id={id} day={day} />
        ))}
        <span className={styles.nowLine} style={{ "--at": share(now) }} />
      </div>
      <div className={styles.axis} aria-hidden="true">
        {tickHours.map((hour) => (
          <Tick key={hour} at={share(hourOf(day, hour))} now={share(now)}>
            {String(hour).padStart(2, "0")}
          </Tick>
        ))}
        <span className={styles.nowWord} style={{ "--at": share(now) }}>
          {formatTime(now, zone, language)}
        </span>
      </div>
    </Section>
  );
}

/** The instant of a full hour of the day; on the day that clocks change hours are not evenly spaced. */
function hourOf(day: Day, hour: number): number {
  const [year, month, date] = new Intl.DateTimeFormat("en-CA", { timeZone: day.zone })
    .format(day.startAt)
    .split("-")
    .map(Number);
  return localToInstant({ year: year!, month: month!, day: date!, hour, minute: 0, second: 0 }, day.zone);
}

function Tick({ at, now, children }: { at: number; now: number; children: string }) {
  const distance = Math.abs(at - now);
  return (
    <span
      className={styles.tick}
      style={{ "--at": at }}
      data-near={distance < 0.055}
      data-close={distance < 0.16}
      data-odd={Number(children) % 2 === 1}
    >
      {children}
    </span>
  );
}

/** `402–530`: the day's lowest and highest, which are the line's own scale. */
function rangeInWords(points: readonly Point[], { unit, target }: Indicator, language: Language): string {
  const values = points.flatMap(({ value, state }) => (value === null || state !== "fresh" ? [] : [value]));
  if (values.length === 0) return "";
  // A bucket of a count is a mean; its range is said in whole things.
  const said = unit === "count" ? Math.round : (value: number): number => value;
  const [low, high] = [said(Math.min(...values)), said(Math.max(...values))];
  if (low === high) return valueInWords(high, unit, language, target ?? high);
  const { figure } = formatValue(low, unit, language, target ?? high);
  return `${figure}–${valueInWords(high, unit, language, target ?? high)}`;
}

function Row({ id, day }: { id: string; day: Day }) {
  const { text, language } = useWords();
  const indicator = useIndicator(id);
  const points = useTrend(id, bucketSeconds, buckets).filter((point) => point.at >= day.startAt);
  const [line, { width: wholeWidth }] = useUnitSize();
  if (indicator === null) return null;
  const width = wholeWidth * ((day.now - day.startAt) / (day.endAt - day.startAt));
  return (
    <div className={styles.row}>
      <span className={styles.name}>{text(indicator.title)}</span>
      <span className={styles.range}>{rangeInWords(points, indicator, language)}</span>
      <span className={styles.line} ref={line}>
        <span className={styles.past} style={{ "--at": (day.now - day.startAt) / (day.endAt - day.startAt) }}>
          {width > 4 && (
            <Sparkline
              points={points}
              frame={{
                fromAt: day.startAt,
                toAt: day.now,
                width,
                height: 30,
                bucketMs: bucketSeconds * 1_000,
                target: indicator.better === "neither" ? null : indicator.target,
              }}
              off={null}
              quiet={false}
            />
          )}
        </span>
      </span>
    </div>
  );
}
