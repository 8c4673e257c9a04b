/**
 * Symbols over the map: a canvas of its own, one point of WebGL per symbol. A wall often draws on the processor, where an
 * instanced quad per thing costs a draw call each. They glide on the graphics card: a frame sends one number, the time,
 * and no positions. The map lies north up and flat, so its view is a shift and a scale.
 */

import type { SymbolColumns } from "./symbol-columns.ts";
import { atlas } from "./symbols.ts";

const vertexShader = /* glsl */ `#version 300 es
layout(location = 0) in vec2 place;
layout(location = 1) in vec2 origin;
layout(location = 2) in vec2 glide;
layout(location = 3) in float angle;
layout(location = 4) in float symbol;
uniform vec4 view;
uniform float now;
uniform float pixelsPerU;
out vec2 turn;
flat out vec3 cell;
const vec3 cells[${atlas.cells.length}] = vec3[](
  ${atlas.cells.map(({ x, y, size }) => `vec3(${[x, y, size].map((u) => u.toFixed(2)).join(", ")})`).join(", ")}
);

void main() {
  float left = glide.y > 0.0 ? 1.0 - clamp((now - glide.x) / glide.y, 0.0, 1.0) : 0.0;
  gl_Position = vec4(mix(place, origin, left) * view.zw + view.xy, 0.0, 1.0);
  cell = cells[int(symbol)];
  gl_PointSize = cell.z * pixelsPerU;
  turn = vec2(cos(radians(angle)), sin(radians(angle)));
}
`;

const fragmentShader = /* glsl */ `#version 300 es
precision highp float;
uniform sampler2D atlas;
in vec2 turn;
flat in vec3 cell;
out vec4 color;

void main() {
  vec2 at = gl_PointCoord - 0.5;
  at = vec2(turn.x * at.x + turn.y * at.y, turn.x * at.y - turn.y * at.x);
  if (max(abs(at.x), abs(at.y)) > 0.5) discard;
  vec2 place = cell.xy + (at + 0.5) * cell.z;
  color = texture(atlas, place / vec2(${atlas.width.toFixed(2)}, ${atlas.height.toFixed(2)}));
  if (color.a < 0.01) discard;
}
`;

/** Where the columns' places lie on the canvas. */
export interface SymbolView {
  /** CSS pixels of the canvas, and of the anchor from its upper left corner. */
  readonly width: number;
  readonly height: number;
  readonly anchor: { readonly x: number; readonly y: number };
  /** CSS pixels of the whole world. */
  readonly world: number;
}

export interface SymbolBatch {
  /** The same batch has the same name from picture to picture. */
  readonly name: string;
  readonly columns: SymbolColumns;
  /** Device pixels per u. */
  readonly pixelsPerU: number;
}

interface Uploaded {
  readonly vertices: WebGLVertexArrayObject;
  readonly buffers: readonly WebGLBuffer[];
  columns: SymbolColumns | null;
}

/** Columns by the location of their attribute. */
const attributes = [
  { of: (columns: SymbolColumns) => columns.places, size: 2, type: "FLOAT" },
  { of: (columns: SymbolColumns) => columns.origins, size: 2, type: "FLOAT" },
  { of: (columns: SymbolColumns) => columns.glides, size: 2, type: "FLOAT" },
  { of: (columns: SymbolColumns) => columns.angles, size: 1, type: "FLOAT" },
  { of: (columns: SymbolColumns) => columns.symbols, size: 1, type: "UNSIGNED_BYTE" },
] as const;

export class SymbolCanvas {
  readonly #canvas = document.createElement("canvas");
  readonly #gl: WebGL2RenderingContext;
  readonly #uniforms: Readonly<Record<"view" | "now" | "pixelsPerU", WebGLUniformLocation | null>>;
  readonly #uploaded = new Map<string, Uploaded>();
  #image: HTMLCanvasElement | null = null;

  /** Lies over all that is in `container`. Throws where the browser has no WebGL 2. */
  constructor(container: HTMLElement, className: string) {
    // A symbol is a picture with soft edges: smoothing it once more costs a processor that draws twice the time.
    const gl = this.#canvas.getContext("webgl2", { antialias: false, depth: false });
    if (gl === null) throw new Error("no WebGL 2");
    this.#gl = gl;
    this.#canvas.className = className;
    container.append(this.#canvas);
    const program = linked(gl);
    gl.useProgram(program);
    const at = (name: string) => gl.getUniformLocation(program, name);
    this.#uniforms = { view: at("view"), now: at("now"), pixelsPerU: at("pixelsPerU") };
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
  }

  remove(): void {
    this.#canvas.remove();
    this.#gl.getExtension("WEBGL_lose_context")?.loseContext();
  }

  /** Draws the batches, the first lowest, with symbols from `image` as `drawAtlas` lays them out. */
  draw(batches: readonly SymbolBatch[], image: HTMLCanvasElement, view: SymbolView, nowMs: number): void {
    const gl = this.#gl;
    this.#fit(view);
    this.#useAtlas(image);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const { anchor, width, height, world } = view;
    const scale = [(2 * world) / width, (-2 * world) / height] as const;
    gl.uniform4f(this.#uniforms.view, (2 * anchor.x) / width - 1, 1 - (2 * anchor.y) / height, ...scale);
    for (const { name, columns, pixelsPerU } of batches) {
      gl.bindVertexArray(this.#upload(name, columns));
      gl.uniform1f(this.#uniforms.now, (nowMs - columns.epochMs) / 1000);
      gl.uniform1f(this.#uniforms.pixelsPerU, pixelsPerU);
      gl.drawArrays(gl.POINTS, 0, columns.length);
    }
    this.#forget(new Set(batches.map(({ name }) => name)));
  }

  #fit({ width, height }: SymbolView): void {
    const [wide, high] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (this.#canvas.width === wide && this.#canvas.height === high) return;
    this.#canvas.width = wide;
    this.#canvas.height = high;
    this.#gl.viewport(0, 0, wide, high);
  }

  #useAtlas(image: HTMLCanvasElement): void {
    if (this.#image === image) return;
    const gl = this.#gl;
    if (this.#image === null) {
      gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_NEAREST);
    }
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    // Twenty thousand symbols are drawn smaller than the atlas has them.
    gl.generateMipmap(gl.TEXTURE_2D);
    this.#image = image;
  }

  /** The same columns as the last time are on the card already. */
  #upload(name: string, columns: SymbolColumns): WebGLVertexArrayObject {
    const gl = this.#gl;
    const known = this.#uploaded.get(name) ?? this.#prepare(name);
    if (known.columns === columns) return known.vertices;
    attributes.forEach(({ of }, location) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, known.buffers[location]!);
      gl.bufferData(gl.ARRAY_BUFFER, of(columns), gl.DYNAMIC_DRAW);
    });
    known.columns = columns;
    return known.vertices;
  }

  #prepare(name: string): Uploaded {
    const gl = this.#gl;
    const vertices = gl.createVertexArray();
    gl.bindVertexArray(vertices);
    const buffers = attributes.map(({ size, type }, location) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, size, gl[type], false, 0, 0);
      return buffer;
    });
    const made = { vertices, buffers, columns: null };
    this.#uploaded.set(name, made);
    return made;
  }

  #forget(drawn: ReadonlySet<string>): void {
    for (const [name, { vertices, buffers }] of this.#uploaded) {
      if (drawn.has(name)) continue;
      this.#gl.deleteVertexArray(vertices);
      for (const buffer of buffers) this.#gl.deleteBuffer(buffer);
      this.#uploaded.delete(name);
    }
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return program;
}
