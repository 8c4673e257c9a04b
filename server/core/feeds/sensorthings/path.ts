/**
 * Parts are named by their resource path (OGC 18-088 §9), which in MQTT is the topic: `v1.1/Datastreams`,
 * `Datastreams(7)/Observations`, `Things('quay')/Locations`; later pages have their number behind it.
 */

export interface ResourcePath {
  /** What the answer is of. */
  readonly collection: string;
  /** Whether it is one of them alone, `Datastreams(7)`. */
  readonly isOne: boolean;
  /** What it belongs to: `Datastreams(7)` of `Datastreams(7)/Observations`. */
  readonly owner: { readonly collection: string; readonly id: string } | null;
}

const step = /([A-Za-z]+)(?:\(('(?:[^']|'')*'|[^()'/]*)\))?(?:\/|$)/y;

/** `null` for what is no resource path. */
export function parsePath(name: string): ResourcePath | null {
  const path = name.replace(/ page \d+$/, "").replace(/^(?:.*?\/)?v\d+\.\d+\//, "");
  const steps: RegExpExecArray[] = [];
  for (step.lastIndex = 0; step.lastIndex < path.length;) {
    const found = step.exec(path);
    if (!found) return null;
    steps.push(found);
  }
  const [last, before] = [steps.at(-1), steps.at(-2)];
  if (!last) return null;
  const owner = before?.[2] === undefined ? null : { collection: before[1]!, id: idIn(before[2]) };
  return { collection: last[1]!, isOne: last[2] !== undefined, owner };
}

/** Ids are numbers or quoted texts, in which `''` is one quote. */
function idIn(text: string): string {
  return /^'.*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : text;
}

/** The path of one of a collection. */
export function pathOf(collection: string, id: string): string {
  return `${collection}(${/^\d+$/.test(id) ? id : `'${id.replaceAll("'", "''")}'`})`;
}

/** The page after the one named `name`. */
export function pageAfterName(name: string): string {
  const found = / page (\d+)$/.exec(name);
  return found ? `${name.slice(0, found.index)} page ${Number(found[1]) + 1}` : `${name} page 2`;
}
