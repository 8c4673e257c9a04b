/**
 * A composite score: 100 is on target, 0 is as bad as its definition names. Each figure it is made of scores by itself,
 * as a line between the two, and the score is their weighted mean (a linear aggregation of min-max normalised
 * indicators; OECD and JRC, Handbook on Constructing Composite Indicators, 2008, steps 5 and 6).
 */

import type { IndicatorDefinition, ScoreInput } from "./city.ts";

/** What one figure does to a score. */
export interface Driver {
  readonly indicator: string;
  /** 0 … 100, `null` while its value is not known. */
  readonly score: number | null;
  /** Points of the composite that this figure takes away. */
  readonly pull: number;
}

/** 0 … 100: 100 at the target or better, 0 at `worst` or worse. `null`: the figure has no target. */
export function scoreOf(
  value: number,
  { better, target, unit }: Pick<IndicatorDefinition, "better" | "target" | "unit">,
  worst: number | undefined,
): number | null {
  if (unit === "score") return Math.min(100, Math.max(0, value));
  if (target === null || worst === undefined || better === "neither") return null;
  const share = (value - worst) / (target - worst);
  return 100 * Math.min(1, Math.max(0, share));
}

/** The composite of what is known, and what pulls it down, the strongest first. `null`: nothing is known. */
export function composite(
  parts: readonly { readonly input: ScoreInput; readonly score: number | null }[],
): { readonly score: number; readonly drivers: readonly Driver[] } | null {
  const known = parts.filter(({ score }) => score !== null);
  const weight = known.reduce((sum, { input }) => sum + (input.weight ?? 1), 0);
  if (weight === 0) return null;
  const drivers = parts.map(({ input, score }) => ({
    indicator: input.indicator,
    score,
    pull: score === null ? 0 : ((input.weight ?? 1) * (100 - score)) / weight,
  }));
  return {
    score: 100 - drivers.reduce((sum, { pull }) => sum + pull, 0),
    drivers: drivers.toSorted((a, b) => b.pull - a.pull),
  };
}

/** The figures that pull a score, through the scores it is made of, the strongest first; `pull` in its own points. */
export function deepDrivers(
  id: string,
  definitionOf: (id: string) => IndicatorDefinition | undefined,
  valueOf: (id: string) => number | null,
): readonly Driver[] {
  const measure = definitionOf(id)?.measure;
  if (!measure || !("score" in measure)) return [];
  const made = composite(
    measure.score.map((input) => {
      const [definition, value] = [definitionOf(input.indicator), valueOf(input.indicator)];
      return { input, score: definition && value !== null ? scoreOf(value, definition, input.worst) : null };
    }),
  );
  const drivers = (made?.drivers ?? []).flatMap((driver) => {
    const below = deepDrivers(driver.indicator, definitionOf, valueOf);
    const sum = below.reduce((points, { pull }) => points + pull, 0);
    if (below.length === 0) return [driver];
    return sum === 0 ? [] : below.map((one) => ({ ...one, pull: (one.pull * driver.pull) / sum }));
  });
  return drivers.toSorted((a, b) => b.pull - a.pull);
}
