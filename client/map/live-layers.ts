/** The layers of live things, as deck.gl layers made from columns: pure, the bridge only applies them. */

import { IconLayer } from "@deck.gl/layers";
import type { Kind } from "../../shared/kinds.ts";
import { GlideExtension } from "./glide-extension.ts";
import type { SymbolColumns } from "./symbol-columns.ts";
import { zoomFactor, type AtlasLayout } from "./symbols.ts";

export interface Atlas {
  readonly canvas: HTMLCanvasElement;
  readonly layout: AtlasLayout;
  /** Device pixels per u that it was drawn for. */
  readonly pixelsPerU: number;
}

export interface LiveView {
  /** Zoom of the map. */
  readonly zoom: number;
  /** CSS pixels per u. */
  readonly scale: number;
  readonly nowMs: number;
  readonly atlas: Atlas;
}

const glide = new GlideExtension();

/** Device pixels per u of symbols at a view, in whole twelfths so that a slow zoom does not redraw the atlas each frame. */
export function atlasResolution(zoom: number, scale: number, devicePixelRatio: number): number {
  return Math.round(zoomFactor(zoom - Math.log2(scale)) * scale * devicePixelRatio * 12) / 12;
}

export function kindLayer(kind: Kind, columns: SymbolColumns, view: LiveView): IconLayer {
  return symbolLayer(`live-${kind}`, columns, view, (columns.epochMs - view.nowMs) / -1000);
}

/** A ring around the selected and the pointed-at thing. */
export function ringLayer(id: string, columns: SymbolColumns, view: LiveView): IconLayer {
  return symbolLayer(id, columns, view, (columns.epochMs - view.nowMs) / -1000);
}

function symbolLayer(id: string, columns: SymbolColumns, view: LiveView, glideNow: number): IconLayer {
  const { symbols } = columns;
  const factor = zoomFactor(view.zoom - Math.log2(view.scale)) * view.scale;
  return new IconLayer({
    id,
    data: dataOf(columns),
    iconAtlas: view.atlas.canvas as never,
    iconMapping: view.atlas.layout.cells,
    getIcon: (_: unknown, { index }: { index: number }) => symbols[index] ?? "dot",
    getSize: (_: unknown, { index }: { index: number }) =>
      view.atlas.layout.cells[symbols[index] ?? "dot"].height / view.atlas.pixelsPerU,
    sizeScale: factor,
    alphaCutoff: 0.01,
    glideNow,
    extensions: [glide],
    updateTriggers: { getSize: view.atlas.pixelsPerU },
  });
}

/** deck.gl compares data by identity: the same columns give the same object, so that a frame uploads nothing. */
const dataByColumns = new WeakMap<SymbolColumns, object>();

function dataOf(columns: SymbolColumns): never {
  const known = dataByColumns.get(columns);
  if (known) return known as never;
  const made = {
    length: columns.length,
    attributes: {
      getPosition: { value: columns.positions, size: 2 },
      getAngle: { value: columns.angles, size: 1 },
      getOrigin: { value: columns.origins, size: 2 },
      getGlide: { value: columns.glides, size: 2 },
    },
  };
  dataByColumns.set(columns, made);
  // deck.gl's types do not know data that is columns alone.
  return made as never;
}
