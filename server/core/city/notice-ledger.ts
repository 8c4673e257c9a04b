import type { Notice } from "../../../shared/notice.ts";
import type { Note } from "../feeds/gtfs-rt/entity-notes.ts";

/** The notices of what is held now, by the thing they are about: a thing that changes takes its old ones back. */
export class NoticeLedger {
  readonly #byThing = new Map<string, readonly Note[]>();
  readonly #byCode = new Map<string, Map<string, Note>>();

  /** Replaces what is said about a thing; returns how much of it is new. */
  set(thing: string, notes: readonly Note[] | null): number {
    const before = this.#byThing.get(thing);
    if (!before && !notes) return 0;
    for (const { code } of before ?? []) {
      const things = this.#byCode.get(code);
      if (things?.delete(thing) && things.size === 0) this.#byCode.delete(code);
    }
    this.#byThing.delete(thing);
    if (!notes) return 0;
    this.#byThing.set(thing, notes);
    let added = 0;
    for (const note of notes) {
      const things = this.#byCode.get(note.code);
      if (things) things.set(thing, note);
      else this.#byCode.set(note.code, new Map([[thing, note]]));
      added += Math.max(0, note.count - (before?.find(({ code }) => code === note.code)?.count ?? 0));
    }
    return added;
  }

  list(): Notice[] {
    return Array.from(this.#byCode.values(), (things) => {
      const notes = [...things.values()];
      const count = notes.reduce((sum, note) => sum + note.count, 0);
      return { ...notes[0]!, count };
    });
  }
}
