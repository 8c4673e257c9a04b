/**
 * A sorted multiset of numbers in blocks: adding, removing and reading by rank cost the square root of what it holds,
 * which for city sizes is a handful of memory moves.
 */

const blockLimit = 512;

export class SortedNumbers {
  #blocks: number[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(value: number): void {
    this.#size++;
    const last = this.#blocks.length - 1;
    if (last < 0) {
      this.#blocks.push([value]);
      return;
    }
    const b = Math.min(this.#blockFor(value), last);
    const block = this.#blocks[b]!;
    block.splice(lowerBound(block, value), 0, value);
    if (block.length > blockLimit) this.#blocks.splice(b + 1, 0, block.splice(blockLimit >> 1));
  }

  /** Removes one occurrence; a number that is not there is a broken assumption. */
  remove(value: number): void {
    const b = this.#blockFor(value);
    const block = this.#blocks[b];
    const i = block ? lowerBound(block, value) : 0;
    if (!block || block[i] !== value) throw new Error(`${value} is not in the multiset`);
    block.splice(i, 1);
    if (block.length === 0) this.#blocks.splice(b, 1);
    this.#size--;
  }

  /** The number with `rank` smaller ones before it. */
  at(rank: number): number {
    let left = rank;
    for (const block of this.#blocks) {
      if (left < block.length) return block[left]!;
      left -= block.length;
    }
    throw new RangeError(`rank ${rank} of ${this.#size}`);
  }

  /** The first block whose last number is not below `value`. */
  #blockFor(value: number): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#blocks[middle]!.at(-1)! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function lowerBound(block: readonly number[], value: number): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (block[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
