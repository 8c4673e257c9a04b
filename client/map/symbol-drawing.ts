/** The live things of the map as symbols: draws them when something changed or glides, else stands still. */

import type * as maplibregl from "maplibre-gl";
import type { Settings } from "../../shared/city.ts";
import type { EntityRow } from "../../shared/entity-frame.ts";
import type { Kind } from "../../shared/kinds.ts";
import { moment } from "../live/city-clock.ts";
import { store } from "../live/store.ts";
import { nextFrameMs } from "./glide.ts";
import { LiveThings } from "./live-things.ts";
import type { MapTokens } from "./map-tokens.ts";
import { worldPixels, worldX, worldY } from "./mercator.ts";
import { pointedId, selectedId } from "./selection.ts";
import type { SymbolBatch, SymbolCanvas, SymbolView } from "./symbol-canvas.ts";
import { oneSymbol } from "./symbol-columns.ts";
import { atlas, crowdFactor, drawAtlas, symbolScale } from "./symbols.ts";

/** All frames of one tick of the city arrive within this. */
const gatherMs = 60;

/** All symbols in one picture, drawn for a number of device pixels per u. */
interface Atlas {
  readonly canvas: HTMLCanvasElement;
  readonly pixelsPerU: number;
}

/** What the symbols need to know of the map. */
type MapView = Pick<maplibregl.Map, "getContainer" | "getZoom" | "project">;

export class SymbolDrawing {
  /** Told the city's now whenever the things are drawn, for what else ages on the map. */
  onDrawn: (now: number | null) => void = () => undefined;
  readonly #map: MapView;
  readonly #canvas: SymbolCanvas;
  readonly #stillness: Pick<MediaQueryList, "matches">;
  /** The middle of the city, and as shares of the world: all places are measured from there. */
  readonly #middle: [lon: number, lat: number];
  readonly #anchor: readonly [x: number, y: number];
  /** The city's extent in square shares of the world. */
  readonly #extent: number;
  #things: LiveThings;
  #tokens: MapTokens | null = null;
  #scale = 1;
  #atlas: Atlas | null = null;
  #frame: { readonly timer: ReturnType<typeof setTimeout>; readonly dueMs: number } | null = null;

  constructor(
    map: MapView,
    canvas: SymbolCanvas,
    [west, south, east, north]: Settings["bounds"],
    stillness: Pick<MediaQueryList, "matches">,
  ) {
    this.#map = map;
    this.#canvas = canvas;
    this.#stillness = stillness;
    this.#middle = [(west + east) / 2, (south + north) / 2];
    this.#anchor = [worldX(this.#middle[0]), worldY(this.#middle[1])];
    this.#extent = (worldX(east) - worldX(west)) * (worldY(south) - worldY(north));
    this.#things = this.#follow([]);
  }

  stop(): void {
    clearTimeout(this.#frame?.timer);
    this.#things.stop();
    this.#canvas.remove();
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
    return new LiveThings(store, kinds, this.#anchor, () => this.draw(gatherMs));
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

  /** The thing under a point of the map. */
  thingAt(point: { readonly x: number; readonly y: number }): EntityRow | null {
    const { anchor, world } = this.#view();
    const reach = (12 * this.#scale) / world;
    return this.#things.nearest((point.x - anchor.x) / world, (point.y - anchor.y) / world, reach);
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
    const now = store.cityNow(moment());
    this.#things.refresh({ now, nowMs: performance.now(), steps: this.#stillness.matches });
    this.onDrawn(now);
    this.paint();
  }

  /** Draws what is known anew, because the map moved or things glide. */
  paint(): void {
    if (this.#tokens === null) return;
    const nowMs = performance.now();
    const view = this.#view();
    const scale = symbolScale(this.#map.getZoom(), this.#scale);
    const crowded = crowdFactor(this.#things.covered * scale ** 2, this.#extent * view.world ** 2);
    const pixelsPerU = scale * crowded * devicePixelRatio;
    const things = this.#things.kinds.flatMap((kind): SymbolBatch[] => {
      const columns = this.#things.columns(kind);
      return columns && columns.length > 0 ? [{ name: kind, columns, pixelsPerU }] : [];
    });
    const batches = [...things, ...this.#rings(scale * devicePixelRatio)];
    this.#canvas.draw(batches, this.#currentAtlas(this.#tokens, pixelsPerU), view, nowMs);
    const { motion } = this.#things;
    if (nowMs < motion.untilMs) this.draw(nextFrameMs(motion, view.world * devicePixelRatio));
  }

  #view(): SymbolView {
    const { clientWidth: width, clientHeight: height } = this.#map.getContainer();
    const anchor = this.#map.project(this.#middle);
    return { width, height, anchor, world: worldPixels(this.#map.getZoom()) };
  }

  /** Around what is selected or pointed at. */
  #rings(pixelsPerU: number): SymbolBatch[] {
    const ids = new Set([selectedId(), pointedId()].filter((id) => id !== null));
    return Array.from(ids).flatMap((id) => {
      const position = this.#things.find(id)?.position;
      if (!position) return [];
      const [x, y] = [worldX(position[0]) - this.#anchor[0], worldY(position[1]) - this.#anchor[1]];
      return [{ name: `ring ${id}`, columns: oneSymbol("selected", x, y), pixelsPerU }];
    });
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
