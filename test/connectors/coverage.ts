/** Which blocks of our decoders have ever run, asked of V8 itself: tells the fuzzer which bodies lead somewhere new. */

import { Session, type Profiler } from "node:inspector";

const watched = /\/server\/core\/feeds\/|\/shared\/|saxes|csv-parse|fflate/;

export class Coverage {
  readonly #session = new Session();
  /** Of each function that ever ran: the blocks of it that never did. */
  readonly #never = new Map<string, ReadonlySet<string>>();

  constructor() {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Whether something ran since the last question that had never run before. `keep`: from now on it has. */
  isNew(keep: boolean): boolean {
    let found = false;
    for (const { key, idle } of this.#take()) {
      const never = this.#never.get(key);
      const left = never === undefined ? idle : new Set([...never].filter((block) => idle.has(block)));
      if (never !== undefined && left.size === never.size) continue;
      found = true;
      if (keep) this.#never.set(key, left);
    }
    return found;
  }

  /** How many functions ever ran, and how many of their blocks never did. */
  get extent(): { readonly functions: number; readonly idleBlocks: number } {
    const idleBlocks = [...this.#never.values()].reduce((sum, { size }) => sum + size, 0);
    return { functions: this.#never.size, idleBlocks };
  }

  stop(): void {
    this.#session.disconnect();
  }

  *#take(): Iterable<{ readonly key: string; readonly idle: Set<string> }> {
    let result: readonly Profiler.ScriptCoverage[] = [];
    // Answers before it returns: the session is on this very thread.
    this.#session.post("Profiler.takePreciseCoverage", (error, taken) => {
      if (error === null) ({ result } = taken);
    });
    for (const { url, functions } of result) {
      if (!watched.test(url)) continue;
      for (const { ranges } of functions) {
        const [whole, ...blocks] = ranges;
        if (whole === undefined || whole.count === 0) continue;
        const idle = blocks.filter(({ count }) => count === 0);
        yield {
          key: `${url}:${whole.startOffset}:${whole.endOffset}`,
          idle: new Set(idle.map(({ startOffset, endOffset }) => `${startOffset}:${endOffset}`)),
        };
      }
    }
  }
}
