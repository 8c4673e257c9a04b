/**
 * The desk's sound: a short figure per priority, made by the browser. A browser keeps silent until somebody has touched the
 * page, which has to be seen; and what was missed is not played afterwards.
 */

import { isHidden, urgency, type Alarm, type Priority } from "../../../shared/alarms.ts";

/** Tones of each priority, in hertz: more and higher for what is more urgent. */
const figures: Readonly<Record<Priority, readonly number[]>> = {
  low: [440],
  medium: [523, 523],
  high: [659, 523, 659],
  critical: [880, 659, 880, 659, 880],
};

const toneSeconds = 0.16;
const gapSeconds = 0.05;

let context: AudioContext | null = null;

/** Whether the browser lets us be heard now. */
export function isAudible(): boolean {
  return context?.state === "running";
}

/** Asks the browser to let us be heard; it does when that comes from a click or a key. */
export async function unblock(): Promise<boolean> {
  context ??= new AudioContext();
  // A browser that blocks does not answer until somebody touches the page.
  await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 300))]);
  return isAudible();
}

export function play(priority: Priority): void {
  if (!context || !isAudible()) return;
  let at = context.currentTime + 0.02;
  for (const hertz of figures[priority]) {
    const tone = new OscillatorNode(context, { type: "triangle", frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.4, at + 0.02);
    volume.gain.setValueAtTime(0.4, at + toneSeconds - 0.04);
    volume.gain.linearRampToValueAtTime(0, at + toneSeconds);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + toneSeconds);
    at += toneSeconds + gapSeconds;
  }
}

/** An alarm that is older than this, in seconds of the wall's clock, when we hear of it is not news: a page was opened, a line came back. */
export const newsWithinSeconds = 15;

/** The occurrences of before: those that somebody could see and nobody knew of, and those that were hidden. */
export interface Heard {
  readonly open: ReadonlySet<string>;
  readonly hidden: ReadonlySet<string>;
}

/**
 * Pure: what is to be heard of the alarms as they are at `now`, city time: the most urgent of those that nobody knows of
 * and that were not there before, or were hidden. `heard`: what was there before; `null`: nothing was, so nothing is news.
 */
export function newsOf(
  alarms: readonly Alarm[],
  heard: Heard | null,
  now: number,
  speed = 1,
): { readonly priority: Priority | null; readonly heard: Heard } {
  const open = alarms.filter(({ state }) => state === "unacknowledged");
  const oldest = now - newsWithinSeconds * 1_000 * Math.max(speed, 1);
  const isNews = (alarm: Alarm): boolean => {
    const one = occurrenceOf(alarm);
    return !heard!.open.has(one) && (alarm.since >= oldest || heard!.hidden.has(one));
  };
  const news = heard === null ? [] : open.filter(isNews);
  const loudest = news.toSorted((a, b) => urgency(b.priority) - urgency(a.priority))[0];
  return {
    priority: loudest?.priority ?? null,
    heard: {
      open: new Set(open.map(occurrenceOf)),
      hidden: new Set(alarms.filter(isHidden).map(occurrenceOf)),
    },
  };
}

function occurrenceOf({ id, occurrence }: Alarm): string {
  return `${id}#${occurrence}`;
}
