/** Texts by the order in which they first came. */
export class Places {
  readonly #places = new Map<string, number>();

  get all(): string[] {
    return [...this.#places.keys()];
  }

  of(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) this.#places.set(text, (place = this.#places.size));
    return place;
  }
}
