/** The bridge to MapLibre, and the only file that knows it: the ground, its areas and warnings, the view and the pointer. */

import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "./maplibre.css";
import type { Language, Settings } from "../../shared/city.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { Kind } from "../../shared/kinds.ts";
import { store } from "../live/store.ts";
import { markFeatures, markLabels, type AlarmMark } from "./alarm-marks.ts";
import { AreaNames } from "./area-names.ts";
import { landOf } from "./area-shapes.ts";
import { pmtilesProtocol } from "./basemap-source.ts";
import {
  basemapTileSize,
  groundStyle,
  hatchImage,
  labelFonts,
  shadeColor,
  unknownFilter,
  type Ground,
  type Look,
} from "./basemap-style.ts";
import styles from "./city-map.module.css";
import { DrawnOutline, type Drawing } from "./drawn-outline.ts";
import { MapLabels } from "./map-labels.ts";
import type { MapTokens } from "./map-tokens.ts";
import { noBleed, paddingFor, returnAfterMs, type Bleed } from "./map-view.ts";
import { onCentre, onSelection, pointAt, select } from "./selection.ts";
import type { Shade } from "./shade.ts";
import { SymbolCanvas } from "./symbol-canvas.ts";
import { SymbolDrawing } from "./symbol-drawing.ts";
import { warningLabels } from "./warning-labels.ts";
import { warningAreas, warningFeatures, type Box, type WarningArea } from "./warnings.ts";

maplibregl.setWorkerUrl(workerUrl);
maplibregl.addProtocol("pmtiles", pmtilesProtocol);
// The workers start while the page still waits for what they will work on.
maplibregl.prewarm();

const agesEveryMs = 5_000;
const placeAfterMs = 1_500;

/** `null` where the browser cannot draw a map. */
export function makeBridge(element: HTMLElement, bounds: Settings["bounds"]): MapBridge | null {
  try {
    return new MapBridge(element, bounds);
  } catch {
    // Both canvases throw without WebGL 2, and MapLibre also where the browser has it by name only.
    element.replaceChildren();
    return null;
  }
}

/** Owns one MapLibre map and the symbols over it. */
export class MapBridge {
  onLost: () => void = () => undefined;
  readonly #map: maplibregl.Map;
  /** The empty style is there: only then can another be drawn as what differs from it. */
  readonly #isStyled: Promise<unknown>;
  readonly #symbols: SymbolDrawing;
  readonly #names: AreaNames;
  readonly #labels: MapLabels;
  readonly #outline: DrawnOutline;
  #drawing: Drawing | null = null;
  #bounds: Settings["bounds"];
  readonly #stops: (() => void)[] = [];
  readonly #stillness = matchMedia("(prefers-reduced-motion: reduce)");
  #tokens: MapTokens | null = null;
  #shade: Shade | null = null;
  #language: Language = "en";
  #isLand: (place: readonly [number, number]) => boolean = () => false;
  #warnings: readonly WarningArea[] = [];
  #marks: readonly AlarmMark[] = [];
  /** What the warnings' words and outlines were last drawn from. */
  #warned = "";
  /** City time when the things were last drawn. */
  #now: number | null = null;
  #scale = 1;
  #bleed: Bleed = noBleed;
  #return: ReturnType<typeof setTimeout> | undefined;
  #placing: ReturnType<typeof setTimeout> | undefined;
  #styleAsked = 0;
  #destroyed = false;

  constructor(element: HTMLElement, bounds: Settings["bounds"]) {
    this.#bounds = bounds;
    // Two canvases: a glide redraws the symbols alone, the ground stands still.
    const canvas = new SymbolCanvas(element, styles.symbols ?? "");
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
    this.#isStyled = this.#map.once("style.load");
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#symbols = new SymbolDrawing(this.#map, canvas, bounds, this.#stillness);
    this.#symbols.onDrawn = (now) => this.#drawWarnings(now);
    this.#names = new AreaNames(element, styles.names ?? "");
    this.#labels = new MapLabels(element, styles.warnings ?? "");
    const { drawing = "", outline = "", drawn = "", middle = "" } = styles;
    this.#outline = new DrawnOutline(element, [drawing, outline, drawn, middle]);
    this.#listen(element);
  }

