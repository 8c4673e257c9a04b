import { memo, useId } from "react";
import type { Point } from "../live/trends.ts";
import { sparkShape, type SparkFrame } from "./spark-shape.ts";
import styles from "./sparkline.module.css";

/** A trend without axes. `off` draws the part on that side of the target heavier; `quiet` when the value does not count. */
export const Sparkline = memo(function Sparkline(props: {
  points: readonly Point[];
  frame: SparkFrame;
  off: "above" | "below" | null;
  quiet: boolean;
}) {
  const { points, frame, off, quiet } = props;
  const id = useId();
  const { width, height } = frame;
  const shape = sparkShape(points, frame);
  const ended = shape.gaps.some(([, to]) => to === width);
  return (
    <svg className={styles.spark} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" data-quiet={quiet}>
      <defs>
        <pattern
          id={`${id}h`}
          width="5"
          height="5"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-45)"
        >
          <line x1="0" y1="0" x2="5" y2="0" className={styles.hatch} />
        </pattern>
        {off && shape.targetY !== null && (
          <clipPath id={`${id}c`}>
            <rect
              x={-4}
              width={width + 8}
              y={off === "above" ? -4 : shape.targetY}
              height={off === "above" ? shape.targetY + 4 : height - shape.targetY + 4}
            />
          </clipPath>
        )}
      </defs>
      {shape.line === "" && (
        <line className={styles.empty} x1="0" x2={width} y1={height / 2} y2={height / 2} />
      )}
      {shape.gaps.map(([from, to]) => (
        <rect key={from} x={from} width={to - from} y="2" height={height - 4} fill={`url(#${id}h)`} />
      ))}
      {ended && shape.last && (
        <line className={styles.end} x1={shape.last[0]} x2={shape.last[0]} y1="2" y2={height - 2} />
      )}
      {shape.targetY !== null && (
        <line className={styles.target} x1="0" x2={width} y1={shape.targetY} y2={shape.targetY} />
      )}
      <path className={styles.line} d={shape.line} />
      {off && shape.targetY !== null && (
        <path className={styles.off} d={shape.line} clipPath={`url(#${id}c)`} />
      )}
      {shape.last && !ended && <circle className={styles.dot} cx={shape.last[0]} cy={shape.last[1]} r="3" />}
    </svg>
  );
});
