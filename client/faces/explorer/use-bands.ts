import { useMemo } from "react";
import { bucketSeconds } from "../../charts/bucket-choice.ts";
import { leftBand, strongest } from "../../charts/left-band.ts";
import { useQuery } from "../../route.ts";
import type { UsualBand } from "./drawings/band-drawing.ts";
import type { Figure } from "./drawings/drawing.ts";
import { useOutlook, type Outlook } from "./outlook-data.ts";
import { mostBandsInOne, outlookOf, type OutlookAsked } from "./outlook-request.ts";
import type { SeriesRequest } from "./series-data.ts";
import type { View } from "./view.ts";

/** More marks of one line than these are no help to an eye, in small multiples still fewer. */
const listedAtMost = 8;
const listedOfMany = 3;
const hourMs = 3_600_000;
/** The last minutes of a bucket may be under way when it ends. */
const settleMs = 120_000;

const nothingAsked: OutlookAsked = { request: null, noUsual: null, noForecast: null };

export interface Bands {
  readonly asked: OutlookAsked;
  readonly outlook: Outlook;
  readonly bands: ReadonlyMap<string, UsualBand>;
}

/** What is usual and what is to come of the figures that are drawn, as far as the view wants it; `answered`: what they answer. */
export function useBands(
  view: View,
  answered: SeriesRequest | null,
  figures: readonly Figure[],
  zone: string,
  now: number,
): Bands {
  const isPast = useQuery("at") !== null;
  const asked = useMemo(
    () =>
      answered === null || figures.length === 0
        ? nothingAsked
        : outlookOf(view, {
            ids: figures.map(({ id }) => id),
            bucket: answered.bucket,
            stretch: answered,
            zone,
            now,
            isPast,
          }),
    [view, answered, figures, zone, now, isPast],
  );
  const outlook = useOutlook(asked.request, Math.floor((now - settleMs) / hourMs));
  const bands = useMemo(
    () =>
      new Map(
        figures.flatMap((figure) => {
          const most = figures.length > mostBandsInOne ? listedOfMany : listedAtMost;
          const band = bandOf(figure, most, outlook, answered, now);
          return band === null ? [] : [[figure.id, band] as const];
        }),
      ),
    [figures, outlook, answered, now],
  );
  return { asked, outlook, bands };
}

function bandOf(
  { id, points }: Figure,
  most: number,
  { usual }: Outlook,
  answered: SeriesRequest | null,
  now: number,
): UsualBand | null {
  const expected = usual.get(id);
  if (expected === undefined || answered === null) return null;
  const last = expected.points.at(-1)!;
  const endAt = last.at + bucketSeconds(expected.bucket) * 1_000;
  const banded = leftBand(expected.points, points, bucketSeconds(answered.bucket) * 1_000, endAt, now);
  return {
    bucket: expected.bucket,
    points: expected.points,
    endAt,
    banded,
    listed: strongest(banded.excursions, most),
  };
}
