/**
 * Line protocol, byte by byte (InfluxDB OSS 2, "Line protocol reference"; where that is silent, as the parser of
 * InfluxDB 1.x does it). Numbers and instants are read from the bytes; no text is made for a sample.
 *
 *     measurement,tag=value field=1.5,other=2i 1700000000000000000
 */

import { longDecimal, powersOfTen } from "./decimal.ts";
import type { Precision } from "./options.ts";

const tab = 0x09;
const lf = 0x0a;
const cr = 0x0d;
const space = 0x20;
const quotes = 0x22;
const hash = 0x23;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const nine = 0x39;
const equals = 0x3d;
const backslash = 0x5c;

const utf8 = new TextDecoder();

/** What may be wrong with a line, in InfluxDB's words. */
export type LineFault =
  | "missing measurement"
  | "missing tag key"
  | "missing tag value"
  | "duplicate tags"
  | "missing fields"
  | "missing field key"
  | "missing field value"
  | "unbalanced quotes"
  | "invalid field format"
  | "invalid number"
  | "invalid boolean"
  | "out of range"
  | "bad timestamp";

export type ValueType = "number" | "boolean" | "string";

/** By precision: how many digits of a timestamp are finer than a millisecond, and milliseconds per count. */
const timeUnits: Readonly<Record<Precision, { readonly finer: number; readonly times: number }>> = {
  ns: { finer: 6, times: 1 },
  us: { finer: 3, times: 1 },
  ms: { finer: 0, times: 1 },
  s: { finer: 0, times: 1_000 },
  m: { finer: 0, times: 60_000 },
  h: { finer: 0, times: 3_600_000 },
};

/** So many digits always fit a double without loss. */
const exactDigits = 15;
const longestDecimal = 18;
const longestFraction = powersOfTen.length - 1;
const longestInt64 = 18;

/**
 * Goes through a body line by line: `nextLine`, then `nextField` until it says `false`, then `fault` tells whether the
 * line holds. What was read stands in the public members until the next call.
 */
export class LineScanner {
  readonly bytes: Uint8Array;
  /** The line's number in the body, from 1. */
  line = 0;
  /** Measurement and tags, as they stand. */
  keyStart = 0;
  keyEnd = 0;
  keyHash = 0;
  /** The field's name, as it stands. */
  nameStart = 0;
  nameEnd = 0;
  type: ValueType = "number";
  /** The value of a number, 1 and 0 of a boolean, NaN of a string. */
  value = 0;
  /** Epoch milliseconds, rounded down; NaN: the line has no timestamp. */
  at = Number.NaN;
  /** What is finer than a millisecond, in units of the precision. */
  finer = 0;
  fault: LineFault | null = null;

  readonly #finerDigits: number;
  readonly #millisecondsPerCount: number;
  #at = 0;
  /** The number of the line at `#at`. */
  #lineAt = 1;
  #hasMore = false;

  constructor(bytes: Uint8Array, precision: Precision) {
    this.bytes = bytes;
    this.#finerDigits = timeUnits[precision].finer;
    this.#millisecondsPerCount = timeUnits[precision].times;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#at = 3;
  }

