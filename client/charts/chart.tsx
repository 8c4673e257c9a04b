/** The walls' bridge to ECharts. */

import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent } from "echarts/components";
import { use as register, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import styles from "./chart.module.css";
import { useECharts } from "./use-echarts.ts";

register([BarChart, LineChart, GridComponent, MarkLineComponent, SVGRenderer]);

/** `label` says in words what the drawing shows; the numbers themselves stand beside it. */
export function Chart({ option, label }: { option: EChartsCoreOption; label: string }) {
  const { place } = useECharts(option);
  return <div className={styles.chart} ref={place} role="img" aria-label={label} />;
}
