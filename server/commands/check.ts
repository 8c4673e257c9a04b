/** `citydeck check DIR`: everything that is wrong with a city folder, all at once. */

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readCityFolder } from "../city-folder/city-folder.ts";
import { faultLine } from "../city-folder/fault.ts";
import { recordingsDir } from "../city-folder/recordings.ts";

export function check(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const [dir] = positionals;
  if (dir === undefined || positionals.length > 1) throw new Error("expected one city folder: check DIR");
  const read = readCityFolder(resolve(dir), { recordings: recordingsDir(), env: process.env });
  if (read.ok) {
    const { feeds, indicators, walls } = read.value;
    process.stdout.write(
      `${dir}: good. ${feeds.length} feeds, ${indicators.length} indicators, ${walls.length} walls.\n`,
    );
    return Promise.resolve(0);
  }
  process.stdout.write(`${read.failure.map(faultLine).join("\n")}\n${read.failure.length} to mend.\n`);
  return Promise.resolve(1);
}
