import { useMemo } from "react";
import type { Language } from "../../../shared/city.ts";
import type { PartOf } from "../../../shared/wall.ts";
import { type ChartLook, useChartLook } from "../../charts/chart-look.ts";
import { spreadOf, type Bin, type Spread } from "../../charts/distribution-shape.ts";
import { Chart } from "../../charts/chart.tsx";
import { useGroups, useIndicator, type GroupReading, type Indicator } from "../../live/store.ts";
import { axisScale } from "../../words/format-value.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import styles from "./chart-part.module.css";
import { useGrouping } from "./grouping.ts";
import { Section } from "./section.tsx";

const binsWanted = 16;

/** How many groups have how much of a figure, with the median and the target. */
export default function Distribution({ part: { indicator: id, by } }: { part: PartOf<"distribution"> }) {
  const words = useWords();
  const { t, text, language } = words;
  const indicator = useIndicator(id);
  const groups = useGroups(id, by);
  const grouping = useGrouping(by);
  const look = useChartLook();
  const spread = useMemo(
    () => indicator && spreadOf(shownValues(groups, indicator, language), binsWanted),
    [groups, indicator, language],
  );
  const option = useMemo(
    () => indicator && spread && distributionOption(spread, indicator, look, words),
    [indicator, spread, look, words],
  );
  if (indicator === null) return null;
  const note = spread
    ? t("charts.median", { figure: medianInWords(spread, indicator, language) })
    : undefined;
  return (
    <Section grows title={text(indicator.title)} note={note}>
      <p className={styles.means}>
        {t("charts.many", { grouping, count: spread?.bins.reduce((sum, bin) => sum + bin.count, 0) ?? 0 })}
      </p>
      {option ? (
        <div className={styles.drawing}>
          <Chart option={option} label={[text(indicator.title), note].join(t("map.list.and"))} />
        </div>
      ) : (
        <p className={styles.empty}>{t("charts.empty")}</p>
      )}
    </Section>
  );
}

/** In the unit of the axis, so that the bins are round in it. */
function shownValues(
  groups: readonly GroupReading[],
  { unit, target }: Indicator,
  language: Language,
): number[] {
  const values = groups.flatMap(({ reading }) =>
    reading.value !== null && reading.state === "fresh" ? [reading.value] : [],
  );
  const { worth } = axisScale(unit, language, target ?? Math.max(0, ...values));
  return values.map((value) => value / worth);
}

function medianInWords({ median, bins }: Spread, { unit, target }: Indicator, language: Language): string {
  const scale = axisScale(unit, language, target ?? bins.at(-1)?.to ?? 0);
  return `${scale.write(median)} ${scale.unit}`.trimEnd();
}

function distributionOption(
  { bins, median }: Spread,
  indicator: Indicator,
  look: ChartLook,
  { language, t }: UsedWords,
) {
  const size = 17.5 * look.u;
  const { better } = indicator;
  const scale = axisScale(indicator.unit, language, indicator.target ?? bins.at(-1)?.to ?? 0);
  const figure = scale.write;
  const width = (bins[0]?.to ?? 1) - (bins[0]?.from ?? 0);
  const target = indicator.target === null ? null : indicator.target / scale.worth;
  const isTargetInside = target !== null && target > (bins[0]?.from ?? 0) && target < (bins.at(-1)?.to ?? 0);
  return {
    animation: false,
    textStyle: { fontFamily: look.font, fontSize: size },
    grid: { left: 0, right: 8 * look.u, top: 26 * look.u, bottom: 0, containLabel: true },
    xAxis: {
      type: "value",
      min: bins[0]?.from,
      max: bins.at(-1)?.to,
      interval: width * Math.max(1, Math.ceil(bins.length / 6)),
      axisLabel: { color: look.ink3, fontSize: size, formatter: figure, showMaxLabel: false },
      axisLine: { lineStyle: { color: look.edge } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      splitNumber: 3,
      axisLabel: { color: look.ink3, fontSize: size },
      splitLine: { lineStyle: { color: look.line } },
    },
    series: [
      {
        type: "bar",
        barWidth: "94%",
        barCategoryGap: "0%",
        silent: true,
        itemStyle: { color: look.edge },
        data: bins.map((bin) => ({
          value: [(bin.from + bin.to) / 2, bin.count],
          itemStyle: { color: isOff(better, target, bin) ? look.ink0 : look.edge },
        })),
        markLine: {
          symbol: "none",
          silent: true,
          label: { color: look.ink1, fontSize: size, fontFamily: look.font },
          data: [
            {
              xAxis: median,
              lineStyle: { color: look.ink1, type: "solid" },
              label: { formatter: figure(median) },
            },
            ...(isTargetInside
              ? [
                  {
                    xAxis: target,
                    lineStyle: { color: look.ink1, type: "dotted" },
                    label: { formatter: t("charts.target", { figure: figure(target) }) },
                  },
                ]
              : []),
          ],
        },
      },
    ],
  };
}

/** Whether everything in a bin is on the wrong side of the target. */
function isOff(better: Indicator["better"], target: number | null, { from, to }: Bin): boolean {
  if (target === null || better === "neither") return false;
  return better === "higher" ? to <= target : from >= target;
}
