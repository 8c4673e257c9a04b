/** `npm run bench`: every benchmark, or one with `-- --only NAME`, on a whole year of history with `--full`; a table here and `bench-results.json` beside. */

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { measure, table, type BenchResult, type Benchmark } from "./benchmark.ts";
import { alarmBacktests } from "./alarm-backtest.ts";
import { alarmLatency } from "./alarm-latency.ts";
import { alarmRules, alarmRulesGrowth } from "./alarm-rules.ts";
import { advanceBudget, advanceGrowth } from "./advance.ts";
import { briefingPage, briefingPdf, briefingPdfMemory } from "./briefing.ts";
import { briefingFrames } from "./briefing-frames.ts";
import { briefingTextBench } from "./briefing-text.ts";
import { browserHeap } from "./browser-heap.ts";
import { dayMemory } from "./day-memory.ts";
import { decodeSpeeds } from "./decode.ts";
import { decodeMemories } from "./decode-memory.ts";
import { deskFilter, deskList } from "./desk-list.ts";
import { fanOut } from "./fan-out.ts";
import { explorerFirstChart, wallFirstMap, wallFirstNumbers } from "./first-numbers.ts";
import { gtfsRtCold, gtfsRtNextPoll } from "./gtfs-rt.ts";
import { historyQuestions } from "./history-questions.ts";
import { historyIsolation, historyMemory, recorderSpeed } from "./history-process.ts";
import { lineLive, lineParse } from "./line.ts";
import { manyFeeds } from "./many-feeds.ts";
import { mapPoints } from "./map-points.ts";
import { mapUpdate, mapUpdateP95 } from "./map-update.ts";
import { demoFresh, demoMemory, memory, simulatorMemory, startLive } from "./start-live.ts";
import { timeMachine, timeMachinePace } from "./time-machine.ts";
import { wallBytes } from "./wall-bytes.ts";
import { firstScript, wholeWall } from "./wall-size.ts";

const benchmarks: readonly Benchmark[] = [
  gtfsRtCold,
  gtfsRtNextPoll,
  ...decodeSpeeds,
  ...decodeMemories,
  lineParse,
  lineLive,
  ...manyFeeds,
  ...historyQuestions,
  timeMachine,
  timeMachinePace,
  advanceBudget,
  ...advanceGrowth,
  alarmRules,
  alarmRulesGrowth,
  ...alarmBacktests,
  ...alarmLatency,
  fanOut,
  firstScript,
  wholeWall,
  wallBytes,
  startLive,
  memory,
  demoFresh,
  demoMemory,
  simulatorMemory,
  dayMemory,
  recorderSpeed,
  historyMemory,
  historyIsolation,
  browserHeap,
  mapPoints,
  deskList,
  deskFilter,
  mapUpdate,
  mapUpdateP95,
  wallFirstNumbers,
  wallFirstMap,
  explorerFirstChart,
  briefingTextBench,
  briefingPage,
  briefingPdf,
  briefingPdfMemory,
  briefingFrames,
];

const { only } = parseArgs({ options: { only: { type: "string" }, full: { type: "boolean" } } }).values;
const chosen = benchmarks.filter((benchmark) => only === undefined || benchmark.name === only);
if (chosen.length === 0) {
  console.error(
    `No benchmark ${only}; there are ${benchmarks.map((benchmark) => benchmark.name).join(", ")}.`,
  );
  process.exit(1);
}

const results: BenchResult[] = [];
for (const benchmark of chosen) {
  console.error(`${benchmark.name} …`);
  const result = await measure(benchmark);
  if ("notHere" in result) console.error(`${benchmark.name}: not here, ${result.notHere}`);
  else results.push(result);
}
const root = resolve(import.meta.dirname, "../..");
writeFileSync(join(root, "bench-results.json"), JSON.stringify(results, null, 2) + "\n");
if (results.length > 0) console.log(table(results));
process.exitCode = results.every((result) => result.holds) ? 0 : 1;
