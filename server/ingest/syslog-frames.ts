/**
 * One stream of syslog as messages: with their lengths before them (RFC 6587 §3.4.1, RFC 5425 §4.3), or ended by line
 * feeds or NULs (RFC 6587 §3.4.2). Each message says by its first byte which it is.
 */

const lf = 0x0a;
const nul = 0x00;
const space = 0x20;
const lessThan = 0x3c;
/** More digits than any length that is believed. */
const mostDigits = 7;

export interface FrameSink {
  /** A message, cut at `maxBytes` when it is longer. */
  line(bytes: Uint8Array, isCut: boolean): void;
}

export class FrameReader {
  readonly #maxBytes: number;
  readonly #sink: FrameSink;
  /** What has come of the message at hand, at most `maxBytes`, or of its length. */
  #held: Uint8Array = new Uint8Array(0);
  /** Bytes of the message still to come, kept or not; `null`: it ends with a line feed. */
  #left: number | null = null;
  /** Whether what comes until the end of the message is passed over. */
  #isCut = false;

  constructor(maxBytes: number, sink: FrameSink) {
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = new Uint8Array(0);
    for (;;) {
      const rest = this.#takeMessage(bytes);
      if (rest === null) return;
      bytes = rest;
    }
  }

  /** The stream has ended: what stands there without an end is a message as well. */
  end(): void {
    if (this.#held.length > 0 && !this.#isCut && this.#left === null) this.#say(this.#held, false);
    this.#held = new Uint8Array(0);
  }

  /** What follows the first message of `bytes`; `null` when it is not whole, and held. */
  #takeMessage(bytes: Uint8Array): Uint8Array | null {
    if (bytes.length === 0) return null;
    if (this.#isCut) return this.#passOver(bytes);
    const counted = this.#left === null ? lengthBefore(bytes) : { length: this.#left, from: 0 };
    if (counted === "unknown") return this.#hold(bytes, null);
    return counted === null
      ? this.#takeLine(bytes)
      : this.#takeCounted(bytes.subarray(counted.from), counted.length);
  }

  #takeLine(bytes: Uint8Array): Uint8Array | null {
    const end = endOfLine(bytes);
    if (end >= 0 && end <= this.#maxBytes) {
      this.#say(bytes.subarray(0, end), false);
      return bytes.subarray(end + 1);
    }
    if (end < 0 && bytes.length <= this.#maxBytes) return this.#hold(bytes, null);
    this.#say(bytes.subarray(0, this.#maxBytes), true);
    this.#isCut = true;
    return bytes.subarray(this.#maxBytes);
  }

  #takeCounted(bytes: Uint8Array, length: number): Uint8Array | null {
    const kept = Math.min(length, this.#maxBytes);
    if (bytes.length < kept) return this.#hold(bytes, length);
    this.#say(bytes.subarray(0, kept), kept < length);
    this.#left = null;
    if (kept === length) return bytes.subarray(length);
    this.#isCut = true;
    this.#left = length - kept;
    return bytes.subarray(kept);
  }

  #passOver(bytes: Uint8Array): Uint8Array | null {
    const end = this.#left ?? endOfLine(bytes) + 1;
    const isWhole = this.#left === null ? end > 0 : bytes.length >= end;
    if (!isWhole) {
      if (this.#left !== null) this.#left -= bytes.length;
      return null;
    }
    this.#isCut = false;
    this.#left = null;
    return bytes.subarray(end);
  }

  /** Copied: a small rest must not keep the whole chunk. */
  #hold(bytes: Uint8Array, left: number | null): null {
    this.#held = bytes.slice();
    this.#left = left;
    return null;
  }

  #say(bytes: Uint8Array, isCut: boolean): void {
    if (bytes.length > 0) this.#sink.line(bytes, isCut);
  }
}

/** `123 <`: the length before a message; `null`: there is none; `unknown`: too little has come to tell. */
function lengthBefore(
  bytes: Uint8Array,
): { readonly length: number; readonly from: number } | "unknown" | null {
  let length = 0;
  for (let at = 0; at <= mostDigits; at++) {
    const byte = bytes[at];
    if (byte === undefined) return "unknown";
    if (byte === space && at > 0) {
      if (bytes[at + 1] === undefined) return "unknown";
      return bytes[at + 1] === lessThan && length > 0 ? { length, from: at + 1 } : null;
    }
    if (byte < 0x30 || byte > 0x39) return null;
    length = length * 10 + byte - 0x30;
  }
  return null;
}

/** By hand: looked for one after the other, the one that is not there would be looked for to the end at every line. */
function endOfLine(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === lf || bytes[at] === nul) return at;
  return -1;
}
