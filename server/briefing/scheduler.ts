/** Issues briefings when they are due: by their schedule, and while an alarm lasts that opens one. */

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "pino";
import { opensIncident, type Alarm } from "../../shared/alarms.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import { periodAt } from "../core/briefing/periods.ts";
import { lastDue, type Calendar } from "../core/briefing/schedule.ts";
import type { BriefingDesk } from "./desk.ts";

/** A situation report waits until there is something to tell, and is told again while the alarm lasts. */
const firstReportMs = 15 * 60_000;
const nextReportMs = 60 * 60_000;
/** After a failure, in wall time. */
const retryMs = 60_000;

export interface SchedulerOptions {
  readonly desk: Pick<BriefingDesk, "definitions" | "archive" | "issue">;
  readonly calendar: () => Calendar;
  /** All that are not normal. */
  readonly alarms: () => readonly Alarm[];
  /** City time. */
  readonly now: () => number;
  /**
   * A file: since when each schedule is kept, so that what was due before is not caught up, and when the incidents began
   * that situation reports are made of.
   */
  readonly path: string;
  readonly log: Logger;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  /** What the file says, once it was read. */
  #since: Readonly<Record<string, number>> | null = null;
  #looking: Promise<void> | null = null;
  readonly #failedAt = new Map<string, number>();

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Issues what is due, each missed time once; never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => {
        this.#options.log.error({ event: "briefings-not-scheduled", error: String(error) });
      })
      .finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look(): Promise<void> {
    for (const definition of this.#options.desk.definitions()) {
      const failedAt = this.#failedAt.get(definition.id);
      if (failedAt !== undefined && performance.now() - failedAt < retryMs) continue;
      try {
        await this.#lookAt(definition);
      } catch (error) {
        // The others are due all the same.
        this.#fail(definition.id, error instanceof Error ? error.message : String(error));
      }
    }
  }

  async #lookAt(definition: BriefingDefinition): Promise<void> {
    if (definition.period.of === "incident") await this.#lookAtIncident(definition, definition.period.rules);
    else if (definition.schedule.length > 0) await this.#lookAtSchedule(definition);
  }

  #fail(definition: string, detail: string): void {
    this.#failedAt.set(definition, performance.now());
    this.#options.log.warn({ event: "briefing-not-issued", briefing: definition, detail });
  }

  async #lookAtSchedule(definition: BriefingDefinition): Promise<void> {
    const { desk, now, calendar } = this.#options;
    const at = now();
    const since = await this.#findSince(definition.id);
    if (since === null) return this.#setSince(definition.id, at);
    const dueAt = lastDue(definition.schedule, at, calendar());
    if (dueAt === null || dueAt <= since) return;
    if ((await desk.archive()).hasDue(definition.id, dueAt)) return;
    await this.#issue(definition.id, { at, dueAt });
  }

  async #lookAtIncident({ id, period }: BriefingDefinition, rules: readonly string[]): Promise<void> {
    const { alarms, now, calendar, desk } = this.#options;
    const at = now();
    const began = sinceOfIncident(rules, alarms());
    const key = `incident ${id}`;
    const known = await this.#findSince(key);
    if (began === null) {
      // It is over: one last report tells how it ended.
      if (known !== null && (await this.#issue(id, { at, since: known }))) await this.#setSince(key, null);
      return;
    }
    const since = Math.min(known ?? began, began);
    if (at - since < firstReportMs) return;
    if (since !== known) await this.#setSince(key, since);
    const { fromAt } = periodAt(period, at, calendar().zone, since);
    const [last] = (await desk.archive()).ofIncident(id, fromAt);
    if (last && at - last.issuedAt < nextReportMs) return;
    await this.#issue(id, { at, since });
  }

  /** Whether it was issued. */
  async #issue(
    definition: string,
    request: { readonly at: number; readonly dueAt?: number; readonly since?: number },
  ): Promise<boolean> {
    const issued = await this.#options.desk.issue({ definition, ...request });
    if (issued.ok) this.#failedAt.delete(definition);
    else this.#fail(definition, issued.failure.detail);
    return issued.ok;
  }

  async #findSince(key: string): Promise<number | null> {
    this.#since ??= await readSince(this.#options.path);
    return this.#since[key] ?? null;
  }

  /** `null` forgets it. Rejects when it cannot be written; in this run it holds all the same. */
  async #setSince(key: string, at: number | null): Promise<void> {
    const { [key]: _before, ...others } = this.#since!;
    const next = at === null ? others : { ...others, [key]: at };
    this.#since = next;
    const { path } = this.#options;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(next), { flush: true });
    await rename(`${path}.new`, path);
  }
}

/** When the first of the alarms came that an incident is made of; `null` while none is active. */
export function sinceOfIncident(rules: readonly string[], alarms: readonly Alarm[]): number | null {
  const active = alarms.filter((alarm) => rules.includes(alarm.rule) && opensIncident(alarm));
  return active.length === 0 ? null : Math.min(...active.map(({ since }) => since));
}

/** A file that cannot be read as such is as none: nothing is caught up then. */
async function readSince(path: string): Promise<Record<string, number>> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return JSON.parse(text) as Record<string, number>;
  } catch {
    return {};
  }
}
