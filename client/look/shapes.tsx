/** The shapes that repeat a word: data states, direction of a gap, domains. Ink only; colour belongs to the city. */

import type { ReactNode } from "react";
import type { Domain } from "../../shared/city.ts";
import styles from "./shapes.module.css";

export type ShapeName =
  | "stale"
  | "down"
  | "no-data"
  | "waiting"
  | "unlinked"
  | "above"
  | "below"
  | "replay"
  | "paused"
  | "playing"
  | "on-target"
  | "warning"
  | "forbidden";

const drawings: Record<ShapeName | Domain, ReactNode> = {
  stale: (
    <>
      <circle cx="10" cy="10" r="8" strokeDasharray="3.4 2.2" />
      <path d="M10 5.5V10l3 2" />
    </>
  ),
  down: (
    <>
      <circle cx="10" cy="10" r="8" />
      <path d="M4.5 15.5l11-11" />
    </>
  ),
  "no-data": (
    <path d="M2.5 6V2.5H6M9 2.5h2M14 2.5h3.5V6M17.5 9v2M17.5 14v3.5H14M11 17.5H9M6 17.5H2.5V14M2.5 11V9M7 10h6" />
  ),
  forbidden: (
    <>
      <circle cx="10" cy="10" r="8" />
      <path d="M5 10h10" />
    </>
  ),
  waiting: <path className={styles.dots} d="M3.5 10h.01M10 10h.01M16.5 10h.01" />,
  unlinked: <path d="M1.5 10H7M13 10h5.5M7 5.5v9M13 5.500v9" />,
  above: <path d="M10 4l7 12H3z" />,
  below: <path d="M10 16l7-12H3z" />,
  replay: <path className={styles.solid} d="M9.5 4v12L1.5 10zM18.5 4v12l-8-6z" />,
  "on-target": <path d="M4 10.500l4 4 8-9" />,
  warning: <path d="M10 2.500l7.500 7.500-7.500 7.500L2.500 10zM10 6.500v4M10 13.300h.01" />,
  playing: <path className={styles.solid} d="M5 3.5v13l11-6.500z" />,
  paused: <path className={styles.solid} d="M4 3.5h4v13H4zM12 3.5h4v13h-4z" />,
  transport: <path d="M4 3.5h12v11H4zM4 10h12M7 14.5V17M13 14.5V17M6.5 12.3h.01M13.5 12.3h.01" />,
  security: <path d="M10 2.5l6.5 2.2v5c0 4-3 6.600-6.500 7.800-3.500-1.200-6.500-3.800-6.500-7.800v-5z" />,
  community: <path d="M2.500 8L10 3l7.500 5zM4.500 8v7M8.200 8v7M11.800 8v7M15.500 8v7M2.500 16.500h15" />,
  platform: <path d="M3 4h14v9H3zM10 13v3.500M6.500 16.500h7" />,
};

export function Shape({ name }: { name: ShapeName | Domain }) {
  return (
    <svg className={styles.shape} viewBox="0 0 20 20" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
