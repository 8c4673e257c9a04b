/** An issued briefing as a PDF, for mail. */

import type { IssuedBriefing } from "../../shared/briefing.ts";
import type { Language } from "../../shared/city.ts";
import type { Result } from "../../shared/result.ts";
import { htmlFile } from "./briefing-file.ts";
import type { Printer, PrintFailure } from "./print/printer.ts";

/** Papers that are kept: everybody who reads a language has the same one, and so has every further attempt at their mail. */
const keptAtMost = 4;

type Printed = Result<Uint8Array, PrintFailure>;

export class Papers {
  readonly #printer: Pick<Printer, "print">;
  /** By what is on them, the newest last. */
  readonly #kept = new Map<string, Promise<Printed>>();

  constructor(printer: Pick<Printer, "print">) {
    this.#printer = printer;
  }

  /** `base`: where people reach this Citydeck, for links; "" where nobody said. What failed is tried anew by the next who asks. */
  print(issued: IssuedBriefing, language: Language, base: string): Promise<Printed> {
    const key = JSON.stringify([issued.hash, issued.edition?.number, issued.correctedBy, language, base]);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const printing = this.#print(issued, language, base);
    const forget = (): boolean => this.#kept.delete(key);
    printing.then((printed) => printed.ok || forget(), forget);
    this.#kept.set(key, printing);
    for (const old of [...this.#kept.keys()].slice(0, -keptAtMost)) this.#kept.delete(old);
    return printing;
  }

  async #print(issued: IssuedBriefing, language: Language, base: string): Promise<Printed> {
    const file = () => htmlFile(issued, { language, theme: "light", base, isGenerated: false }, true);
    const printed = await this.#printer.print(file, new AbortController().signal);
    return printed.ok ? { ok: true, value: new Uint8Array(printed.value) } : printed;
  }
}
