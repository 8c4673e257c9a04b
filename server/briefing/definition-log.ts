/** When the definition of an indicator became another one: a line for each change, in the data folder. */

import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { IndicatorDefinition } from "../../shared/city.ts";
import type { Span } from "../core/briefing/facts.ts";

interface Line {
  readonly at: number;
  readonly indicator: string;
  readonly revision: string;
}

export class DefinitionLog {
  readonly #path: string;
  #lines: Line[] = [];

  private constructor(path: string) {
    this.#path = path;
  }

  /** Lines that cannot be read, such as what a crash left of one, are left out. */
  static async open(path: string): Promise<DefinitionLog> {
    const log = new DefinitionLog(path);
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    log.#lines = text.split("\n").flatMap((line) => parsed(line) ?? []);
    return log;
  }

  /** From `at` on the definitions are these. Rejects when that cannot be written; it holds in memory all the same. */
  async begin(
    indicators: readonly Pick<IndicatorDefinition, "id" | "revision">[],
    at: number,
  ): Promise<void> {
    const known = new Map(this.#lines.map(({ indicator, revision }) => [indicator, revision]));
    const fresh = indicators
      .filter(({ id, revision }) => known.get(id) !== revision)
      .map(({ id, revision }): Line => ({ at, indicator: id, revision }));
    if (fresh.length === 0) return;
    this.#lines.push(...fresh);
    await mkdir(dirname(this.#path), { recursive: true });
    // What a crash has left of a line ends before these begin.
    await appendFile(this.#path, `\n${fresh.map((line) => `${JSON.stringify(line)}\n`).join("")}`);
  }

  /** When another definition of the indicator came into force in the span; its first one is no change. */
  changes(indicator: string, { fromAt, toAt }: Span): readonly number[] {
    const all = this.#lines.filter((line) => line.indicator === indicator).map(({ at }) => at);
    return all.slice(1).filter((at) => at >= fromAt && at < toAt);
  }
}

function parsed(line: string): Line | null {
  try {
    const value = JSON.parse(line) as Line;
    return typeof value.at === "number" && typeof value.indicator === "string" ? value : null;
  } catch {
    return null;
  }
}
