/** A briefing as one file, and how a command on the city's machine asks the running city for it. */

import { z } from "zod";
import type { IssuedBriefing } from "../../shared/briefing.ts";
import { languages } from "../../shared/city.ts";
import { briefingText } from "../core/briefing/plain-text.ts";
import { briefingDocument, type DocumentOptions } from "./page/document.ts";
import { embeddedFonts } from "./page/fonts.ts";
import { charactersOf, pageText } from "./page/page.ts";
import { failureWords } from "./page/words.ts";
import type { Papers } from "./paper.ts";

export const fileFormats = ["text", "html", "pdf", "json"] as const;

const briefingQuestion = z.strictObject({
  /** A briefing of the city folder: its newest issue is meant. */
  briefing: z.string(),
  language: z.enum(languages),
  format: z.enum(fileFormats),
  /** Whether one is issued first. */
  isIssuing: z.boolean(),
});

/** What is asked of a running server: a briefing as a file, which is the answer in Base64. */
export type BriefingQuestion = z.infer<typeof briefingQuestion>;

export function isBriefingQuestion(question: unknown): question is BriefingQuestion {
  return briefingQuestion.safeParse(question).success;
}

/** With its fonts in it. `isForPaper`: it will be printed, with a bold of its own for Chinese. */
export async function htmlFile(
  issued: IssuedBriefing,
  options: Omit<DocumentOptions, "isPage" | "link">,
  isForPaper = false,
): Promise<string> {
  const document = briefingDocument(issued, { ...options, isPage: false });
  return pageText(document, await embeddedFonts(charactersOf(document), isForPaper), null);
}

/** `base`: where people reach this Citydeck. Rejects with the reader's reason where there is no PDF. */
export async function briefingFile(
  issued: IssuedBriefing,
  { language, format }: Pick<BriefingQuestion, "language" | "format">,
  base: string,
  papers: Pick<Papers, "print">,
): Promise<Buffer> {
  switch (format) {
    case "json":
      return Buffer.from(`${JSON.stringify(issued)}\n`);
    case "text":
      return Buffer.from(briefingText(issued.briefing, issued.edition, language));
    case "html":
      return Buffer.from(await htmlFile(issued, { language, theme: "light", base, isGenerated: false }));
    case "pdf": {
      const printed = await papers.print(issued, language, base);
      if (!printed.ok) throw new Error(failureWords.en.why[printed.failure]);
      return Buffer.from(printed.value);
    }
  }
}
