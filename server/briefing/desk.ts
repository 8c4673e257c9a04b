/** Issues briefings: gathers, composes, holds the result to its own rules, keeps it; one after the other. */

import type { Logger } from "pino";
import type { Briefing, BriefingItem, Edition, IssuedBriefing } from "../../shared/briefing.ts";
import { cityDate } from "../../shared/city-time.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { composeBriefing } from "../core/briefing/compose.ts";
import type { BriefingDefinition } from "../core/briefing/definition.ts";
import { periodAt } from "../core/briefing/periods.ts";
import { briefingFaults } from "../core/briefing/soundness.ts";
import type { NotIssued } from "../http/briefings.ts";
import { BriefingArchive } from "./archive.ts";
import { gatherFacts } from "./gather.ts";
import type { GatherContext } from "./gather-context.ts";

export interface IssueRequest {
  readonly definition: string;
  /** City time at which it is made. */
  readonly at: number;
  /** The time of its schedule, which decides the period; `null`: now. */
  readonly dueAt?: number | null;
  /** When the alarm came that it tells of. */
  readonly since?: number | null;
}

export interface DeskOptions {
  readonly dir: string;
  readonly definitions: () => readonly BriefingDefinition[];
  readonly context: () => GatherContext;
  /** Sends an issue, again when an earlier run did not come to it; resolves when that is sure. */
  readonly tell: (issued: IssuedBriefing, definition: BriefingDefinition) => Promise<void>;
  readonly log: Logger;
}

export class BriefingDesk {
  readonly #options: DeskOptions;
  #archive: Promise<BriefingArchive> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #telling: Promise<unknown> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  definitions(): readonly BriefingDefinition[] {
    return this.#options.definitions();
  }

  /** Opened when somebody first asks; the next one who asks tries again when it could not be. */
  archive(): Promise<BriefingArchive> {
    this.#archive ??= BriefingArchive.open(this.#options.dir).then(
      (archive) => {
        if (archive.unreadable.length > 0)
          this.#options.log.error({ event: "briefings-unreadable", files: archive.unreadable });
        return archive;
      },
      (error: unknown) => {
        this.#archive = null;
        throw error;
      },
    );
    return this.#archive;
  }

  async list(): Promise<readonly BriefingItem[]> {
    return (await this.archive()).list();
  }

  async search(search: string): Promise<readonly BriefingItem[]> {
    return (await this.archive()).search(search);
  }

  async find(id: string): Promise<IssuedBriefing | null> {
    return (await this.archive()).find(id);
  }

  async findLatest(definition: string): Promise<IssuedBriefing | null> {
    const archive = await this.archive();
    const id = archive.latestId(definition);
    return id === null ? null : archive.find(id);
  }

  issue(request: IssueRequest): Promise<Result<IssuedBriefing, NotIssued>> {
    return this.#inTurn(() => this.#issue(request, null));
  }

  /** A new issue over the same period by what is known at `at`, which says what is another figure now. */
  correct(id: string, at: number): Promise<Result<IssuedBriefing, NotIssued>> {
    return this.#inTurn(async () => {
      const corrected = await this.find(id);
      if (!corrected) return fail({ why: "no-such-briefing", detail: `there is no briefing ${id}` });
      if (corrected.correctedBy !== null) {
        const detail = `${id} was corrected by ${corrected.correctedBy}: that one can be corrected`;
        return fail({ why: "nothing-changed", detail });
      }
      return this.#issue({ definition: corrected.briefing.definition, at }, corrected.briefing);
    });
  }

  async edit(edition: Edition): Promise<Result<Edition, "missing" | "changed">> {
    return (await this.archive()).edit(edition);
  }

  async editions(id: string): Promise<readonly Edition[]> {
    return (await this.archive()).editions(id);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#last;
    await this.#telling;
  }

  /** Sends what an earlier run issued and did not come to send. Rejects when the archive cannot be read. */
  async tellUntold(): Promise<void> {
    const archive = await this.archive();
    for (const id of archive.untold) {
      const issued = await archive.find(id);
      if (issued) this.#tell(archive, issued);
    }
  }

  /** One at a time: ids and corrections are decided by what is there. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #issue(
    { definition: id, at, dueAt = null, since = null }: IssueRequest,
    corrected: Briefing | null,
  ): Promise<Result<IssuedBriefing, NotIssued>> {
    const definition = this.definitions().find((one) => one.id === id);
    if (!definition)
      return fail({ why: "no-such-briefing", detail: `the city folder has no briefing "${id}"` });
    const context = this.#options.context();
    const zone = context.folder.settings.zone;
    if (definition.period.of === "incident" && since === null && corrected === null)
      return fail({ why: "no-incident", detail: `no alarm of a rule of "${id}" is active` });
    const archive = await this.archive();
    const period = corrected
      ? withoutWords(corrected.period)
      : periodAt(definition.period, dueAt ?? at, zone, since);
    const previous = corrected ?? (await this.findLatest(id))?.briefing ?? null;
    const facts = await gatherFacts(
      context,
      { definition, period, knownAt: at, previous },
      this.#stopping.signal,
    );
    if (corrected && facts.revised.length === 0)
      return fail({
        why: "nothing-changed",
        detail: `every figure of ${corrected.id} is the same by what is known now`,
      });
    const briefing = composeBriefing(facts, {
      id: freeId(archive, `${id}-${cityDate(at, zone)}`),
      issuedAt: at,
      dueAt,
      corrects: corrected?.id ?? null,
    });
    const faults = briefingFaults(briefing);
    if (faults.length > 0) {
      this.#options.log.error({ event: "briefing-unsound", briefing: briefing.id, faults });
      return fail({ why: "unsound", detail: faults.join("; ") });
    }
    try {
      await archive.issue(briefing);
    } catch (error) {
      this.#options.log.error({ event: "briefing-not-kept", briefing: briefing.id, error: String(error) });
      return fail({ why: "not-kept", detail: notKept(error) });
    }
    const issued = (await archive.find(briefing.id))!;
    this.#options.log.info({ event: "briefing-issued", briefing: briefing.id, hash: issued.hash });
    this.#tell(archive, issued);
    return ok(issued);
  }

  /** One after the other, and nobody waits for it; what fails is told by the next start. */
  #tell(archive: BriefingArchive, issued: IssuedBriefing): void {
    const { id, definition: of } = issued.briefing;
    const definition = this.definitions().find((one) => one.id === of);
    this.#telling = this.#telling
      .then(() => definition && this.#options.tell(issued, definition))
      .then(() => archive.markTold(id))
      .catch((error: unknown) => {
        this.#options.log.error({ event: "briefing-not-sent", briefing: id, error: String(error) });
      });
  }
}

/** What a reader is told, and can do about it. */
function notKept(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return "the disk with the data folder is full: nothing of it was kept, and it can be issued when there is room";
  return error instanceof Error ? error.message : String(error);
}

function withoutWords({ words: _words, ...period }: Briefing["period"]): Omit<Briefing["period"], "words"> {
  return period;
}

function freeId(archive: BriefingArchive, id: string): string {
  if (!archive.isTaken(id)) return id;
  for (let number = 2; ; number++) if (!archive.isTaken(`${id}-${number}`)) return `${id}-${number}`;
}
