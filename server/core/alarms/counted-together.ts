/** How many of several are active at a time. */

export interface Stretch {
  /** Epoch milliseconds. */
  readonly fromAt: number;
  /** `null`: it goes on. */
  readonly toAt: number | null;
}

/**
 * The number of parts that are active, from `fromAt` on at each instant at which it changes. The stretches of a part may lie
 * over each other: it counts once.
 */
export function countedTogether(
  parts: readonly (readonly Stretch[])[],
  fromAt: number,
): { readonly at: Float64Array; readonly values: Float64Array } {
  const turns = parts
    .flatMap((stretches, part) =>
      stretches.flatMap((stretch) => [
        { at: stretch.fromAt, part, by: 1 },
        ...(stretch.toAt === null ? [] : [{ at: stretch.toAt, part, by: -1 }]),
      ]),
    )
    .toSorted((a, b) => a.at - b.at);
  const active = parts.map(() => 0);
  const [at, values] = [[fromAt], [0]];
  for (const turn of turns) {
    active[turn.part]! += turn.by;
    const count = active.filter((depth) => depth > 0).length;
    if (at.at(-1)! < turn.at) {
      at.push(turn.at);
      values.push(count);
    } else values[values.length - 1] = count;
  }
  return { at: Float64Array.from(at), values: Float64Array.from(values) };
}
