/** How a city's alarms fare, from their log: the figures that ISA-18.2 (§16) and EEMUA 191 judge alarm systems by. */

import type { AlarmEvent, AlarmFigures, Priority } from "../../../shared/alarms.ts";
import { priorities } from "../../../shared/alarms.ts";
import { quantile } from "../../../shared/quantile.ts";
import { floodBegins, FloodWatch, floodSpanMs } from "./flood.ts";

const tenMinutesMs = 600_000;
const badActorsAtMost = 10;
/** Three times within a minute. */
const chatterTimes = 3;
const chatterSpanMs = 60_000;

/** What a good set of alarms is made of, in percent (ISA-18.2, table 7). Critical ones are among the high. */
export const recommendedPercent: Readonly<Record<"urgent" | "medium" | "low", number>> = {
  urgent: 5,
  medium: 15,
  low: 80,
};

interface AlarmTimes {
  count: number;
  /** When it came the last times, as many as make chatter at most. */
  readonly lastAt: number[];
  isChatter: boolean;
}

/**
 * Counts the events of [`fromAt`, `toAt`). The log may be too long to be counted at once: all of it is looked through for
 * what was hidden, and then taken in its order, with other work between pieces of it.
 */
export class AlarmTally {
  readonly #fromAt: number;
  readonly #toAt: number;
  readonly #hidden = new Set<string>();
  readonly #shown: Pick<AlarmEvent, "at" | "alarm">[] = [];
  #raised = 0;
  readonly #slots: number[];
  readonly #byAlarm = new Map<string, AlarmTimes>();
  readonly #byRule = new Map<string, number>();
  readonly #byPriority = new Map<Priority, number>();
  /** By alarm, not by the number of an occurrence: those are counted anew after a start. */
  readonly #open = new Map<string, { readonly at: number; isAcknowledged: boolean }>();
  readonly #acknowledgedAfterMs: number[] = [];

  constructor(fromAt: number, toAt: number) {
    this.#fromAt = fromAt;
    this.#toAt = toAt;
    const slots = Math.max(1, Math.ceil((toAt - fromAt) / tenMinutesMs));
    this.#slots = new Array<number>(slots).fill(0);
  }

  /** Alarms that were hidden as they came nobody was to see. */
  noteHidden(event: AlarmEvent): void {
    if (event.kind === "suppressed" || event.kind === "maintenance-begun")
      this.#hidden.add(occurrenceOf(event));
  }

