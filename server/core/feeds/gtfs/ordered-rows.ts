/** The order of rows by group, then by rising sequence. */
export interface OrderedRows {
  /** Row numbers of the file, in order. */
  readonly order: Int32Array;
  /** Group `g` is `order[first[g]]` up to, but not including, `order[first[g + 1]]`. */
  readonly first: Int32Array;
}

/**
 * Orders the rows of a table that the standard allows in any order (stop_times.txt, shapes.txt, frequencies.txt).
 * Costs a counting sort; only groups that are out of order are compared at all.
 */
export function orderRows(group: Int32Array, sequence: Int32Array, groups: number): OrderedRows {
  const first = new Int32Array(groups + 1);
  for (const of of group) first[of + 1] = (first[of + 1] as number) + 1;
  for (let at = 0; at < groups; at++) first[at + 1] = (first[at + 1] as number) + (first[at] as number);
  const fill = first.slice(0, groups);
  const order = new Int32Array(group.length);
  for (let row = 0; row < group.length; row++) {
    const of = group[row] as number;
    order[fill[of] as number] = row;
    fill[of] = (fill[of] as number) + 1;
  }
  for (let at = 0; at < groups; at++) {
    const rows = order.subarray(first[at], first[at + 1]);
    if (!isInOrder(rows, sequence)) rows.sort((a, b) => (sequence[a] as number) - (sequence[b] as number));
  }
  return { order, first };
}

function isInOrder(rows: Int32Array, sequence: Int32Array): boolean {
  for (let at = 1; at < rows.length; at++) {
    if ((sequence[rows[at] as number] as number) < (sequence[rows[at - 1] as number] as number)) return false;
  }
  return true;
}
