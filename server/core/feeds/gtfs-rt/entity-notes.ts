import type { NoticeSeverity } from "../../../../shared/notice.ts";

export interface Note {
  readonly code: string;
  readonly severity: NoticeSeverity;
  count: number;
  readonly example: string;
}

/**
 * The notices of one entity. They are kept with it, because an entity whose bytes did not change is not judged again
 * and must yet be counted again.
 */
export class EntityNotes {
  #notes: Note[] | null = null;

  add(code: string, severity: NoticeSeverity, example: () => string, count = 1): void {
    const known = this.#notes?.find((note) => note.code === code);
    if (known) known.count += count;
    else (this.#notes ??= []).push({ code, severity, count, example: example() });
  }

  /** `null` when there is nothing to say, as for most. */
  take(): readonly Note[] | null {
    return this.#notes;
  }
}
