/** A morning briefing from 90 days of a city's history: gathered, composed, held to its rules and written as text. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readCityFolder } from "../../server/city-folder/city-folder.ts";
import { gatherFacts } from "../../server/briefing/gather.ts";
import type { KnownIndicator } from "../../server/briefing/gather-context.ts";
import { composeBriefing } from "../../server/core/briefing/compose.ts";
import { periodAt } from "../../server/core/briefing/periods.ts";
import { briefingText } from "../../server/core/briefing/plain-text.ts";
import { briefingFaults } from "../../server/core/briefing/soundness.ts";
import { openDuckDb } from "../../server/history/duckdb.ts";
import { openHistory } from "../../server/history/sql-history.ts";
import { temporaryDir } from "../city-files.ts";
import type { Benchmark } from "./benchmark.ts";
import { fillMinutes } from "./history-data.ts";

const days = 90;
const dayMs = 86_400_000;
const never = new AbortController().signal;

export const briefingTextBench: Benchmark = {
  name: "briefing-text",
  unit: "ms",
  baselineName: "budget",
  target: 1,
  async prepare() {
    const dir = await temporaryDir("bench-briefing");
    const read = readCityFolder(join(import.meta.dirname, "../../fixtures/demo-city"), {
      recordings: "",
      env: {},
    });
    if (!read.ok) throw new Error("the demo city has faults");
    const folder = read.value;
    const { zone } = folder.settings;
    const definition = folder.briefings.find(({ id }) => id === "morning")!;
    const indicators = folder.indicators.map((one): KnownIndicator => ({ ...one, feeds: ["requests"] }));
    const groups = folder.areas[0]!.areas.map(
      ({ id }) => `community.requests-opened-today{area.district:${id}}`,
    );
    const series = [...indicators.map(({ id }) => id), ...groups];
    const startAt = Math.floor(Date.now() / dayMs) * dayMs - days * dayMs;
    const path = join(dir, "history", "history.duckdb");
    await fillMinutes(path, { series, startAt, days, zone });
    const history = await openHistory(await openDuckDb(path), { zone });
    // Its figures of the last weeks are in memory soon after a start.
    await history.maintain(startAt + days * dayMs + 3_600_000);
    const context = {
      folder,
      indicators,
      seriesIds: series,
      clock: "live" as const,
      past: history,
      alarmEvents: () => Promise.resolve([]),
      nameOfAlarm: () => null,
      cityEvents: () => Promise.resolve([]),
      definitions: { changes: () => [] },
    };
    return {
      async ours() {
        const knownAt = startAt + days * dayMs + 6.5 * 3_600_000;
        const from = performance.now();
        const period = periodAt(definition.period, knownAt, zone);
        const facts = await gatherFacts(context, { definition, period, knownAt, previous: null }, never);
        const briefing = composeBriefing(facts, {
          id: "bench",
          issuedAt: knownAt,
          dueAt: null,
          corrects: null,
        });
        const faults = briefingFaults(briefing);
        const text = briefingText(briefing, null, "zh");
        const took = performance.now() - from;
        if (faults.length > 0 || text.length < 500)
          throw new Error(`no sound briefing: ${faults.join("; ")}${text}`);
        return took;
      },
      baseline: () => 300,
      async close() {
        await history.close();
        await rm(dir, { recursive: true, force: true });
      },
    };
  },
};
