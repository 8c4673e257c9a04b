/** What stands in the place of a wall's scenes: an alarm that interrupts them, or what an operator sent. */

import { useCallback, useEffect, useMemo } from "react";
import { isHidden, type Alarm } from "../../../shared/alarms.ts";
import { isInForce } from "../../../shared/note.ts";
import type { SceneDefinition, SceneMap, WallDefinition } from "../../../shared/wall.ts";
import type { Sent, SentKind, Shown } from "../../../shared/wall-show.ts";
import { store, useAlarms, useCity, useCityNow, useClock } from "../../live/store.ts";
import { formatNumber } from "../../words/format-number.ts";
import { formatTime } from "../../words/format-time.ts";
import { useWords } from "../../words/words.ts";
import { useAlarmMap } from "../alarm-desk/alarm-map.ts";
import { useInterruption } from "./interruption.ts";
import { pinnedScene } from "./rotation.ts";
import styles from "./scene-bar.module.css";

export interface OverScenes {
  /** `null`: the scenes themselves are shown. */
  readonly shows: "interruption" | "sent" | null;
  readonly alarm: Alarm | null;
  readonly sent: Sent | null;
  /** Alarms that would interrupt, where the scene stays all the same. */
  readonly strip: readonly Alarm[];
  /** Of an interruption. */
  readonly remainingSeconds: number;
  /** Ends an interruption on this screen; what was sent is taken back where it was sent from. */
  readonly leave: () => void;
}

const noAlarm = { rule: "", indicator: null };

/**
 * An alarm that interrupts comes before what was sent, which is there again after it. Somebody who pinned a scene is not
 * interrupted, and nobody is while they use a panel (`isInUse`); what an operator sends, they send to this wall as it is.
 */
export function useOverScenes(wall: WallDefinition, given: Sent | null, isInUse: boolean): OverScenes {
  const { alarms, remainingSeconds, dismiss } = useInterruption(wall.interrupt);
  const sent = useSent(given);
  const stays = isInUse || pinnedScene(location.search, wall.scenes) >= 0;
  const interrupting = stays ? undefined : alarms[0];
  const leaveNothing = useCallback(() => undefined, []);
  const strip = stays ? alarms : [];
  if (interrupting)
    return {
      shows: "interruption",
      alarm: interrupting,
      sent: null,
      strip,
      remainingSeconds,
      leave: dismiss,
    };
  if (sent) return { ...sent, shows: "sent", strip, remainingSeconds: 0, leave: leaveNothing };
  return { shows: null, alarm: null, sent: null, strip, remainingSeconds: 0, leave: leaveNothing };
}

/** What was sent, while it is in force; an alarm only as long as somebody has to see it. Nothing of it in the past. */
function useSent(given: Sent | null): { readonly sent: Sent; readonly alarm: Alarm | null } | null {
  const now = useCityNow(1_000);
  const isPast = useClock()?.kind === "past";
  const alarms = useAlarms(given !== null && "alarm" in given.what);
  if (given === null || now === null || isPast || !isInForce(given, now)) return null;
  const { what } = given;
  if (!("alarm" in what)) return { sent: given, alarm: null };
  const alarm = alarms.find(({ id }) => id === what.alarm);
  return alarm && !isHidden(alarm) ? { sent: given, alarm } : null;
}

/** The map under it: what was sent, what the alarm is about, else the first one of the wall; none under a view. */
export function useOverMap({ alarm, sent }: OverScenes, { scenes }: WallDefinition): SceneMap | null {
  const ofAlarm = useAlarmMap(alarm ?? noAlarm);
  if (sent && "map" in sent.what) return sent.what.map;
  if (sent && "view" in sent.what) return null;
  return ofAlarm ?? scenes.find(({ map }) => map !== null)?.map ?? null;
}

/** What comes by itself is an alarm. */
function kindOf(sent: Sent | null): SentKind {
  if (sent && "map" in sent.what) return "map";
  return sent && "view" in sent.what ? "view" : "alarm";
}

/** Tells the server what this screen shows. */
export function useShowing(wall: string, { shows, alarm, sent }: OverScenes, scene: string | null): void {
  const alarmId = alarm?.id ?? null;
  const sentKind = kindOf(sent);
  const shown = useMemo((): Shown | null => {
    if (shows === "sent") return { sent: sentKind };
    if (shows === "interruption" && alarmId !== null) return { alarm: alarmId };
    return scene === null ? null : { scene };
  }, [shows, alarmId, sentKind, scene]);
  useEffect(() => {
    store.setShowing(shown && { wall, shows: shown });
  }, [wall, shown]);
  useEffect(() => () => store.setShowing(null), []);
}

/** In the header instead of the scenes: what is shown, by whom, and when they come back. */
export function OverBar({ over, scene }: { over: OverScenes; scene: SceneDefinition }) {
  const { t, text, language } = useWords();
  const zone = useCity()?.settings.zone ?? "UTC";
  const { sent, remainingSeconds, leave } = over;
  return (
    <div className={styles.bar}>
      <p className={styles.title}>{t(`faces.scenes.${kindOf(sent)}`)}</p>
      {sent ? (
        <p className={styles.state}>
          {t(sent.untilAt === null ? "faces.scenes.sentBy" : "faces.scenes.sentUntil", {
            position: sent.by.position,
            time: formatTime(sent.setAt, zone, language),
            until: sent.untilAt === null ? "" : formatTime(sent.untilAt, zone, language),
          })}
        </p>
      ) : (
        <button type="button" className={styles.hold} onClick={leave}>
          {t("faces.scenes.back", {
            scene: text(scene.title),
            seconds: formatNumber(remainingSeconds, 0, language),
          })}
        </button>
      )}
    </div>
  );
}
