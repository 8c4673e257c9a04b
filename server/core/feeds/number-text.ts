const plainNumber = /^[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;

/** A number, also where the source wrote it as a text; `null` for anything else. */
export function readNumber(value: unknown): { readonly number: number; readonly isText: boolean } | null {
  const isText = typeof value === "string" && plainNumber.test(value);
  const number = isText ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? { number, isText } : null;
}
