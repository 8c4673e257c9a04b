/** Chooses the past instant that is shown: a day as a line, its date and time, how fast it runs, what is known of it. */

import { useState, type CSSProperties } from "react";
import type { KnownAs } from "../../../shared/protocol.ts";
import { moment } from "../../live/city-clock.ts";
import { lookAt, usePast, type PastChoice } from "../../live/past.ts";
import { store, useCityNow, useClock, useMoments } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { formatDate, formatSeconds, formatTime } from "../../words/format-time.ts";
import { useWords, type WordKey } from "../../words/words.ts";
import styles from "./past-bar.module.css";
import { useRecorded } from "./recorded.ts";
import {
  dayBeside,
  dayOf,
  fieldsOf,
  hoursOf,
  instantOf,
  isRecorded,
  shareOf,
  sharesOf,
  type Stretch,
} from "./timeline.ts";

const minuteMs = 60_000;
const speeds = [1, 10, 60, 600] as const;

export default function PastBar({ zone, onLeave }: { zone: string; onLeave: () => void }) {
  const { t } = useWords();
  const { asked } = usePast();
  const ticking = useCityNow(1_000);
  // What stands still is where it was asked to be, before the next second of the clock says so.
  const now = asked?.speed === 0 ? asked.at : ticking;
  const recorded = useRecorded();
  const [speed, setSpeed] = useState(asked?.speed === 0 ? 1 : (asked?.speed ?? 1));
  if (now === null) return null;
  const known = asked?.known ?? "then";
  const runs = (asked?.speed ?? 0) > 0;
  const go = (change: Partial<PastChoice>): void =>
    lookAt({ at: shownAt(now), speed: runs ? speed : 0, known, ...change });
  const chooseSpeed = (chosen: number): void => {
    setSpeed(chosen);
    if (runs) go({ speed: chosen });
  };
  return (
    <section className={styles.bar} aria-label={t("past.title")} data-past-bar>
      <div className={styles.controls}>
        <Fields at={now} zone={zone} onChoose={(at) => go({ at })} />
        <div className={styles.group}>
          <MinuteStep minutes={-1} onClick={() => go({ at: shownAt(now) - minuteMs })} />
          <button
            type="button"
            className={styles.play}
            disabled={asked === null}
            aria-pressed={runs}
            onClick={() => go({ speed: runs ? 0 : speed })}
          >
            <Shape name={runs ? "paused" : "playing"} /> {t(runs ? "past.pause" : "past.play")}
          </button>
          <MinuteStep minutes={1} onClick={() => go({ at: shownAt(now) + minuteMs })} />
        </div>
        <Speeds chosen={speed} onChoose={chooseSpeed} />
        <KnownSwitch known={known} isDisabled={asked === null} onChoose={(chosen) => go({ known: chosen })} />
        <State at={now} recorded={recorded} />
        <button type="button" className={styles.leave} onClick={onLeave}>
          {t("past.leave")} <kbd>Esc</kbd>
        </button>
      </div>
      <Timeline at={now} zone={zone} recorded={recorded} onChoose={(at) => go({ at })} />
    </section>
  );
}

/** The very millisecond, which a whole second of the face only stands for. */
function shownAt(now: number): number {
  return Math.floor(store.cityNow(moment()) ?? now);
}

function Fields({ at, zone, onChoose }: { at: number; zone: string; onChoose: (at: number) => void }) {
  const { t } = useWords();
  // What somebody is typing stays, whatever the clock does meanwhile.
  const [typed, setTyped] = useState<{ date: string; time: string } | null>(null);
  const fields = typed ?? fieldsOf(at, zone);
  const type = (change: Partial<typeof fields>): void => {
    const next = { ...fields, ...change };
    setTyped(next);
    const chosen = instantOf(next.date, next.time, zone);
    if (chosen !== null) onChoose(chosen);
  };
  const done = (): void => setTyped(null);
  return (
    <div className={styles.group}>
      <Step word="past.dayBack" sign="‹" onClick={() => onChoose(dayBeside(at, -1, zone))} />
      <input
        type="date"
        aria-label={t("past.date")}
        value={fields.date}
        onChange={({ target }) => type({ date: target.value })}
        onBlur={done}
      />
      <Step word="past.dayOn" sign="›" onClick={() => onChoose(dayBeside(at, 1, zone))} />
      <input
        type="time"
        step={1}
        aria-label={t("past.time")}
        value={fields.time}
        onChange={({ target }) => type({ time: target.value })}
        onBlur={done}
      />
    </div>
  );
}

