/** Shares of a sum beside those of another stretch of time: differences are points, of which a hundred are the whole. Pure. */

import { freshValue, sharesOf } from "../../../charts/series-shape.ts";
import { pointsInWords } from "../excursion-words.ts";
import { byUnit, middles, type Cell, type Figure, type Paper } from "./drawing.ts";
import { comparedLine } from "./time-marks.ts";

type Shares = readonly (number | null)[];

/** Differences that are said under a drawing. */
const saidAtMost = 3;

/** The shares that figures had of what they are compared with, by figure and bucket; `null` where one is compared with nothing. */
export function sharesBefore(figures: readonly Figure[]): readonly Shares[] | null {
  const compared = figures.flatMap(({ compare }) => (compare === null ? [] : [compare]));
  return compared.length > 0 && compared.length === figures.length ? sharesOf(compared) : null;
}

/** How many points one share is above another, where both are known. */
export function pointsBetween(share: number | null | undefined, before: number | null | undefined) {
  return share == null || before == null ? null : share - before;
}

/** The difference of the newest bucket in which both are known. */
export function newestPoints(shares: Shares, before: Shares): number | null {
  return shares.map((share, i) => pointsBetween(share, before[i])).findLast((one) => one !== null) ?? null;
}

export function pointsCell(points: number | null, { words }: Paper): Cell {
  return points === null
    ? { sort: null, text: words.t("explorer.table.none") }
    : { sort: points, text: pointsInWords(points, words) };
}

/** Where the areas would end, dashed: each the sum of the shares before up to one of the figures, without the whole. */
export function bordersBefore(
  figures: readonly Figure[],
  before: readonly Shares[],
  axes: object,
  paper: Paper,
): object[] {
  const x = middles(figures[0]!.points, paper.bucket);
  const sums = x.map(() => 0);
  return before.slice(0, -1).map((shares) => {
    const border = x.map((_, i) => {
      const share = shares[i] ?? null;
      return share === null ? null : (sums[i]! += share);
    });
    return comparedLine(axes, x, border, paper);
  });
}

/** Which shares of the whole time differ most: of what all buckets add up to in which everything is known; unit by unit. */
export function shareFindings(figures: readonly Figure[], paper: Paper): string[] {
  const found = byUnit(figures).flatMap((set) => findingsOfOneUnit(set, paper));
  return Array.from(new Set(found));
}

function findingsOfOneUnit(figures: readonly Figure[], { comparedWith, words }: Paper): string[] {
  const compared = figures.map(({ compare }) => compare);
  if (comparedWith === null || compared.includes(null)) return [];
  const now = wholeShares(figures.map(({ points }) => points.map(freshValue)));
  const before = wholeShares(compared.map((points) => points!.map(freshValue)));
  const { t } = words;
  if (now === null || before === null) return [t("explorer.share.unknown", { with: comparedWith })];
  const said = figures
    .map(({ title }, i) => ({ title, points: now[i]! - before[i]! }))
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points))
    .slice(0, saidAtMost)
    .map(({ title, points }) => `${title} ${pointsInWords(points, words)}`);
  return [t("explorer.share.changed", { with: comparedWith, shares: said.join(t("explorer.cursor.and")) })];
}

function wholeShares(values: readonly Shares[]): number[] | null {
  const known = (values[0] ?? []).flatMap((_, i) => (values.every((one) => one[i] != null) ? [i] : []));
  const sums = values.map((one) => known.reduce((sum, i) => sum + one[i]!, 0));
  const whole = sums.reduce((sum, one) => sum + one, 0);
  return whole > 0 && sums.every((one) => one >= 0) ? sums.map((one) => (100 * one) / whole) : null;
}
