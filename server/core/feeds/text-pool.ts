const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const slotCount = 1 << 16;
const longestPooled = 48;
/** So many bytes and their number fill two 32-bit keys. */
const longestPacked = 7;

/**
 * Reads short texts out of bytes and gives the same string for the same bytes again: ids repeat by the ten thousand
 * in a timetable or a realtime body. A fixed table where a newer text takes an older one's slot, so memory is bounded.
 */
export class TextPool {
  readonly #slots: (string | undefined)[] = new Array<string | undefined>(slotCount);
  readonly #packed: (string | undefined)[] = new Array<string | undefined>(slotCount);
  /** Two keys per slot of `#packed`. */
  readonly #keys = new Int32Array(2 * slotCount);

  /** The UTF-8 text of `bytes` from `start` to `end`; broken sequences become U+FFFD. */
  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return "";
    if (length <= longestPacked) return this.#readPacked(bytes, start, end);
    if (length > longestPooled) return decoder.decode(bytes.subarray(start, end));
    let hash = length;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end));
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    const slot = (hash ^ (hash >>> 15)) & (slotCount - 1);
    const known = this.#slots[slot];
    if (known?.length === length && isAscii(known, bytes, start)) return known;
    const text = String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
    this.#slots[slot] = text;
    return text;
  }

  /** The bytes themselves are the key, so that a known text is found without looking into it. */
  #readPacked(bytes: Uint8Array, start: number, end: number): string {
    let low = 0;
    let high = (end - start) << 24;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end));
      const shift = 8 * (at - start);
      if (shift < 32) low |= byte << shift;
      else high |= byte << (shift - 32);
    }
    const hash = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    const slot = (hash ^ (hash >>> 15)) & (slotCount - 1);
    const keys = this.#keys;
    if (keys[2 * slot] === low && keys[2 * slot + 1] === high) return this.#packed[slot] as string;
    const text = String.fromCharCode.apply(null, bytes.subarray(start, end) as unknown as number[]);
    keys[2 * slot] = low;
    keys[2 * slot + 1] = high;
    this.#packed[slot] = text;
    return text;
  }
}

/** The one pool of all feeds: a realtime feed speaks of the ids of its timetable. */
export const texts = new TextPool();

function isAscii(text: string, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
