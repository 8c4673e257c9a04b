/**
 * The `p` quantile (0–1) of ascending numbers, by linear interpolation between neighbours (Hyndman & Fan, Sample Quantiles
 * in Statistical Packages, 1996, type 7). NaN of none.
 */
export function quantile(ascending: ArrayLike<number>, p: number): number {
  const place = (ascending.length - 1) * p;
  const below = ascending[Math.floor(place)];
  const above = ascending[Math.ceil(place)];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
