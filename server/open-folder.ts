/** Reading the city folder at the start, and the clock that its feeds ask for. */

import type { ClockKind } from "../shared/clock.ts";
import { faultLines } from "./city-folder/check.ts";
import { readCityFolder, type CityFolder, type ReadOptions } from "./city-folder/city-folder.ts";
import type { Fault } from "./city-folder/fault.ts";
import type { Simulator } from "./city-folder/feed-file.ts";
import type { CityClockStart } from "./live/city-clock.ts";

export interface Simulated extends Simulator {
  readonly cityAt: number;
  /** Wall time at `cityAt`, epoch milliseconds. */
  readonly wallAt: number;
}

export interface FolderOptions {
  readonly cityDir: string;
  readonly recordings: string;
  /** City seconds per wall second; anything but 1 is for simulations and replays. */
  readonly speed: number;
  /** For a folder whose feeds name a simulator: where it is, and the city's time at its start. */
  readonly simulated?: Simulated;
}

/** The city folder cannot be used; `lines` say why, one fault a line. */
export class UnusableFolder extends Error {
  readonly lines: readonly string[];

  constructor(dir: string, lines: readonly string[]) {
    super(`${dir} cannot be used:\n${lines.join("\n")}`);
    this.lines = lines;
  }
}

/** Throws `UnusableFolder`. */
export function openFolder(options: FolderOptions): CityFolder {
  const { cityDir } = options;
  const read = readCityFolder(cityDir, readOptions(options));
  if (!read.ok) throw new UnusableFolder(cityDir, faultLines(read.failure, options));
  return read.value;
}

export function readOptions({ recordings, simulated }: FolderOptions): ReadOptions {
  return { recordings, env: process.env, ...(simulated ? { simulator: simulated } : {}) };
}

/** A city with a recorded or a simulated feed never says that it is live. */
export function clockOf(
  folder: CityFolder,
  { speed, simulated }: FolderOptions,
): CityClockStart & { kind: ClockKind } {
  if (folder.isSimulated && simulated) {
    const { cityAt, wallAt } = simulated;
    return { kind: "simulated", speed, startAt: cityAt + (Date.now() - wallAt) * speed };
  }
  if (folder.feeds.some((feed) => feed.transport.type === "replay")) return { kind: "replay", speed };
  return speed === 1 ? { kind: "live" } : { kind: "simulated", speed };
}

/** Nobody must see recordings under a clock that says live, or the other way round: that takes a new start. */
export function clockFault(kind: ClockKind): Fault {
  const expected = "feeds of the kind the city was started with (recordings or not), or a new start";
  return { kind: "setting", file: "feeds", line: null, key: "transport", value: kind, expected };
}
