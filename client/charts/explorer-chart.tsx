/**
 * The explorer's bridge to ECharts: more kinds of charts than a wall has, a readout under the pointer, stretches of time
 * that are drawn over, and the picture to take along. Apart from `chart.tsx`, so that walls do not load it.
 */

import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { use as register, type ECharts, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useImperativeHandle, useState, type PointerEvent, type Ref } from "react";
import styles from "./explorer-chart.module.css";
import { useECharts } from "./use-echarts.ts";

register([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

/** What can be asked of a drawn chart. */
export interface ChartPicture {
  /** The drawing as an SVG document; `null` before there is one. */
  svg: () => string | null;
}

interface Props {
  readonly option: EChartsCoreOption;
  /** Says in words what the drawing shows; the numbers stand in a table. */
  readonly label: string;
  /** CSS pixels. */
  readonly height: number;
  readonly picture: Ref<ChartPicture>;
  /** A stretch of the horizontal axis was drawn over; `null` where that has no meaning. */
  readonly onSpan: ((from: number, to: number) => void) | null;
  /** A moment of the horizontal axis was pointed at; `null` where that has no meaning. */
  readonly onMoment: ((at: number) => void) | null;
}

interface Drag {
  readonly fromX: number;
  readonly toX: number;
  readonly grid: number;
}

/** Fewer pixels are a click. */
const leastDrag = 6;

export function ExplorerChart({ option, label, height, picture, onSpan, onMoment }: Props) {
  const { place, chart } = useECharts(option);
  const [drag, setDrag] = useState<Drag | null>(null);
  useImperativeHandle(picture, () => ({ svg: () => chart.current?.renderToSVGString() ?? null }), [chart]);

  const isDragged = drag !== null && Math.abs(drag.toX - drag.fromX) >= leastDrag;
  const start = (event: PointerEvent<HTMLDivElement>): void => {
    if (onSpan === null || event.button !== 0 || event.pointerType === "touch") return;
    const [x, y] = within(event);
    const grid = gridAt(chart.current, x, y);
    if (grid === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ fromX: x, toX: x, grid });
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag !== null) setDrag({ ...drag, toX: within(event)[0] });
  };
  const end = (): void => {
    setDrag(null);
    if (drag === null || onSpan === null) return;
    const at = (x: number): number =>
      Math.round(Number(chart.current?.convertFromPixel({ xAxisIndex: drag.grid }, x) ?? Number.NaN));
    if (!isDragged) {
      if (Number.isFinite(at(drag.fromX))) onMoment?.(at(drag.fromX));
      return;
    }
    const [from, to] = [at(drag.fromX), at(drag.toX)].toSorted((a, b) => a - b) as [number, number];
    if (Number.isFinite(from) && Number.isFinite(to)) onSpan(from, to);
  };
  return (
    <div
      className={styles.chart}
      data-span={onSpan !== null}
      style={{ height }}
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      <div className={styles.drawing} ref={place} role="img" aria-label={label} />
      {isDragged && (
        <div
          className={styles.span}
          style={{ left: Math.min(drag.fromX, drag.toX), width: Math.abs(drag.toX - drag.fromX) }}
        />
      )}
    </div>
  );
}

function within(event: PointerEvent<HTMLDivElement>): [x: number, y: number] {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

/** Which of the drawing's panels a pixel lies in. */
function gridAt(chart: ECharts | null, x: number, y: number): number | null {
  const { grid } = (chart?.getOption() ?? {}) as { grid?: readonly unknown[] };
  const found = (grid ?? []).findIndex((_, gridIndex) => chart!.containPixel({ gridIndex }, [x, y]));
  return found < 0 ? null : found;
}
