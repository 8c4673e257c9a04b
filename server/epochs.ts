/** The epochs of a running city, one after another: a changed folder takes over, or is refused and what ran goes on. */

import type { FeedStatus } from "../shared/feed.ts";
import type { CityFolder } from "./city-folder/city-folder.ts";
import { faultLine, firstFaultLines, type Fault } from "./city-folder/fault.ts";
import type { Epoch } from "./epoch.ts";
import type { Log } from "./ingest/wiring.ts";

export interface EpochsOptions {
  /** Builds an epoch and starts its feeds. */
  readonly start: (folder: CityFolder) => Epoch;
  /** What has to be done before an epoch is everybody's. */
  readonly prepare: (epoch: Epoch) => Promise<void>;
  /** Another epoch has taken over. */
  readonly restarted: () => void;
  readonly log: Log;
}

/** Why the folder's last change was not taken over; empty when it was. */
interface RefusedChange {
  readonly faults: readonly Fault[];
  readonly lines: readonly string[];
}

const noRefusal: RefusedChange = { faults: [], lines: [] };

export class Epochs {
  readonly #options: EpochsOptions;
  #current: Epoch | null = null;
  #refused = noRefusal;
  #changing = Promise.resolve();

  constructor(options: EpochsOptions) {
    this.#options = options;
  }

  /** The one that runs; throws before the first one has begun. */
  get current(): Epoch {
    if (!this.#current) throw new Error("no epoch has begun yet");
    return this.#current;
  }

  /** Whether this is the epoch that everybody sees: one that is still being begun is not. */
  isCurrent(epoch: Epoch): boolean {
    return epoch === this.#current;
  }

  /** Why the folder's last change was not taken over, a reason a line; empty when it was. */
  get refusedLines(): readonly string[] {
    return this.#refused.lines;
  }

  /** Begins the first epoch. Rejects when it cannot be begun. */
  async begin(folder: CityFolder): Promise<void> {
    this.#current = await this.#begun(folder);
  }

  /** Takes over a sound folder, after those that changed before it. */
  change(folder: CityFolder): void {
    this.#refused = noRefusal;
    this.#changing = this.#changing.then(() => this.#takeOver(folder));
  }

  refuse(faults: readonly Fault[]): void {
    this.#refused = { faults, lines: firstFaultLines(faults) };
    this.#options.log.error({ event: "city-folder-refused", faults: faults.map(faultLine) });
  }

  /** The feeds of the epoch that runs. One with its old settings, because its changed ones were refused, says so. */
  feedStatuses(now: number): readonly FeedStatus[] {
    return this.current.feedStatuses().map((feed) => {
      const faults = this.#refused.faults.filter(({ file }) => file === `feeds/${feed.id}.json`);
      if (faults.length === 0) return feed;
      return { ...feed, error: { class: "settings", message: firstFaultLines(faults).join("; "), at: now } };
    });
  }

  /** Ends the epoch that runs, after the changes that are under way. */
  async stop(): Promise<void> {
    await this.#changing;
    if (this.#current) await this.#end(this.#current);
  }

  async #begun(folder: CityFolder): Promise<Epoch> {
    const epoch = this.#options.start(folder);
    try {
      await this.#options.prepare(epoch);
      return epoch;
    } catch (error) {
      await this.#end(epoch);
      throw error;
    }
  }

  async #takeOver(folder: CityFolder): Promise<void> {
    const before = this.current;
    await this.#end(before);
    try {
      await this.begin(folder);
      this.#options.log.info({ event: "city-folder-taken-over", city: folder.settings.id });
    } catch (error) {
      this.#noteNotBegun("the changed city folder", error);
      // A city without feeds would be worse than one with yesterday's settings.
      await this.begin(before.folder).catch((again: unknown) => {
        this.#noteNotBegun("the city folder as it was", again);
      });
    }
    this.#options.restarted();
  }

  #noteNotBegun(what: string, error: unknown): void {
    const line = `${what} could not be begun: ${String(error)}`;
    this.#refused = { ...this.#refused, lines: [...this.#refused.lines, line] };
    this.#options.log.error({ event: "city-folder-not-taken-over", error: line });
  }

  #end(epoch: Epoch): Promise<void> {
    return epoch.stop().catch((error: unknown) => {
      this.#options.log.error({ event: "epoch-not-ended-well", error: String(error) });
    });
  }
}
