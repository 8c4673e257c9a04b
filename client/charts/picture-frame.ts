/** A drawing with all that is needed to read it away from its page: title, time, whose data it is and under which licence. Pure. */

import type { ChartLook } from "./chart-look.ts";
import { textWidth } from "./text-width.ts";

export interface PictureWords {
  readonly title: string;
  /** Under the title: what is drawn, over which time. */
  readonly lines: readonly string[];
  /** At the foot: sources with their licences, the city, when it was drawn. */
  readonly foot: readonly string[];
}

export interface PicturePaper {
  readonly look: ChartLook;
  /** CSS pixels. */
  readonly width: number;
  /** 1 on a desk, more on a large screen. */
  readonly scale: number;
}

/** `svg`: a document with its width and height in pixels. */
export function framed(svg: string, words: PictureWords, paper: PicturePaper): string {
  const { look, scale } = paper;
  const margin = 16 * scale;
  const width = Math.max(sizeOf(svg, "width"), Math.min(paper.width, 480 * scale));
  const row = 18 * scale;
  const rows = (lines: readonly string[]): readonly string[] =>
    lines.flatMap((line) => wrapped(line, width, 12 * scale));
  const [title, lines, foot] = [
    wrapped(words.title, width, 16 * scale),
    rows(words.lines),
    rows(words.foot),
  ] as const;
  const write = (texts: readonly string[], top: number, step: number, look_: string): string =>
    texts
      .map(
        (text, i) => `<text x="${margin}" y="${top + (i + 0.75) * step}" ${look_}>${escapeXml(text)}</text>`,
      )
      .join("");
  const top = margin + title.length * 24 * scale;
  const bodyTop = top + lines.length * row + 8 * scale;
  const footTop = bodyTop + sizeOf(svg, "height") + 8 * scale;
  const height = footTop + foot.length * row + margin;
  const small = `font-size="${12 * scale}" fill="${look.ink2}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width + 2 * margin}" height="${height}"`,
    ` viewBox="0 0 ${width + 2 * margin} ${height}" font-family="${escapeXml(look.font)}">`,
    `<title>${escapeXml(words.title)}</title>`,
    `<rect width="100%" height="100%" fill="${look.page}"/>`,
    write(title, margin, 24 * scale, `font-size="${16 * scale}" font-weight="600" fill="${look.ink0}"`),
    write(lines, top, row, small),
    svg.replace("<svg ", `<svg x="${margin}" y="${bodyTop}" `),
    write(foot, footTop, row, small),
    "</svg>",
  ].join("");
}

function sizeOf(svg: string, side: "width" | "height"): number {
  return Number(new RegExp(`<svg [^>]*?\\b${side}="([\\d.]+)"`).exec(svg)?.[1] ?? 0);
}

/** Lines that are no wider; broken between words, and between any two characters of Chinese. */
export function wrapped(text: string, width: number, size: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of text.match(/[⺀-鿿＀-￯]|[^\s⺀-鿿＀-￯]+\s*|\s+/g) ?? []) {
    if (line !== "" && textWidth((line + part).trimEnd(), size) > width) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += part;
  }
  return line.trim() === "" ? lines : [...lines, line.trimEnd()];
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Titles are the city's text: what XML cannot hold is left out. */
export function escapeXml(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replaceAll(/[&<>"]/g, (letter) => entities[letter]!)
  );
}
