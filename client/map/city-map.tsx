/** The map of the city with its legend and its list: tells the living map what to show, and says when there is none. */

import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { AreaCollection } from "../../shared/areas.ts";
import type { Settings } from "../../shared/city.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { SceneMap } from "../../shared/wall.ts";
import { useCity, useConnection, useGroups, useIndicator, useNotRecorded } from "../live/store.ts";
import type { Ramp } from "../look/ramps.ts";
import { useWords } from "../words/words.ts";
import type { AlarmMark } from "./alarm-marks.ts";
import { areasWithin } from "./area-shapes.ts";
import { useBasemap } from "./basemap-source.ts";
import type { Ground, Look } from "./basemap-style.ts";
import styles from "./city-map.module.css";
import type { Drawing } from "./drawn-outline.ts";
import { EntityList } from "./entity-list.tsx";
import { useAreas } from "./ground-data.ts";
import { makeBridge, type MapBridge } from "./map-bridge.ts";
import { MapLegend } from "./map-legend.tsx";
import { useMapTokens } from "./map-tokens.ts";
import { noBleed, scaleOf, type Bleed } from "./map-view.ts";
import { showList, useListShown } from "./selection.ts";
import { writtenShade, type AreaReading, type WrittenShade } from "./shade.ts";

interface Props {
  readonly map: SceneMap;
  /** A map that is not seen stays, and draws nothing. */
  readonly isShown: boolean;
  /** How far the canvas reaches under the face's columns. */
  readonly bleed?: Bleed;
  /** What the areas are shaded by instead of the figure's present values. */
  readonly shaded?: GivenShade;
  /** Alarms that are somewhere, the most urgent first. */
  readonly marks?: readonly AlarmMark[];
  /** What somebody draws over it. */
  readonly drawing?: Drawing | null;
}

export interface GivenShade {
  readonly readings: readonly AreaReading[];
  readonly ramp: Ramp;
  /** What the legend calls it; the figure's own name unless said. */
  readonly title?: string;
}

type Trouble = "no-webgl" | "lost" | null;

const noMarks: readonly AlarmMark[] = [];

export function CityMap({ map, isShown, bleed = noBleed, shaded, marks = noMarks, drawing = null }: Props) {
  const { t, text } = useWords();
  const city = useCity();
  const ground = useRef<HTMLDivElement>(null);
  const [legend, legendHeight] = useHeight();
  const bridge = useRef<MapBridge | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const look = useLook();
  const { ground: drawn, shade } = useGround(map, look, shaded);
  const isListShown = useListShown();
  const bounds = useSame(city?.settings.bounds ?? null);
  const title = city ? t("map.label", { city: text(city.settings.title) }) : "";

  // One map per attempt and city, which outlives the scenes; all else is told to the living map below.
  const layers = map.layers.join(" ");
  useEffect(() => {
    if (!ground.current || bounds === null) return;
    const made = makeBridge(ground.current, bounds);
    bridge.current = made;
    setTrouble(made === null ? "no-webgl" : null);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tryAgain = (afterMs: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setAttempt((one) => one + 1), afterMs);
    };
    // A browser whose graphics card failed refuses for a while: a wall that hangs alone must not stay without its map.
    if (made === null) tryAgain(60_000);
    else
      made.onLost = () => {
        setTrouble("lost");
        tryAgain(1_000);
      };
    return () => {
      clearTimeout(timer);
      bridge.current = null;
      made?.destroy();
    };
  }, [attempt, bounds]);
  useEffect(() => {
    bridge.current?.setKinds(layers.split(" ") as Kind[], isShown);
  }, [layers, isShown, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setLook(look);
  }, [look, attempt, bounds]);
  useEffect(() => {
    if (drawn !== null) bridge.current?.setGround(drawn);
  }, [drawn, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setShade(shade);
  }, [shade, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setMarks(marks);
  }, [marks, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setDrawing(drawing);
  }, [drawing, attempt, bounds]);
  const areas = drawn?.areas ?? null;
  useEffect(() => {
    if (bounds === null) return;
    const shown = areasWithin(areas, bounds);
    // Where the parts are not stacked the legend lies over the map, and the city keeps clear of it.
    const isUnder = ground.current !== null && getComputedStyle(ground.current).position === "absolute";
    const covered = isUnder ? { ...bleed, top: bleed.top + legendHeight / look.scale } : bleed;
    bridge.current?.setView(shown, isListShown ? besideList(covered) : covered, title);
  }, [areas, bleed, legendHeight, isListShown, look, title, attempt, bounds]);

  return (
    <div className={styles.map}>
      <div className={styles.ground} ref={ground} style={bleedStyle(bleed)} hidden={trouble === "no-webgl"} />
      <div className={styles.over} ref={legend} hidden={isListShown && trouble !== "no-webgl"}>
        <MapLegend map={map} shade={shade} shadeTitle={shaded?.title} />
      </div>
      {trouble !== "no-webgl" && map.layers.length > 0 && <ListBeside kinds={map.layers} />}
      <NotRecorded kinds={map.layers} />
      {trouble === "lost" && <p className={styles.trouble}>{t("map.restoring")}</p>}
      {trouble === "no-webgl" && (
        <div className={styles.instead}>
          <p>{t("map.noWebGl")}</p>
          <EntityList kinds={map.layers} />
        </div>
      )}
      {drawn?.basemap && <p className={styles.attribution}>{city?.settings.basemap?.attribution}</p>}
    </div>
  );
}

