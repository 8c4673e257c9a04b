/**
 * Something about each part of a feed, for the parts that were spoken of last: a source may name every message as a part
 * of its own, and of a part that was long ago nothing need be remembered.
 */
export class NewestParts<T> {
  readonly #most: number;
  readonly #byName = new Map<string, T>();

  /** Remembers at most `most` parts. */
  constructor(most = 2_000) {
    this.#most = most;
  }

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  set(name: string, value: T): void {
    this.#byName.delete(name);
    this.#byName.set(name, value);
    if (this.#byName.size > this.#most) this.#byName.delete(this.#byName.keys().next().value!);
  }

  /** Says whether there was something about it. */
  delete(name: string): boolean {
    return this.#byName.delete(name);
  }

  clear(): void {
    this.#byName.clear();
  }

  /** Forgets all parts but these. */
  retain(names: ReadonlySet<string>): void {
    for (const name of this.#byName.keys()) if (!names.has(name)) this.#byName.delete(name);
  }

  /** Of the part that was spoken of longest ago. */
  get oldest(): T | undefined {
    return this.#byName.values().next().value;
  }
}
