/** Topic names and topic filters (MQTT 5.0 §4.7; the same in 3.1.1). */

const namedLevel = /^\{([A-Za-z_]\w*)\}$/;

/** A topic filter in which levels may have names. */
export class TopicPattern {
  readonly #levels: readonly string[];
  /** Of each level, `null` for one without. */
  readonly #names: readonly (string | null)[];

  constructor(pattern: string) {
    this.#levels = pattern.split("/");
    this.#names = this.#levels.map((level) => namedLevel.exec(level)?.[1] ?? null);
  }

  /** The names of its levels. */
  get names(): readonly string[] {
    return this.#names.filter((name) => name !== null);
  }

  /** The topic filter of the standard: what has a name is `+`. */
  get filter(): string {
    return this.#levels.map((level) => (namedLevel.test(level) ? "+" : level)).join("/");
  }

  /** Where the level of that name is among the levels of a topic; -1 where there is none. */
  placeOf(name: string): number {
    return this.#names.lastIndexOf(name);
  }

  /** The levels of the topic; `null` when it does not fit. */
  match(topic: string): readonly string[] | null {
    // What begins with $ is the server's own, and no wildcard stands for it (§4.7.2).
    if (topic.startsWith("$") && !this.#levels[0]!.startsWith("$")) return null;
    const found = topic.split("/");
    for (let i = 0; i < this.#levels.length; i++) {
      const level = this.#levels[i]!;
      if (level === "#") return found;
      const text = found[i];
      if (text === undefined) return null;
      if (this.#names[i] === null && level !== "+" && level !== text) return null;
    }
    // "a/#" fits "a" as well (§4.7.1.2).
    return found.length === this.#levels.length ? found : null;
  }
}

/** What is wrong with a topic filter, in words that finish "expected …"; `null` when nothing is. */
export function topicFilterFault(filter: string): string | null {
  const levels = filter.split("/");
  if (filter === "") return "a topic filter";
  if (filter.includes("\0")) return "a topic filter without U+0000";
  if (levels.some((level, i) => level.includes("#") && (level !== "#" || i < levels.length - 1)))
    return '"#" alone in the last level';
  if (levels.some((level) => level.includes("+") && level !== "+")) return '"+" alone in a level';
  return null;
}

/** Whether there is a topic that both filters fit. */
export function filtersOverlap(first: string, second: string): boolean {
  const [a, b] = [withoutShare(first).split("/"), withoutShare(second).split("/")];
  if (a[0]!.startsWith("$") !== b[0]!.startsWith("$")) return false;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] === "#" || b[i] === "#") return true;
    if (a[i] === undefined || b[i] === undefined) return false;
    if (a[i] !== "+" && b[i] !== "+" && a[i] !== b[i]) return false;
  }
  return true;
}

/** `$share/{name}/{filter}` is about the topics of its filter (MQTT 5.0 §4.8.2). */
function withoutShare(filter: string): string {
  return filter.replace(/^\$share\/[^/]*\//, "");
}
