const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const slotCount = 1 << 16;
const longestPooled = 48;

/**
 * Reads short texts out of bytes and gives the same string for the same bytes again: ids repeat by the ten thousand
 * in a timetable or a realtime body. A fixed table where a newer text takes an older one's slot, so memory is bounded.
 */
export class TextPool {
  readonly #slots: (string | undefined)[] = new Array<string | undefined>(slotCount);

  /** The UTF-8 text of `bytes` from `start` to `end`; broken sequences become U+FFFD. */
  read(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length === 0) return "";
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
}

/** The one pool of all feeds: a realtime feed speaks of the ids of its timetable. */
export const texts = new TextPool();

function isAscii(text: string, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) !== bytes[start + at]) return false;
  return true;
}