  /** Goes to the next line that is neither blank nor a comment and reads its key; `false` at the end of the body. */
  nextLine(): boolean {
    this.#skipBlank();
    const { bytes } = this;
    const { length } = bytes;
    let at = this.#at;
    if (at >= length) return false;
    this.line = this.#lineAt;
    this.fault = null;
    this.keyStart = at;
    let h = 0x811c9dc5;
    while (at < length) {
      const byte = bytes[at]!;
      if (byte === space || byte === lf) break;
      h = Math.imul(h ^ byte, 0x01000193);
      at++;
      if (byte === backslash && at < length && isSeparator(bytes[at]!)) {
        h = Math.imul(h ^ bytes[at]!, 0x01000193);
        at++;
      }
    }
    this.keyEnd = at;
    this.keyHash = (h ^ (h >>> 15)) >>> 0;
    this.at = Number.NaN;
    this.finer = 0;
    at = skipSpaces(bytes, at);
    this.#at = at;
    this.#hasMore = at < length && bytes[at] !== lf && bytes[at] !== cr;
    if (!this.#hasMore) this.#refuse("missing fields");
    return true;
  }

  /**
   * Reads the next field; `expected` is the name it likely has, as it stands, which saves looking for its end. `false`
   * after the last, when the timestamp has been read too, and at a fault, with which the whole line is lost.
   */
  nextField(expected: Uint8Array | undefined): boolean {
    if (this.fault !== null) return false;
    if (!this.#hasMore) return false;
    if (!this.#readName(expected)) return false;
    const { bytes } = this;
    const first = bytes[this.#at] ?? lf;
    if ((first >= zero && first <= nine) || first === minus || first === dot || first === plus)
      this.#readNumber();
    else if (first === quotes) this.#readString();
    else if (first === comma || first === space || first === lf || first === cr)
      this.#refuse("missing field value");
    else this.#readBoolean();
    if (this.fault !== null) return false;
    const next = bytes[this.#at];
    if (next === comma) this.#at++;
    else {
      this.#hasMore = false;
      if (!isEnd(bytes, this.#at) && next !== space) this.#refuse("invalid field format");
      else this.#readTime();
    }
    return this.fault === null;
  }

  #skipBlank(): void {
    const { bytes } = this;
    const { length } = bytes;
    let at = this.#at;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === lf) this.#lineAt++;
      else if (byte === hash) {
        const end = bytes.indexOf(lf, at);
        if (end < 0) at = length;
        else at = end - 1;
      } else if (byte !== space && byte !== tab && byte !== cr) break;
    }
    this.#at = at;
  }

  /** A bad line ends at the line feed after its start, whatever quote it opened: the next one may be good. */
  #refuse(fault: LineFault): void {
    this.fault = fault;
    this.#hasMore = false;
    const end = this.bytes.indexOf(lf, this.keyStart);
    this.#at = end < 0 ? this.bytes.length : end;
    this.#lineAt = this.line;
  }

  /** Refuses the line that was just read, for what is wrong with its key. */
  refuseKey(fault: LineFault): void {
    this.#refuse(fault);
  }

  #readName(expected: Uint8Array | undefined): boolean {
    const { bytes } = this;
    const start = this.#at;
    this.nameStart = start;
    if (expected !== undefined && bytes[start + expected.length] === equals) {
      let i = 0;
      while (i < expected.length && bytes[start + i] === expected[i]) i++;
      if (i === expected.length) {
        this.nameEnd = start + i;
        this.#at = start + i + 1;
        return true;
      }
    }
    let at = start;
    for (;;) {
      const byte = bytes[at];
      if (byte === equals) break;
      if (byte === undefined || byte === lf || byte === comma || byte === space) {
        this.#refuse(at === start ? "missing field key" : "invalid field format");
        return false;
      }
      at++;
      if (byte === backslash && isSeparator(bytes[at] ?? lf)) at++;
    }
    if (at === start) {
      this.#refuse("missing field key");
      return false;
    }
    this.nameEnd = at;
    this.#at = at + 1;
    return true;
  }

  /** A float, or with `i` or `u` behind it a signed or unsigned integer of 64 bits. */
  #readNumber(): void {
    const { bytes } = this;
    const start = this.#at;
    let at = start;
    const isNegative = bytes[at] === minus;
    if (isNegative || bytes[at] === plus) at++;
    const digitsStart = at;
    let mantissa = 0;
    let byte = bytes[at] ?? lf;
    for (; byte >= zero && byte <= nine; byte = bytes[++at] ?? lf) mantissa = mantissa * 10 + (byte - zero);
    let digits = at - digitsStart;
    let fraction = 0;
    if (byte === dot) {
      const fractionStart = ++at;
      byte = bytes[at] ?? lf;
      for (; byte >= zero && byte <= nine; byte = bytes[++at] ?? lf) mantissa = mantissa * 10 + (byte - zero);
      fraction = at - fractionStart;
      digits += fraction;
    }
    if (digits === 0) return this.#refuse("invalid number");
    this.type = "number";
    this.#at = at;
    // A lower-case or upper-case e, and the suffixes i and u of whole numbers.
    if (byte === 0x69 || byte === 0x75) return this.#readInteger(start, at, isNegative, mantissa, byte);
    if (byte === 0x65 || byte === 0x45) return this.#readExponent(start, at + 1);
    if (digits > longestDecimal || fraction > longestFraction) {
      this.value = Number(this.#ascii(start, at));
      return;
    }
    const value =
      digits > exactDigits
        ? this.#longDecimal(digitsStart, at, digits, fraction)
        : fraction === 0
          ? mantissa
          : mantissa / powersOfTen[fraction]!;
    this.value = isNegative ? -value : value;
  }

  #longDecimal(start: number, end: number, digits: number, fraction: number): number {
    let [head, tail, seen] = [0, 0, 0];
    for (let at = start; at < end; at++) {
      const digit = this.bytes[at]! - zero;
      if (digit < 0) continue;
      if (seen++ < exactDigits) head = head * 10 + digit;
      else tail = tail * 10 + digit;
    }
    return longDecimal(head, digits - exactDigits, tail, fraction);
  }

  #readInteger(start: number, end: number, isNegative: boolean, mantissa: number, suffix: number): void {
    const isUnsigned = suffix === 0x75;
    const text = end - start > longestInt64 ? this.#ascii(start, end) : null;
    const digits = text?.replace(/^[+-]/, "") ?? "";
    if ((isUnsigned && isNegative) || this.bytes.subarray(start, end).includes(dot))
      return this.#refuse("invalid number");
    if (text !== null) {
      const most = isUnsigned ? 2n ** 64n - 1n : isNegative ? 2n ** 63n : 2n ** 63n - 1n;
      if (BigInt(digits) > most) return this.#refuse("out of range");
      mantissa = Number(digits);
    }
    this.value = isNegative ? -mantissa : mantissa;
    this.#at = end + 1;
  }

  #readExponent(start: number, from: number): void {
    const { bytes } = this;
    let at = from;
    if (bytes[at] === minus || bytes[at] === plus) at++;
    const digitsStart = at;
    while ((bytes[at] ?? lf) >= zero && (bytes[at] ?? lf) <= nine) at++;
    if (at === digitsStart) return this.#refuse("invalid number");
    this.value = Number(this.#ascii(start, at));
    this.#at = at;
    if (!Number.isFinite(this.value)) this.#refuse("out of range");
  }

  #readBoolean(): void {
    const start = this.#at;
    let end = start;
    while (end - start < 6 && isLetter(this.bytes[end] ?? lf)) end++;
    const word = this.#ascii(start, end);
    const isTrue = /^(?:t|T|true|True|TRUE)$/.test(word);
    if (!isTrue && !/^(?:f|F|false|False|FALSE)$/.test(word)) return this.#refuse("invalid boolean");
    this.type = "boolean";
    this.value = isTrue ? 1 : 0;
    this.#at = end;
  }

