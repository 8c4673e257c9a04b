/** One rule over one series of values, with the code by which the live city judges: for a rule's own tests and for the past. */

import type { AlarmRule } from "../../../shared/alarms.ts";
import { changesAt, judge, neverActive, type AlarmMemory, type Verdict } from "./machine.ts";
import { Trend } from "./trend.ts";
import { judgeCount, judgeReading, type Judged, type Usual } from "./verdict.ts";

/** When it became active, or was over. */
export interface Turn {
  readonly at: number;
  readonly isActive: boolean;
}

export type RunRule = Pick<AlarmRule, "when" | "onDelaySeconds" | "offDelaySeconds">;

export class RuleRun {
  readonly #rule: RunRule;
  readonly #trend: Trend | null;
  #memory: AlarmMemory = neverActive;
  #verdict: Verdict = "unknown";
  #value: number | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  readonly turns: Turn[] = [];

  constructor(rule: RunRule) {
    this.#rule = rule;
    this.#trend = "withinSeconds" in rule.when ? new Trend(rule.when.withinSeconds) : null;
  }

  /**
   * The value from `now` on, `null` when it is not known. Of a rule about silence or about things it is 1 when there is
   * what it waits for, else 0; of a combination, how many rules are active.
   */
  note(value: number | null, usual: Usual | null, now: number): void {
    // As in the live city, what is read at an instant counts before what the time alone does then.
    this.#passTime((at) => at < now);
    this.#value = value;
    this.#trend?.note(value ?? Number.NaN, now);
    this.#look(usual, now);
  }

  /** What time alone does up to `until`. */
  end(until: number): void {
    this.#passTime((at) => at <= until);
  }

  #passTime(isDue: (at: number) => boolean): void {
    for (;;) {
      const at = changesAt(this.#memory, this.#rule, this.#verdict);
      const trendAt = this.#trend && this.#value !== null ? this.#trend.changesAt(this.#lookedAt) : Infinity;
      const next = Math.min(at, trendAt);
      if (!isDue(next)) return;
      this.#look(null, next);
    }
  }

  #look(usual: Usual | null, now: number): void {
    this.#lookedAt = now;
    // What is usual holds for its hour, and comes with each value.
    if (usual !== null || !("outsideUsual" in this.#rule.when))
      this.#verdict = this.#judged(usual, now).verdict;
    const { memory, events } = judge(this.#memory, this.#rule, this.#verdict, now);
    this.#memory = memory;
    if (events.length > 0) this.turns.push({ at: now, isActive: memory.isActive });
  }

  #judged(usual: Usual | null, now: number): Judged {
    const { when } = this.#rule;
    const value = this.#value;
    if ("of" in when && value !== null) return judgeCount(value, when.atLeast);
    if (("silent" in when || "each" in when) && value !== null) return judgeCount(value, 1);
    const state = value === null ? "none" : "fresh";
    const reason = value === null ? "no-data" : null;
    return judgeReading(when, { state, value, reason }, this.#trend?.change(now) ?? null, usual);
  }
}

/** The most samples that a rule's test may have. */
const samplesAtMost = 100_000;

const item = /^(?:(_|stale)|(-?\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)?)(?:x(\d+))?$/;

/**
 * The samples of a series in Prometheus' notation (Unit testing for rules, `series`): `3` one sample, `3x2` that and two
 * more, `1+2x3` is 1 3 5 7, `_` a missing one, `_x2` two of them. `null` where it is none, or has too many.
 */
export function parseSeries(text: string): readonly (number | null)[] | null {
  const samples: (number | null)[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const parts = item.exec(word);
    if (!parts) return null;
    const [, missing, start, step = "0", times] = parts;
    const count = Number(times ?? (missing === undefined ? 0 : 1)) + (missing === undefined ? 1 : 0);
    if (samples.length + count > samplesAtMost) return null;
    for (let i = 0; i < count; i++)
      samples.push(missing === undefined ? Number((Number(start) + i * Number(step)).toPrecision(12)) : null);
  }
  return samples;
}

/** When a series makes the rule active and clear, in seconds after its first sample. */
export function turnsOf(
  rule: RunRule,
  samples: readonly (number | null)[],
  everySeconds: number,
  band: { readonly low: number; readonly high: number } | null,
): { readonly activeAt: readonly number[]; readonly clearAt: readonly number[] } {
  const run = new RuleRun(rule);
  const endAt = samples.length * everySeconds * 1000;
  const usual = band && { fromAt: 0, toAt: endAt, ...band };
  samples.forEach((value, i) => run.note(value, usual, i * everySeconds * 1000));
  // The last sample is the last word: nothing is made of the time after it.
  const seconds = (isActive: boolean): number[] =>
    run.turns.filter((turn) => turn.isActive === isActive).map(({ at }) => at / 1000);
  return { activeAt: seconds(true), clearAt: seconds(false) };
}
