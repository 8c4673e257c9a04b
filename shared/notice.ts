/** What a connector wants to say about the quality of a feed. Notices never stop a feed. */

/** `error`: an entry was lost or is wrong. `warning`: doubtful but used. `info`: worth knowing. */
export type NoticeSeverity = "info" | "warning" | "error";

export interface Notice {
  /** A public validator's code where one exists (`E026`), else `<spec>-<slug>`. Never renamed. */
  readonly code: string;
  readonly severity: NoticeSeverity;
  readonly count: number;
  /** The first occurrence, naming entry, field, value and what was expected. */
  readonly example: string;
}

/** What a source wrote is quoted in examples, and a source may write a megabyte. */
const longestExample = 500;

/** Collects notices by code and keeps the first example of each. */
export class Notices {
  /** Made with the first notice: most messages and many bodies have none. */
  #byCode: Map<string, { severity: NoticeSeverity; count: number; example: string }> | null = null;

  /** `example` may be a function so that hot paths build the text only for the first occurrence. */
  add(code: string, severity: NoticeSeverity, example: string | (() => string), count = 1): void {
    const known = this.#byCode?.get(code);
    if (known) known.count += count;
    else {
      const text = typeof example === "string" ? example : example();
      const brief = text.length > longestExample ? `${text.slice(0, longestExample - 1)}…` : text;
      this.#byCode ??= new Map();
      this.#byCode.set(code, { severity, count, example: brief });
    }
  }

  list(): Notice[] {
    return this.#byCode === null ? [] : Array.from(this.#byCode, ([code, notice]) => ({ code, ...notice }));
  }
}
