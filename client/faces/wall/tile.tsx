import { memo, useMemo, type ReactNode } from "react";
import type { Language } from "../../../shared/city.ts";
import type { Reading } from "../../../shared/protocol.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import {
  useCity,
  useCityNow,
  useConnection,
  useFeedsOf,
  useIndicator,
  useNote,
  useReading,
  type Indicator,
} from "../../live/store.ts";
import { useTrend, type Point } from "../../live/trends.ts";
import { Shape, type ShapeName } from "../../look/shapes.tsx";
import { ageAgainstLimit, formatAge } from "../../words/format-age.ts";
import { formatTime } from "../../words/format-time.ts";
import { formatTarget, formatValue, gapInWords, valueInWords } from "../../words/format-value.ts";
import { useWords, type UsedWords, type WordKey } from "../../words/words.ts";
import { tileState, type DataState, type TileState } from "./tile-state.ts";
import styles from "./tile.module.css";

const minute = 60_000;
const trendMinutes = 360;
/** In a second a line of six hours does not move by a pixel. */
const trendStepMs = 15_000;
const sparkSize = { width: 138, height: 34 };

interface TileProps {
  readonly id: string;
  /** Name and value only; the rest is in the panel. */
  readonly compact: boolean;
  readonly onOpen: (id: string) => void;
}

/** One figure: what it is, how old, whose, its last six hours, its value and how that compares with the target. */
export const Tile = memo(function Tile({ id, compact, onOpen }: TileProps) {
  const words = useWords();
  const indicator = useIndicator(id);
  if (indicator === null)
    return (
      <p className={styles.unknown}>
        <Shape name="no-data" /> {words.t("faces.panel.unknown", { id })}
      </p>
    );
  const Shown = compact ? CompactTile : FullTile;
  return <Shown indicator={indicator} onOpen={onOpen} />;
});

export function useTileState(indicator: Indicator): TileState {
  const reading = useReading(indicator.id);
  const now = useCityNow(1_000);
  const connected = useConnection().state === "connected";
  const feeds = useFeedsOf(indicator.feeds).filter((feed) => feed !== null);
  return tileState(now === null ? null : reading, indicator, feeds, now ?? 0, connected);
}

/** The figure alone, with the shape of its state. */
function CompactTile({ indicator, onOpen }: { indicator: Indicator; onOpen: (id: string) => void }) {
  const words = useWords();
  const state = useTileState(indicator);
  const tag = tags[state.data];
  const shape = tag?.shape ?? state.off;
  return (
    <button
      type="button"
      className={styles.compact}
      data-data={state.data}
      data-indicator={indicator.id}
      onClick={() => onOpen(indicator.id)}
    >
      <span className={styles.name}>{words.text(indicator.title)}</span>
      <span className={styles.value}>
        {shape && <Shape name={shape} />} <Figure state={state} indicator={indicator} words={words} />
      </span>
      {/* The shape alone says nothing to who does not see it. */}
      <span className="visually-hidden">
        {tag ? words.t(tag.word) : gapOf(state, indicator, words.language)}
      </span>
    </button>
  );
}

function FullTile({ indicator, onOpen }: { indicator: Indicator; onOpen: (id: string) => void }) {
  const words = useWords();
  const reading = useReading(indicator.id);
  const toAt = useCityNow(trendStepMs) ?? 0;
  const points = useTrend(indicator.id, 60, trendMinutes);
  const owner = useOwner(indicator);
  const zone = useCity()?.settings.zone ?? "UTC";
  const state = useTileState(indicator);
  const note = useNote(indicator.id);
  const { target } = indicator;
  const frame = useMemo(
    () => ({ fromAt: toAt - trendMinutes * minute, toAt, ...sparkSize, bucketMs: minute, target }),
    [toAt, target],
  );
  return (
    <button
      type="button"
      className={styles.tile}
      data-data={state.data}
      data-off={state.off ?? undefined}
      data-indicator={indicator.id}
      onClick={() => onOpen(indicator.id)}
    >
      <span className={styles.name}>{words.text(indicator.title)}</span>
      <span className={styles.provenance}>
        <Provenance state={state} reading={reading} owner={owner} words={words} note={note?.text ?? null} />
      </span>
      <span className={styles.trend}>
        <Sparkline
          points={points}
          frame={frame}
          off={state.off}
          quiet={state.off === null && state.data !== "live" && state.data !== "late"}
        />
      </span>
      <span className={styles.value}>
        <Figure state={state} indicator={indicator} words={words} />
      </span>
      <span className={styles.comparison}>{comparison({ state, indicator, words, points, zone })}</span>
      <span className={styles.fuse} style={{ "--fuse": state.fuse ?? 0 }} data-some={state.fuse !== null} />
    </button>
  );
}

