import { init, type ECharts, type EChartsCoreOption } from "echarts/core";
import { useEffect, useRef, type RefObject } from "react";

export interface Drawn {
  /** For the element that it is drawn in. */
  readonly place: RefObject<HTMLDivElement | null>;
  /** `null` while the element is not on the page. */
  readonly chart: RefObject<ECharts | null>;
}

/** A chart as SVG, sized with its place, and redrawn when its option changes. */
export function useECharts(option: EChartsCoreOption): Drawn {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = init(element, null, { renderer: "svg" });
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);
  return { place, chart };
}
