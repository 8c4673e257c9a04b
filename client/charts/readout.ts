/** What a chart says of the place under the pointer. */

import type { ChartLook } from "./chart-look.ts";

export interface ReadoutLine {
  readonly name: string;
  readonly value: string;
  readonly color: string | null;
}

/** A readout under the pointer: a heading and a line for each name and value. An element, because titles are the city's text. */
export function readout(heading: string, lines: readonly ReadoutLine[]): HTMLElement {
  const box = document.createElement("div");
  const head = document.createElement("strong");
  head.textContent = heading;
  box.append(head);
  for (const { name, value, color } of lines) {
    const line = document.createElement("div");
    line.className = "readout-line";
    const mark = document.createElement("i");
    if (color !== null) mark.style.background = color;
    const what = document.createElement("span");
    what.textContent = name;
    const figure = document.createElement("b");
    figure.textContent = value;
    line.append(mark, what, figure);
    box.append(line);
  }
  return box;
}

/** How readouts look, for every chart; `scale` is 1 on a desk, more on a large screen. */
export function tooltipStyle({ look, scale }: { readonly look: ChartLook; readonly scale: number }) {
  return {
    confine: true,
    transitionDuration: 0,
    backgroundColor: look.page,
    borderColor: look.edge,
    borderWidth: 1,
    padding: [6 * scale, 10 * scale],
    textStyle: { color: look.ink1, fontSize: 13 * scale, fontFamily: look.font },
    extraCssText: "box-shadow:none;border-radius:0",
  };
}
