/** How finely a stretch is cut so that a chart of some width shows what it can and no more. Pure. */

import type { Bucket } from "../../shared/series.ts";

const minute = 60;
const hour = 3_600;
const day = 86_400;

const steps: readonly (readonly [Bucket, seconds: number])[] = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => [minutes * minute, minutes * minute] as const),
  ["hour", hour],
  ...[2, 3, 6, 12].map((hours) => [hours * hour, hours * hour] as const),
  ["day", day],
  ["week", 7 * day],
  ["month", 30.44 * day],
];

/** The seconds of a bucket; a month's are those of a middling one. */
export function bucketSeconds(bucket: Bucket): number {
  return typeof bucket === "number" ? bucket : steps.find(([one]) => one === bucket)![1];
}

/** The finest bucket that cuts the stretch into at most `points`; months when none does. */
export function chooseBucket(fromAt: number, toAt: number, points: number): Bucket {
  const seconds = (toAt - fromAt) / 1_000;
  return (steps.find(([, step]) => seconds / step <= points) ?? steps.at(-1)!)[0];
}
