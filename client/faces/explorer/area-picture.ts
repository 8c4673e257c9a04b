/** The areas of a level as a picture: shaded, named where there is room, with the numbers of the ramp beside them. Pure. */

import type { Position } from "geojson";
import { polygonsOf, type AreaCollection } from "../../../shared/areas.ts";
import type { Language, Settings } from "../../../shared/city.ts";
import { freeNames } from "../../map/area-names.ts";
import { areaLabels, areasWithin } from "../../map/area-shapes.ts";
import { worldX, worldY } from "../../map/mercator.ts";
import type { WrittenShade } from "../../map/shade.ts";
import { textWidth } from "../../charts/text-width.ts";
import { escapeXml, type PicturePaper } from "../../charts/picture-frame.ts";

interface Shown {
  readonly areas: AreaCollection;
  readonly shade: WrittenShade;
  /** Of the city: what lies far outside is cut off. */
  readonly bounds: Settings["bounds"];
  readonly language: Language;
  readonly words: {
    /** Of one step of the ramp: `20 to 30`. */
    readonly step: (from: string, to: string) => string;
    readonly unknown: string;
  };
}

/** CSS pixels of a desk. */
const legendWidth = 150;
const tallest = 640;

/** An SVG document that is no wider than the paper. */
export function areaPicture(shown: Shown, { look, width: widest, scale }: PicturePaper): string {
  const { areas, shade, bounds, language } = shown;
  const ramp = rampIn(look, shade);
  const legend = legendOf(shown, look, scale);
  const isBeside = widest > 3 * legendWidth * scale;
  const beside = isBeside ? legendWidth * scale : 0;
  const [west, south, east, north] = areasWithin(areas, bounds);
  const [left, top, right, bottom] = [worldX(west), worldY(north), worldX(east), worldY(south)];
  const pixels = Math.min((widest - beside - 8) / (right - left), (tallest * scale - 8) / (bottom - top));
  const [wide, tall] = [(right - left) * pixels + 8, (bottom - top) * pixels + 8];
  const project = ([lon, lat]: Position): [x: number, y: number] => [
    (worldX(lon!) - left) * pixels + 4,
    (worldY(lat!) - top) * pixels + 4,
  ];
  const shapes = areas.features.map(({ geometry, properties: { id } }) => {
    const step = shade.stepOf.get(id);
    const path = polygonsOf(geometry)
      .flatMap((rings) => rings.map((ring) => pathOf(ring.map(project))))
      .join("");
    const fill = step === undefined ? "url(#unknown)" : ramp[step];
    return `<path d="${path}" fill="${fill}" fill-rule="evenodd"/>`;
  });
  const size = 12 * scale;
  const names = areaLabels(areas, language)
    .features.toSorted((a, b) => a.properties.rank - b.properties.rank)
    .map(({ properties, geometry }) => {
      const [x, y] = project(geometry.coordinates);
      return { name: properties.name, x, y, width: textWidth(properties.name, size), height: size * 1.2 };
    });
  const free = freeNames(names, 2 * scale);
  const labels = names.flatMap(({ name, x, y }, i) =>
    free[i] ? `<text x="${round(x)}" y="${round(y)}">${escapeXml(name)}</text>` : [],
  );
  const width = round(beside + wide);
  const height = isBeside ? Math.max(tall, legend.height) : tall + legend.height;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${round(height)}"`,
    ` viewBox="0 0 ${width} ${round(height)}" font-size="${size}">`,
    `<defs><pattern id="unknown" width="${7 * scale}" height="${7 * scale}" patternUnits="userSpaceOnUse"`,
    ` patternTransform="rotate(45)"><rect width="100%" height="100%" fill="${look.page}"/>`,
    `<rect width="${scale}" height="100%" fill="${look.edge}"/></pattern></defs>`,
    `<svg x="${beside}" width="${round(wide)}" height="${round(tall)}"`,
    ` stroke="${look.edge}" stroke-width="${0.6 * scale}" stroke-linejoin="round">`,
    ...shapes,
    `<g fill="${look.ink0}" stroke="${look.page}" stroke-width="${3 * scale}" paint-order="stroke" text-anchor="middle"`,
    ` dominant-baseline="central">`,
    ...labels,
    "</g></svg>",
    `<g transform="translate(0 ${isBeside ? 0 : round(tall)})">${legend.svg}</g>`,
    "</svg>",
  ].join("");
}

function rampIn(look: PicturePaper["look"], { ramp }: WrittenShade): readonly string[] {
  return ramp === "change" ? look.changeRamp : look.ramp;
}

/** The highest step on top, and the hatch when some area is unknown. */
function legendOf(
  { shade, words }: Shown,
  look: PicturePaper["look"],
  scale: number,
): { readonly svg: string; readonly height: number } {
  const row = 20 * scale;
  const ramp = rampIn(look, shade);
  const steps = shade.bounds
    .map((bound, i) => ({
      fill: ramp[i]!,
      text: words.step(shade.write(bound), shade.write(shade.bounds[i + 1] ?? shade.top)),
    }))
    .toReversed();
  const rows = [
    ...(shade.unit === "" ? [] : [{ fill: null, text: shade.unit }]),
    ...steps,
    ...(shade.unknown.length === 0 ? [] : [{ fill: "url(#unknown)", text: words.unknown }]),
  ];
  const svg = rows
    .map(({ fill, text }, i) => {
      const y = i * row;
      const box =
        fill === null
          ? ""
          : `<rect y="${y + 3 * scale}" width="${18 * scale}" height="${13 * scale}" fill="${fill}" stroke="${look.edge}" stroke-width="${0.5 * scale}"/>`;
      return `${box}<text x="${fill === null ? 0 : 26 * scale}" y="${y + 14 * scale}" fill="${look.ink2}">${escapeXml(text)}</text>`;
    })
    .join("");
  return { svg, height: rows.length * row + 8 * scale };
}

/** Points that fall together on the paper are one. */
function pathOf(points: readonly (readonly [number, number])[]): string {
  let last = "";
  const written: string[] = [];
  for (const [x, y] of points) {
    const point = `${round(x)} ${round(y)}`;
    if (point !== last) written.push(point);
    last = point;
  }
  return `M${written.join("L")}Z`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
