import { useMemo } from "react";
import { timeTicks } from "../../../shared/time-ticks.ts";
import type { PartOf } from "../../../shared/wall.ts";
import { type ChartLook, useChartLook } from "../../charts/chart-look.ts";
import { lineWithGaps } from "../../charts/spark-shape.ts";
import { Chart } from "../../charts/chart.tsx";
import { calmEnd } from "../../charts/calm-end.ts";
import { useCity, useCityNow, useIndicator, useReading, type Indicator } from "../../live/store.ts";
import { useTrend, type Point } from "../../live/trends.ts";
import { formatTime } from "../../words/format-time.ts";
import { axisScale, valueInWords } from "../../words/format-value.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import styles from "./chart-part.module.css";
import { Section } from "./section.tsx";

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** At most, so that they stand apart in the left column too. */
const ticks = 4;
/** Per hour of the axis: a thirtieth of it. */
const cutShareMs = hourMs / 30;

/** Figures over the last hours, each in a drawing of its own under the same time axis; gaps stay gaps. */
export default function Trend({ part }: { part: PartOf<"trend"> }) {
  return part.indicators.map((id) => <One key={id} id={id} hours={part.hours} />);
}

function One({ id, hours }: { id: string; hours: number }) {
  const words = useWords();
  const { t, text, language } = words;
  const indicator = useIndicator(id);
  const reading = useReading(id);
  const bucketSeconds = hours > 8 ? 300 : 60;
  const points = useTrend(id, bucketSeconds, (hours * 3_600) / bucketSeconds);
  const zone = useCity()?.settings.zone ?? "UTC";
  const now = useCityNow(minuteMs);
  const look = useChartLook();
  const option = useMemo(
    () =>
      indicator &&
      now !== null &&
      trendOption({ points, bucketMs: bucketSeconds * 1_000, indicator, look, words, zone, now, hours }),
    [points, bucketSeconds, indicator, look, words, zone, now, hours],
  );
  if (indicator === null) return null;
  const figure = reading?.value ?? null;
  return (
    <Section
      grows
      title={text(indicator.title)}
      note={
        <>
          {t("charts.lastHours", { hours })} ·{" "}
          <b className={styles.now}>
            {figure === null ? "—" : valueInWords(figure, indicator.unit, language)}
          </b>
        </>
      }
    >
      {option && points.length > 0 ? (
        <div className={styles.drawing}>
          <Chart option={option} label={text(indicator.title)} />
        </div>
      ) : (
        <p className={styles.empty}>{t("charts.empty")}</p>
      )}
    </Section>
  );
}

interface Drawn {
  readonly points: readonly Point[];
  readonly bucketMs: number;
  readonly indicator: Indicator;
  readonly look: ChartLook;
  readonly words: UsedWords;
  readonly zone: string;
  readonly now: number;
  readonly hours: number;
}

function trendOption({ points, bucketMs, indicator, look, words, zone, now, hours }: Drawn) {
  const { language, t } = words;
  const size = 17.5 * look.u;
  const highest = Math.max(0, ...points.map(({ value }) => value ?? 0));
  const isShareOfWhole = indicator.unit === "percent" && highest <= 100;
  const scale = axisScale(indicator.unit, language, indicator.target ?? highest);
  const target =
    indicator.better === "neither" || indicator.target === null ? null : indicator.target / scale.worth;
  return {
    animation: false,
    textStyle: { fontFamily: look.font, fontSize: size },
    grid: { left: 0, right: 12 * look.u, top: 14 * look.u, bottom: 0, containLabel: true },
    xAxis: {
      type: "time",
      min: now - hours * hourMs,
      max: now,
      axisLabel: {
        color: look.ink3,
        fontSize: size,
        // Times that nearly touch read as one line of figures.
        customValues: [...timeTicks(now - hours * hourMs, now, zone, ticks).at],
        // Words at the very end would be cut.
        formatter: (at: number) => (now - at < hours * cutShareMs ? "" : formatTime(at, zone, language)),
      },
      axisLine: { lineStyle: { color: look.edge } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      scale: true,
      ...(isShareOfWhole ? { max: 100 } : {}),
      splitNumber: 3,
      axisLabel: { color: look.ink3, fontSize: size, formatter: scale.write },
      splitLine: { lineStyle: { color: look.line } },
    },
    series: [
      {
        type: "line",
        showSymbol: false,
        silent: true,
        connectNulls: false,
        lineStyle: { color: look.ink1, width: 2.2 * look.u },
        data: lineWithGaps(points, bucketMs).map(([at, value]) => [
          at,
          value === null ? null : value / scale.worth,
        ]),
        markLine: {
          symbol: "none",
          silent: true,
          data:
            target === null
              ? []
              : [
                  {
                    yAxis: target,
                    lineStyle: { color: look.ink2, type: "dotted" },
                    label: {
                      position: calmEnd(points, target * scale.worth, now - hours * hourMs, now),
                      color: look.ink2,
                      fontSize: size,
                      fontFamily: look.font,
                      textBorderColor: look.page,
                      textBorderWidth: 4 * look.u,
                      formatter: t("charts.target", { figure: scale.write(target) }),
                    },
                  },
                ],
        },
      },
    ],
  };
}
