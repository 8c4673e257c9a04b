import { useMemo } from "react";
import type { PartOf } from "../../../shared/wall.ts";
import { type ChartLook, useChartLook } from "../../charts/chart-look.ts";
import { Chart } from "../../charts/chart.tsx";
import {
  bunchedBelow,
  gapAbove,
  isAbnormal,
  unevenLines,
  type LineHeadways,
} from "../../charts/headways-shape.ts";
import { useEntities, useIndicator } from "../../live/store.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import styles from "./chart-part.module.css";
import { Section } from "./section.tsx";

const linesAtMost = 8;
/** Wider gaps stand at the edge. */
const farthest = 300;

/** The most uneven lines: a stroke per vehicle, at its distance in time from the one ahead, against the timetable. */
export default function Headways({ part: { indicator: id } }: { part: PartOf<"headways"> }) {
  const words = useWords();
  const { t, text } = words;
  const indicator = useIndicator(id);
  const updates = useEntities("TripUpdate");
  const look = useChartLook();
  const lines = useMemo(() => unevenLines(updates.rows.values(), linesAtMost), [updates]);
  const option = useMemo(() => headwaysOption(lines, look, words), [lines, look, words]);
  if (indicator === null) return null;
  const uneven = lines.filter(({ percents }) => percents.some(isAbnormal)).length;
  const note = lines.length > 0 ? t("charts.unevenLines", { count: uneven }) : undefined;
  return (
    <Section grows title={text(indicator.title)} note={note}>
      <p className={styles.means}>{t("charts.headways")}</p>
      {lines.length > 0 ? (
        <div className={`${styles.drawing} ${styles.rows}`}>
          <Chart option={option} label={inWords(lines, words)} />
        </div>
      ) : (
        <p className={styles.empty}>{t("charts.noHeadways")}</p>
      )}
    </Section>
  );
}

function inWords(lines: readonly LineHeadways[], { t }: UsedWords): string {
  return lines
    .map(({ name, percents }) =>
      t("charts.headwaysOfLine", { line: name, percents: percents.join(t("map.list.and")) }),
    )
    .join(t("announce.and"));
}

function headwaysOption(lines: readonly LineHeadways[], look: ChartLook, { t }: UsedWords) {
  const size = 17.5 * look.u;
  const points = lines.flatMap(({ name, percents }) =>
    percents.map((percent) => ({
      value: [Math.min(percent, farthest), name],
      itemStyle: { color: isAbnormal(percent) ? look.ink0 : look.ink3 },
      symbolSize: [(isAbnormal(percent) ? 5 : 2.5) * look.u, 16 * look.u],
    })),
  );
  const mark = (percent: number, label: string, type: "solid" | "dotted") => ({
    xAxis: percent,
    lineStyle: { color: type === "solid" ? look.edge : look.ink2, type },
    label: { formatter: label },
  });
  return {
    animation: false,
    textStyle: { fontFamily: look.font, fontSize: size },
    grid: { left: 0, right: 20 * look.u, top: 26 * look.u, bottom: 0, containLabel: true },
    xAxis: {
      type: "value",
      min: 0,
      max: farthest,
      interval: 100,
      axisLabel: {
        color: look.ink3,
        fontSize: size,
        formatter: (percent: number) => (percent === farthest ? `≥ ${percent} %` : `${percent} %`),
      },
      axisLine: { lineStyle: { color: look.edge } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "category",
      data: lines.map(({ name }) => name).reverse(),
      axisLabel: { color: look.ink2, fontSize: size, width: 110 * look.u, overflow: "truncate" },
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: true, lineStyle: { color: look.line } },
    },
    series: [
      {
        // Points of a line that is not drawn: this chart needs no further part of the library.
        type: "line",
        lineStyle: { opacity: 0 },
        symbol: "rect",
        showAllSymbol: true,
        silent: true,
        data: points,
        markLine: {
          symbol: "none",
          silent: true,
          label: { color: look.ink1, fontSize: size, fontFamily: look.font },
          data: [
            mark(bunchedBelow, t("charts.bunched"), "dotted"),
            mark(100, t("charts.timetable"), "solid"),
            mark(gapAbove, t("charts.gap"), "dotted"),
          ],
        },
      },
    ],
  };
}