  /** After everything was looked through for what was hidden. */
  take(event: AlarmEvent): void {
    const { alarm, at, kind, state } = event;
    if (kind === "raised") {
      this.#raised++;
      if (state === "unacknowledged" && !this.#hidden.has(occurrenceOf(event))) this.#takeShown(event);
    } else if (kind === "acknowledge") {
      const raise = this.#open.get(alarm);
      if (!raise || raise.isAcknowledged) return;
      raise.isAcknowledged = true;
      this.#acknowledgedAfterMs.push(at - raise.at);
    }
  }

  figures(): AlarmFigures {
    const [fromAt, toAt, alarms] = [this.#fromAt, this.#toAt, this.#shown.length];
    const floods = floodsOf(this.#shown, toAt);
    const inFloodMs = floods.reduce((sum, flood) => sum + flood.toAt - flood.fromAt, 0);
    const byAlarm = Array.from(this.#byAlarm, ([alarm, { count }]) => [alarm, count] as const);
    return {
      fromAt,
      toAt,
      alarms,
      hidden: this.#raised - alarms,
      perTenMinutes: ratesOf(this.#slots, alarms, toAt - fromAt),
      floods,
      floodPercent: (100 * inFloodMs) / (toAt - fromAt),
      priorities: this.#percentByPriority(),
      recommendedPercent,
      badActors: mostOf(byAlarm, alarms).map(([alarm, often]) => ({ alarm, ...often })),
      badRules: mostOf(Array.from(this.#byRule), alarms).map(([rule, often]) => ({ rule, ...often })),
      chattering: Array.from(this.#byAlarm).flatMap(([alarm, { isChatter }]) => (isChatter ? [alarm] : [])),
      acknowledgement: acknowledgementOf(this.#acknowledgedAfterMs, alarms),
    };
  }

  #takeShown({ alarm, rule, at, priority }: AlarmEvent): void {
    this.#shown.push({ at, alarm });
    this.#slots[Math.floor((at - this.#fromAt) / tenMinutesMs)]!++;
    this.#byRule.set(rule, (this.#byRule.get(rule) ?? 0) + 1);
    this.#byPriority.set(priority, (this.#byPriority.get(priority) ?? 0) + 1);
    this.#open.set(alarm, { at, isAcknowledged: false });
    let times = this.#byAlarm.get(alarm);
    if (!times) this.#byAlarm.set(alarm, (times = { count: 0, lastAt: [], isChatter: false }));
    times.count++;
    if (times.lastAt.push(at) > chatterTimes) times.lastAt.shift();
    if (times.lastAt.length === chatterTimes && at - times.lastAt[0]! <= chatterSpanMs)
      times.isChatter = true;
  }

  #percentByPriority(): Readonly<Record<Priority, number>> {
    const all = this.#shown.length;
    const percent = (priority: Priority): number =>
      all === 0 ? 0 : (100 * (this.#byPriority.get(priority) ?? 0)) / all;
    return Object.fromEntries(priorities.map((priority) => [priority, percent(priority)])) as Record<
      Priority,
      number
    >;
  }
}

function occurrenceOf({ alarm, occurrence, at }: AlarmEvent): string {
  return `${at} ${occurrence} ${alarm}`;
}

/** What came most often, each with its share of all. */
function mostOf(
  counts: readonly (readonly [of: string, count: number])[],
  all: number,
): (readonly [of: string, often: { readonly count: number; readonly percent: number }])[] {
  return counts
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, badActorsAtMost)
    .map(([of, count]) => [of, { count, percent: (100 * count) / all }]);
}

function ratesOf(counts: readonly number[], alarms: number, spanMs: number): AlarmFigures["perTenMinutes"] {
  return {
    mean: (alarms * tenMinutesMs) / spanMs,
    most: counts.reduce((a, b) => Math.max(a, b), 0),
    slots: counts.length,
    over: counts.filter((count) => count > floodBegins).length,
    counts,
  };
}

/** Each flood, to its end by itself or the end of the stretch. */
function floodsOf(shown: readonly Pick<AlarmEvent, "at" | "alarm">[], toAt: number): AlarmFigures["floods"] {
  const watch = new FloodWatch();
  const floods: { fromAt: number; toAt: number; firstOut: string; count: number }[] = [];
  const ordered = shown.toSorted((a, b) => a.at - b.at);
  for (let [next, oldest] = [0, 0]; oldest < ordered.length;) {
    // It changes when an alarm comes, and when one is ten minutes old.
    const at = Math.min(ordered[next]?.at ?? Number.POSITIVE_INFINITY, ordered[oldest]!.at + floodSpanMs);
    if (at >= toAt) break;
    while (oldest < ordered.length && ordered[oldest]!.at + floodSpanMs <= at) oldest++;
    const fresh: string[] = [];
    while (ordered[next]?.at === at) fresh.push(ordered[next++]!.alarm);
    const before = watch.flood;
    const flood = watch.take(fresh, at);
    if (flood && !before) floods.push({ fromAt: at, toAt, firstOut: flood.firstOut, count: flood.count });
    const last = floods.at(-1);
    if (flood && last) last.count = flood.count;
    if (!flood && before && last) last.toAt = at;
  }
  return floods;
}

function acknowledgementOf(afterMs: readonly number[], alarms: number): AlarmFigures["acknowledgement"] {
  const seconds = Float64Array.from(afterMs, (ms) => ms / 1000).sort();
  return {
    acknowledged: seconds.length,
    never: alarms - seconds.length,
    medianSeconds: seconds.length === 0 ? null : quantile(seconds, 0.5),
    p90Seconds: seconds.length === 0 ? null : quantile(seconds, 0.9),
  };
}
