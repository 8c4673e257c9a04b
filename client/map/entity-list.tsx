/**
 * The map's things as a list: the same things in words, for those who cannot or would rather not use the map. One tab
 * per kind, newest first; arrows move, Enter brings the thing to the middle of the map. Only the rows in sight are in
 * the page, so that 20,000 things scroll like 20.
 */

import { useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { feedOfEntityId } from "../../shared/entity.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { Kind } from "../../shared/kinds.ts";
import { store, useCityNow, useEntities, useFeeds } from "../live/store.ts";
import { formatAge } from "../words/format-age.ts";
import { formatNumber } from "../words/format-number.ts";
import { useWords } from "../words/words.ts";
import { beganAt, newestFirst, placeOf, stateOf, titleOf } from "./entity-rows.ts";
import styles from "./entity-list.module.css";
import { visibleRange } from "./row-window.ts";
import { useScroll } from "./use-scroll.ts";
import { centreOn, pointAt, select, usePointedId, useSelectedId } from "./selection.ts";
import { SymbolIcon } from "./symbol-icon.tsx";
import { kindSymbol, symbolOf } from "./symbols.ts";

export function EntityList({ kinds }: { kinds: readonly Kind[] }) {
  const { t } = useWords();
  const selected = useSelectedId();
  const [chosen, setChosen] = useState<Kind | null>(null);
  const ofSelection = kinds.find((kind) => selected?.split("/")[1] === kind);
  const kind = chosen ?? ofSelection ?? kinds[0];
  const id = useId();
  if (kind === undefined) return <p className={styles.empty}>{t("map.legend.noLayers")}</p>;
  return (
    <section className={styles.list} aria-label={t("map.list.title")}>
      <KindTabs kinds={kinds} shown={kind} panel={id} onShow={setChosen} />
      <KindPanel key={kind} kind={kind} id={id} />
    </section>
  );
}

interface TabsProps {
  readonly kinds: readonly Kind[];
  readonly shown: Kind;
  readonly panel: string;
  readonly onShow: (kind: Kind) => void;
}

/** WAI-ARIA tabs: one stop for Tab, arrows choose. */
function KindTabs({ kinds, shown, panel, onShow }: TabsProps) {
  const { t } = useWords();
  const tabs = useRef(new Map<Kind, HTMLButtonElement>());
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const next = kinds[(kinds.indexOf(shown) + step + kinds.length) % kinds.length]!;
    onShow(next);
    tabs.current.get(next)?.focus();
  };
  return (
    <div className={styles.tabs} role="tablist" aria-label={t("map.list.kinds")}>
      {kinds.map((kind) => (
        <button
          key={kind}
          type="button"
          role="tab"
          className={styles.tab}
          ref={(tab) => {
            if (tab) tabs.current.set(kind, tab);
          }}
          aria-selected={kind === shown}
          aria-controls={panel}
          tabIndex={kind === shown ? 0 : -1}
          onClick={() => onShow(kind)}
          onKeyDown={onKeyDown}
        >
          <SymbolIcon name={kindSymbol(kind)} />
          {t(`map.kinds.${kind}`)}
        </button>
      ))}
    </div>
  );
}

function KindPanel({ kind, id }: { kind: Kind; id: string }) {
  const { t, language } = useWords();
  const { rows, version, refused, isNotRecorded } = useEntities(kind);
  const now = useCityNow(60_000);
  // `rows` is the same map for ever; its version says that it changed.
  const things = useMemo(() => (version < 0 ? [] : newestFirst(rows.values(), now)), [rows, version, now]);
  const count = formatNumber(things.length, 0, language);
  return (
    <div className={styles.panel} role="tabpanel" id={id} aria-label={t(`map.kinds.${kind}`)}>
      {things.length === 0 ? (
        <p className={styles.empty}>
          {isNotRecorded
            ? t("map.notRecorded", { kinds: t(`map.kinds.${kind}`) })
            : t(refused === null ? "map.list.empty" : "map.list.refused", { kind: t(`map.kinds.${kind}`) })}
        </p>
      ) : (
        <>
          <p className={styles.count}>{t("map.list.count", { count: things.length, figure: count })}</p>
          <ThingList kind={kind} things={things} />
        </>
      )}
    </div>
  );
}

