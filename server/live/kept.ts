/** What each feed kept of its promises: a sample a minute, summed by city day, seven days in memory and on disk. */

import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { cityDate, startOfDay } from "../../shared/city-time.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { KeptSpan } from "../../shared/feed-quality.ts";
import { completenessOf } from "../../shared/grade.ts";

const minuteMs = 60_000;
/** Of a week, today included. */
const keptDays = 7;
/** A word is on time up to this many cadences after the last one. */
const cadencesAllowed = 2;

/** What the minutes of a feed's day add up to. */
interface DaySum {
  minutes: number;
  available: number;
  fresh: number;
  onTime: number;
  /** Minutes in which completeness could be judged, and its sum over them in percent. */
  judged: number;
  completeness: number;
  oldestSeconds: number | null;
}

type Day = Map<string, DaySum>;

export class Kept {
  readonly #folder: string;
  readonly #log: Pick<Logger, "warn">;
  /** By city date. */
  readonly #days = new Map<string, Day>();
  #minute = -1;
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(folder: string, log: Pick<Logger, "warn">) {
    this.#folder = folder;
    this.#log = log;
  }

  /** Takes a sample when `now` is in another minute than the last one. */
  sample(now: number, zone: string, feeds: () => readonly FeedStatus[]): void {
    const minute = Math.floor(now / minuteMs);
    if (minute === this.#minute) return;
    this.#minute = minute;
    const date = cityDate(now, zone);
    let day = this.#days.get(date);
    if (!day) {
      this.#days.set(date, (day = new Map()));
      this.#forgetBefore(weekOf(now, zone).at(-1)!);
    }
    for (const feed of feeds()) addMinute(day, feed, now);
    this.#write(date, day);
  }

  /** What a feed kept since the city's midnight and in the last seven city days; `null` where nothing was measured. */
  of(
    feedId: string,
    now: number,
    zone: string,
  ): { readonly today: KeptSpan | null; readonly week: KeptSpan | null } {
    const sums = weekOf(now, zone).map((date) => this.#days.get(date)?.get(feedId));
    return { today: spanOf(sums.slice(0, 1)), week: spanOf(sums) };
  }

  /** Reads back what earlier runs wrote. */
  async restore(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const date = /^(\d{4}-\d\d-\d\d)\.json$/.exec(name)?.[1];
      if (date === undefined) continue;
      const day = await readDay(join(this.#folder, name));
      if (day !== null) this.#days.set(date, day);
    }
  }

  /** Resolves when everything sampled so far is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  #forgetBefore(date: string): void {
    for (const old of [...this.#days.keys()].filter((one) => one < date)) {
      this.#days.delete(old);
      this.#writing = this.#writing.then(() => unlink(this.#fileOf(old)).catch(() => undefined));
    }
  }

  #fileOf(date: string): string {
    return join(this.#folder, `${date}.json`);
  }

  /** The whole day at once, under another name first: a crash leaves the minute before. */
  #write(date: string, day: Day): void {
    const text = JSON.stringify(Object.fromEntries(day));
    this.#writing = this.#writing
      .then(async () => {
        await mkdir(this.#folder, { recursive: true });
        await writeFile(`${this.#fileOf(date)}.new`, text);
        await rename(`${this.#fileOf(date)}.new`, this.#fileOf(date));
        this.#failed = false;
      })
      .catch((error: unknown) => {
        if (!this.#failed) this.#log.warn({ event: "kept-not-written", error: String(error) });
        this.#failed = true;
      });
  }
}

function addMinute(day: Day, feed: FeedStatus, now: number): void {
  let sum = day.get(feed.id);
  if (!sum) {
    sum = { minutes: 0, available: 0, fresh: 0, onTime: 0, judged: 0, completeness: 0, oldestSeconds: null };
    day.set(feed.id, sum);
  }
  const age = feed.observedAt === null ? null : Math.max(0, (now - feed.observedAt) / 1000);
  sum.minutes++;
  if (feed.status === "fresh" || feed.status === "stale") sum.available++;
  if (feed.status === "fresh") sum.fresh++;
  if (age !== null && age <= cadencesAllowed * feed.cadenceSeconds) sum.onTime++;
  if (age !== null) sum.oldestSeconds = Math.max(sum.oldestSeconds ?? 0, Math.round(age));
  const errors = feed.notices.reduce(
    (total, { severity, count }) => total + (severity === "error" ? count : 0),
    0,
  );
  const completeness = feed.status === "down" ? null : completenessOf(feed.entities, errors);
  if (completeness === null) return;
  sum.judged++;
  sum.completeness += completeness;
}

function spanOf(days: readonly (DaySum | undefined)[]): KeptSpan | null {
  const measured = days.filter((day) => day !== undefined);
  const total = (of: (day: DaySum) => number): number => measured.reduce((sum, day) => sum + of(day), 0);
  const minutes = total((day) => day.minutes);
  if (minutes === 0) return null;
  const judged = total((day) => day.judged);
  const oldest = measured.flatMap(({ oldestSeconds }) => oldestSeconds ?? []);
  return {
    minutes,
    availablePercent: (100 * total((day) => day.available)) / minutes,
    freshPercent: (100 * total((day) => day.fresh)) / minutes,
    onTimePercent: (100 * total((day) => day.onTime)) / minutes,
    completenessPercent: judged === 0 ? null : total((day) => day.completeness) / judged,
    oldestSeconds: oldest.length === 0 ? null : Math.max(...oldest),
  };
}

/** City dates of today and the days before it, the newest first. */
function weekOf(now: number, zone: string): string[] {
  const dates = [cityDate(now, zone)];
  let at = now;
  while (dates.length < keptDays) {
    at = startOfDay(at, zone) - 1;
    dates.push(cityDate(at, zone));
  }
  return dates;
}

async function readDay(path: string): Promise<Day | null> {
  try {
    return new Map(Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, DaySum>));
  } catch {
    return null;
  }
}
