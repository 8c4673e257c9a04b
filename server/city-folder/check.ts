/** `citydeck check DIR`: everything that is wrong with a city folder, as lines for people. */

import { readCityFolder, type CityFolder, type ReadOptions } from "./city-folder.ts";
import { isFile } from "./recordings.ts";
import { faultLine, type Fault } from "./fault.ts";

export interface Checked {
  readonly lines: readonly string[];
  /** 0 when the folder is sound on this machine, else 1. */
  readonly exitCode: 0 | 1;
}

export function checkCityFolder(dir: string, options: ReadOptions): Checked {
  const city = readCityFolder(dir, options);
  if (city.ok) return { lines: [...missingFiles(city.value), soundLine(dir, city.value)], exitCode: 0 };
  const summary = `${dir}: ${counted(city.failure.length, "fault")} in ${counted(filesOf(city.failure), "file")}`;
  return { lines: [...faultLines(city.failure, options), summary], exitCode: 1 };
}

/** A line for each fault, and what helps against those of one cause. */
export function faultLines(
  faults: readonly Fault[],
  { recordings }: Pick<ReadOptions, "recordings">,
): string[] {
  const lines = faults.map(faultLine);
  return faults.some(({ kind }) => kind === "recording-not-found")
    ? [...lines, `Recordings are looked for in ${recordings}: CITYDECK_RECORDINGS names another folder.`]
    : lines;
}

/** Files of feeds that are not there: no fault, for they may come later, but worth a word. */
function missingFiles({ feeds }: CityFolder): string[] {
  return feeds.flatMap(({ id, transport }) =>
    (transport.type === "file" ? transport.files : [])
      .filter(({ path }) => !isFile(path))
      .map(({ path }) => `feeds/${id}.json: warning: ${path} is not there yet`),
  );
}

/** Whether the folder would be sound if all its recordings were on this machine. */
export function lacksOnlyRecordings(faults: readonly Fault[]): boolean {
  return faults.every((fault) => fault.kind === "recording-not-found");
}

function soundLine(dir: string, { feeds, indicators, rules, walls, areas }: CityFolder): string {
  const parts = [
    counted(feeds.length, "feed"),
    counted(indicators.length, "indicator"),
    counted(rules.length, "rule"),
    counted(walls.length, "wall"),
    counted(
      areas.reduce((sum, layer) => sum + layer.areas.length, 0),
      "area",
    ),
  ];
  return `${dir}: sound, ${parts.join(", ")}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function filesOf(faults: readonly Fault[]): number {
  return new Set(faults.map((fault) => fault.file)).size;
}
