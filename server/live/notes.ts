/** The notes that operators set on figures: few, sent whole whenever one changes. */

import type { Logger } from "pino";
import type { Note } from "../../shared/note.ts";
import { KeptUntil } from "./kept-until.ts";

export class Notes extends KeptUntil<Note> {
  constructor(path: string, log: Pick<Logger, "warn">) {
    super({ path, name: "notes", subjectOf: ({ indicator }) => indicator, log });
  }
}
