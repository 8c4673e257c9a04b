/**
 * What was reported of a feed that keeps its bodies, a line a report beside them: bodies alone do not say that a source was
 * asked and had nothing new, nor that it could not be reached.
 */

import { appendFile, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cityDate } from "../../shared/city-time.ts";
import type { FeedWord, Log } from "./wiring.ts";

/** In the folder of a day's bodies. */
const fileName = "reports.ndjson";

export interface LoggedReport extends FeedWord {
  /** City time. */
  readonly at: number;
}

export interface ReportLogOptions {
  /** Where the feed's bodies are kept. */
  readonly folder: string;
  readonly feedId: string;
  readonly zone: string;
  readonly log: Log;
}

export class ReportLog {
  readonly #options: ReportLogOptions;
  #lines: { readonly date: string; readonly line: string }[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(options: ReportLogOptions) {
    this.#options = options;
  }

  add(report: LoggedReport): void {
    const date = cityDate(report.at, this.#options.zone);
    this.#lines.push({ date, line: `${JSON.stringify(report)}\n` });
    // What comes while the disk is busy is written together.
    if (this.#lines.length === 1) this.#writing = this.#writing.then(() => this.#write());
  }

  /** Resolves when everything is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { folder, feedId, log } = this.#options;
    const lines = this.#lines;
    this.#lines = [];
    try {
      for (const [date, all] of Map.groupBy(lines, (one) => one.date)) {
        await mkdir(join(folder, date), { recursive: true });
        await appendFile(join(folder, date, fileName), all.map(({ line }) => line).join(""));
      }
      this.#isFailing = false;
    } catch (error) {
      // Said once per outage: the disk being full must not fill the log too.
      if (!this.#isFailing)
        log.warn({ feed: feedId, error: String(error) }, "reports beside kept bodies not written");
      this.#isFailing = true;
    }
  }
}

/** The reports of a city day, oldest first; `null` where none were kept. A torn last line is what a crash leaves. */
export async function readReports(folder: string, date: string): Promise<readonly LoggedReport[] | null> {
  const text = await readFile(join(folder, date, fileName), "utf8").catch(() => null);
  if (text === null) return null;
  return text
    .split("\n")
    .flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as LoggedReport];
      } catch {
        return [];
      }
    })
    .toSorted((a, b) => a.at - b.at);
}
