/** The figures of the alarm system as they are listed: what each is, what is wanted of it, and whether it holds. Pure. */

import type { AlarmFiguresAnswer } from "../../../shared/alarms.ts";

export const figureKeys = [
  "rate",
  "most",
  "slots",
  "flood",
  "topTen",
  "chatter",
  "stale",
  "acknowledge",
  "slowest",
  "never",
  "hidden",
] as const;
export type FigureKey = (typeof figureKeys)[number];

export interface JudgedFigure {
  readonly key: FigureKey;
  readonly unit: "count" | "percent" | "seconds";
  /** `null`: not known. */
  readonly value: number | null;
  /** At most so much is wanted by ISA-18.2; `null` where it has no figure. */
  readonly atMost: number | null;
  /** `null`: there is nothing to judge by. */
  readonly isGood: boolean | null;
}

/** So many alarms are called the most frequent ones. */
const topAlarms = 10;

export function judgedFigures(figures: AlarmFiguresAnswer): readonly JudgedFigure[] {
  const { perTenMinutes, acknowledgement, badActors } = figures;
  const judged = (
    key: FigureKey,
    unit: JudgedFigure["unit"],
    value: number | null,
    atMost: number | null = null,
    tellsMuch = true,
  ): JudgedFigure => ({
    key,
    unit,
    value,
    atMost,
    isGood: value === null || atMost === null || !tellsMuch ? null : value <= atMost,
  });
  const topTen = badActors.reduce((sum, { percent }) => sum + percent, 0);
  return [
    judged("rate", "count", perTenMinutes.mean, 1),
    judged("most", "count", perTenMinutes.most, 10),
    judged("slots", "percent", (100 * perTenMinutes.over) / perTenMinutes.slots, 1),
    judged("flood", "percent", figures.floodPercent, 1),
    // Where there are no more than ten, they make all there is.
    judged("topTen", "percent", figures.alarms === 0 ? null : topTen, 5, badActors.length >= topAlarms),
    judged("chatter", "count", figures.chattering.length, 0),
    judged("stale", "count", figures.stale.length, 5),
    judged("acknowledge", "seconds", acknowledgement.medianSeconds),
    judged("slowest", "seconds", acknowledgement.p90Seconds),
    judged("never", "count", acknowledgement.never),
    judged("hidden", "count", figures.hidden),
  ];
}
