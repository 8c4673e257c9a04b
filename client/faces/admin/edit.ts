/** Changes to the text of a JSON file that touch nothing else of it. Pure. */

import { applyEdits, modify, type JSONPath } from "jsonc-parser";

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: "\n" };

/** The text with another value at a path; `undefined` takes the member out. A list is replaced whole. */
export function withValue(text: string, path: JSONPath, value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

/** The list with the entry at `from` moved to `to`. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  return list.toSpliced(from, 1).toSpliced(to, 0, list[from]!);
}
