import { texts } from "../text-pool.ts";

const quote = 0x22;
const comma = 0x2c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
const space = 0x20;
const zero = 0x30;
const colon = 0x3a;
const mostColumns = 256;

/**
 * The rows of a GTFS table (RFC 4180, UTF-8, byte order mark allowed), one at a time straight from the bytes: a
 * timetable has a million fields, and most of them are numbers or ids seen before. A row may be shorter than the
 * header; what is missing is empty. Fields are trimmed.
 */
export class CsvRows {
  readonly header: readonly string[];
  /** True when the file ended inside a quoted field. */
  unclosedQuote = false;
  #row = 0;
  readonly #bytes: Uint8Array;
  #at: number;
  #fields = 0;
  readonly #starts = new Int32Array(mostColumns);
  readonly #ends = new Int32Array(mostColumns);
  readonly #escaped = new Uint8Array(mostColumns);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    const header: string[] = [];
    if (this.#readRow()) for (let column = 0; column < this.#fields; column++) header.push(this.text(column));
    this.header = header;
  }

  /** Rows read so far; the header is not one. */
  get row(): number {
    return this.#row;
  }

  /** The number of a column, -1 when the table has none of that name: its fields then read as empty. */
  column(name: string): number {
    return this.header.indexOf(name);
  }

  /** Moves to the next row that is not blank. */
  next(): boolean {
    if (!this.#readRow()) return false;
    this.#row++;
    return true;
  }

  isEmpty(column: number): boolean {
    return column < 0 || column >= this.#fields || this.#starts[column] === this.#ends[column];
  }

  text(column: number): string {
    if (this.isEmpty(column)) return "";
    const text = texts.read(this.#bytes, this.#starts[column] as number, this.#ends[column] as number);
    return this.#escaped[column] === 1 ? text.replaceAll('""', '"') : text;
  }

  /** A finite decimal number; NaN when empty or not one. */
  number(column: number): number {
    if (this.isEmpty(column)) return Number.NaN;
    const bytes = this.#bytes;
    const end = this.#ends[column] as number;
    let value = 0;
    let at = this.#starts[column] as number;
    if (end - at > 9) return finite(this.text(column));
    for (; at < end; at++) {
      const digit = (bytes[at] as number) - zero;
      if (digit < 0 || digit > 9) return finite(this.text(column));
      value = value * 10 + digit;
    }
    return value;
  }

  /** Seconds of an `H:MM:SS` that may pass 24:00:00; NaN when empty or not a time (field type Time). */
  seconds(column: number): number {
    if (this.isEmpty(column)) return Number.NaN;
    const bytes = this.#bytes;
    const end = this.#ends[column] as number;
    const parts = [0, 0, 0];
    let part = 0;
    let digits = 0;
    for (let at = this.#starts[column] as number; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte === colon) {
        if (digits === 0 || ++part > 2) return Number.NaN;
        digits = 0;
      } else {
        const digit = byte - zero;
        if (digit < 0 || digit > 9 || ++digits > 3) return Number.NaN;
        parts[part] = (parts[part] as number) * 10 + digit;
      }
    }
    const [hours, minutes, seconds] = parts as [number, number, number];
    if (part !== 2 || digits === 0 || minutes > 59 || seconds > 59) return Number.NaN;
    return hours * 3600 + minutes * 60 + seconds;
  }

  #readRow(): boolean {
    const bytes = this.#bytes;
    while (this.#at < bytes.length) {
      this.#fields = 0;
      this.#readFields();
      if (this.#fields > 1 || !this.isEmpty(0)) return true;
    }
    return false;
  }

  #readFields(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (;;) {
      while (bytes[at] === space) at++;
      at = bytes[at] === quote ? this.#readQuoted(at + 1) : this.#readPlain(at);
      const byte = bytes[at];
      if (byte === comma) {
        at++;
        continue;
      }
      if (byte === carriageReturn) at++;
      if (bytes[at] === lineFeed) at++;
      this.#at = at;
      return;
    }
  }

  #readPlain(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    while (at < bytes.length) {
      const byte = bytes[at];
      if (byte === comma || byte === lineFeed || byte === carriageReturn) break;
      at++;
    }
    this.#addField(start, at, 0);
    return at;
  }

  #readQuoted(start: number): number {
    const bytes = this.#bytes;
    let at = start;
    let escaped = 0;
    for (; at < bytes.length; at++) {
      if (bytes[at] !== quote) continue;
      if (bytes[at + 1] !== quote) break;
      escaped = 1;
      at++;
    }
    if (at >= bytes.length) this.unclosedQuote = true;
    this.#addField(start, Math.min(at, bytes.length), escaped);
    at++;
    while (at < bytes.length && bytes[at] !== comma && bytes[at] !== lineFeed && bytes[at] !== carriageReturn)
      at++;
    return at;
  }

  #addField(start: number, end: number, escaped: number): void {
    if (this.#fields === mostColumns) return;
    let last = end;
    while (last > start && (this.#bytes[last - 1] as number) <= space) last--;
    let first = start;
    while (first < last && (this.#bytes[first] as number) <= space) first++;
    this.#starts[this.#fields] = first;
    this.#ends[this.#fields] = last;
    this.#escaped[this.#fields] = escaped;
    this.#fields++;
  }
}

function finite(text: string): number {
  const value = Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}
