import type { NoticeSeverity } from "../../../shared/notice.ts";

/** Says something about the entry that is read; the text is short, and what it is about stands before it. */
export type Note = (code: string, severity: NoticeSeverity, text: string) => void;
