/**
 * A sorted multiset of numbers in blocks. Figures of a city repeat (bikes, seconds, counts), so a number that is there
 * already costs a search and a count; a new one moves one block, the square root of what is held.
 */

const blockLimit = 256;

/** Distinct numbers in order, each with how often it occurs. */
interface Block {
  readonly values: number[];
  readonly counts: number[];
  /** Sum of `counts`. */
  size: number;
}

export class SortedNumbers {
  readonly #blocks: Block[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(value: number): void {
    this.#size++;
    const blocks = this.#blocks;
    if (blocks.length === 0) blocks.push({ values: [], counts: [], size: 0 });
    const b = Math.min(this.#blockFor(value), blocks.length - 1);
    const block = blocks[b]!;
    const { values, counts } = block;
    const i = lowerBound(values, value);
    block.size++;
    if (values[i] === value) {
      counts[i]!++;
      return;
    }
    values.splice(i, 0, value);
    counts.splice(i, 0, 1);
    if (values.length > blockLimit) blocks.splice(b + 1, 0, splitOff(block));
  }

  /** Removes one occurrence; a number that is not there is a broken assumption. */
  remove(value: number): void {
    const b = this.#blockFor(value);
    const block = this.#blocks[b];
    const i = block ? lowerBound(block.values, value) : 0;
    if (!block || block.values[i] !== value) throw new Error(`${value} is not in the multiset`);
    this.#size--;
    block.size--;
    if (--block.counts[i]! > 0) return;
    block.values.splice(i, 1);
    block.counts.splice(i, 1);
    if (block.values.length === 0) this.#blocks.splice(b, 1);
  }

  /** The number with `rank` smaller or equal ones before it. */
  at(rank: number): number {
    let left = rank;
    for (const { values, counts, size } of this.#blocks) {
      if (left >= size) {
        left -= size;
        continue;
      }
      let i = 0;
      while (left >= counts[i]!) left -= counts[i++]!;
      return values[i]!;
    }
    throw new RangeError(`rank ${rank} of ${this.#size}`);
  }

  /** The first block whose last number is not below `value`. */
  #blockFor(value: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { values } = this.#blocks[middle]!;
      if (values[values.length - 1]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function splitOff(block: Block): Block {
  const values = block.values.splice(blockLimit >> 1);
  const counts = block.counts.splice(blockLimit >> 1);
  const size = counts.reduce((sum, count) => sum + count, 0);
  block.size -= size;
  return { values, counts, size };
}

function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
