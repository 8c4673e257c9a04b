/** The time machine of a face: unmistakable marks while the past is shown, and the bar that chooses it. */

import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import type { PastRequest } from "../../../shared/protocol.ts";
import { leavePast, usePast } from "../../live/past.ts";
import { useCityNow, useClock } from "../../live/store.ts";
import { Shape } from "../../look/shapes.tsx";
import { formatNumber } from "../../words/format-number.ts";
import { formatDate, formatSeconds, formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import styles from "./past.module.css";

const PastBar = lazy(() => import("./past-bar.tsx"));

export interface PastControl {
  /** The bar is on the page, or the past is. */
  readonly isOpen: boolean;
  /** Opens the bar, or goes back to now and closes it. */
  readonly toggle: () => void;
  readonly close: () => void;
}

/** Opens and closes the time machine. Escape always leads back to now. */
export function usePastControl(): PastControl {
  const [isWanted, setWanted] = useState(false);
  const { asked, shown } = usePast();
  const isOpen = isWanted || asked !== null || shown !== null;
  const close = useCallback(() => {
    leavePast();
    setWanted(false);
  }, []);
  useEffect(() => {
    if (!isOpen) return;
    const press = (event: KeyboardEvent): void => {
      // An open panel is what Escape closes first.
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) close();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [isOpen, close]);
  const toggle = useCallback(() => (isOpen ? close() : setWanted(true)), [isOpen, close]);
  return { isOpen, toggle, close };
}

/** What the time machine puts over a face of a city in this zone. */
export function Past({ zone, control }: { zone: string; control: PastControl }) {
  const { shown } = usePast();
  return (
    <>
      {shown !== null && <PastMark zone={zone} shown={shown} />}
      {control.isOpen && (
        <Suspense fallback={null}>
          <PastBar zone={zone} onLeave={control.close} />
        </Suspense>
      )}
    </>
  );
}

/** A frame around everything and, over its top, the word, the moment and what is known of it. */
function PastMark({ zone, shown }: { zone: string; shown: PastRequest }) {
  const { t, language } = useWords();
  const now = useCityNow(1_000);
  const speed = useClock()?.speed ?? 0;
  return (
    <aside className={styles.mark} aria-label={t("past.shown")} data-past-mark>
      <p className={styles.label}>
        <strong className={styles.word}>
          <Shape name="replay" /> {t("clock.past")}
        </strong>
        {now !== null && (
          <time className={styles.moment} dateTime={new Date(now).toISOString()}>
            {formatDate(now, zone, language)} {formatTime(now, zone, language)}:{formatSeconds(now)}
          </time>
        )}
        <span>{t(shown.known === "then" ? "past.knownThen" : "past.knownNow")}</span>
        <span>
          {speed === 0 ? t("past.stands") : t("clock.speed", { speed: formatNumber(speed, 0, language) })}
        </span>
        <span className={styles.leave}>{t("past.escape")}</span>
      </p>
    </aside>
  );
}
