/**
 * Areas and departments beside each other by what they can be held to: a count per inhabitant, a share of a count. Only
 * what lies outside the control limits of its size differs (a funnel plot: Spiegelhalter, Statistics in Medicine 24, 2005).
 */

/** Fewer expected cases than this are marked as small: their rate jumps with each single one. */
const smallBelow = 5;
/** Two-sided limits of 99.8 percent, as in funnel plots: with a dozen groups one in forty briefings names one by chance. */
const limits = 3.09;

export interface Group {
  /** The count, or the share in percent. */
  readonly value: number | null;
  /** Inhabitants, or the count that the share is of. */
  readonly size: number | null;
}

export interface FairGroup {
  /** Per 10,000 inhabitants, or the share in percent; `null` where nothing is known. */
  readonly rate: number | null;
  readonly isSmall: boolean;
  /** Whether it differs from all together by more than chance does; `null`: it does not, or it is too small to say. */
  readonly differs: "above" | "below" | null;
}

export interface Fair {
  /** Of all groups together. */
  readonly overall: number | null;
  readonly groups: readonly FairGroup[];
}

export const perInhabitants = 10_000;

/** `perHead`: values are counts and sizes inhabitants; else values are percents of the sizes. */
export function compareFairly(groups: readonly Group[], perHead: boolean): Fair {
  const known = groups.filter(
    (one): one is { value: number; size: number } => one.value !== null && (one.size ?? 0) > 0,
  );
  const size = known.reduce((sum, one) => sum + one.size, 0);
  const cases = known.reduce((sum, one) => sum + casesOf(one, perHead), 0);
  if (size === 0)
    return { overall: null, groups: groups.map(() => ({ rate: null, isSmall: false, differs: null })) };
  const share = cases / size;
  return {
    overall: share * (perHead ? perInhabitants : 100),
    groups: groups.map(({ value, size: own }) => {
      if (value === null || own === null || own <= 0) return { rate: null, isSmall: false, differs: null };
      const observed = casesOf({ value, size: own }, perHead);
      const expected = share * own;
      const spread = Math.sqrt(perHead ? expected : expected * Math.max(1 - share, 0));
      const isSmall = perHead ? expected < smallBelow : own < 2 * smallBelow;
      const distance = spread === 0 ? 0 : (observed - expected) / spread;
      return {
        rate: (observed / own) * (perHead ? perInhabitants : 100),
        isSmall,
        differs: isSmall || Math.abs(distance) < limits ? null : distance > 0 ? "above" : "below",
      };
    }),
  };
}

function casesOf(
  { value, size }: { readonly value: number; readonly size: number },
  perHead: boolean,
): number {
  return perHead ? value : (value / 100) * size;
}
