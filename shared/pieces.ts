/** A large frame travels in pieces, so that a pulse has to wait for one piece and not for the whole of it. */

export interface Piece {
  /** From 0 on, without gaps. */
  readonly index: number;
  readonly count: number;
  readonly bytes: ArrayBuffer | Uint8Array;
}

/** Puts together what `cut` took apart; the pieces of one whole come in order, and of one whole at a time. */
export class PieceJoiner {
  readonly #pieces: Uint8Array[] = [];

  /** The whole when this was its last piece. A piece that does not follow begins nothing and is dropped. */
  add({ index, count, bytes }: Piece): Uint8Array | null {
    if (index === 0) this.#pieces.length = 0;
    if (index !== this.#pieces.length) return null;
    this.#pieces.push(new Uint8Array(bytes));
    if (this.#pieces.length < count) return null;
    const whole = new Uint8Array(this.#pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of this.#pieces.splice(0)) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    return whole;
  }
}

/** The pieces of a whole, none longer than `mostBytes`. */
export function cut(whole: Uint8Array, mostBytes: number): Piece[] {
  const count = Math.ceil(whole.length / mostBytes);
  return Array.from({ length: count }, (_, index) => ({
    index,
    count,
    bytes: whole.subarray(index * mostBytes, (index + 1) * mostBytes),
  }));
}