function Step({ word, sign, onClick }: { word: WordKey; sign: string; onClick: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" className={styles.step} aria-label={t(word)} title={t(word)} onClick={onClick}>
      {sign}
    </button>
  );
}

function MinuteStep({ minutes, onClick }: { minutes: -1 | 1; onClick: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" title={t(minutes < 0 ? "past.minuteBack" : "past.minuteOn")} onClick={onClick}>
      {t("past.minute", { sign: minutes < 0 ? "−" : "+" })}
    </button>
  );
}

function Speeds({ chosen, onChoose }: { chosen: number; onChoose: (speed: number) => void }) {
  const { t, language } = useWords();
  return (
    <div className={styles.choices} role="group" aria-label={t("past.speed")}>
      {speeds.map((speed) => (
        <button key={speed} type="button" aria-pressed={speed === chosen} onClick={() => onChoose(speed)}>
          {t("clock.speed", { speed: formatNumber(speed, 0, language) })}
        </button>
      ))}
    </div>
  );
}

function KnownSwitch(props: { known: KnownAs; isDisabled: boolean; onChoose: (known: KnownAs) => void }) {
  const { t } = useWords();
  const { known, isDisabled, onChoose } = props;
  return (
    <div className={styles.choices} role="group" aria-label={t("past.known")}>
      {(["then", "now"] as const).map((one) => (
        <button
          key={one}
          type="button"
          disabled={isDisabled}
          aria-pressed={one === known}
          onClick={() => onChoose(one)}
        >
          {t(one === "then" ? "past.knownThen" : "past.knownNow")}
        </button>
      ))}
    </div>
  );
}

/** What stands between the wish and what is seen; said to screen readers too. */
function State({ at, recorded }: { at: number; recorded: readonly Stretch[] | null }) {
  const { t } = useWords();
  const { asked, shown, refused } = usePast();
  const speed = useClock()?.speed ?? 0;
  const word = ((): WordKey | null => {
    if (refused !== null) return `past.refused.${refused}`;
    if (asked === null) return "past.choose";
    if (asked.request !== shown?.request) return "past.loading";
    if (recorded !== null && !isRecorded(at, recorded)) return "past.notRecorded";
    return asked.speed > 0 && speed === 0 ? "past.waits" : null;
  })();
  return (
    <p className={styles.state} role="status">
      {word !== null && t(word)}
    </p>
  );
}

function Timeline(props: {
  at: number;
  zone: string;
  recorded: readonly Stretch[] | null;
  onChoose: (at: number) => void;
}) {
  const { at, zone, recorded, onChoose } = props;
  const { t, language } = useWords();
  const moments = useMoments();
  const day = dayOf(at, zone);
  const said = `${formatDate(at, zone, language)} ${formatTime(at, zone, language)}:${formatSeconds(at)}`;
  return (
    <div className={styles.timeline}>
      <div className={styles.line} aria-hidden="true">
        {sharesOf(recorded ?? [], day).map(({ from, to }) => (
          <span key={from} className={styles.recorded} style={{ "--from": from, "--to": to }} />
        ))}
        {(moments ?? [])
          .filter((one) => one.at >= day.fromAt && one.at < day.toAt)
          .map((one) => (
            <span
              key={`${one.at} ${one.kind} ${one.subject}`}
              className={styles.moment}
              data-kind={one.kind}
              style={placed(one.at, day)}
            />
          ))}
        <span className={styles.needle} style={placed(at, day)} />
        {hoursOf(day, zone).map((hour) => (
          <span key={hour.at} className={styles.hour} style={placed(hour.at, day)}>
            {hour.label}
          </span>
        ))}
      </div>
      <input
        type="range"
        className={styles.slider}
        aria-label={t("past.timeline")}
        aria-valuetext={said}
        min={0}
        max={(day.toAt - day.fromAt) / minuteMs - 1}
        value={Math.floor((at - day.fromAt) / minuteMs)}
        onChange={({ target }) => onChoose(day.fromAt + Number(target.value) * minuteMs)}
      />
    </div>
  );
}

function placed(at: number, day: Stretch): CSSProperties {
  return { "--from": shareOf(at, day) };
}