function ThingList({ kind, things }: { kind: Kind; things: readonly EntityRow[] }) {
  const { t } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const selected = useSelectedId();
  const [active, setActive] = useState<string | null>(null);
  const [scroll, setScroll] = useState({ top: 0, height: 600, row: 50 });
  const index = useMemo(
    () => things.findIndex((row) => row.id === (active ?? selected)),
    [things, active, selected],
  );

  useScroll(box, (element) => {
    const row = element.querySelector<HTMLElement>("[role=option]")?.offsetHeight ?? 50;
    setScroll({ top: element.scrollTop, height: element.clientHeight, row });
  });

  const moveTo = (next: number): void => {
    const row = things[Math.min(Math.max(next, 0), things.length - 1)];
    if (!row) return;
    setActive(row.id);
    pointAt(row.id);
    showRow(box.current, things.indexOf(row), scroll.row);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(Math.floor(scroll.height / scroll.row) - 1, 1);
    const steps: Partial<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index < 0 ? 0 : index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: things.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined && event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (next !== undefined) moveTo(next);
    else if (event.key === "Escape") select(null);
    else if (things[index]) centreOn(things[index].id);
  };
  const { first, last } = visibleRange(scroll, things.length);
  return (
    <div
      ref={box}
      className={styles.things}
      role="listbox"
      tabIndex={0}
      aria-label={t(`map.kinds.${kind}`)}
      aria-activedescendant={index >= first && index < last ? `${id}-${index}` : undefined}
      onKeyDown={onKeyDown}
      onBlur={() => pointAt(null)}
    >
      <div role="presentation" style={{ height: first * scroll.row }} />
      {things.slice(first, last).map((row, i) => (
        <Thing
          key={row.id}
          row={row}
          id={`${id}-${first + i}`}
          position={first + i}
          total={things.length}
          isActive={first + i === index}
        />
      ))}
      <div role="presentation" style={{ height: (things.length - last) * scroll.row }} />
    </div>
  );
}

/** Scrolls as little as needed for a row to be in sight. */
function showRow(box: HTMLElement | null, index: number, height: number): void {
  if (!box) return;
  if (index * height < box.scrollTop) box.scrollTop = index * height;
  else if ((index + 1) * height > box.scrollTop + box.clientHeight)
    box.scrollTop = (index + 1) * height - box.clientHeight;
}

interface ThingProps {
  readonly row: EntityRow;
  readonly id: string;
  readonly position: number;
  readonly total: number;
  readonly isActive: boolean;
}

function Thing({ row, id, position, total, isActive }: ThingProps) {
  const { language, t } = useWords();
  const now = useCityNow(1_000);
  const feeds = useFeeds();
  const selected = useSelectedId();
  const pointed = usePointedId();
  const feedId = feedOfEntityId(row.id);
  const feed = feeds.find((one) => one.id === feedId)?.status ?? store.feed(feedId)?.status ?? "fresh";
  const at = beganAt(row);
  const age = at === null || now === null ? t("map.list.noTime") : formatAge((now - at) / 1_000, language);
  return (
    // Keys are the list's: the options are never focused themselves (aria-activedescendant).
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      className={styles.thing}
      aria-selected={row.id === selected}
      aria-posinset={position + 1}
      aria-setsize={total}
      data-active={isActive || row.id === pointed}
      onClick={() => centreOn(row.id)}
      onMouseEnter={() => pointAt(row.id)}
      onMouseLeave={() => pointAt(null)}
    >
      <SymbolIcon name={symbolOf(row, now, feed)} />
      <span className={styles.title}>{titleOf(row, language)}</span>
      <span className={styles.age}>{age}</span>
      <span className={styles.place}>{placeOf(row, language)}</span>
      <span className={styles.state}>{stateOf(row, now, feed, language)}</span>
    </div>
  );
}
