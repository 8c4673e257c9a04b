/** One alarm in the place of a wall's scenes, and the strip that says it where the scene must stay. */

import { useMemo, type ReactNode } from "react";
import type { Alarm, AlarmCondition, AlarmRule } from "../../../shared/alarms.ts";
import { seriesId } from "../../../shared/city.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { useCity, useCityNow, useIndicator, type Indicator } from "../../live/store.ts";
import { useTrend } from "../../live/trends.ts";
import { formatTime } from "../../words/format-time.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords } from "../../words/words.ts";
import { AlarmValue } from "../alarm-desk/alarm-value.tsx";
import { rowOf, type QueueRow } from "../alarm-desk/queue.ts";
import { Age, lookOf, Name, Owner, Priority, StateInWords, TimeLeft } from "./alarm-sayings.tsx";
import AlarmsPart from "./alarms-part.tsx";
import styles from "./alarm-scene.module.css";
import { Section } from "./section.tsx";
import wall from "./wall.module.css";

const minuteMs = 60_000;
const trendMinutes = 360;
const trendSize = { width: 580, height: 180 };

/** What stands beside the map in the place of the scenes: an alarm with all that is said of it, else the alarms alone. */
export function OverScene({ alarm }: { alarm: Alarm | null }) {
  return alarm ? (
    <AlarmScene alarm={alarm} />
  ) : (
    <div className={wall.scene}>
      <main className={wall.right}>
        <AlarmsPart />
      </main>
    </div>
  );
}

/** Everything a room has to know of an alarm: what, how bad, whose, by when, what to do, how it came to this. */
function AlarmScene({ alarm }: { alarm: Alarm }) {
  const { t } = useWords();
  const row = useRow(alarm);
  const indicator = useIndicator(alarm.indicator ?? "");
  if (row === null) return null;
  return (
    <div className={wall.scene}>
      <section className={wall.left} aria-label={t("faces.scenes.alarm")}>
        <Card row={row} indicator={indicator} />
      </section>
      <main className={wall.right}>
        {indicator && <Series alarm={alarm} indicator={indicator} />}
        <AlarmsPart />
      </main>
    </div>
  );
}

/** The alarm in one line at the foot of a scene that stays. */
export function AlarmStrip({ alarms }: { alarms: readonly Alarm[] }) {
  const { t } = useWords();
  const row = useRow(alarms[0]!);
  if (row === null) return null;
  return (
    <aside {...lookOf(row, styles.strip)} role="alert" data-alarm-strip>
      <Priority row={row} />
      <b>
        <Name row={row} />
      </b>
      <span>
        <AlarmValue alarm={row.alarm} />
      </span>
      <span>
        <Owner row={row} />
      </span>
      {alarms.length > 1 && <span>{t("alarms.others", { count: alarms.length - 1 })}</span>}
      <Age row={row} />
    </aside>
  );
}

function useRow(alarm: Alarm): QueueRow | null {
  const rule = useCity()?.rules.find(({ id }) => id === alarm.rule);
  return useMemo(() => (rule ? rowOf(alarm, rule) : null), [alarm, rule]);
}

function Card({ row, indicator }: { row: QueueRow; indicator: Indicator | null }) {
  const { t, text, language } = useWords();
  const { alarm, rule, dueAt } = row;
  const city = useCity();
  const zone = city?.settings.zone ?? "UTC";
  const backup = city?.departments.find(({ id }) => id === rule.backup);
  return (
    <article {...lookOf(row, styles.card)}>
      <p className={styles.head}>
        <Priority row={row} />
        <Age row={row} />
      </p>
      <div role="alert">
        <h2 className={styles.name}>
          <Name row={row} />
        </h2>
      </div>
      {alarm.indicator !== null && (
        <p className={styles.figure}>
          <strong>
            <AlarmValue alarm={alarm} />
          </strong>{" "}
          {indicator && <Limit rule={rule} indicator={indicator} />}
        </p>
      )}
      <p className={styles.state}>
        <StateInWords row={row} />
      </p>
      <dl className={styles.facts}>
        <Fact name={t("alarms.owner")}>
          <Owner row={row} />
        </Fact>
        {backup && <Fact name={t("alarms.backup")}>{text(backup.title)}</Fact>}
        <Fact name={t("alarms.due")}>
          {formatTime(dueAt, zone, language)} <TimeLeft row={row} />
        </Fact>
        <Fact name={t("alarms.do")}>
          {text(rule.response.text)}
          <ol>
            {rule.response.checklist.map((step) => (
              <li key={step.en}>{text(step)}</li>
            ))}
          </ol>
        </Fact>
        <Fact name={t("alarms.otherwise")}>{text(rule.consequence)}</Fact>
      </dl>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The bound that the value has crossed, of a rule that has one. */
function Limit({ rule, indicator }: { rule: AlarmRule; indicator: Indicator }) {
  const { t, language } = useWords();
  const limit = limitOf(rule.when);
  return (
    limit !== null && (
      <span>{t("alarms.limit", { value: valueInWords(limit, indicator.unit, language) })}</span>
    )
  );
}

function limitOf(when: AlarmCondition): number | null {
  return "above" in when ? when.above : "below" in when ? when.below : null;
}

function Series({ alarm, indicator }: { alarm: Alarm; indicator: Indicator }) {
  const { t, text } = useWords();
  const id = seriesId(indicator.id, alarm.group);
  const points = useTrend(id, 60, trendMinutes);
  const toAt = useCityNow(minuteMs) ?? 0;
  const limit = useLimit(alarm);
  const frame = useMemo(
    () => ({
      fromAt: toAt - trendMinutes * minuteMs,
      toAt,
      ...trendSize,
      bucketMs: minuteMs,
      target: limit ?? indicator.target,
    }),
    [toAt, limit, indicator.target],
  );
  return (
    <Section title={text(indicator.title)} note={t("alarms.series")}>
      <div className={styles.series}>
        <Sparkline
          points={points}
          frame={frame}
          off={sideOf(alarm, limit)}
          quiet={alarm.valueState !== "fresh"}
        />
      </div>
    </Section>
  );
}

function useLimit({ rule }: Alarm): number | null {
  const when = useCity()?.rules.find(({ id }) => id === rule)?.when;
  return when ? limitOf(when) : null;
}

/** On which side of its limit the alarm's value lies. */
function sideOf({ value }: Alarm, limit: number | null): "above" | "below" | null {
  if (limit === null || value === null) return null;
  return value >= limit ? "above" : "below";
}
