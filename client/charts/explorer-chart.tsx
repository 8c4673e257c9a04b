/**
 * The explorer's bridge to ECharts: more kinds of charts than a wall has, a readout under the pointer and the arrow keys,
 * time that is zoomed and moved, and the picture to take along. Apart from `chart.tsx`, so that walls do not load it.
 */

import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { use as register, type ECharts, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import {
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
} from "react";
import { nearestStop, walked, type Walk } from "./chart-walk.ts";
import styles from "./explorer-chart.module.css";
import { movedBy, zoomedAbout, type TimeSpan } from "./time-span.ts";
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

/** A chart whose horizontal axis is time. */
export interface TimeAxis {
  readonly span: TimeSpan;
  /** Nothing is looked at beyond it. */
  readonly latestAt: number;
  /** It was zoomed or moved. */
  readonly onSpan: (span: TimeSpan) => void;
  /** A stretch was drawn over. */
  readonly onDrawnOver: (span: TimeSpan) => void;
  /** A moment was pointed at. */
  readonly onMoment: (at: number) => void;
}

interface Props {
  readonly option: EChartsCoreOption;
  /** Says in words what the drawing shows; the numbers stand in a table. */
  readonly label: string;
  /** What the keys do here. */
  readonly keys: string;
  /** CSS pixels. */
  readonly height: number;
  readonly picture: Ref<ChartPicture>;
  readonly walk: Walk;
  /** `null` where the horizontal axis is another one. */
  readonly time: TimeAxis | null;
}

/** Pixels from where a drag began to where it is; `moves`: it takes the axis along, instead of choosing a part of it. */
interface Drag {
  readonly grid: number;
  readonly fromX: number;
  readonly toX: number;
  readonly moves: boolean;
}

/** Fewer pixels are a click. */
const leastDrag = 6;
/** The wheel stands still this long before what it chose is asked for. */
const wheelRestMs = 350;

export function ExplorerChart({ option, label, keys, height, picture, walk, time }: Props) {
  const { place, chart } = useECharts(option);
  const [drag, setDrag] = useState<Drag | null>(null);
  const { span, show, take, wheel } = useSpan(time, chart);
  useWheel(place, (event) => {
    const [x, y] = within(event, place.current!);
    const grid = gridAt(chart.current, x, y);
    const at = grid === null ? null : instantAt(chart.current, grid, x);
    if (at !== null && wheel(event, at)) event.preventDefault();
  });
  useImperativeHandle(picture, () => ({ svg: () => chart.current?.renderToSVGString() ?? null }), [chart]);

  const start = (event: PointerEvent<HTMLDivElement>): void => {
    if (time === null || event.button !== 0 || event.pointerType === "touch") return;
    const [x, y] = within(event, event.currentTarget);
    const grid = gridAt(chart.current, x, y);
    if (grid === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ grid, fromX: x, toX: x, moves: event.shiftKey });
  };
  const spanOf = ({ grid, fromX, toX, moves }: Drag): TimeSpan | null => {
    const [from, to] = [instantAt(chart.current, grid, fromX), instantAt(chart.current, grid, toX)];
    if (from === null || to === null || time === null || Math.abs(toX - fromX) < leastDrag) return null;
    // The axis has moved along since: what a pixel is worth is all that is read of it.
    return moves
      ? movedBy(time.span, ((fromX - toX) * (to - from)) / (toX - fromX), time.latestAt)
      : { fromAt: Math.min(from, to), toAt: Math.max(from, to) };
  };
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag === null) return;
    const next = { ...drag, toX: within(event, event.currentTarget)[0] };
    setDrag(next);
    const moved = next.moves ? spanOf(next) : null;
    if (moved !== null) show(moved);
  };
  const end = (): void => {
    setDrag(null);
    if (drag === null || time === null) return;
    const chosen = spanOf(drag);
    if (chosen !== null) (drag.moves ? take : time.onDrawnOver)(chosen);
    else {
      const at = instantAt(chart.current, drag.grid, drag.fromX);
      if (at !== null) time.onMoment(at);
    }
  };
  const isDrawnOver = drag !== null && !drag.moves && Math.abs(drag.toX - drag.fromX) >= leastDrag;
  return (
    <div
      className={styles.chart}
      data-span={time !== null}
      style={{ height }}
      onPointerDown={start}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      <div className={styles.drawing} ref={place} role="img" aria-label={label} />
      <Cursor
        {...{ chart, walk, keys, span }}
        latestAt={time?.latestAt ?? 0}
        onSpan={take}
        onMoment={time?.onMoment ?? null}
      />
      {isDrawnOver && (
        <div
          className={styles.span}
          style={{ left: Math.min(drag.fromX, drag.toX), width: Math.abs(drag.toX - drag.fromX) }}
        />
      )}
    </div>
  );
}