export function useOwner(indicator: Indicator): string {
  const { text } = useWords();
  const owner = useCity()?.departments.find((department) => department.id === indicator.department);
  return owner ? text(owner.title) : indicator.department;
}

/** Shape and tag of the states in which the value does not count. */
const tags: Partial<Record<DataState, { shape: ShapeName; word: WordKey; boxed: boolean }>> = {
  stale: { shape: "stale", word: "faces.wall.tagStale", boxed: true },
  down: { shape: "down", word: "faces.wall.tagDown", boxed: true },
  unlinked: { shape: "unlinked", word: "faces.wall.tagNoLink", boxed: true },
  "no-data": { shape: "no-data", word: "faces.wall.tagNoData", boxed: false },
  "not-recorded": { shape: "no-data", word: "faces.wall.tagNotRecorded", boxed: false },
};

/** Second line, left: `8 s · Transport`, or the state's shape and word with its age. */
export function Provenance(props: {
  state: TileState;
  reading: Reading | null;
  owner: string;
  words: UsedWords;
  /** What an operator says about it stands in its owner's place, who is in the panel. */
  note?: string | null;
  /** The owner has a line of its own, where a column is too narrow for all of it. */
  stacked?: boolean;
}) {
  const { state, reading, owner, words, note = null, stacked = false } = props;
  const { t, language } = words;
  const tag = tags[state.data];
  const age = state.ageSeconds === null ? null : formatAge(state.ageSeconds, language);
  const parts: ReactNode[] = [];
  if (state.data === "not-applicable") parts.push(t("faces.wall.notApplicable"));
  else if (state.data === "waiting") parts.push(t("faces.wall.waiting"));
  else if (age !== null && state.data !== "no-data" && state.data !== "not-recorded")
    parts.push(
      <span key="age" className={styles.age}>
        {age}
      </span>,
    );
  if (note !== null)
    parts.push(
      <span key="note" className={styles.note} title={note}>
        {words.t("faces.note.quoted", { text: note })}
      </span>,
    );
  else if (!stacked) parts.push(owner);
  // How good a value is matters while it counts.
  if (tag === undefined && (reading?.quality === "estimated" || reading?.quality === "partial"))
    parts.push(t(`quality.${reading.quality}`));
  return (
    <>
      {tag && (
        <span className={styles.tag} data-boxed={tag.boxed}>
          <Shape name={tag.shape} /> <b>{t(tag.word)}</b>{" "}
        </span>
      )}
      {parts.flatMap((part, i) => (i === 0 ? [part] : [" · ", part]))}
      {stacked && <span className={styles.owner}>{owner}</span>}
    </>
  );
}

function Figure({ state, indicator, words }: { state: TileState; indicator: Indicator; words: UsedWords }) {
  if (state.data === "waiting") return <Shape name="waiting" />;
  if (state.value === null) return <span className={styles.nothing}>—</span>;
  const { figure, unit } = formatValue(
    state.value,
    indicator.unit,
    words.language,
    indicator.target ?? state.value,
  );
  return (
    <>
      {figure}
      {unit !== "" && <span className={styles.unit}> {unit}</span>}
    </>
  );
}

/** How far a figure is off its target, in words; `null` when it is not. */
function gapOf({ value, off }: TileState, { target, unit }: Indicator, language: Language): string | null {
  return off === null || value === null || target === null ? null : gapInWords(value, target, unit, language);
}

/** Second line, right: the gap or the target; for what does not count, why. */
function comparison(facts: {
  state: TileState;
  indicator: Indicator;
  words: UsedWords;
  points: readonly Point[];
  zone: string;
}): ReactNode {
  const { state, indicator, words, points, zone } = facts;
  const { t, language } = words;
  const { target, unit, staleAfterSeconds } = indicator;
  switch (state.data) {
    case "live":
    case "late":
    case "unlinked":
      if (state.off !== null)
        return (
          <span className={styles.gap}>
            <Shape name={state.off} /> {gapOf(state, indicator, language)}
          </span>
        );
      return target === null
        ? null
        : t("faces.wall.target", { figure: formatTarget(target, unit, language, state.value ?? target) });
    case "stale":
    case "down": {
      if (state.value !== null && state.ageSeconds !== null)
        return ageAgainstLimit(state.ageSeconds, staleAfterSeconds, language);
      const last = points.findLast((point) => point.state === "fresh" && point.value !== null);
      if (last === undefined || last.value === null) return null;
      const value = valueInWords(last.value, unit, language, target ?? last.value);
      return t("faces.wall.last", { value, time: formatTime(last.at, zone, language) });
    }
    case "no-data":
      return t("feeds.waiting");
    case "not-applicable":
      return t("faces.wall.nothingCounted");
    case "not-recorded":
    case "waiting":
      return null;
  }
}
