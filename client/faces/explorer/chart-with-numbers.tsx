import { useMemo, useRef, useState } from "react";
import type { CityBody } from "../../../shared/protocol.ts";
import { chooseBucket } from "../../charts/bucket-choice.ts";
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
import { Events, useEvents } from "./events.tsx";
import styles from "./explorer.module.css";
import { LagChoice } from "./lag-choice.tsx";
import { leftOutInWords, rangeInWords, stretchInWords } from "./naming.ts";
import { NumberTable } from "./number-table.tsx";
import { OutlookNotes } from "./outlook-notes.tsx";
import { OverviewStrip } from "./overview-strip.tsx";
import { framed } from "../../charts/picture-frame.ts";
import { RangeBar } from "./range-bar.tsx";
import { wholeMinutes, type Stretch } from "./range.ts";
import { useBox } from "./use-box.ts";
import { useDrawing } from "./use-drawing.ts";
import { useFigures } from "./use-figures.ts";
import { missingWords } from "./request.ts";
import { useOverview } from "./use-overview.ts";
import { useSources } from "./sources.ts";
import type { View } from "./view.ts";

interface Props {
  readonly city: CityBody;
  readonly now: number;
  readonly view: View;
  readonly onChange: (view: View) => void;
}

/** A view's chart, its numbers, what happened meanwhile and what the figures are. */
export function ChartWithNumbers({ city, now, view, onChange }: Props) {
  const words = useWords();
  const { t, text, language } = words;
  const { zone } = city.settings;
  const place = useRef<HTMLDivElement>(null);
  const picture = useRef<ChartPicture>(null);
  const { width, scale } = useBox(place);
  const viewed = { city, now, view, width, scale };
  const viewFigures = useFigures(viewed);
  const { stretch, request, missing, answered, isNothing, figures, shown, title, titleOf } = viewFigures;
  const events = useEvents(stretch, view.figures, city);
  const alarms = useAlarmStretches(stretch, view.figures, city);
  const drawnAlarms = useDrawnAlarms(alarms, now);
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
  const marks = useMemo(() => events.map(({ at }, i) => ({ at, label: String(i + 1) })), [events]);
  const room = Math.min(Math.max(innerHeight - 400 * scale, 260 * scale), 620 * scale);
  const drawing = useDrawing(viewed, viewFigures, { room, marks, annotations, mustFit: false });
  const { paper, kept, asked: outlookAsked, outlook, bands, comparedWith } = drawing;
  const recorded = useMemo(
    () =>
      answered === null
        ? null
        : recordedPart(
            figures.map(({ points }) => points),
            answered.toAt,
          ),
    [figures, answered],
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
                {(kept ? [kept.note, ...leftOutInWords(viewFigures, shown, words)] : []).join(" · ")}
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
          {viewFigures.problem !== null && (
            <div className={styles.problem} role="alert">
              <p>
                <b>{t("explorer.state.failed")}</b>{" "}
                {viewFigures.problem === "" ? t("explorer.state.unreachable") : viewFigures.problem}{" "}
                {kept && t("explorer.state.older")}
              </p>
              <button type="button" className={styles.button} onClick={viewFigures.again}>
                {t("explorer.state.again")}
              </button>
            </div>
          )}
          {missing === null && isNothing && viewFigures.problem === null && (
            <p className={styles.empty}>
              {t("explorer.state.nothing")} {t("explorer.state.earliest")}
            </p>
          )}
          {missing === null && kept === null && !isNothing && viewFigures.problem === null && (
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
                  title={titleOf(overview.id)}
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
