import { useEffect, useMemo, useRef, useState, type RefObject } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import { chooseBucket } from "../../charts/bucket-choice.ts";
import { useChartLook } from "../../charts/chart-look.ts";
import { ExplorerChart, type ChartPicture } from "../../charts/explorer-chart.tsx";
import { recordedPart } from "../../charts/series-shape.ts";
import type { TimeSpan } from "../../charts/time-span.ts";
import { formatInstant } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import { writingAt, writtenStretch, type Writing } from "./annotation-form.tsx";
import { useAnnotations } from "./annotation-store.ts";
import { Annotations } from "./annotations.tsx";
import { Alarms, useAlarmStretches, useDrawnAlarms } from "./alarms.tsx";
import { AboutFigures } from "./about-figures.tsx";
import { AreaFigures } from "./area-figures.tsx";
import { ChartActions } from "./chart-actions.tsx";
import { forecastEnd } from "./drawings/band-drawing.ts";
import { draw } from "./drawings/draw.ts";
import type { Drawing, Figure, Paper } from "./drawings/drawing.ts";
import { Events, useEvents } from "./events.tsx";
import styles from "./explorer.module.css";
import { fewEnough, figuresOf } from "./figures.ts";
import { LagChoice } from "./lag-choice.tsx";
import { againstTitle, rangeInWords, seriesTitle, stretchInWords, useNamedAreas } from "./naming.ts";
import { NumberTable } from "./number-table.tsx";
import { OutlookNotes } from "./outlook-notes.tsx";
import { OverviewStrip } from "./overview-strip.tsx";
import { framed } from "../../charts/picture-frame.ts";
import { RangeBar } from "./range-bar.tsx";
import { formatRange, stretchOf, wholeMinutes, type Stretch } from "./range.ts";
import { hoursTellMore, requestOf } from "./request.ts";
import { useSeries, type SeriesRequest } from "./series-data.ts";
import { useBands } from "./use-bands.ts";
import { useOverview } from "./use-overview.ts";
import { useSources } from "./sources.ts";
import type { View } from "./view.ts";

