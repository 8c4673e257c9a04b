/** The faces a briefing is set in, cut to what its text needs: whole slices of the packaged fonts, by unicode-range. */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const packages = join(import.meta.dirname, "../../../node_modules/@fontsource");

interface Slice {
  readonly family: string;
  readonly weight: string;
  /** `noto-sans-sc-4-400-normal.woff2` */
  readonly file: string;
  readonly path: string;
  readonly unicodeRange: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** On a screen Chinese comes in one weight, and the browser emboldens headings; a printer would make pictures of those. */
const sheets = [
  ["ibm-plex-sans", "400.css"],
  ["ibm-plex-sans", "600.css"],
  ["noto-sans-sc", "400.css"],
  ["noto-sans-sc", "600.css"],
] as const;

let read: readonly Slice[] | null = null;

function slices(): readonly Slice[] {
  read ??= sheets.flatMap(([folder, sheet]) =>
    slicesOf(folder, readFileSync(join(packages, folder, sheet), "utf8")),
  );
  return read;
}

function slicesOf(folder: string, css: string): Slice[] {
  return css.split("@font-face").flatMap((block) => {
    const file = /url\(\.\/files\/([^)]+\.woff2)\)/.exec(block)?.[1];
    const unicodeRange = /unicode-range: ([^;]+);/.exec(block)?.[1];
    const family = /font-family: '([^']+)'/.exec(block)?.[1];
    const weight = /font-weight: (\d+)/.exec(block)?.[1];
    if (!file || !unicodeRange || !family || !weight) return [];
    return [
      {
        family,
        weight,
        file,
        path: join(packages, folder, "files", file),
        unicodeRange,
        ranges: rangesOf(unicodeRange),
      },
    ];
  });
}

/** `U+4E00,U+4E10-4E2F` as pairs of code points, both included. */
function rangesOf(unicodeRange: string): (readonly [number, number])[] {
  return unicodeRange.split(",").map((range) => {
    const [from = "", to = from] = range.trim().replace(/^U\+/i, "").split("-");
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
}

/** The slices that hold at least one character of the text; the Chinese face only for what the other has not. */
function slicesFor(text: string, hasBoldChinese = false): Slice[] {
  const all = slices().filter((slice) => isLatin(slice) || hasBoldChinese || slice.weight === "400");
  const holds = ({ ranges }: Slice, point: number): boolean =>
    ranges.some(([from, to]) => from <= point && point <= to);
  const [latin, chinese] = [all.filter(isLatin), all.filter((slice) => !isLatin(slice))];
  const points = [...new Set(text)].map((character) => character.codePointAt(0)!);
  const left = points.filter((point) => !latin.some((slice) => holds(slice, point)));
  return [
    ...latin.filter((slice) => points.some((point) => holds(slice, point))),
    ...chinese.filter((slice) => left.some((point) => holds(slice, point))),
  ];
}

function isLatin({ family }: Slice): boolean {
  return family === "IBM Plex Sans";
}

function fontFace({ family, weight, unicodeRange }: Slice, address: string): string {
  return `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;src:url(${address}) format("woff2");unicode-range:${unicodeRange}}`;
}

/** Style that loads what the text needs from `/fonts/`. */
export function linkedFonts(text: string): string {
  return slicesFor(text)
    .map((slice) => fontFace(slice, `/fonts/${slice.file}`))
    .join("\n");
}

/**
 * Style that has in itself what the text needs: some 60 kB for English, half a megabyte for Chinese, and
 * again as much where that is to have its own bold.
 */
export async function embeddedFonts(text: string, hasBoldChinese = false): Promise<string> {
  const faces = slicesFor(text, hasBoldChinese).map(async (slice) => {
    const bytes = await readFile(slice.path);
    return fontFace(slice, `data:font/woff2;base64,${bytes.toString("base64")}`);
  });
  return (await Promise.all(faces)).join("\n");
}

/** Where a file that `linkedFonts` names is; `null` for any other name. */
export function fontPath(file: string): string | null {
  return slices().find((slice) => slice.file === file)?.path ?? null;
}