  /** A string goes on over line feeds until its closing quote; a backslash takes the meaning from what follows it. */
  #readString(): void {
    const { bytes } = this;
    const { length } = bytes;
    let at = this.#at + 1;
    let lines = 0;
    for (; at < length; at++) {
      const byte = bytes[at]!;
      if (byte === quotes) break;
      if (byte === lf) lines++;
      else if (byte === backslash && (bytes[at + 1] === quotes || bytes[at + 1] === backslash)) at++;
    }
    if (at >= length) return this.#refuse("unbalanced quotes");
    this.#lineAt += lines;
    this.type = "string";
    this.value = Number.NaN;
    this.#at = at + 1;
  }

  /** The timestamp, if there is one, and the end of the line. Milliseconds stay exact, however fine it counts. */
  #readTime(): void {
    const { bytes } = this;
    let at = skipSpaces(bytes, this.#at);
    if (!isEnd(bytes, at)) {
      const isNegative = bytes[at] === minus;
      if (isNegative) at++;
      const start = at;
      while ((bytes[at] ?? lf) >= zero && (bytes[at] ?? lf) <= nine) at++;
      const end = at;
      at = skipSpaces(bytes, at);
      if (end === start || end - start > 19 || !isEnd(bytes, at)) return this.#refuse("bad timestamp");
      this.#takeTime(start, end, isNegative);
    }
    this.#at = at;
  }

  #takeTime(start: number, end: number, isNegative: boolean): void {
    const { bytes } = this;
    const cut = Math.max(start, end - this.#finerDigits);
    let whole = 0;
    for (let at = start; at < cut; at++) whole = whole * 10 + (bytes[at]! - zero);
    let finer = 0;
    for (let at = cut; at < end; at++) finer = finer * 10 + (bytes[at]! - zero);
    this.at = whole * this.#millisecondsPerCount;
    this.finer = finer;
    if (!isNegative) return;
    this.at = -this.at - (finer > 0 ? 1 : 0);
    this.finer = finer > 0 ? powersOfTen[this.#finerDigits]! - finer : 0;
  }

  #ascii(start: number, end: number): string {
    const piece = this.bytes.subarray(start, end);
    return piece.length <= 32 ? String.fromCharCode(...piece) : utf8.decode(piece);
  }
}

/** A measurement and its tags, or what is wrong with them. */
export type SeriesKey =
  | { readonly measurement: string; readonly tags: ReadonlyMap<string, string>; readonly fault: null }
  | { readonly fault: LineFault };

/** Takes a key apart: `measurement,tag=value,…`, with `\,`, `\ ` and, in tags, `\=` escaped. */
export function readKey(key: Uint8Array): SeriesKey {
  const text = utf8.decode(key);
  const [measurement = "", ...pairs] = splitUnescaped(text, ",");
  if (measurement === "") return { fault: "missing measurement" };
  const tags = new Map<string, string>();
  for (const pair of pairs) {
    const [name = "", ...values] = splitUnescaped(pair, "=");
    if (name === "") return { fault: "missing tag key" };
    if (values.length !== 1 || values[0] === "") return { fault: "missing tag value" };
    if (tags.has(unescaped(name))) return { fault: "duplicate tags" };
    tags.set(unescaped(name), unescaped(values[0]!));
  }
  return { measurement: measurement.replace(/\\([, ])/g, "$1"), tags, fault: null };
}

/** The name of a field as its writer meant it. */
export function readFieldName(name: Uint8Array): string {
  return unescaped(utf8.decode(name));
}

function unescaped(text: string): string {
  return text.replace(/\\([,= ])/g, "$1");
}

function splitUnescaped(text: string, separator: "," | "="): string[] {
  return text.split(separator === "," ? /(?<!\\),/ : /(?<!\\)=/);
}

function skipSpaces(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === space || bytes[at] === tab) at++;
  return at;
}

function isSeparator(byte: number): boolean {
  return byte === comma || byte === equals || byte === space;
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

/** Whether the line ends here: the body does, or a line feed comes, perhaps after a carriage return. */
function isEnd(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return (
    byte === undefined || byte === lf || (byte === cr && (bytes[at + 1] === lf || at + 1 === bytes.length))
  );
}
