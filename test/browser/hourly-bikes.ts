/** A past for a browser's page: the bikes of every hour that it asks about, as if they had been recorded. */

import type { Page } from "playwright-core";
import { columnsOfPoints, type SeriesItemInColumns } from "../../shared/series-columns.ts";

const hour = 3_600_000;
export const bikesId = "transport.bikes-available";

/** Whole hours that the query of an address touches. */
export function hoursOf(url: string): number[] {
  const query = new URL(url).searchParams;
  const [from, to] = ["from", "to"].map((name) => Date.parse(query.get(name)!)) as [number, number];
  const first = Math.floor(from / hour) * hour;
  return Array.from({ length: Math.ceil((to - first) / hour) }, (_, i) => first + i * hour);
}

/** Answers for the server; `bikesIn`: of an hour by its place in the answer. */
export async function recordBikes(page: Page, bikesIn: (i: number) => number): Promise<void> {
  await page.route("**/api/v1/series?*", (route) => {
    // Where anything was recorded at all is asked by the month, of the city itself.
    if (route.request().url().includes("bucket=month")) return route.fallback();
    const hours = hoursOf(route.request().url());
    const points = hours.map((at, i) => {
      const value = bikesIn(i);
      return { at, value, min: value - 1, max: value + 1, state: "fresh" as const, reason: null };
    });
    const columns = columnsOfPoints(points, [...hours, hours.at(-1)! + hour]);
    const items: SeriesItemInColumns[] = [{ id: bikesId, unit: "count", bucket: "hour", columns }];
    return route.fulfill({ json: items });
  });
}
