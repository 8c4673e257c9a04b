/** "On the map": every kind with its symbol, how many there are and how old the word of them is. */

import { useDeferredValue, useMemo } from "react";
import type { Kind } from "../../shared/kinds.ts";
import type { SceneMap } from "../../shared/wall.ts";
import { useCity, useCityNow, useConnection, useEntities, useFeeds, useIndicator } from "../live/store.ts";
import { formatAge } from "../words/format-age.ts";
import { formatNumber } from "../words/format-number.ts";
import { useWords } from "../words/words.ts";
import { feedsOfKind, legendEntry, type LegendEntry } from "./legend.ts";
import type { WrittenShade } from "./shade.ts";
import { SymbolIcon } from "./symbol-icon.tsx";
import { kindSymbol } from "./symbols.ts";
import styles from "./map-legend.module.css";

interface Props {
  readonly map: SceneMap;
  readonly shade: WrittenShade | null;
  /** What is shaded, where that is not the figure itself. */
  readonly shadeTitle?: string | undefined;
}

export function MapLegend({ map, shade, shadeTitle }: Props) {
  const { t } = useWords();
  return (
    <section className={styles.legend} aria-label={t("map.legend.title")}>
      <div className={styles.head}>
        <div>
          <h2>{t("map.legend.title")}</h2>
          {map.layers.length > 0 && <span>{t("map.legend.countAge")}</span>}
        </div>
        {map.shade && shade && (
          <ShadeLegend indicatorId={map.shade.indicator} shade={shade} title={shadeTitle} />
        )}
      </div>
      {map.layers.length === 0 && map.shade === null && (
        <p className={styles.none}>{t("map.legend.noLayers")}</p>
      )}
      <ul className={styles.kinds}>
        {map.layers.map((kind) => (
          <KindRow key={kind} kind={kind} />
        ))}
      </ul>
    </section>
  );
}

const timedKinds: ReadonlySet<Kind> = new Set(["CapAlert", "WorkZone", "Situation"]);

function useLegendEntry(kind: Kind): LegendEntry {
  const entities = useEntities(kind);
  const { rows } = entities;
  // `rows` is the same map for ever; its version says that it changed. Counting thousands can wait for an idle moment.
  const version = useDeferredValue(entities.version);
  const city = useCity();
  const feeds = useFeeds();
  const now = useCityNow(1_000);
  const ids = useMemo(
    () => feedsOfKind(kind, version < 0 ? [] : rows.values(), city?.indicators ?? []),
    [kind, rows, version, city],
  );
  // What begins and ends by time alone is counted each second, all else when it changes.
  const countedAt = timedKinds.has(kind) ? now : null;
  const entry = useMemo(
    () =>
      legendEntry(
        kind,
        version < 0 ? new Map() : rows,
        feeds.filter(({ id }) => ids.has(id)),
        countedAt,
      ),
    [kind, rows, version, feeds, ids, countedAt],
  );
  const oldest = feeds.reduce<number | null>(
    (at, { id, observedAt }) =>
      ids.has(id) && observedAt !== null ? Math.min(at ?? observedAt, observedAt) : at,
    null,
  );
  if (entities.isNotRecorded) return { kind, count: null, state: "not-recorded", ageSeconds: null };
  return { ...entry, ageSeconds: now === null || oldest === null ? null : Math.max(now - oldest, 0) / 1_000 };
}

function KindRow({ kind }: { kind: Kind }) {
  const { t, language } = useWords();
  const entry = useLegendEntry(kind);
  const isLost = useConnection().state === "disconnected";
  const doubt = isLost || entry.state === "stale" || entry.state === "down";
  const age = entry.ageSeconds === null ? "" : formatAge(entry.ageSeconds, language);
  return (
    <li className={styles.kind} data-doubt={doubt}>
      <SymbolIcon name={kindSymbol(kind, doubt ? "stale" : "fresh")} />
      <span>{t(`map.kinds.${kind}`)}</span>
      <span className={styles.count}>
        {entry.count === null ? "—" : formatNumber(entry.count, 0, language)}
      </span>
      <span className={styles.age}>{stateInWords(entry, t, age)}</span>
    </li>
  );
}

function stateInWords(entry: LegendEntry, t: ReturnType<typeof useWords>["t"], age: string) {
  switch (entry.state) {
    case "fresh":
      return age;
    case "stale":
      return <b>{t("map.legend.stale", { age })}</b>;
    case "down":
      return <b>{t("map.legend.down")}</b>;
    case "waiting":
      return t("map.legend.waiting");
    case "none":
      return t("map.legend.noFeed");
    case "not-recorded":
      return t("map.legend.notRecorded");
  }
}

/** The ramp with the numbers between its steps, and the hatch when some area is unknown. */
function ShadeLegend(props: { indicatorId: string; shade: WrittenShade; title: string | undefined }) {
  const { indicatorId, shade, title } = props;
  const { t, text } = useWords();
  const indicator = useIndicator(indicatorId);
  if (indicator === null) return null;
  const figures = [...shade.bounds, shade.top].map(shade.write);
  return (
    <div className={styles.shade}>
      <span>
        {title ?? text(indicator.title)}
        {shade.unit !== "" && (
          <span>
            {t("map.list.and")}
            {shade.unit}
          </span>
        )}
      </span>
      {shade.bounds.length > 0 && (
        <span className={styles.ramp} data-ramp={shade.ramp}>
          {shade.bounds.map((bound, step) => (
            <span key={bound} className={styles.step} data-step={step + 1}>
              {figures[step]}
            </span>
          ))}
          <span className={styles.step}>{figures.at(-1)}</span>
        </span>
      )}
      {shade.unknown.length > 0 && (
        <span className={styles.unknown}>
          <span className={styles.hatch} aria-hidden="true" />
          {t("map.legend.unknown", { count: shade.unknown.length })}
        </span>
      )}
    </div>
  );
}
