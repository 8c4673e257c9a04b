/** A recorded log taken apart in time: each line is there from its own time on. */

import { ok, type Result } from "../../../../shared/result.ts";
import { Changes } from "../changes.ts";
import type { ConnectorFeed, Failure, Part, Playback, PlaybackStep } from "../connector.ts";
import { LogTimes } from "./log-time.ts";
import type { LogOptions } from "./options.ts";
import { linesOf } from "./strip.ts";
import { readLogLine } from "./syslog.ts";
import { readWebLine } from "./web.ts";

const dayMs = 86_400_000;

/** A line without a time goes with the one before it. Without a year, in the lines or in the options, nothing is played. */
export function playLog(part: Part, { options, zone }: ConnectorFeed<LogOptions>): Result<Playback, Failure> {
  const lines = linesOf(part.bytes).filter((line) => line !== "");
  const instants = instantsOf(lines, options.zone ?? zone, options.year);
  const changes = new Changes(
    instants === null
      ? []
      : Array.from(instants, (at, row) => ({ at, row })).filter(({ at }) => !Number.isNaN(at)),
  );
  const step = (at: number, mode: PlaybackStep["mode"], rows: readonly number[]): PlaybackStep => ({
    at,
    mode,
    bytes: new TextEncoder().encode(rows.length === 0 ? "\n" : rows.map((row) => lines[row]).join("\n")),
  });
  return ok({
    span: changes.span,
    stepAt(at, sinceAt = Number.NEGATIVE_INFINITY) {
      const known = [...lines.keys()].filter((row) => instants![row]! <= at && instants![row]! >= sinceAt);
      return step(at, "full", known);
    },
    *stepsBetween(afterAt, untilAt) {
      for (const { at, rows } of changes.between(afterAt, untilAt))
        yield step(
          at,
          "partial",
          [...rows].sort((a, b) => a - b),
        );
    },
  });
}

/** Line by line; NaN before the first time. `null`: times without a year, and no option that says one. */
function instantsOf(lines: readonly string[], zone: string, year: number | undefined): Float64Array | null {
  const instants = new Float64Array(lines.length);
  // Half a year on either side of the line before decides the year of the next; the first one's is told.
  let last = Number.NaN;
  let isYearless = false;
  const timesNear = (at: number): LogTimes => new LogTimes(zone, at + 183 * dayMs);
  let times = new LogTimes(zone, Date.UTC((year ?? 1970) + 1, 0, 1) - dayMs);
  let timesAt = Number.NaN;
  lines.forEach((text, i) => {
    if (!Number.isNaN(last) && !(Math.abs(last - timesAt) < 30 * dayMs)) {
      times = timesNear(last);
      timesAt = last;
    }
    const line = readLogLine(text, times);
    const web = readWebLine(line.message, times);
    const at = (web !== null && "at" in web ? web.at : null) ?? line.at;
    isYearless ||= line.head === "rfc3164";
    if (at !== null && at !== undefined) last = at;
    instants[i] = last;
  });
  return isYearless && year === undefined ? null : instants;
}
