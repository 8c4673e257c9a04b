import type { IndicatorDefinition } from "../../../shared/city.ts";
import { seriesId } from "../../../shared/city.ts";
import { startFigure } from "./figure.ts";
import { Tallies, type Figure, type Tally } from "./tally.ts";

/** One per dimension, `null` where a thing belongs to none; several of a dimension of areas for one with an extent. */
export type Groups = readonly (Group | null)[];

/** The whole (`key` null) or one group of a meter's indicators. */
export class Group {
  readonly key: string | null;
  /** One per definition of the meter, in their order, and so are `seriesIds`. */
  readonly figures: readonly Figure[];
  readonly seriesIds: readonly string[];
  /** How many samples it holds, and how many of them are estimated. */
  size = 0;
  estimated = 0;
  /** Since when it holds none. */
  emptyAt = Number.POSITIVE_INFINITY;
  /** Changed since it was last read. */
  dirty = false;
  readonly #tallies: readonly Tally[];

  constructor(key: string | null, definitions: readonly IndicatorDefinition[]) {
    const tallies = new Tallies();
    this.key = key;
    this.figures = definitions.map((definition) => startFigure(definition, tallies));
    this.seriesIds = definitions.map(({ id }) => seriesId(id, key));
    this.#tallies = tallies.list;
  }

  /** `estimated` is 0 or 1. */
  add(amount: number, weight: number, estimated: number): void {
    this.size++;
    this.estimated += estimated;
    for (const tally of this.#tallies) tally.add(amount, weight);
  }

  /** Takes back exactly what was added. */
  remove(amount: number, weight: number, estimated: number): void {
    this.size--;
    this.estimated -= estimated;
    for (const tally of this.#tallies) tally.remove(amount, weight);
  }
}
