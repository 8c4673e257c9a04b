/** What judging alarm rules costs a tick: beside its budget, and beside a city with a tenth of the rules and series. */

import type { AlarmCondition, AlarmRule } from "../../shared/alarms.ts";
import type { Reading } from "../../shared/protocol.ts";
import { AlarmBoard } from "../../server/core/alarms/board.ts";
import { alarmRule, indicator, plan } from "../planned-city.ts";
import type { Benchmark } from "./benchmark.ts";

const start = Date.UTC(2026, 2, 7, 12, 0);
const tickMs = 250;
const groupsOfIndicator = 50;
const groupsOfRule = 5;

const conditions: readonly AlarmCondition[] = [
  { above: 97, clearBelow: 80 },
  { below: 3, clearAbove: 20 },
  { risesBy: 95, withinSeconds: 60, clearBelow: 50 },
  { unknown: true },
];

const group = (i: number): string => `area.district:d${i}`;

/** `rules` rules, each of five groups of one indicator: five times as many series, each watched by one rule. */
function watchedBoard(rules: number): { readonly series: readonly string[]; readonly board: AlarmBoard } {
  const rulesOfIndicator = groupsOfIndicator / groupsOfRule;
  const indicators = Array.from({ length: rules / rulesOfIndicator }, (_, i) =>
    indicator({ id: `transport.i${i}`, by: ["area.district"] }),
  );
  const all = Array.from({ length: rules }, (_, i): AlarmRule => {
    const first = (i % rulesOfIndicator) * groupsOfRule;
    return alarmRule({
      id: `transport.r${i}`,
      indicator: `transport.i${Math.floor(i / rulesOfIndicator)}`,
      by: ["area.district"],
      groups: Array.from({ length: groupsOfRule }, (_, j) => group(first + j)),
      when: conditions[i % conditions.length]!,
      onDelaySeconds: i % 3 === 0 ? 30 : 0,
      offDelaySeconds: i % 5 === 0 ? 30 : 0,
    });
  });
  const series = indicators.flatMap(({ id }) =>
    Array.from({ length: groupsOfIndicator }, (_, i) => `${id}{${group(i)}}`),
  );
  const board = new AlarmBoard(plan({ rules: all, indicators }), {
    readings: new Map(),
    findHeld: () => undefined,
    listHeld: () => [],
    feedStatuses: () => [],
    isFresh: () => true,
  });
  return { series, board };
}

/** A way to step a board, of whose first `changing` series `changes` change at a time, in turns. */
function stepped(rules: number, changes: number, changing: number): (ticks: number) => number {
  const { series, board } = watchedBoard(rules);
  let steps = 0;
  const judge = (readings: readonly Reading[], now: number): void => {
    board.judge({ readings, feeds: [], entities: new Map(), forgotten: [] }, undefined, now);
  };
  const reading = (i: number): Reading => {
    const value = (i * 7919 + steps * 104_729) % 100;
    const at = start + steps * tickMs;
    const id = series[i % changing]!;
    return { id, value, state: "fresh", reason: null, quality: "good", observedAt: at, oldestAt: at };
  };
  // All of its series are there, whether they change or not.
  judge(
    series.map((id) => ({ ...reading(0), id })),
    start,
  );
  /** CPU milliseconds of a tick. */
  return (ticks) => {
    const batches = Array.from({ length: ticks }, (_, tick) => {
      steps++;
      return Array.from({ length: changes }, (_, i) => reading(tick * changes + i));
    });
    const firstAt = start + (steps - ticks) * tickMs;
    const before = process.cpuUsage();
    batches.forEach((readings, tick) => {
      judge(readings, firstAt + tick * tickMs);
    });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / ticks;
  };
}

/** 1,000 rules over 5,000 series that all change with every tick: a twentieth of a core. */
export const alarmRules: Benchmark = {
  name: "alarm-rules",
  unit: "ms CPU/tick",
  baselineName: "budget",
  target: 1,
  prepare() {
    const step = stepped(1_000, 5_000, 5_000);
    step(40);
    return Promise.resolve({ ours: () => step(40), baseline: () => tickMs / 20 });
  },
};

export const alarmRulesGrowth: Benchmark = {
  name: "alarm-rules-10x",
  unit: "ms CPU/tick",
  baselineName: "the same changes with a tenth of the rules and series",
  target: 1.5,
  prepare() {
    const [large, small] = [stepped(1_000, 200, 500), stepped(100, 200, 500)];
    large(400);
    small(400);
    return Promise.resolve({ ours: () => large(400), baseline: () => small(400) });
  },
};
