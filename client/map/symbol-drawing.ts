/** The live things of the map as symbols: draws them when something changed or glides, else stands still. */

import { MapboxOverlay } from "@deck.gl/mapbox";
import type * as maplibregl from "maplibre-gl";
import type { Settings } from "../../shared/city.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { Kind } from "../../shared/kinds.ts";
import { moment } from "../live/city-clock.ts";
import { store } from "../live/store.ts";
import { nextFrameMs } from "./glide.ts";
import { LiveThings } from "./live-things.ts";
import type { MapTokens } from "./map-tokens.ts";
import { pointedId, selectedId } from "./selection.ts";
import type { SymbolColumns } from "./symbol-columns.ts";
import { SymbolLayer } from "./symbol-layer.ts";
import { atlas, crowdFactor, drawAtlas, symbolNames, symbolScale } from "./symbols.ts";

/** CSS pixels of the world at zoom 0. */
const worldTile = 512;
/** All frames of one tick of the city arrive within this. */
const gatherMs = 60;

/** All symbols in one picture, drawn for a number of device pixels per u. */
interface Atlas {
  readonly canvas: HTMLCanvasElement;
  readonly pixelsPerU: number;
}

export class SymbolDrawing {
  /** Told the city's now whenever the things are drawn, for what else ages on the map. */
  onDrawn: (now: number | null) => void = () => undefined;
  readonly #map: maplibregl.Map;
  readonly #bounds: Settings["bounds"];
  readonly #overlay: MapboxOverlay;
  readonly #stillness: Pick<MediaQueryList, "matches">;
  #things: LiveThings;
  #tokens: MapTokens | null = null;
  #scale = 1;
  #atlas: Atlas | null = null;
  #frame: { readonly timer: ReturnType<typeof setTimeout>; readonly dueMs: number } | null = null;

  constructor(map: maplibregl.Map, bounds: Settings["bounds"], stillness: Pick<MediaQueryList, "matches">) {
    this.#map = map;
    this.#bounds = bounds;
    this.#stillness = stillness;
    // Two canvases: a glide redraws the symbols alone, the ground stands still.
    // A symbol is a picture with soft edges: smoothing it once more costs a processor that draws twice the time.
    const deviceProps = { type: "webgl", webgl: { antialias: false } } as const;
    this.#overlay = new MapboxOverlay({ interleaved: false, layers: [], deviceProps });
    map.addControl(this.#overlay);
    this.#things = this.#follow([]);
  }

  stop(): void {
    clearTimeout(this.#frame?.timer);
    this.#things.stop();
  }

  setKinds(kinds: readonly Kind[]): void {
    this.#things.stop();
    this.#things = this.#follow(kinds);
  }

  /** The colours, and the wall's CSS pixels per u. */
  setLook(tokens: MapTokens, scale: number): void {
    this.#tokens = tokens;
    this.#scale = scale;
    this.#atlas = null;
    this.draw(0);
  }

  #follow(kinds: readonly Kind[]): LiveThings {
    const [west, south, east, north] = this.#bounds;
    const middle = [(west + east) / 2, (south + north) / 2] as const;
    return new LiveThings(store, kinds, middle, () => this.draw(gatherMs));
  }

  /** Whether anything is drawn that may look different by age alone. */
  age(): boolean {
    return this.#things.age();
  }

  isDrawn(kind: Kind): boolean {
    return this.#things.kinds.includes(kind);
  }

  find(id: string): EntityRow | null {
    return this.#things.find(id);
  }

  /** The thing under a point of the screen. */
  thingAt(point: { readonly x: number; readonly y: number }): EntityRow | null {
    return this.#things.nearest((lon, lat) => this.#map.project([lon, lat]), point, 12 * this.#scale);
  }

  /** Draws the live things in `delayMs` or sooner, once, however often it is asked for. */
  draw(delayMs: number): void {
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
    if (this.#tokens === null) return;
    const nowMs = performance.now();
    const now = store.cityNow(moment());
    this.#things.refresh({ now, nowMs, steps: this.#stillness.matches });
    this.onDrawn(now);
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
    if (nowMs < motion.untilMs) this.draw(nextFrameMs(motion, pixelsPerDegree));
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
