import type { Engine } from "./engine.ts";

/** Texts that stand in columns as numbers. A number is given once and never changes. */
export class Dictionary {
  readonly #engine: Engine;
  readonly #table: string;
  readonly #texts: string[];
  readonly #numbers: Map<string, number>;
  /** How many of the texts are on disk. */
  #written: number;

  private constructor(engine: Engine, table: string, texts: string[]) {
    this.#engine = engine;
    this.#table = table;
    this.#texts = texts;
    this.#numbers = new Map(texts.map((text, number) => [text, number]));
    this.#written = texts.length;
  }

  /** Reads the table, whose columns are `number` and `text`. */
  static async read(engine: Engine, table: string): Promise<Dictionary> {
    const texts = await engine.ask(new AbortController().signal, async (read) => {
      const rows = await read(`SELECT number, text FROM ${table}`);
      const all: string[] = [];
      const numbers = rows.numbers("number");
      rows.texts("text").forEach((text, row) => (all[numbers[row]!] = text!));
      return all;
    });
    return new Dictionary(engine, table, texts);
  }

  get texts(): readonly string[] {
    return this.#texts;
  }

  find(text: string): number | undefined {
    return this.#numbers.get(text);
  }

  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  /** Writes the texts that are new; `written` says later that they stayed there. */
  async append(): Promise<() => void> {
    const upTo = this.#texts.length;
    const number = Array.from({ length: upTo - this.#written }, (_, place) => this.#written + place);
    await this.#engine.append(this.#table, { number, text: this.#texts.slice(this.#written) });
    return () => (this.#written = upTo);
  }
}
