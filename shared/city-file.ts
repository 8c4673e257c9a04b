/** A file of the city folder as it is changed in the browser. */

export interface EditableFile {
  /** `indicators/transport.on-time.json`. */
  readonly file: string;
  readonly text: string;
  /** Names this very text; a change names the one it was made from. */
  readonly print: string;
  /** What the file said before its last change here; `null` when it was never changed here. */
  readonly previous: string | null;
}

export type NotWritten =
  | { readonly reason: "missing" }
  /** Somebody else has changed the file since it was read. */
  | { readonly reason: "changed"; readonly print: string }
  /** The city would not be sound with it; a line per fault. */
  | { readonly reason: "faults"; readonly faults: readonly string[] };
