import { useState, type KeyboardEvent, type PointerEvent } from "react";
import {
  dragged,
  envelopePath,
  instantOf,
  pixelOf,
  type Grip,
  type Strip,
} from "../../charts/overview-shape.ts";
import type { TimeSpan } from "../../charts/time-span.ts";
import { timeTicks } from "../../../shared/time-ticks.ts";
import { formatInstant, formatTick } from "../../words/format-date.ts";
import { useWords } from "../../words/words.ts";
import type { PicturePaper } from "../../charts/picture-frame.ts";
import styles from "./overview-strip.module.css";
import type { Overview } from "./use-overview.ts";

/** CSS pixels of a desk: the strip, its marks, the margins that it shares with the chart over it. */
const [tall, foot, left, right] = [34, 18, 52, 16];
/** A tick with less room than this up to the edge would be cut. */
const tickWords = 48;
/** Fewer pixels are a click. */
const leastDrag = 4;
const leastHold = 24;

interface Props {
  readonly overview: Overview;
  readonly title: string;
  /** What the chart shows. */
  readonly span: TimeSpan;
  readonly zone: string;
  readonly now: number;
  readonly paper: PicturePaper;
  readonly onSpan: (span: TimeSpan) => void;
}

interface Hold {
  /** `draw`: a new window, from where the pointer went down. */
  readonly grip: Grip | "draw";
  readonly x: number;
  readonly before: TimeSpan;
}

/** All that was recorded, with a window on what is shown: moved, made longer or drawn anew by pointer and keyboard. */
export function OverviewStrip({ overview, title, span, zone, now, paper, onSpan }: Props) {
  const { t, language } = useWords();
  const { scale } = paper;
  const [hold, setHold] = useState<Hold | null>(null);
  const [moved, setMoved] = useState<TimeSpan | null>(null);
  const shown = moved ?? span;
  const strip: Strip = {
    fromAt: Math.min(overview.span.fromAt, span.fromAt),
    toAt: Math.max(Math.min(now, overview.span.toAt), Math.min(span.toAt, now)),
    width: Math.max(paper.width - (left + right) * scale, 1),
  };
  const height = tall * scale;
  const [x0, x1] = [shown.fromAt, shown.toAt].map((at) =>
    Math.min(Math.max(pixelOf(strip, at), 0), strip.width),
  ) as [number, number];
  // A window of a few pixels can be taken hold of all the same, and its ends beside it.
  const middle = (x0 + x1) / 2;
  const half = Math.max(x1 - x0, leastHold * scale) / 2;
  const ticks = timeTicks(
    strip.fromAt,
    strip.toAt,
    zone,
    Math.max(2, Math.floor(strip.width / (90 * scale))),
  );
  /** Whether there is room for the words of a tick right of it. */
  const isWhole = (at: number): boolean => pixelOf(strip, at) < strip.width + (right - tickWords) * scale;
  const xIn = (event: PointerEvent<HTMLElement>): number =>
    event.clientX - event.currentTarget.getBoundingClientRect().left;

  const start = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    const grip = (event.target as HTMLElement).dataset["grip"] as Grip | undefined;
    event.currentTarget.setPointerCapture(event.pointerId);
    setHold({ grip: grip ?? "draw", x: xIn(event), before: span });
  };
  const move = (event: PointerEvent<HTMLElement>): void => {
    if (hold === null || (moved === null && Math.abs(xIn(event) - hold.x) < leastDrag)) return;
    setMoved(spanOf(hold, xIn(event), strip));
  };
  const end = (): void => {
    if (moved !== null) onSpan(moved);
    setHold(null);
    setMoved(null);
  };
  const press = (grip: Grip, event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      PageDown: -10,
      PageUp: 10,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    // A window moves by a quarter of itself, an end by a fiftieth of all.
    const unit = grip === "window" ? (span.toAt - span.fromAt) / 4 : (strip.toAt - strip.fromAt) / 50;
    onSpan(dragged(span, grip, step * unit, strip));
  };
  const handle = (grip: Grip, at: number) => ({
    "data-grip": grip,
    role: "slider",
    tabIndex: 0,
    "aria-label": t(`explorer.overview.${grip}`),
    "aria-valuemin": strip.fromAt,
    "aria-valuemax": strip.toAt,
    "aria-valuenow": Math.min(Math.max(at, strip.fromAt), strip.toAt),
    "aria-valuetext": formatInstant(at, zone, language),
    onKeyDown: (event: KeyboardEvent) => press(grip, event),
  });
  return (
    <div className={styles.overview} role="group" aria-label={t("explorer.overview.title", { title })}>
      <div
        className={styles.strip}
        style={{ height, marginInline: `${left * scale}px ${right * scale}px` }}
        onPointerDown={start}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={() => {
          setHold(null);
          setMoved(null);
        }}
      >
        <svg width={strip.width} height={height} aria-hidden="true">
          <path d={envelopePath(overview.points, strip, height)} />
        </svg>
        <div className={styles.beyond} style={{ left: 0, width: x0 }} />
        <div className={styles.beyond} style={{ left: x1, right: 0 }} />
        <div className={styles.shown} style={{ left: x0, width: Math.max(x1 - x0, 2) }} />
        <div
          className={styles.window}
          style={{ left: middle - half, width: 2 * half }}
          {...handle("window", shown.fromAt)}
        />
        <div
          className={styles.end}
          style={{ right: strip.width - middle + half }}
          {...handle("from", shown.fromAt)}
        />
        <div className={styles.end} style={{ left: middle + half }} {...handle("to", shown.toAt)} />
      </div>
      <div className={styles.ticks} style={{ height: foot * scale, marginInlineStart: left * scale }}>
        {ticks.at.filter(isWhole).map((at) => (
          <span key={at} style={{ left: pixelOf(strip, at) }} aria-hidden="true">
            {formatTick(at, ticks.unit, zone, language)}
          </span>
        ))}
      </div>
    </div>
  );
}

function spanOf({ grip, x, before }: Hold, to: number, strip: Strip): TimeSpan {
  const [a, b] = [instantOf(strip, x), instantOf(strip, to)];
  if (grip !== "draw") return dragged(before, grip, b - a, strip);
  return { fromAt: Math.min(a, b), toAt: Math.max(a, b) };
}
