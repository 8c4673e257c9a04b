/** The map of the city: the bridge to MapLibre and deck.gl, and the only file that knows MapLibre. */

import { MapboxOverlay } from "@deck.gl/mapbox";
import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { AreaCollection } from "../../shared/areas.ts";
import type { Language, Settings } from "../../shared/city.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { Kind } from "../../shared/kinds.ts";
import type { SceneMap } from "../../shared/wall.ts";
import { moment } from "../live/city-clock.ts";
import { store, useCity, useGroups } from "../live/store.ts";
import { useWords } from "../words/words.ts";
import { AreaNames } from "./area-names.ts";
import {
  basemapTileSize,
  groundStyle,
  hatchImage,
  labelFonts,
  shadeColor,
  unknownFilter,
  type Ground,
} from "./basemap-style.ts";
import styles from "./city-map.module.css";
import { EntityList } from "./entity-list.tsx";
import { pmtilesProtocol, useBasemap } from "./basemap-source.ts";
import { useAreas } from "./ground-data.ts";
import { nextFrameMs } from "./glide.ts";
import { LiveThings } from "./live-things.ts";
import { MapLegend } from "./map-legend.tsx";
import { rampOf, useMapTokens, type MapTokens } from "./map-tokens.ts";
import { noBleed, paddingFor, returnAfterMs, scaleOf, type Bleed } from "./map-view.ts";
import {
  onCentre,
  onSelection,
  pointAt,
  pointedId,
  select,
  selectedId,
  showList,
  useListShown,
} from "./selection.ts";
import { shadeAreas, type Shade } from "./shade.ts";
import type { SymbolColumns } from "./symbol-columns.ts";
import { SymbolLayer } from "./symbol-layer.ts";
import { atlas, crowdFactor, drawAtlas, symbolNames, symbolScale } from "./symbols.ts";
import { WarningLabels } from "./warning-labels.ts";
import { warningAreas, warningFeatures, type WarningArea } from "./warnings.ts";

maplibregl.setWorkerUrl(workerUrl);
maplibregl.addProtocol("pmtiles", pmtilesProtocol);

/** CSS pixels of the world at zoom 0. */
const worldTile = 512;
const agesEveryMs = 5_000;
/** All frames of one tick of the city arrive within this. */
const gatherMs = 60;

interface Props {
  readonly map: SceneMap;
  /** A map that is not seen stays, and draws nothing. */
  readonly isShown: boolean;
  /** How far the canvas reaches under the face's columns. */
  readonly bleed?: Bleed;
}

/** All symbols in one picture, drawn for a number of device pixels per u. */
interface Atlas {
  readonly canvas: HTMLCanvasElement;
  readonly pixelsPerU: number;
}

type Trouble = "no-webgl" | "lost" | null;

