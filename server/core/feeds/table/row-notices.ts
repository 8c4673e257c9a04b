import type { Notices, NoticeSeverity } from "../../../../shared/notice.ts";
import { quote } from "../body.ts";

/** Notices about single rows: a fault counts once per row and column, however many rules read the cell. */
export class RowNotices {
  readonly notices: Notices;
  readonly #seen = new Set<string>();
  readonly #name: string;

  /** `name`: the body that the rows are in. */
  constructor(notices: Notices, name: string) {
    this.notices = notices;
    this.#name = name;
  }

  /** `i` counts rows from 0, without the header. */
  add(
    code: string,
    severity: NoticeSeverity,
    i: number,
    column: string,
    value: unknown,
    expected: string,
  ): void {
    const key = `${code} ${i} ${column}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.notices.add(
      code,
      severity,
      () => `${this.#name} row ${i + 1}, ${column} ${quote(value)}: expected ${expected}`,
    );
  }
}