  destroy(): void {
    this.#destroyed = true;
    clearTimeout(this.#return);
    clearTimeout(this.#placing);
    for (const stop of this.#stops) stop();
    this.#symbols.stop();
    this.#names.remove();
    this.#labels.remove();
    this.#outline.remove();
    this.#map.remove();
  }

  /** The kinds that are drawn, none while the map is not seen. */
  setKinds(kinds: readonly Kind[], isShown: boolean): void {
    this.#symbols.setKinds(isShown ? kinds : []);
    if (isShown) this.#symbols.draw(0);
  }

  setLook({ tokens, scale, language }: Look): void {
    this.#tokens = tokens;
    this.#scale = scale;
    this.#language = language;
    this.#warned = "";
    this.#symbols.setLook(tokens, scale);
  }

  /** Draws the ground anew; the labels wait for their fonts. */
  setGround(ground: Ground): void {
    const asked = ++this.#styleAsked;
    void Promise.all([loadLabelFonts(ground), this.#isStyled]).then(() => {
      if (this.#destroyed || asked !== this.#styleAsked) return;
      this.#map.setStyle(
        groundStyle({ ...ground, shade: this.#shade, warnings: this.#warnings, marks: this.#marks }),
        { diff: true },
      );
      // For who watches from outside, as the benchmark of a cold start does.
      this.#map.once("idle", () => this.#map.getContainer().setAttribute("data-drawn", "true"));
      this.#addHatch(ground);
      this.#deepenTiles(ground.scale);
      this.#names.write(ground.areas, ground.language);
      this.#isLand = landOf(ground.areas);
      this.#placeNames();
    });
  }

  setShade(shade: Shade | null): void {
    this.#shade = shade;
    if (!this.#tokens || !this.#map.getLayer("area-shade")) return;
    this.#map.setPaintProperty("area-shade", "fill-color", shadeColor(shade, this.#tokens));
    this.#map.setFilter("area-unknown", unknownFilter(shade));
  }

  /** Alarms that are somewhere, the most urgent first. */
  setMarks(marks: readonly AlarmMark[]): void {
    this.#marks = marks;
    const source = this.#map.getSource("alarms");
    if (source instanceof maplibregl.GeoJSONSource) void source.setData(markFeatures(marks));
    this.#writeLabels();
  }

  /** What somebody draws over the map, and what they have drawn; the map stays where it is moved to meanwhile. */
  setDrawing(drawing: Drawing | null): void {
    this.#drawing = drawing;
    if (drawing !== null) clearTimeout(this.#return);
    const isDrawn = drawing?.onCorner != null;
    this.#map.doubleClickZoom[isDrawn ? "disable" : "enable"]();
    this.#map.getCanvas().style.cursor = isDrawn ? "crosshair" : "";
    this.#outline.set(drawing);
    this.#paintOutline();
  }

  #paintOutline(): void {
    const { clientWidth, clientHeight } = this.#map.getContainer();
    this.#outline.paint((place) => this.#map.project(place), clientWidth, clientHeight);
  }

  #press(place: maplibregl.LngLat): boolean {
    return this.#outline.press([place.lng, place.lat], (at) => this.#map.project(at));
  }

  /** Looks at `bounds` between what the face covers. */
  setView(bounds: Settings["bounds"], bleed: Bleed, title: string): void {
    this.#bounds = bounds;
    this.#bleed = bleed;
    this.#map.getCanvas().setAttribute("aria-label", title);
    this.#map.resize();
    this.#fit(false);
  }

  #listen(element: HTMLElement): void {
    const map = this.#map;
    map.on("move", () => {
      this.#symbols.paint();
      this.#placeNames();
      this.#paintOutline();
    });
    map.on("moveend", ({ originalEvent }: { originalEvent?: unknown }) => {
      if (originalEvent !== undefined) this.#returnLater();
    });
    // Only what is drawn says where the names of the water lie.
    map.on("render", () => this.#placeNamesSoon());
    map.on("resize", () => {
      this.#fit(false);
      this.#paintOutline();
    });
    map.on("click", (event) => {
      if (!this.#press(event.lngLat)) select(this.#symbols.thingAt(event.point)?.id ?? null);
    });
    // Who has no pointer moves the map by arrows and sets corners in its middle.
    const pressMiddle = ({ key }: KeyboardEvent): void => {
      if (key === "Enter") this.#press(map.getCenter());
    };
    map.getCanvas().addEventListener("keydown", pressMiddle);
    map.on("mousemove", (event) => this.#point(this.#symbols.thingAt(event.point)));
    map.on("mouseout", () => this.#point(null));
    map.on("webglcontextlost", () => this.onLost());
    const lost = (): void => this.onLost();
    // The symbols' own canvas; the event is seen on the way down to it.
    element.addEventListener("webglcontextlost", lost, { capture: true });
    const ages = setInterval(() => {
      if (this.#symbols.age() || this.#warnings.length > 0) this.#symbols.draw(0);
    }, agesEveryMs);
    this.#stops.push(
      () => clearInterval(ages),
      () => element.removeEventListener("webglcontextlost", lost, { capture: true }),
      onSelection(() => this.#symbols.draw(0)),
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

  /** Once the ground has changed, however often it is drawn meanwhile. */
  #placeNamesSoon(): void {
    this.#placing ??= setTimeout(() => {
      this.#placing = undefined;
      this.#placeNames();
    }, placeAfterMs);
  }

  #placeNames(): void {
    const zoom = this.#map.getZoom() - Math.log2(this.#scale);
    const { clientWidth: width, clientHeight } = this.#map.getContainer();
    const { top } = paddingFor(this.#bleed, this.#scale, width, clientHeight);
    // Whatever the map is moved to, no name lies under the header and the legend.
    const head = { x: width / 2, y: top / 2, width, height: top };
    const covered = [head, ...this.#placeLabels()];
    this.#names.place((place) => this.#map.project(place), zoom, this.#scale, covered);
  }

  #placeLabels() {
    const { clientWidth: width, clientHeight: height } = this.#map.getContainer();
    const { top, right, bottom, left } = paddingFor(this.#bleed, this.#scale, width, height);
    const [west, , east] = this.#bounds;
    const middle = this.#map.getCenter().lat;
    // Beside the city: on a wide screen the words of what lies around it would be far away from it.
    const beside = 170 * this.#scale;
    // The ground fades at the edges of its picture, and the words with it.
    const faded = 40 * this.#scale;
    const view = {
      left: Math.max(left, Math.min(2 * faded, width / 8), this.#map.project([west, middle]).x - beside),
      top,
      right: Math.min(width - Math.max(right, faded), this.#map.project([east, middle]).x + beside),
      // The attribution's line at the foot stays free.
      bottom: height - Math.max(bottom, 34 * this.#scale),
    };
    return this.#labels.place(
      (place) => this.#map.project(place),
      view,
      8 * this.#scale,
      (box) => this.#crowdIn(box),
    );
  }

  /** How much words in a box would cover: the share of it that is land, and 1 for a name of the water. */
  #crowdIn({ left, top, right, bottom }: Box): number {
    const named =
      this.#map.getLayer("water-names") &&
      this.#map.queryRenderedFeatures([[left, top], [right, bottom]], { layers: ["water-names"] }); // prettier-ignore
    const places = [0.1, 0.5, 0.9].flatMap((x) =>
      [0.1, 0.5, 0.9].map((y) =>
        this.#map.unproject([left + (right - left) * x, top + (bottom - top) * y]).toArray(),
      ),
    );
    return places.filter(this.#isLand).length / places.length + (named?.length ? 1 : 0);
  }

  /** Draws the areas of warnings when they, their end or the words for them changed. */
  #drawWarnings(now: number | null): void {
    this.#now = now;
    const { rows, version } = store.entities("CapAlert");
    const warnings = this.#symbols.isDrawn("CapAlert")
      ? warningAreas(rows.values(), now, this.#language)
      : [];
    const drawn = `${this.#language} ${version} ${warnings.map(({ id }) => id).join(" ")}`;
    if (drawn === this.#warned) return;
    this.#warned = drawn;
    this.#warnings = warnings;
    const source = this.#map.getSource("warnings");
    if (source instanceof maplibregl.GeoJSONSource) void source.setData(warningFeatures(warnings));
    this.#writeLabels();
  }

  /** What is wrong comes before what may come: where there is not room for both, the alarms keep their words. */
  #writeLabels(): void {
    const zone = store.city?.settings.zone ?? "UTC";
    this.#labels.write([
      ...markLabels(this.#marks),
      ...warningLabels(this.#warnings, this.#language, zone, this.#now),
    ]);
    this.#placeNames();
  }

  #returnLater(): void {
    clearTimeout(this.#return);
    if (this.#drawing !== null) return;
    this.#return = setTimeout(() => this.#fit(true), returnAfterMs);
  }

  #centre(id: string): void {
    const position = this.#symbols.find(id)?.position;
    if (!position) return;
    const zoom = Math.max(this.#map.getZoom(), 13.5 + Math.log2(this.#scale));
    this.#map.easeTo({ center: [...position], zoom, animate: !this.#stillness.matches, duration: 500 });
    this.#returnLater();
  }

  #point(row: EntityRow | null): void {
    if (this.#drawing?.onCorner) return;
    this.#map.getCanvas().style.cursor = row ? "pointer" : "";
    pointAt(row?.id ?? null);
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

/** A tile of slanted lines that meets itself on all sides. */
function hatch(ink: string, scale: number): ImageData {
  const size = Math.max(Math.round(9 * scale * devicePixelRatio), 4);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  // Read once, and the reading would wait for the graphics card.
  const pen = canvas.getContext("2d", { willReadFrequently: true })!;
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
  const loads = labelFonts.map((font) => document.fonts.load(`400 16px "${font}"`, text));
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, 2_000);
  });
  await Promise.race([Promise.allSettled(loads), late]);
}
