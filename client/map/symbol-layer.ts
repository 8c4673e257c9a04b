/**
 * Symbols on the map, one point of WebGL each. A wall often draws on the processor, where an instanced quad per thing
 * costs a draw call each: 20,000 of them took 0.7 s a frame. They glide on the graphics card: a frame sends one number,
 * the time, and no positions.
 */

import { COORDINATE_SYSTEM, Layer, project32, type UpdateParameters } from "@deck.gl/core";
import { Model } from "@luma.gl/engine";
import type { SymbolColumns } from "./symbol-columns.ts";
import { atlas } from "./symbols.ts";

const uniformBlock = /* glsl */ `
layout(std140) uniform symbolUniforms {
  float now;
  float pixelsPerU;
} symbol;
`;

const symbolUniforms = {
  name: "symbol",
  vs: uniformBlock,
  uniformTypes: { now: "f32", pixelsPerU: "f32" },
} as const;

const vs = /* glsl */ `#version 300 es
#define SHADER_NAME symbol-layer-vertex
in vec2 places;
in vec2 origins;
in vec2 glides;
in float angles;
in float symbols;
out vec2 turn;
flat out vec3 cell;
const vec3 cells[${atlas.cells.length}] = vec3[](
  ${atlas.cells.map(({ x, y, size }) => `vec3(${[x, y, size].map((u) => u.toFixed(2)).join(", ")})`).join(", ")}
);

void main() {
  float left = glides.y > 0.0 ? 1.0 - clamp((symbol.now - glides.x) / glides.y, 0.0, 1.0) : 0.0;
  gl_Position = project_position_to_clipspace(vec3(mix(places, origins, left), 0.0), vec3(0.0), vec3(0.0));
  cell = cells[int(symbols)];
  gl_PointSize = cell.z * symbol.pixelsPerU;
  turn = vec2(cos(radians(angles)), sin(radians(angles)));
}
`;

const fs = /* glsl */ `#version 300 es
#define SHADER_NAME symbol-layer-fragment
precision highp float;
uniform sampler2D symbolAtlas;
in vec2 turn;
flat in vec3 cell;
out vec4 fragColor;

void main() {
  vec2 at = gl_PointCoord - 0.5;
  at = vec2(turn.x * at.x - turn.y * at.y, turn.y * at.x + turn.x * at.y);
  if (max(abs(at.x), abs(at.y)) > 0.5) discard;
  vec2 place = cell.xy + (at + 0.5) * cell.z;
  fragColor = texture(symbolAtlas, place / vec2(${atlas.width.toFixed(2)}, ${atlas.height.toFixed(2)}));
  if (fragColor.a < 0.01) discard;
}
`;

export interface SymbolLayerProps {
  readonly columns: SymbolColumns;
  /** Where all symbols are drawn, as `drawAtlas` does. */
  readonly image: HTMLCanvasElement;
  /** Device pixels per u. */
  readonly pixelsPerU: number;
  /** Wall milliseconds. */
  readonly nowMs: number;
}

export class SymbolLayer extends Layer<SymbolLayerProps> {
  static override layerName = "SymbolLayer";
  static override defaultProps = { image: { type: "image", value: null, async: true } };
  declare state: { model: Model };

  constructor(props: SymbolLayerProps & { id: string }) {
    super({
      ...props,
      data: dataOf(props.columns),
      coordinateSystem: COORDINATE_SYSTEM.LNGLAT_OFFSETS,
      coordinateOrigin: [...props.columns.anchor, 0],
    } as never);
  }

  override getShaders(): object {
    return super.getShaders({ vs, fs, modules: [project32, symbolUniforms] }) as object;
  }

  override initializeState(): void {
    this.getAttributeManager()!.add({
      places: { size: 2, accessor: "getPlace" },
      origins: { size: 2, accessor: "getOrigin" },
      glides: { size: 2, accessor: "getGlide" },
      angles: { size: 1, accessor: "getAngle" },
      symbols: { size: 1, accessor: "getSymbol" },
    });
  }

  override updateState(params: UpdateParameters<this>): void {
    super.updateState(params);
    if (!params.changeFlags.extensionsChanged) return;
    this.state.model?.destroy();
    this.state.model = new Model(this.context.device, {
      ...this.getShaders(),
      id: this.props.id,
      bufferLayout: this.getAttributeManager()!.getBufferLayouts(),
      topology: "point-list",
      isInstanced: false,
    });
    this.getAttributeManager()!.invalidateAll();
  }

  override draw(): void {
    const { columns, image, pixelsPerU, nowMs } = this.props;
    const { model } = this.state;
    model.shaderInputs.setProps({ symbol: { now: (nowMs - columns.epochMs) / 1000, pixelsPerU } });
    model.setBindings({ symbolAtlas: image as never });
    model.setVertexCount(columns.length);
    model.draw(this.context.renderPass);
  }
}

/** deck.gl compares data by identity: the same columns give the same object, so that a frame uploads nothing. */
const dataByColumns = new WeakMap<SymbolColumns, object>();

function dataOf(columns: SymbolColumns): object {
  const known = dataByColumns.get(columns);
  if (known) return known;
  const made = {
    length: columns.length,
    attributes: {
      getPlace: { value: columns.places, size: 2 },
      getOrigin: { value: columns.origins, size: 2 },
      getGlide: { value: columns.glides, size: 2 },
      getAngle: { value: columns.angles, size: 1 },
      getSymbol: { value: columns.symbols, size: 1, type: "uint8" },
    },
  };
  dataByColumns.set(columns, made);
  return made;
}
