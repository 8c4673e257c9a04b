/** The figures of a view: asked for, named, and as many as its chart can show. */

import { useMemo, useState } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import type { Figure } from "./drawings/drawing.ts";
import { fewEnough, figuresOf, type FewFigures } from "./figures.ts";
import { seriesTitle, useNamedAreas } from "./naming.ts";
import { formatRange, stretchOf, type Stretch } from "./range.ts";
import { hoursTellMore, requestOf, type Missing } from "./request.ts";
import { useSeries, type SeriesRequest } from "./series-data.ts";
import type { View } from "./view.ts";

/** What a view is about and where it is drawn. */
export interface Viewed {
  readonly city: CityBody;
  readonly now: number;
  readonly view: View;
  /** CSS pixels; 0 before they are measured. */
  readonly width: number;
  /** How much larger than on a desk its type is. */
  readonly scale: number;
}

export interface ViewFigures extends FewFigures {
  readonly stretch: Stretch;
  /** `null` while nothing can be asked. */
  readonly request: SeriesRequest | null;
  /** What the view needs and has not. */
  readonly missing: Missing | null;
  /** Why there is no answer, in words; empty when the server cannot be reached. */
  readonly problem: string | null;
  readonly again: () => void;
  /** What the figures answer; maybe another view, whose drawing is kept until there is one of this. */
  readonly answered: SeriesRequest | null;
  readonly isAnswer: boolean;
  /** The answer is that nothing is known. */
  readonly isNothing: boolean;
  readonly figures: readonly Figure[];
  readonly title: string;
  readonly titleOf: (id: string) => string;
}

export function useFigures({ city, now, view, width, scale }: Viewed): ViewFigures {
  const words = useWords();
  const { t } = words;
  const { zone } = city.settings;
  const [attempt, setAttempt] = useState(0);
  const stretch = useMemo(() => stretchOf(view.range, zone, now), [view.range, zone, now]);
  const question = `${view.figures.join()} ${view.by} ${formatRange(view.range)} ${view.asOf}`;
  const [byHourFor, setByHourFor] = useState<string | null>(null);
  const isByHour = view.bucket === "auto" && byHourFor === question;
  const asked = useMemo(
    () =>
      width === 0
        ? null
        : requestOf(
            isByHour ? { ...view, bucket: "hour" } : view,
            view.figures,
            stretch,
            city.indicators,
            width / scale,
          ),
    [view, isByHour, stretch, city, width, scale],
  );
  const request = asked !== null && "request" in asked ? asked.request : null;
  const series = useSeries(request, attempt);
  const answered = series.request;
  const areas = useNamedAreas(answered?.by ?? request?.by ?? null, view.figures);
  // Of another question, however alike the time: to be replaced, not to be drawn as if it were this one's.
  const isAnswer = answered !== null && request !== null && isAlike(answered, request);
  const figures = useMemo(() => {
    if (series.items === null || answered === null) return [];
    const isOneFigure = answered.ids.length === 1 && answered.by !== null;
    return figuresOf(series.items, answered, city, (id) =>
      seriesTitle(id, { city, areas, isOneFigure }, words),
    );
  }, [series.items, answered, city, areas, words]);
  const few = useMemo(
    () => fewEnough(figures, view.chart, (count) => t("explorer.notes.others", { count })),
    [figures, view.chart, t],
  );
  if (
    isAnswer &&
    view.bucket === "auto" &&
    !isByHour &&
    hoursTellMore(
      answered.bucket,
      figures.map(({ points }) => points),
    )
  )
    setByHourFor(question);
  const titleOf = (id: string): string => seriesTitle(id, { city, areas, isOneFigure: false }, words);
  return {
    stretch,
    request,
    missing: asked !== null && "missing" in asked ? asked.missing : null,
    problem: series.problem,
    again: () => setAttempt((one) => one + 1),
    answered,
    isAnswer,
    isNothing:
      isAnswer &&
      figures.every(({ points }) => points.every(({ value, state }) => value === null || state !== "fresh")),
    figures,
    ...few,
    title: viewTitle(view, figures.length, titleOf, words),
    titleOf,
  };
}

/** Whether an answer is one to this question but for its time, which moves on by itself. */
function isAlike(a: SeriesRequest, b: SeriesRequest): boolean {
  return (
    a.ids.join() === b.ids.join() &&
    a.by === b.by &&
    a.bucket === b.bucket &&
    a.compare === b.compare &&
    a.against?.group === b.against?.group &&
    a.asOf === b.asOf
  );
}

/** `count`: how many series are drawn; of few all are named. */
export function viewTitle(
  { figures, by }: Pick<View, "figures" | "by">,
  count: number,
  named: (id: string) => string,
  { t }: Pick<UsedWords, "t">,
): string {
  const [first, ...rest] = figures;
  if (by === null && rest.length > 0 && count <= 3) return figures.map(named).join(" · ");
  return rest.length === 0
    ? named(first!)
    : t("explorer.figures.more", { title: named(first!), count: rest.length });
}
