import type { Spec } from "../../../../shared/feed.ts";
import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { quote } from "../body.ts";

/** Notices about single rows: a fault counts once per row and column, however many rules read the cell. */
export class RowNotices {
  readonly #notices: Notices;
  /** Made with the first fault: a sound message has none. */
  #seen: Set<string> | null = null;
  readonly #spec: Spec;
  readonly #name: string;

  /** `spec`: what the codes begin with. `name`: the body that the rows are in. */
  constructor(notices: Notices, spec: Spec, name: string) {
    this.#notices = notices;
    this.#spec = spec;
    this.#name = name;
  }

  /** `<spec>-<slug>` about a cell; `i` counts rows from 0, without the header. */
  add(
    slug: string,
    severity: NoticeSeverity,
    i: number,
    column: string,
    value: unknown,
    expected: string,
  ): void {
    const key = `${slug} ${i} ${column}`;
    this.#seen ??= new Set();
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#notices.add(
      `${this.#spec}-${slug}`,
      severity,
      () => `${this.#name} row ${i + 1}, ${column} ${quote(value)}: expected ${expected}`,
    );
  }

  /** `<spec>-<slug>` about several rows at once. */
  addAbout(slug: string, severity: NoticeSeverity, example: string, count: number): void {
    this.#notices.add(`${this.#spec}-${slug}`, severity, example, count);
  }
}
