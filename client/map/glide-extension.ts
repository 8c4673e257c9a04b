/** Moves icons on the graphics card: every frame sends one number, the time, and no positions. */

import { LayerExtension, type Layer } from "@deck.gl/core";

/** Uniforms of the shader module; `now` in seconds since the columns' `epochMs`. */
const glide = {
  name: "glide",
  vs: /* glsl */ `
    layout(std140) uniform glideUniforms { float now; } glide;
    vec4 glideBack;
  `,
  uniformTypes: { now: "f32" },
  inject: {
    "vs:#decl": "in vec2 instanceOrigins;\nin vec2 instanceGlides;\n",
    // Clip space is linear in the map's plane, so the way back to the origin is a difference of two projections.
    "vs:#main-start": /* glsl */ `
      float glideLeft = instanceGlides.y > 0.0
        ? 1.0 - clamp((glide.now - instanceGlides.x) / instanceGlides.y, 0.0, 1.0)
        : 0.0;
      vec4 unused;
      glideBack = glideLeft * (
        project_position_to_clipspace(vec3(instanceOrigins, 0.0), vec3(0.0), vec3(0.0), unused) -
        project_position_to_clipspace(instancePositions, vec3(0.0), vec3(0.0), unused)
      );
    `,
    "vs:DECKGL_FILTER_GL_POSITION": "position += glideBack;\n",
  },
} as const;

export interface GlideProps {
  /** Seconds since the columns' `epochMs`. */
  readonly glideNow?: number;
}

export class GlideExtension extends LayerExtension {
  static override extensionName = "GlideExtension";

  override getShaders(): object {
    return { modules: [glide] };
  }

  override initializeState(this: Layer): void {
    this.getAttributeManager()?.addInstanced({
      instanceOrigins: { size: 2, accessor: "getOrigin", defaultValue: [0, 0] },
      instanceGlides: { size: 2, accessor: "getGlide", defaultValue: [0, 0] },
    });
  }

  override draw(this: Layer<GlideProps>): void {
    this.setShaderModuleProps({ glide: { now: this.props.glideNow ?? 0 } });
  }
}
