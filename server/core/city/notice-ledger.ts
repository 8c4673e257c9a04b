import type { Notice } from "../../../shared/notice.ts";

/** What is said with one code: of which things, the longest told first, and how often in all. */
interface Standing {
  readonly notices: Map<string, Notice>;
  count: number;
}

/**
 * The notices that stand about a feed, by what they are about (a thing that is held, a part that came): whatever changes
 * takes its old ones back. Costs what changed and how many codes there are, not how much there is to be said of.
 */
export class NoticeLedger {
  readonly #bySubject = new Map<string, readonly Notice[]>();
  readonly #byCode = new Map<string, Standing>();

  /** Replaces what is said about a subject; returns how much of it is new. */
  set(subject: string, notices: readonly Notice[] | null): number {
    const before = this.#bySubject.get(subject) ?? none;
    this.#takeBack(subject, before);
    if (!notices || notices.length === 0) return 0;
    this.#bySubject.set(subject, notices);
    let added = 0;
    for (const notice of notices) {
      const standing = this.#standingOf(notice.code);
      if (!standing.notices.has(subject)) standing.notices.set(subject, notice);
      standing.count += notice.count;
      added += Math.max(0, notice.count - (before.find(({ code }) => code === notice.code)?.count ?? 0));
    }
    return added;
  }

  /** One for each code, with the example of the subject that has had it longest. */
  list(): Notice[] {
    return Array.from(this.#byCode.values(), ({ notices, count }) => {
      const [first] = notices.values();
      return { ...first!, count };
    });
  }

  #takeBack(subject: string, notices: readonly Notice[]): void {
    this.#bySubject.delete(subject);
    for (const { code, count } of notices) {
      const standing = this.#byCode.get(code)!;
      standing.notices.delete(subject);
      standing.count -= count;
    }
    for (const { code } of notices) if (this.#byCode.get(code)?.notices.size === 0) this.#byCode.delete(code);
  }

  #standingOf(code: string): Standing {
    let standing = this.#byCode.get(code);
    if (!standing) this.#byCode.set(code, (standing = { notices: new Map(), count: 0 }));
    return standing;
  }
}

const none: readonly Notice[] = [];
