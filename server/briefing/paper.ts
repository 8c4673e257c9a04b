/** An issued briefing as a PDF, for mail. */

import type { IssuedBriefing } from "../../shared/briefing.ts";
import type { Language } from "../../shared/city.ts";
import type { Result } from "../../shared/result.ts";
import { htmlFile } from "./briefing-file.ts";
import type { Printer, PrintFailure } from "./print/printer.ts";

/** Papers that are kept once printed: everybody who reads a language has the same one, and so have the next attempts at their mail. */
const keptAtMost = 4;

type Printed = Result<Uint8Array, PrintFailure>;

export class Papers {
  readonly #printer: Pick<Printer, "print">;
  /** By what is on them. */
  readonly #printing = new Map<string, Promise<Printed>>();
  /** The newest last. */
  readonly #kept = new Map<string, Printed>();

  constructor(printer: Pick<Printer, "print">) {
    this.#printer = printer;
  }

  /** `base`: where people reach this Citydeck, for links; "" where nobody said. What failed is tried anew by the next who asks. */
  async print(issued: IssuedBriefing, language: Language, base: string): Promise<Printed> {
    const key = JSON.stringify([issued.hash, issued.edition?.number, issued.correctedBy, language, base]);
    const known = this.#kept.get(key) ?? this.#printing.get(key);
    if (known) return known;
    const printing = this.#print(issued, language, base);
    this.#printing.set(key, printing);
    try {
      const printed = await printing;
      if (printed.ok) this.#keep(key, printed);
      return printed;
    } finally {
      this.#printing.delete(key);
    }
  }

  #keep(key: string, printed: Printed): void {
    this.#kept.set(key, printed);
    for (const old of [...this.#kept.keys()].slice(0, -keptAtMost)) this.#kept.delete(old);
  }

  async #print(issued: IssuedBriefing, language: Language, base: string): Promise<Printed> {
    const file = () => htmlFile(issued, { language, theme: "light", base, isGenerated: false }, true);
    const printed = await this.#printer.print(file, new AbortController().signal);
    return printed.ok ? { ok: true, value: new Uint8Array(printed.value) } : printed;
  }
}
