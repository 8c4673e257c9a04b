/**
 * Where feeds put their words until the next tick: it keeps the newest word per thing, so more load makes bigger
 * batches, never more calls; it is bounded, and what it had to drop is counted per feed.
 */

import type { Entity } from "../../shared/entity.ts";
import type { Batch, EdgeFigures, FeedReport, FeedWord } from "../core/city/changes.ts";
import type { Update } from "../core/feeds/connector.ts";

/** Things waiting for the next tick beyond this are dropped and counted. */
const defaultLimit = 250_000;

export class Inbox {
  readonly #limit: number;
  #words = new Map<string, FeedWord>();
  #reports = new Map<string, FeedReport>();
  #dropped = new Map<string, number>();
  #waiting = 0;

  constructor(limit = defaultLimit) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#words.size === 0 && this.#reports.size === 0 && this.#dropped.size === 0;
  }

  put(word: FeedWord): void {
    const key = `${word.feedId} ${word.update.scope}`;
    const waiting = this.#words.get(key);
    const update = this.#bounded(
      word.feedId,
      waiting ? mergeUpdates(waiting.update, word.update) : word.update,
      waiting?.update,
    );
    this.#waiting += update.entities.length - (waiting?.update.entities.length ?? 0);
    this.#words.set(key, { ...word, update });
  }

  putReport(report: FeedReport): void {
    this.#reports.set(`${report.feedId} ${report.part}`, report);
  }

  /** Everything that waits; the inbox is empty afterwards. */
  drain(platform: EdgeFigures): Batch {
    const batch: Batch = {
      words: [...this.#words.values()],
      reports: [...this.#reports.values()],
      dropped: this.#dropped,
      platform,
    };
    this.#words = new Map();
    this.#reports = new Map();
    this.#dropped = new Map();
    this.#waiting = 0;
    return batch;
  }

  #bounded(feedId: string, update: Update, before: Update | undefined): Update {
    const room = this.#limit - this.#waiting + (before?.entities.length ?? 0);
    const excess = update.entities.length - room;
    if (excess <= 0) return update;
    this.#dropped.set(feedId, (this.#dropped.get(feedId) ?? 0) + excess);
    const kept = update.entities.slice(0, Math.max(0, room));
    // What did not fit is still there at the source: it must not look gone.
    const unseen = update.entities.slice(Math.max(0, room)).map((entity) => entity.id);
    return { ...update, entities: kept, unchanged: [...(update.unchanged ?? []), ...unseen] };
  }
}

/** One update that says what `older` and then `newer` of the same feed and scope said. */
export function mergeUpdates(older: Update, newer: Update): Update {
  return newer.mode === "full" ? mergeIntoFull(older, newer) : mergePartial(older, newer);
}

/** A full update forgets what came before it, except the things it only calls unchanged. */
function mergeIntoFull(older: Update, newer: Update): Update {
  const unchanged = new Set(newer.unchanged);
  const carried = older.entities.filter((entity) => unchanged.delete(entity.id));
  return {
    ...newer,
    entities: carried.length === 0 ? newer.entities : [...carried, ...newer.entities],
    ...(newer.unchanged && { unchanged: [...unchanged] }),
    ...scheduleOf(newer, older),
  };
}

function mergePartial(older: Update, newer: Update): Update {
  const entities = new Map<string, Entity>(older.entities.map((entity) => [entity.id, entity]));
  const removed = new Set(older.removed);
  for (const entity of newer.entities) {
    entities.delete(entity.id);
    entities.set(entity.id, entity);
    removed.delete(entity.id);
  }
  for (const id of newer.removed ?? []) {
    entities.delete(id);
    if (older.mode === "partial") removed.add(id);
  }
  const gone = new Set(newer.removed);
  return {
    ...newer,
    mode: older.mode,
    entities: [...entities.values()],
    ...(older.unchanged && { unchanged: older.unchanged.filter((id) => !gone.has(id)) }),
    ...(removed.size > 0 && { removed: [...removed] }),
    observations: [...older.observations, ...newer.observations],
    notices: [...older.notices, ...newer.notices],
    ...scheduleOf(newer, older),
  };
}

function scheduleOf(newer: Update, older: Update): Pick<Update, "schedule"> {
  const schedule = newer.schedule ?? older.schedule;
  return schedule ? { schedule } : {};
}
