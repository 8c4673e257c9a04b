/** File names as patterns: `*` is any text, `{YYYYMMDD}` a date. */

import { dateReader, LocalTimes } from "../date-text.ts";
import type { TableOptions } from "./options.ts";

const pieces = /\{([^}]*)\}|\*|[^*{]+|\{/g;

/** Longer names are no names of published files, and would make matching slow. */
const longestName = 255;

function matchPieces(name: string, pattern: string): string | null {
  if (name.length > longestName) return null;
  let source = "";
  for (const [piece, date] of pattern.matchAll(pieces))
    source +=
      date !== undefined
        ? `(.{${date.length}})`
        : piece === "*"
          ? ".*?"
          : piece.replace(/[.+?^${}()|[\]\\/-]/g, String.raw`\$&`);
  const found = new RegExp(`^${source}$`, "s").exec(name);
  return found ? (found[1] ?? "") : null;
}

/** Whether a file name fits a pattern in which `*` stands for any text. */
export function matchesName(name: string, pattern: string): boolean {
  return matchPieces(name, pattern) !== null;
}

/** The newest instant written in the names, where `publishedIn` says; `null` when none is. `zone`: the city's. */
export function publishedAtOf(
  names: readonly string[],
  { publishedIn }: TableOptions,
  zone: string,
): number | null {
  const format = publishedIn && /\{([^}]*)\}/.exec(publishedIn.fileName)?.[1];
  if (!publishedIn || format === undefined) return null;
  const dates = dateReader(format, new LocalTimes(publishedIn.zone ?? zone));
  const instants = names.flatMap((name) => dates.read(matchPieces(name, publishedIn.fileName) ?? "") ?? []);
  return instants.length > 0 ? Math.max(...instants) : null;
}
