export interface Scroll {
  /** Pixels scrolled, height of the box and of one row. */
  readonly top: number;
  readonly height: number;
  readonly row: number;
}

const spare = 6;

/** Which rows of a long list are in the page: those in sight and a few beyond. `last` is exclusive. */
export function visibleRange({ top, height, row }: Scroll, total: number): { first: number; last: number } {
  const tall = Math.max(row, 1);
  const last = Math.min(Math.ceil((top + height) / tall) + spare, total);
  return { first: Math.max(Math.min(Math.floor(top / tall) - spare, last), 0), last };
}
