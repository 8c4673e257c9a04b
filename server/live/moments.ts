/** Watches the city's changes for what people will want to remember of the day, and keeps 24 hours of it, also on disk. */

import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "pino";
import type { IndicatorDefinition, Text } from "../../shared/city.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Moment } from "../../shared/moment.ts";
import type { Reading } from "../../shared/protocol.ts";
import { offTarget } from "../../shared/target.ts";
import type { Changes } from "../core/city/changes.ts";

const keptMs = 86_400_000;
/** A figure has left its target when it stays on the other side for this long: what trembles around it has not. */
export const confirmMs = 120_000;
const keptAtMost = 500;
/** The file is written anew when it has so many lines. */
const linesAtMost = 4 * keptAtMost;

/** Where a figure stands: the side that was last confirmed, and the other one while it is being confirmed. */
interface Side {
  isOff: boolean;
  turning: { readonly since: number; readonly value: number } | null;
}

export class Moments {
  readonly #path: string;
  readonly #log: Pick<Logger, "warn">;
  readonly #moments: Moment[] = [];
  readonly #sides = new Map<string, Side>();
  readonly #turning = new Set<string>();
  readonly #down = new Set<string>();
  readonly #warnings = new Map<string, Moment>();
  #indicators = new Map<string, IndicatorDefinition>();
  /** Of the file. */
  #lineCount = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string, log: Pick<Logger, "warn">) {
    this.#path = path;
    this.#log = log;
  }

  /** Of the last 24 hours, in the order they happened. */
  get all(): readonly Moment[] {
    return this.#moments;
  }

  /** The definitions by which figures are judged from now on: a new epoch may have moved a target. */
  judgeBy(indicators: readonly IndicatorDefinition[]): void {
    this.#indicators = new Map(indicators.map((indicator) => [indicator.id, indicator]));
    for (const id of this.#sides.keys())
      if (!this.#indicators.has(id)) {
        this.#sides.delete(id);
        this.#turning.delete(id);
      }
  }

  /** What a tick's changes make worth remembering; kept and returned. */
  take(changes: Changes): readonly Moment[] {
    const found = [
      ...changes.readings.flatMap((reading) => this.#judge(reading, changes.at)),
      ...this.#confirm(changes.at),
      ...changes.feeds.flatMap((feed) => this.#ofFeed(feed, changes.at)),
      ...this.#ofWarnings(changes),
    ];
    if (found.length > 0) this.#keep(found, changes.at);
    return found;
  }

  /** Reads back what an earlier run kept; a torn last line is what a crash leaves. */
  async restore(now: number): Promise<void> {
    const text = await readFile(this.#path, "utf8").catch(() => "");
    const lines = text.split("\n").flatMap(parsedMoment);
    this.#moments.push(...lines.filter(({ at }) => at > now - keptMs && at <= now).slice(-keptAtMost));
    for (const moment of this.#moments) this.#recall(moment);
    if (lines.length > this.#moments.length) this.#writeAll();
    else this.#lineCount = lines.length;
  }

  /** Resolves when everything is on disk, or known not to be. */
  flushed(): Promise<void> {
    return this.#writing;
  }

  /** A figure's newest value: still on its side, or on the other one from now on. */
  #judge({ id, value, state }: Reading, at: number): never[] {
    const indicator = this.#indicators.get(id);
    if (!indicator || indicator.target === null || indicator.better === "neither") return [];
    const side = this.#sides.get(id);
    // Nothing known is neither on nor off target: the side stays what it was.
    if (state !== "fresh" || value === null) {
      if (side) this.#settle(id, side);
      return [];
    }
    const isOff = offTarget(value, indicator) !== null;
    if (!side) this.#sides.set(id, { isOff, turning: null });
    else if (side.isOff === isOff) this.#settle(id, side);
    else if (side.turning === null) {
      side.turning = { since: at, value };
      this.#turning.add(id);
    }
    return [];
  }

  #settle(id: string, side: Side): void {
    side.turning = null;
    this.#turning.delete(id);
  }

  /** The figures that have been on their new side for long enough. */
  #confirm(now: number): Moment[] {
    const found: Moment[] = [];
    for (const id of this.#turning) {
      const side = this.#sides.get(id);
      if (!side?.turning || now - side.turning.since < confirmMs) continue;
      const { since, value } = side.turning;
      side.isOff = !side.isOff;
      this.#settle(id, side);
      found.push({
        at: since,
        kind: side.isOff ? "left-target" : "reached-target",
        subject: id,
        department: this.#indicators.get(id)?.department ?? null,
        value,
        text: null,
      });
    }
    return found;
  }

  #ofFeed({ id, status, department }: FeedStatus, at: number): Moment[] {
    const isDown = status === "down";
    if (isDown === this.#down.has(id) || (!isDown && status !== "fresh")) return [];
    if (isDown) this.#down.add(id);
    else this.#down.delete(id);
    return [
      { at, kind: isDown ? "feed-down" : "feed-live", subject: id, department, value: null, text: null },
    ];
  }

  /** An actual warning is told once, and once more when it is no longer there; its updates are the same warning. */
  #ofWarnings({ entities, at }: Changes): Moment[] {
    const alerts = entities.get("CapAlert");
    if (!alerts) return [];
    const found: Moment[] = [];
    for (const { entity } of alerts.changed) {
      const text = headlineOf(entity);
      if (text === null || this.#warnings.has(entity.id)) continue;
      const moment: Moment = { at, kind: "warning", subject: entity.id, department: null, value: null, text };
      this.#warnings.set(entity.id, moment);
      found.push(moment);
    }
    const there = new Set(alerts.changed.map(({ entity }) => entity.id));
    for (const { id } of alerts.removed) {
      const told = this.#warnings.get(id);
      // What one part of a feed gave up and another took over is still there.
      if (!told || there.has(id)) continue;
      this.#warnings.delete(id);
      found.push({ ...told, at, kind: "warning-over" });
    }
    return found;
  }

  #keep(found: readonly Moment[], now: number): void {
    this.#moments.push(...found);
    const firstKept = this.#moments.findIndex(({ at }) => at > now - keptMs);
    const tooMany = this.#moments.length - keptAtMost;
    this.#moments.splice(0, Math.max(firstKept, tooMany, 0));
    this.#lineCount += found.length;
    if (this.#lineCount > linesAtMost) this.#writeAll();
    else this.#write(() => appendFile(this.#path, linesOf(found)));
  }

  /** Under another name first: a crash leaves the file as it was. */
  #writeAll(): void {
    const text = linesOf(this.#moments);
    this.#lineCount = this.#moments.length;
    this.#write(async () => {
      await writeFile(`${this.#path}.new`, text);
      await rename(`${this.#path}.new`, this.#path);
    });
  }

  /** What a remembered moment says about how things stand. */
  #recall(moment: Moment): void {
    switch (moment.kind) {
      case "left-target":
      case "reached-target":
        this.#sides.set(moment.subject, { isOff: moment.kind === "left-target", turning: null });
        return;
      case "feed-down":
        this.#down.add(moment.subject);
        return;
      case "feed-live":
        this.#down.delete(moment.subject);
        return;
      case "warning":
        this.#warnings.set(moment.subject, moment);
        return;
      case "warning-over":
        this.#warnings.delete(moment.subject);
    }
  }

  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing
      .then(() => mkdir(dirname(this.#path), { recursive: true }))
      .then(write)
      .catch((error: unknown) => {
        this.#log.warn({ err: error, path: this.#path }, "the day's moments cannot be written");
      });
  }
}

function linesOf(moments: readonly Moment[]): string {
  return moments.map((moment) => `${JSON.stringify(moment)}\n`).join("");
}

function headlineOf(entity: Entity): Text | null {
  if (entity.kind !== "CapAlert" || entity.fields["status"] !== "Actual") return null;
  const { headline, headlineZh, event } = entity.fields;
  const en = [headline, event].find((text) => typeof text === "string");
  return en === undefined ? null : { en, zh: headlineZh ?? en };
}

function parsedMoment(line: string): Moment[] {
  if (line === "") return [];
  try {
    const moment = JSON.parse(line) as Omit<Moment, "text"> & { readonly text: Text | string | null };
    const { text } = moment;
    // Earlier versions kept a headline in one language.
    return [{ ...moment, text: typeof text === "string" ? { en: text, zh: text } : text }];
  } catch {
    return [];
  }
}