/** Why a map of the past shows none of some things, where nobody recorded them. */
function NotRecorded({ kinds }: { kinds: readonly Kind[] }) {
  const { t } = useWords();
  const missing = useNotRecorded(kinds);
  if (missing.length === 0) return null;
  const names = missing.map((kind) => t(`map.kinds.${kind}`)).join(t("map.list.kindsAnd"));
  return (
    <p className={styles.notRecorded} role="status">
      {t("map.notRecorded", { kinds: names })}
    </p>
  );
}

/** The list of the same things, opened and closed by a word at the map's edge; the address remembers it. */
function ListBeside({ kinds }: { kinds: readonly Kind[] }) {
  const { t } = useWords();
  const isShown = useListShown();
  const id = useId();
  return (
    <>
      <button
        type="button"
        className={styles.toggle}
        aria-expanded={isShown}
        aria-controls={id}
        onClick={() => showList(!isShown)}
      >
        {t(isShown ? "map.hideList" : "map.showList")}
      </button>
      <div className={styles.beside} id={id} hidden={!isShown}>
        {isShown && <EntityList kinds={kinds} />}
      </div>
    </>
  );
}

/** The city moves aside for the list, whose width `city-map.module.css` sets. */
function besideList(bleed: Bleed): Bleed {
  return bleed === noBleed ? bleed : { ...bleed, right: bleed.right + 460 };
}

function bleedStyle({ top, right, bottom, left }: Bleed): { inset: string } {
  return { inset: [top, right, bottom, left].map((u) => `${-u / 10}rem`).join(" ") };
}

/** The bounds as they were until they say something else: every new word of the city brings them as a new list. */
function useSame(bounds: Settings["bounds"] | null): Settings["bounds"] | null {
  const [kept, setKept] = useState(bounds);
  if (kept === bounds || kept?.join() === bounds?.join()) return kept;
  setKept(bounds);
  return bounds;
}

/** The height in CSS pixels of the element that the returned function is the `ref` of; 0 while it is not shown. */
function useHeight(): [ref: (element: HTMLElement | null) => void, height: number] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (element === null) return;
    const observer = new ResizeObserver(() => setHeight(element.offsetHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, height];
}

function useLook(): Look {
  const { language } = useWords();
  const tokens = useMapTokens();
  const scale = useScale();
  return useMemo(() => ({ tokens, language, scale }), [tokens, language, scale]);
}

/**
 * Everything the ground is drawn from, as one value that changes only when the drawing does; `null` until it is known
 * what there is to draw, because a second style throws away the work on the first.
 */
function useGround(
  map: SceneMap,
  look: Look,
  shaded: GivenShade | undefined,
): { ground: Ground | null; shade: WrittenShade | null } {
  const city = useCity();
  const level = map.shade?.level ?? city?.areaLevels[0]?.level ?? null;
  const areas = useAreas(level);
  const basemap = useBasemap((city?.settings.basemap ?? null) !== null);
  const shade = useShade(map, areas ?? null, shaded);
  const ground = useMemo(
    () =>
      areas === undefined || basemap === undefined
        ? null
        : { ...look, basemap, areas, shade: null, warnings: [], marks: [] },
    [look, basemap, areas],
  );
  return { ground, shade };
}

function useShade(
  map: SceneMap,
  areas: AreaCollection | null,
  given: GivenShade | undefined,
): WrittenShade | null {
  const { indicator: id, level } = map.shade ?? { indicator: "", level: "" };
  const groups = useGroups(id, `area.${level}`);
  const indicator = useIndicator(id);
  const isConnected = useConnection().state === "connected";
  const { language } = useWords();
  return useMemo(() => {
    if (indicator === null || areas === null) return null;
    // What no longer counts has a hatch and no colour.
    const now = groups.map(({ name, reading }) => ({
      id: name,
      value: isConnected && reading.state === "fresh" ? reading.value : null,
    }));
    const ids = areas.features.map(({ properties }) => properties.id);
    return writtenShade(ids, given?.readings ?? now, indicator.unit, language, given?.ramp);
  }, [indicator, areas, groups, given, isConnected, language]);
}

/** CSS pixels per u, measured again when the window changes. */
function useScale(): number {
  const [scale, setScale] = useState(readScale);
  useEffect(() => {
    const measure = (): void => setScale(readScale());
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  return scale;
}

function readScale(): number {
  return scaleOf(getComputedStyle(document.documentElement).fontSize);
}
