/** `citydeck check DIR`: everything that is wrong with a city folder, all at once. */

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkCityFolder } from "../city-folder/check.ts";
import { recordingsDir } from "../city-folder/recordings.ts";

export function check(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const [dir] = positionals;
  if (dir === undefined || positionals.length > 1) throw new Error("expected one city folder: check DIR");
  if (!statSync(dir, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`there is no folder ${resolve(dir)}`);
  const { lines, exitCode } = checkCityFolder(resolve(dir), {
    recordings: recordingsDir(),
    env: process.env,
  });
  process.stdout.write(`${lines.join("\n")}\n`);
  return Promise.resolve(exitCode);
}