interface Props {
  readonly city: CityBody;
  readonly now: number;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** A drawing, of what and how. */
interface Drawn extends Drawing {
  readonly chart: View["chart"];
  readonly figures: readonly Figure[];
}

const missingWords = {
  second: "explorer.relation.needsTwo",
  groups: "explorer.needsGroups",
  areas: "explorer.needsAreas",
  figures: "explorer.state.noFigures",
} as const;

/** A view's chart, its numbers, what happened meanwhile and what the figures are. */
export function ChartWithNumbers({ city, now, view, onChange }: Props) {
  const words = useWords();
  const { t, text, language } = words;
  const { zone } = city.settings;
  const place = useRef<HTMLDivElement>(null);
  const picture = useRef<ChartPicture>(null);
  const { width, scale } = useBox(place);
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
  const areas = useNamedAreas(series.request?.by ?? request?.by ?? null, view.figures);
  const events = useEvents(stretch, view.figures, city);
  const alarms = useAlarmStretches(stretch, view.figures, city);
  const drawnAlarms = useDrawnAlarms(alarms, now);
  const look = useChartLook();

  const answered = series.request;
  // Of another question, however alike the time: to be replaced, not to be drawn as if it were this one's.
  const isAnswer = answered !== null && request !== null && isAlike(answered, request);
  const figures = useMemo(() => {
    if (series.items === null || answered === null) return [];
    const isOneFigure = answered.ids.length === 1 && answered.by !== null;
    return figuresOf(series.items, answered, city, (id) =>
      seriesTitle(id, { city, areas, isOneFigure }, words),
    );
  }, [series.items, answered, city, areas, words]);
  const written = useAnnotations(stretch, [...view.figures, ...figures.map(({ id }) => id)]);
  const [writing, setWriting] = useState<Writing | null>(null);
  const annotations = useMemo(() => {
    const others = written.annotations
      .filter(({ id }) => id !== writing?.before?.id)
      .map((one) => ({ ...one, isDraft: false, priority: null }));
    const draft = writing && writtenStretch(writing, zone);
    const drawn = [...others, ...drawnAlarms];
    return draft
      ? [...drawn, { ...draft, text: t("explorer.annotations.draft"), isDraft: true, priority: null }]
      : drawn;
  }, [written.annotations, drawnAlarms, writing, zone, t]);
  const { shown, leftOut } = useMemo(
    () => fewEnough(figures, view.chart, (count) => t("explorer.notes.others", { count })),
    [figures, view.chart, t],
  );
  const {
    asked: outlookAsked,
    outlook,
    bands,
  } = useBands(view, isAnswer ? answered : null, shown, zone, now);
  const compared = answered?.compare ?? answered?.against ?? null;
  const group = answered?.against?.group ?? null;
  const comparedAreas = useNamedAreas(null, group === null ? [] : [`compared{${group}}`]);
  const comparedWith = compared === null ? null : againstTitle(compared, city, comparedAreas, view, words);
  const paper = useMemo(
    (): Paper | null =>
      answered === null || width === 0
        ? null
        : {
            look,
            width,
            scale,
            room: Math.min(Math.max(innerHeight - 400 * scale, 260 * scale), 620 * scale),
            words,
            zone,
            now,
            stretch: {
              fromAt: answered.fromAt,
              toAt: Math.max(answered.toAt, forecastEnd(outlook.forecasts) ?? 0),
            },
            measuredTo: Math.min(answered.toAt, now),
            bucket: answered.bucket,
            comparedWith,
            marks: events.map(({ at }, i) => ({ at, label: String(i + 1) })),
            annotations,
            bands,
            forecasts: outlook.forecasts,
          },
    [look, width, scale, words, zone, now, answered, comparedWith, events, annotations, bands, outlook],
  );
  const drawn = useMemo((): Drawn | null => {
    if (paper === null || !isAnswer || shown.length === 0) return null;
    const drawing = draw(view.chart, shown, view.lag, paper);
    return drawing && { ...drawing, chart: view.chart, figures: shown };
  }, [paper, isAnswer, shown, view.chart, view.lag]);
  const kept = useKept(drawn);
  const all = useMemo(() => figures.map(({ points }) => points), [figures]);
  const recorded = useMemo(
    () => (answered === null ? null : recordedPart(all, answered.toAt)),
    [all, answered],
  );
  if (isAnswer && view.bucket === "auto" && !isByHour && hoursTellMore(answered.bucket, all))
    setByHourFor(question);
  const title = titleOf(
    view,
    figures.length,
    (id) => seriesTitle(id, { city, areas, isOneFigure: false }, words),
    t,
  );
  const range = rangeInWords(view.range, zone, words);
  const onSpan = ({ fromAt, toAt }: TimeSpan): void =>
    onChange({ ...view, range: wholeMinutes(fromAt, Math.min(toAt, now)) });
  const overview = useOverview(kept?.isTime ? view.figures[0]! : null, now, view.asOf);
  const sources = useSources(view.figures, city);
  const pictureWords = {
    title,
    lines: [
      ...(answered === null ? [] : [`${stretchInWords(answered, zone, words)} · ${zone}`]),
      ...(kept === null || kept.note === "" ? [] : [kept.note]),
      ...(view.asOf === null
        ? []
        : [t("explorer.picture.asOf", { time: formatInstant(view.asOf, zone, language) })]),
    ],
    foot: [
      ...sources,
      t("explorer.picture.drawn", {
        city: text(city.settings.title),
        time: formatInstant(now, zone, language),
      }),
    ],
  };
  const missing = asked !== null && "missing" in asked ? asked.missing : null;
  const isNothing =
    isAnswer &&
    figures.every(({ points }) => points.every(({ value, state }) => value === null || state !== "fresh"));

  /** What is drawn over is looked at closer, or is what is being written about. */
  const takeSpan = (span: TimeSpan): void => {
    if (writing === null) onSpan(span);
    else setWriting(writingAt(span, zone, writing.before));
  };

  return (
    <div className={styles.body}>
      <div className={styles.work}>
        <RangeBar
          {...{ view, stretch, zone, now, onChange }}
          canDraw={kept?.isTime ?? false}
          recorded={recorded}
        />
        <section className={styles.figure} ref={place} aria-labelledby="explorer-title">
          <div className={styles.head}>
            <div>
              <h2 id="explorer-title">{title}</h2>
              <p className={styles.note}>
                {[
                  ...(kept ? [kept.note] : []),
                  ...(leftOut > 0 && kept
                    ? [t("explorer.notes.onlyFirst", { count: shown.length, all: figures.length })]
                    : []),
                ].join(" · ")}
              </p>
            </div>
            {kept && answered && paper && (
              <ChartActions
                {...{ view, picture, onChange }}
                request={answered}
                name={`${view.figures[0]!.replaceAll(/[^\w.-]+/g, "-")}-${view.chart}`}
                frame={(svg) => framed(svg, pictureWords, paper)}
                onAnnotate={
                  kept.isTime ? () => setWriting(writingAt(annotatedFirst(view, stretch), zone)) : null
                }
              />
            )}
          </div>
          {missing !== null && <p className={styles.empty}>{t(missingWords[missing])}</p>}
          {series.problem !== null && (
            <div className={styles.problem} role="alert">
              <p>
                <b>{t("explorer.state.failed")}</b>{" "}
                {series.problem === "" ? t("explorer.state.unreachable") : series.problem}{" "}
                {kept && t("explorer.state.older")}
              </p>
              <button type="button" className={styles.button} onClick={() => setAttempt((one) => one + 1)}>
                {t("explorer.state.again")}
              </button>
            </div>
          )}
          {missing === null && isNothing && series.problem === null && (
            <p className={styles.empty}>
              {t("explorer.state.nothing")} {t("explorer.state.earliest")}
            </p>
          )}
          {missing === null && kept === null && !isNothing && series.problem === null && (
            <p className={styles.waiting}>{t("explorer.state.loading")}</p>
          )}
          {missing === null && kept !== null && !isNothing && (
            <>
              {kept.chart === "map" ? (
                paper && <AreaFigures figures={kept.figures} {...{ comparedWith, picture, paper }} />
              ) : (
                <ExplorerChart
                  option={kept.option}
                  height={kept.height}
                  picture={picture}
                  label={t("explorer.charts.label", {
                    chart: t(`explorer.charts.${kept.chart}`),
                    title,
                    range,
                  })}
                  keys={t(kept.isTime ? "explorer.cursor.timeKeys" : "explorer.cursor.keys")}
                  walk={kept.walk}
                  time={
                    kept.isTime && paper
                      ? {
                          span: stretch,
                          latestAt: Math.floor(now / 60_000) * 60_000,
                          onSpan,
                          onDrawnOver: takeSpan,
                          onMoment: (at) =>
                            setWriting(writingAt({ fromAt: at, toAt: at }, zone, writing?.before)),
                        }
                      : null
                  }
                />
              )}
              {kept.isTime && paper && overview && (
                <OverviewStrip
                  {...{ overview, zone, now, paper, onSpan }}
                  span={stretch}
                  title={seriesTitle(overview.id, { city, areas, isOneFigure: false }, words)}
                />
              )}
              {kept.findings.length > 0 && <p className={styles.findings}>{kept.findings.join(" ")}</p>}
              {kept.chart === "relation" && <LagChoice {...{ view, onChange }} figures={kept.figures} />}
            </>
          )}
        </section>
        {kept?.isTime && (
          <Annotations {...{ writing, zone }} store={written} onWriting={setWriting} figures={figures} />
        )}
        {missing === null && !isNothing && (
          <OutlookNotes {...{ view, outlook, bands, zone }} asked={outlookAsked} figures={shown} />
        )}
        {view.numbers && kept && !isNothing && (
          <section className={styles.twin}>
            <h3>
              {t("explorer.table.title")}{" "}
              <span className={styles.note}>
                {t("explorer.table.rows", { count: kept.table.rows.length })}
              </span>
            </h3>
            <NumberTable table={kept.table} scale={scale} label={t("explorer.table.title")} />
          </section>
        )}
        {alarms.length > 0 && <Alarms stretches={alarms} zone={zone} />}
        {events.length > 0 && <Events events={events} zone={zone} />}
      </div>
      <AboutFigures
        city={city}
        ids={view.figures}
        figures={figures}
        bucket={request?.bucket ?? chooseBucket(stretch.fromAt, stretch.toAt, 1_000)}
      />
    </div>
  );
}

/** What somebody writes about who has pointed at nothing: the stretch that was chosen by hand, or its last moment. */
function annotatedFirst({ range }: View, { fromAt, toAt }: Stretch): Stretch {
  return range.kind === "instants" ? { fromAt, toAt } : { fromAt: toAt, toAt };
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

/** The last drawing, while the next one is not there yet: nothing blanks out. */
function useKept(drawn: Drawn | null): Drawn | null {
  const [kept, setKept] = useState(drawn);
  if (drawn !== null && kept !== drawn) setKept(drawn);
  return drawn ?? kept;
}

function titleOf(
  { figures, by }: View,
  count: number,
  named: (id: string) => string,
  t: ReturnType<typeof useWords>["t"],
): string {
  const [first, ...rest] = figures;
  if (by === null && rest.length > 0 && count <= 3) return figures.map(named).join(" · ");
  return rest.length === 0
    ? named(first!)
    : t("explorer.figures.more", { title: named(first!), count: rest.length });
}

/** CSS pixels of a place's width, and how much larger than on a desk its type is; 0 wide before it is measured. */
function useBox(place: RefObject<HTMLElement | null>): { width: number; scale: number } {
  const [box, setBox] = useState({ width: 0, scale: 1 });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const width = Math.floor(element.clientWidth);
      const scale = Number.parseFloat(getComputedStyle(element).fontSize) / 14;
      setBox((before) => (before.width === width && before.scale === scale ? before : { width, scale }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return box;
}
