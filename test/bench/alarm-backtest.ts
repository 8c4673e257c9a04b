/** A rule tried on 90 days of a city's history by the minute: about one series, about several, and its bound turned. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import type { BacktestAnswer } from "../../shared/alarms.ts";
import { ok } from "../../shared/result.ts";
import { openDuckDb } from "../../server/history/duckdb.ts";
import { openHistory } from "../../server/history/sql-history.ts";
import { indexAreas } from "../../server/core/city/areas.ts";
import { backtestHandler } from "../../server/http/backtest.ts";
import { temporaryDir } from "../city-files.ts";
import { alarmRule } from "../planned-city.ts";
import type { Benchmark } from "./benchmark.ts";
import { fillMinutes } from "./history-data.ts";

const zone = "Europe/Lisbon";
const days = 90;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const indicator = "transport.stations";
const groups = Array.from({ length: 20 }, (_, i) => `${indicator}{area.district:d${i}}`);

/** Asks as the desk does; gives how long the answer took, in milliseconds. */
interface Asked {
  try(question: {
    readonly by: readonly string[];
    readonly above: number;
    readonly toAt: number;
  }): Promise<number>;
  readonly endAt: number;
  close(): Promise<void>;
}

async function filled(): Promise<Asked> {
  const dir = await temporaryDir("bench-backtest");
  const startAt = Math.floor(Date.now() / dayMs) * dayMs - days * dayMs;
  const endAt = startAt + days * dayMs;
  const path = join(dir, "history", "history.duckdb");
  await fillMinutes(path, { series: [indicator, ...groups], startAt, days, zone });
  const history = await openHistory(await openDuckDb(path), { zone });
  const app = new Hono().post(
    "/",
    backtestHandler(() => ({
      past: history,
      areas: indexAreas([]),
      zone,
      holidays: new Set(),
      rules: [],
      now: endAt,
      readRule: (file) => ok(alarmRule({ ...(file as object), indicator, onDelaySeconds: 600 })),
    })),
  );
  return {
    endAt,
    async try({ by, above, toAt }) {
      const rule = { by, when: { above, clearBelow: above - 5 } };
      const headers = { "content-type": "application/json" };
      const began = performance.now();
      const answer = await app.request("/", {
        method: "POST",
        headers,
        body: JSON.stringify({ rule, days, toAt }),
      });
      const tried = (await answer.json()) as BacktestAnswer;
      const took = performance.now() - began;
      if (tried.alarms < days || tried.knownPercent < 99)
        throw new Error(`not tried: ${JSON.stringify(tried)}`);
      return took;
    },
    async close() {
      await history.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function budget(name: string, ms: number, ours: (asked: Asked, turn: number) => Promise<number>): Benchmark {
  return {
    name,
    unit: "ms",
    baselineName: "budget",
    target: 1,
    async prepare() {
      const asked = await filled();
      let turn = 0;
      await ours(asked, turn);
      return { ours: () => ours(asked, ++turn), baseline: () => ms, close: () => asked.close() };
    },
  };
}

/** Another end each time: nothing is known from the time before. */
const byTheMinute = (by: readonly string[]) => (asked: Asked, turn: number) =>
  asked.try({ by, above: 70, toAt: asked.endAt - turn * minuteMs });

export const alarmBacktests: readonly Benchmark[] = [
  budget("alarm-backtest", 2_000, byTheMinute([])),
  budget("alarm-backtest-groups", 2_000, byTheMinute(["area.district"])),
  // What a hand waits for at a slider is a tenth of a second.
  budget("alarm-backtest-turn", 100, (asked, turn) =>
    asked.try({ by: [], above: 60 + turn, toAt: asked.endAt }),
  ),
];
