/** Decimal numbers of more digits than a double holds, without making a text of them. */

/** Powers of ten that a double holds exactly. */
export const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * `(head × 10^tailDigits + tail) / 10^fraction`, rounded once: in double-double arithmetic (T. J. Dekker, "A
 * floating-point technique for extending the available precision", 1971). `head` has at most 15 digits, `tail` at
 * most 3, `fraction` is at most 22.
 */
export function longDecimal(head: number, tailDigits: number, tail: number, fraction: number): number {
  const shift = powersOfTen[tailDigits]!;
  const high = head * shift;
  const low = productError(head, shift, high) + tail;
  const divisor = powersOfTen[fraction]!;
  const quotient = high / divisor;
  const back = quotient * divisor;
  const rest = high - back - productError(quotient, divisor, back) + low;
  return quotient + rest / divisor;
}

/** What `a × b` is more than its rounded `product`. */
function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

/** The upper 26 bits of a double's mantissa (G. W. Veltkamp). */
function upperHalf(a: number): number {
  const scaled = a * 134_217_729;
  return scaled - (scaled - a);
}