type ChartRef = Readonly<{ current: ECharts | null }>;

/** The stretch as it is while it is being changed, drawn at once, and told when the change is over. */
function useSpan(time: TimeAxis | null, chart: ChartRef) {
  const changing = useRef<TimeSpan | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { fromAt, toAt } = time?.span ?? { fromAt: 0, toAt: 0 };
  // Another stretch has been chosen, by this change or by something else.
  useEffect(() => {
    changing.current = null;
    return () => clearTimeout(timer.current);
  }, [fromAt, toAt]);
  const show = (span: TimeSpan): void => {
    changing.current = span;
    const { xAxis } = (chart.current?.getOption() ?? {}) as { xAxis?: readonly unknown[] };
    const shown = (xAxis ?? []).map(() => ({ min: span.fromAt, max: span.toAt }));
    chart.current?.setOption({ xAxis: shown });
  };
  const take = (span: TimeSpan): void => {
    show(span);
    time?.onSpan(span);
  };
  /** With Ctrl or ⌘ about the pointer, sideways or with Shift through time; without, the page's own. */
  const wheel = (event: WheelEvent, at: number): boolean => {
    if (time === null) return false;
    const span = changing.current ?? time.span;
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    const isZoom = event.ctrlKey || event.metaKey;
    if (!isZoom && Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return false;
    const share = Math.min(Math.max((isZoom ? event.deltaY : sideways) / 500, -0.5), 0.5);
    const next = isZoom
      ? zoomedAbout(span, 2 ** (2 * share), at, time.latestAt)
      : movedBy(span, share * (span.toAt - span.fromAt), time.latestAt);
    show(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => time.onSpan(next), wheelRestMs);
    return true;
  };
  return { span: time?.span ?? null, show, take, wheel };
}

/** React's own listeners to the wheel cannot keep the page from scrolling. */
function useWheel(
  place: Readonly<{ current: HTMLElement | null }>,
  onWheel: (event: WheelEvent) => void,
): void {
  const listen = useEffectEvent(onWheel);
  useEffect(() => {
    const element = place.current;
    const heard = (event: WheelEvent): void => listen(event);
    element?.addEventListener("wheel", heard, { passive: false });
    return () => element?.removeEventListener("wheel", heard);
  }, [place]);
}

interface CursorProps {
  readonly chart: ChartRef;
  readonly walk: Walk;
  readonly keys: string;
  readonly span: TimeSpan | null;
  readonly latestAt: number;
  readonly onSpan: (span: TimeSpan) => void;
  /** `null` where a stop is no moment. */
  readonly onMoment: ((at: number) => void) | null;
}

/** Where the keyboard is in the chart, with the readout that a pointer would have, and its words for who listens. */
function Cursor({ chart, walk, keys, span, latestAt, onSpan, onMoment }: CursorProps) {
  const [standing, setStanding] = useState<{ stop: number; at: number | null } | null>(null);
  const same = standing?.at == null ? null : nearestStop(walk, standing.at);
  const stop = Math.min(same ?? standing?.stop ?? walk.from, walk.stops - 1);
  const go = (next: number): void => {
    const place = walk.place(next);
    setStanding({ stop: next, at: "at" in place ? place.at : null });
    point(chart.current, walk, next);
  };
  // Another drawing has no readout yet; it is there when this effect's turn is over.
  const isStanding = standing !== null;
  useEffect(() => {
    const timer = isStanding ? setTimeout(() => point(chart.current, walk, stop)) : undefined;
    return () => clearTimeout(timer);
  }, [chart, walk, stop, isStanding]);
  const press = (event: KeyboardEvent): void => {
    const place = event.key === "Enter" && walk.stops > 0 ? walk.place(stop) : null;
    if (place !== null && "at" in place && onMoment !== null) {
      event.preventDefault();
      onMoment(place.at);
      return;
    }
    const next = event.shiftKey || event.altKey ? null : walked(walk, stop, event.key);
    const changed = span === null ? null : spanByKey(event, span, pivotOf(walk, stop, span), latestAt);
    if (next === null && changed === null) return;
    event.preventDefault();
    if (next !== null) go(next);
    else onSpan(changed!);
  };
  return (
    <>
      {/* An application takes keys and answers in words. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        className={styles.cursor}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="application"
        aria-label={keys}
        onKeyDown={press}
        onFocus={(event) => {
          // Who clicks has a pointer, and its readout.
          if (event.currentTarget.matches(":focus-visible") && walk.stops > 0) go(stop);
        }}
        onBlur={() => {
          setStanding(null);
          chart.current?.dispatchAction({ type: "hideTip" });
          chart.current?.dispatchAction({ type: "downplay" });
        }}
      />
      <p role="status" className="visually-hidden">
        {standing === null || walk.stops === 0 ? "" : walk.words(stop)}
      </p>
    </>
  );
}

/** The cursor's instant where it has one in sight, else the middle. */
function pivotOf(walk: Walk, stop: number, { fromAt, toAt }: TimeSpan): number {
  const place = walk.stops === 0 ? null : walk.place(stop);
  const at = place !== null && "at" in place ? place.at : Number.NaN;
  return at >= fromAt && at <= toAt ? at : (fromAt + toAt) / 2;
}

/** `+` and `-` zoom, Shift with an arrow moves by a quarter. */
function spanByKey(event: KeyboardEvent, span: TimeSpan, pivot: number, latestAt: number): TimeSpan | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const quarter = (span.toAt - span.fromAt) / 4;
  switch (event.key) {
    case "+":
    case "=":
      return zoomedAbout(span, 0.5, pivot, latestAt);
    case "-":
      return zoomedAbout(span, 2, pivot, latestAt);
    case "ArrowLeft":
      return event.shiftKey ? movedBy(span, -quarter, latestAt) : null;
    case "ArrowRight":
      return event.shiftKey ? movedBy(span, quarter, latestAt) : null;
    default:
      return null;
  }
}

/** Shows the readout of a stop as if a pointer were there. */
function point(chart: ECharts | null, walk: Walk, stop: number): void {
  if (chart === null || walk.stops === 0) return;
  const place = walk.place(stop);
  if ("at" in place) {
    const { grid } = chart.getOption() as { grid: readonly { top: number }[] };
    const x = chart.convertToPixel({ xAxisIndex: 0 }, place.at);
    chart.dispatchAction({ type: "showTip", x, y: grid[0]!.top + leastDrag });
    return;
  }
  const item = { seriesIndex: place.series, dataIndex: place.index };
  chart.dispatchAction({ type: "downplay" });
  chart.dispatchAction({ type: "highlight", ...item });
  chart.dispatchAction({ type: "showTip", ...item });
}

function within(event: { clientX: number; clientY: number }, element: Element): [x: number, y: number] {
  const { left, top } = element.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}

/** The instant over a pixel of a panel; `null` where its axis is none of time. */
function instantAt(chart: ECharts | null, xAxisIndex: number, x: number): number | null {
  const at = Math.round(Number(chart?.convertFromPixel({ xAxisIndex }, x) ?? Number.NaN));
  return Number.isFinite(at) ? at : null;
}

/** Which of the drawing's panels a pixel lies in. */
function gridAt(chart: ECharts | null, x: number, y: number): number | null {
  const { grid } = (chart?.getOption() ?? {}) as { grid?: readonly unknown[] };
  const found = (grid ?? []).findIndex((_, gridIndex) => chart!.containPixel({ gridIndex }, [x, y]));
  return found < 0 ? null : found;
}
