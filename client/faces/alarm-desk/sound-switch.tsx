import { useEffect, useRef, useState } from "react";
import { useAlarms, useCityNow, useClock } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { useWords } from "../../words/words.ts";
import styles from "./alarm-desk.module.css";
import { isAudible, newsOf, play, unblock, type Heard } from "./sound.ts";

/** Sound on or off, its test at the start of a shift, and, unmistakably, that the browser blocks it. */
export function SoundSwitch() {
  const { t } = useWords();
  const [isOn, setOn] = useState(true);
  const [audible, setAudible] = useState(isAudible());
  const alarms = useAlarms();
  const now = useCityNow(1_000);
  const speed = useClock()?.speed ?? 1;
  const heard = useRef<Heard | null>(null);

  useEffect(() => {
    void unblock().then(setAudible);
    // A browser may take it back, as after a long sleep.
    const timer = setInterval(() => setAudible(isAudible()), 2_000);
    const touch = (): void => void unblock().then(setAudible);
    window.addEventListener("pointerdown", touch);
    window.addEventListener("keydown", touch);
    return () => {
      clearInterval(timer);
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, []);
  useEffect(() => {
    if (now === null) return;
    const news = newsOf(alarms, heard.current, now, speed);
    heard.current = news.heard;
    if (isOn && news.priority !== null) play(news.priority);
    // Only alarms bring news; the clock is read beside them.
    // eslint-disable-next-line react/exhaustive-deps
  }, [alarms, isOn]);

  if (isOn && !audible)
    return (
      <button type="button" className={styles.blocked} onClick={() => void unblock().then(setAudible)}>
        <Shape name="warning" /> {t("desk.sound.blocked")}
      </button>
    );
  return (
    <p className={styles.sound}>
      <button type="button" aria-pressed={isOn} onClick={() => setOn(!isOn)}>
        {t(isOn ? "desk.sound.on" : "desk.sound.off")}
      </button>{" "}
      <button type="button" onClick={() => play("critical")} disabled={!isOn}>
        {t("desk.sound.test")}
      </button>
    </p>
  );
}
