/** An issued briefing as a PDF, for mail. */

import type { IssuedBriefing } from "../../shared/briefing.ts";
import type { Language } from "../../shared/city.ts";
import type { Result } from "../../shared/result.ts";
import { briefingDocument } from "./page/document.ts";
import { embeddedFonts } from "./page/fonts.ts";
import { charactersOf, pageText } from "./page/page.ts";
import type { Printer, PrintFailure } from "./print/printer.ts";

/** `base`: where people reach this Citydeck, for links; "" where nobody said. */
export async function briefingPaper(
  issued: IssuedBriefing,
  { language, base }: { readonly language: Language; readonly base: string },
  printer: Pick<Printer, "print">,
): Promise<Result<Uint8Array, PrintFailure>> {
  const options = { language, theme: "light", base, isGenerated: false, isPage: false } as const;
  const document = briefingDocument(issued, options);
  const fonts = await embeddedFonts(charactersOf(document), true);
  const printed = await printer.print(pageText(document, fonts, null), new AbortController().signal);
  return printed.ok ? { ok: true, value: new Uint8Array(printed.value) } : printed;
}