export function CityMap({ map, isShown, bleed = noBleed }: Props) {
  const { t, text } = useWords();
  const city = useCity();
  const ground = useRef<HTMLDivElement>(null);
  const bridge = useRef<MapBridge | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const { style, shade } = useGround(map);
  const isListShown = useListShown();
  const bounds = city?.settings.bounds ?? null;
  const title = city ? t("map.label", { city: text(city.settings.title) }) : "";

  // One map per attempt and city, which outlives the scenes; all else is told to the living map below.
  const layers = map.layers.join(" ");
  useEffect(() => {
    if (!ground.current || bounds === null) return;
    const made = makeBridge(ground.current, bounds);
    bridge.current = made;
    setTrouble(made === null ? "no-webgl" : null);
    if (made === null) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    made.onLost = () => {
      setTrouble("lost");
      timer = setTimeout(() => setAttempt((one) => one + 1), 1_000);
    };
    return () => {
      clearTimeout(timer);
      bridge.current = null;
      made.destroy();
    };
  }, [attempt, bounds]);
  useEffect(() => {
    bridge.current?.setKinds(layers.split(" ") as Kind[], isShown);
  }, [layers, isShown, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setGround(style);
  }, [style, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setShade(shade);
  }, [shade, attempt, bounds]);
  useEffect(() => {
    bridge.current?.setView(isListShown ? besideList(bleed) : bleed, style.scale, title);
  }, [bleed, isListShown, style.scale, title, attempt, bounds]);

  return (
    <div className={styles.map}>
      <div className={styles.ground} ref={ground} style={bleedStyle(bleed)} hidden={trouble === "no-webgl"} />
      <div className={styles.over} hidden={isListShown && trouble !== "no-webgl"}>
        <MapLegend map={map} shade={shade} />
      </div>
      {trouble !== "no-webgl" && <ListBeside kinds={map.layers} />}
      {trouble === "lost" && <p className={styles.trouble}>{t("map.restoring")}</p>}
      {trouble === "no-webgl" && (
        <div className={styles.instead}>
          <p>{t("map.noWebGl")}</p>
          <EntityList kinds={map.layers} />
        </div>
      )}
      {style.basemap !== null && <p className={styles.attribution}>{city?.settings.basemap?.attribution}</p>}
    </div>
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

/** Everything the ground is drawn from, as one value that changes only when the drawing does. */
function useGround(map: SceneMap): { style: Ground; shade: Shade | null } {
  const { language } = useWords();
  const city = useCity();
  const tokens = useMapTokens();
  const scale = useScale();
  const level = map.shade?.level ?? city?.areaLevels[0]?.level ?? null;
  const areas = useAreas(level);
  const basemap = useBasemap((city?.settings.basemap ?? null) !== null);
  const shade = useShade(map, areas);
  const style = useMemo(
    () => ({ tokens, language, scale, basemap, areas, shade: null, warnings: [] }),
    [tokens, language, scale, basemap, areas],
  );
  return { style, shade };
}

function useShade(map: SceneMap, areas: AreaCollection | null): Shade | null {
  const { indicator, level } = map.shade ?? { indicator: "", level: "" };
  const groups = useGroups(indicator, `area.${level}`);
  return useMemo(() => {
    if (indicator === "" || areas === null) return null;
    const readings = groups.map(({ name, reading }) => ({ id: name, value: reading.value }));
    return shadeAreas(
      areas.features.map(({ properties }) => properties.id),
      readings,
    );
  }, [indicator, areas, groups]);
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

function makeBridge(element: HTMLElement, bounds: Settings["bounds"]): MapBridge | null {
  try {
    if (!document.createElement("canvas").getContext("webgl2")) return null;
    return new MapBridge(element, bounds);
  } catch {
    // MapLibre throws when the browser has WebGL 2 by name only.
    return null;
  }
}

/** Owns one MapLibre map and its deck.gl overlay. Draws when something changed or glides, else stands still. */
class MapBridge {
  onLost: () => void = () => undefined;
  readonly #map: maplibregl.Map;
  readonly #overlay: MapboxOverlay;
  #things: LiveThings;
  readonly #names: AreaNames;
  readonly #labels: WarningLabels;
  readonly #bounds: Settings["bounds"];
  readonly #stops: (() => void)[] = [];
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  #tokens: MapTokens | null = null;
  #shade: Shade | null = null;
  #language: Language = "en";
  #warnings: readonly WarningArea[] = [];
  /** What the warnings' words and outlines were last drawn from. */
  #warned = "";
  #scale = 1;
  #bleed: Bleed = noBleed;
  #atlas: Atlas | null = null;
  #frame: { readonly timer: ReturnType<typeof setTimeout>; readonly dueMs: number } | null = null;
  #return: ReturnType<typeof setTimeout> | undefined;
  #styleAsked = 0;
  #destroyed = false;

  constructor(element: HTMLElement, bounds: Settings["bounds"]) {
    this.#bounds = bounds;
    this.#map = new maplibregl.Map({
      container: element,
      style: { version: 8, sources: {}, layers: [] },
      bounds: [...bounds],
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxPitch: 0,
      renderWorldCopies: false,
      fadeDuration: 0,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    // Two canvases: a glide redraws the symbols alone, the ground stands still.
    // A symbol is a picture with soft edges: smoothing it once more costs a processor that draws twice the time.
    const deviceProps = { type: "webgl", webgl: { antialias: false } } as const;
    this.#overlay = new MapboxOverlay({ interleaved: false, layers: [], deviceProps });
    this.#map.addControl(this.#overlay);
    this.#names = new AreaNames(element, styles.names ?? "");
    this.#labels = new WarningLabels(element, styles.warnings ?? "");
    this.#things = this.#follow([]);
    this.#listen(element);
    this.#draw(0);
  }

  destroy(): void {
    this.#destroyed = true;
    clearTimeout(this.#frame?.timer);
    clearTimeout(this.#return);
    for (const stop of this.#stops) stop();
    this.#things.stop();
    this.#names.remove();
    this.#labels.remove();
    this.#map.remove();
  }

  /** The kinds that are drawn, none while the map is not seen. */
  setKinds(kinds: readonly Kind[], isShown: boolean): void {
    this.#things.stop();
    this.#things = this.#follow(isShown ? kinds : []);
    if (isShown) this.#draw(0);
  }

  #follow(kinds: readonly Kind[]): LiveThings {
    const [west, south, east, north] = this.#bounds;
    const middle = [(west + east) / 2, (south + north) / 2] as const;
    return new LiveThings(store, kinds, middle, () => this.#draw(gatherMs));
  }

  /** Draws the ground anew; the labels wait for their fonts. */
  setGround(ground: Ground): void {
    const asked = ++this.#styleAsked;
    this.#tokens = ground.tokens;
    this.#scale = ground.scale;
    this.#language = ground.language;
    this.#warned = "";
    this.#atlas = null;
    this.#draw(0);
    void loadLabelFonts(ground).then(() => {
      if (this.#destroyed || asked !== this.#styleAsked) return;
      this.#map.setStyle(groundStyle({ ...ground, shade: this.#shade, warnings: this.#warnings }), {
        diff: true,
      });
      this.#addHatch(ground);
      this.#deepenTiles(ground.scale);
      this.#names.write(ground.areas, ground.language);
      this.#placeNames();
    });
  }

  setShade(shade: Shade | null): void {
    this.#shade = shade;
    if (!this.#tokens || !this.#map.getLayer("area-shade")) return;
    this.#map.setPaintProperty("area-shade", "fill-color", shadeColor(shade, rampOf(this.#tokens)));
    this.#map.setFilter("area-unknown", unknownFilter(shade));
  }

  setView(bleed: Bleed, scale: number, title: string): void {
    this.#bleed = bleed;
    this.#scale = scale;
    this.#map.getCanvas().setAttribute("aria-label", title);
    this.#map.resize();
    this.#fit(false);
  }

  #listen(element: HTMLElement): void {
    const map = this.#map;
    // For who watches from outside, as the benchmark of a cold start does.
    map.once("load", () => element.setAttribute("data-drawn", "true"));
    map.on("zoom", () => this.#draw(0));
    map.on("move", () => this.#placeNames());
    map.on("moveend", ({ originalEvent }: { originalEvent?: unknown }) => {
      if (originalEvent !== undefined) this.#returnLater();
    });
    map.on("resize", () => this.#fit(false));
    map.on("click", (event) => select(this.#thingAt(event.point)?.id ?? null));
    map.on("mousemove", (event) => this.#point(this.#thingAt(event.point)));
    map.on("mouseout", () => this.#point(null));
    map.on("webglcontextlost", () => this.onLost());
    const lost = (): void => this.onLost();
    // deck.gl makes its canvas when it starts; the event is seen on the way down to it.
    element.addEventListener("webglcontextlost", lost, { capture: true });
    const ages = setInterval(() => {
      if (this.#things.age() || this.#warnings.length > 0) this.#draw(0);
    }, agesEveryMs);
    this.#stops.push(
      () => clearInterval(ages),
      () => element.removeEventListener("webglcontextlost", lost, { capture: true }),
      onSelection(() => this.#draw(0)),
      onCentre((id) => this.#centre(id)),
    );
  }

  #fit(smoothly: boolean): void {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    const padding = paddingFor(this.#bleed, this.#scale, clientWidth, clientHeight);
    const gently = smoothly && !this.#stillness.matches;
    this.#map.fitBounds([...this.#bounds], {
      padding: { ...padding },
      animate: gently,
      duration: gently ? 800 : 0,
    });
  }

  #placeNames(): void {
    const zoom = this.#map.getZoom() - Math.log2(this.#scale);
    this.#names.place((place) => this.#map.project(place), zoom, this.#scale, this.#placeWarnings());
  }

  #placeWarnings() {
    const { clientWidth: width, clientHeight: height } = this.#map.getContainer();
    const { top, right, bottom, left } = paddingFor(this.#bleed, this.#scale, width, height);
    // The attribution's line at the foot stays free.
    const view = { left, top, right: width - right, bottom: height - Math.max(bottom, 34 * this.#scale) };
    return this.#labels.place((place) => this.#map.project(place), view, 8 * this.#scale);
  }

  /** Draws the areas of warnings when they, their end or the words for them changed. */
  #drawWarnings(now: number | null): void {
    const { rows, version } = store.entities("CapAlert");
    const warnings = this.#things.kinds.includes("CapAlert")
      ? warningAreas(rows.values(), now, this.#language)
      : [];
    const drawn = `${this.#language} ${version} ${warnings.map(({ id }) => id).join(" ")}`;
    if (drawn === this.#warned) return;
    this.#warned = drawn;
    this.#warnings = warnings;
    const source = this.#map.getSource("warnings");
    if (source instanceof maplibregl.GeoJSONSource) void source.setData(warningFeatures(warnings));
    this.#labels.write(warnings, this.#language, store.city?.settings.zone ?? "UTC", now);
    this.#placeNames();
  }

  #returnLater(): void {
    clearTimeout(this.#return);
    this.#return = setTimeout(() => this.#fit(true), returnAfterMs);
  }

  #centre(id: string): void {
    const position = this.#things.find(id)?.position;
    if (!position) return;
    const zoom = Math.max(this.#map.getZoom(), 13.5 + Math.log2(this.#scale));
    this.#map.easeTo({ center: [...position], zoom, animate: !this.#stillness.matches, duration: 500 });
    this.#returnLater();
  }

  #thingAt(point: { x: number; y: number }): EntityRow | null {
    return this.#things.nearest((lon, lat) => this.#map.project([lon, lat]), point, 12 * this.#scale);
  }

  #point(row: EntityRow | null): void {
    this.#map.getCanvas().style.cursor = row ? "pointer" : "";
    pointAt(row?.id ?? null);
  }

  /** Draws the live things in `delayMs` or sooner, once, however often it is asked for. */
  #draw(delayMs: number): void {
    const dueMs = performance.now() + delayMs;
    if (this.#frame !== null && this.#frame.dueMs <= dueMs) return;
    clearTimeout(this.#frame?.timer);
    const timer = setTimeout(() => {
      this.#frame = null;
      this.#drawNow();
    }, delayMs);
    this.#frame = { timer, dueMs };
  }

  #drawNow(): void {
    if (this.#tokens === null || this.#destroyed) return;
    const nowMs = performance.now();
    const now = store.cityNow(moment());
    this.#things.refresh({ now, nowMs, steps: this.#stillness.matches });
    this.#drawWarnings(now);
    const scale = symbolScale(this.#map.getZoom(), this.#scale);
    const crowded = crowdFactor(this.#things.covered * scale ** 2, this.#groundPixels());
    const pixelsPerU = scale * crowded * devicePixelRatio;
    const look = { image: this.#currentAtlas(this.#tokens, pixelsPerU), pixelsPerU, nowMs };
    const layers = this.#things.kinds.flatMap((kind) => {
      const columns = this.#things.columns(kind);
      return columns && columns.length > 0 ? [new SymbolLayer({ id: `live-${kind}`, columns, ...look })] : [];
    });
    const rings = this.#ringed().map(({ id, position }) => {
      const columns = ringColumns(position, nowMs);
      return new SymbolLayer({ id: `ring-${id}`, columns, ...look, pixelsPerU: scale * devicePixelRatio });
    });
    this.#overlay.setProps({ layers: [...layers, ...rings] });
    const { motion } = this.#things;
    const pixelsPerDegree = ((worldTile * 2 ** this.#map.getZoom()) / 360) * devicePixelRatio;
    if (nowMs < motion.untilMs) this.#draw(nextFrameMs(motion, pixelsPerDegree));
  }

  /** How large the whole city is drawn, in square CSS pixels, however much of it is seen. */
  #groundPixels(): number {
    const [west, south, east, north] = this.#bounds;
    const [a, b] = [this.#map.project([west, south]), this.#map.project([east, north])];
    return Math.abs((b.x - a.x) * (b.y - a.y));
  }

  /** What is selected or pointed at. */
  #ringed(): readonly { readonly id: string; readonly position: readonly [number, number] }[] {
    const ids = new Set([selectedId(), pointedId()].filter((id) => id !== null));
    return Array.from(ids, (id) => ({ id, position: this.#things.find(id)?.position ?? null })).filter(
      (one): one is { id: string; position: readonly [number, number] } => one.position !== null,
    );
  }

  /**
   * The symbols for this theme and size, drawn again only when one of them changed: in whole twelfths of a pixel, so
   * that a slow zoom does not do it each frame.
   */
  #currentAtlas(tokens: MapTokens, wanted: number): HTMLCanvasElement {
    const pixelsPerU = Math.max(Math.round(wanted * 12) / 12, 1);
    if (this.#atlas?.pixelsPerU === pixelsPerU) return this.#atlas.canvas;
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(atlas.width * pixelsPerU);
    canvas.height = Math.ceil(atlas.height * pixelsPerU);
    const pen = canvas.getContext("2d");
    if (pen) drawAtlas(pen, canvas.width / atlas.width, tokens);
    this.#atlas = { canvas, pixelsPerU };
    return canvas;
  }

  #addHatch({ tokens, scale }: Ground): void {
    const image = hatch(tokens.edge, scale);
    if (this.#map.hasImage(hatchImage)) this.#map.removeImage(hatchImage);
    this.#map.addImage(hatchImage, image, { pixelRatio: devicePixelRatio });
  }

  #deepenTiles(scale: number): void {
    const source = this.#map.getSource("basemap");
    if (source instanceof maplibregl.VectorTileSource) source.tileSize = basemapTileSize(scale);
  }
}

function ringColumns(position: readonly [number, number], nowMs: number): SymbolColumns {
  return {
    length: 1,
    positions: Float64Array.from(position),
    anchor: position,
    places: new Float32Array(2),
    origins: new Float32Array(2),
    glides: new Float32Array(2),
    angles: new Float32Array(1),
    symbols: Uint8Array.of(symbolNames.indexOf("selected")),
    covered: 0,
    slots: new Uint32Array(1),
    epochMs: nowMs,
  };
}

/** A tile of slanted lines that meets itself on all sides. */
function hatch(ink: string, scale: number): ImageData {
  const size = Math.max(Math.round(9 * scale * devicePixelRatio), 4);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d")!;
  pen.strokeStyle = ink;
  pen.globalAlpha = 0.6;
  pen.lineWidth = size / 9;
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift - 1, size + 1);
    pen.lineTo(shift + size + 1, -1);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}

/** MapLibre draws a label's letters once, with whatever font is there: have it there, or go on after two seconds. */
async function loadLabelFonts({ areas, language }: Ground): Promise<void> {
  const text = areas?.features.map(({ properties }) => properties.name[language]).join("") ?? "";
  const loads = labelFonts.map((font) => document.fonts.load(`400 16px "${font}"`, text || "A"));
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, 2_000);
  });
  await Promise.race([Promise.allSettled(loads), late]);
}
