/** What a wall's file says, after it was read and checked: scenes as data, with the defaults filled in. */

import type { Priority } from "./alarms.ts";
import type { Domain, Text } from "./city.ts";
import type { Kind } from "./kinds.ts";

export interface WallDefinition {
  readonly id: string;
  readonly title: Text;
  readonly viewing: Viewing;
  /** Which new alarms take the place of the scenes, and for how long; `null`: none. */
  readonly interrupt: Interrupt | null;
  /** In the order in which they rotate. A wall of one scene stands still. */
  readonly scenes: readonly SceneDefinition[];
}

/** Alarms from this priority on, in seconds of the wall's clock from when they were raised. */
export interface Interrupt {
  readonly from: Priority;
  readonly seconds: number;
}

export const screenShapes = ["16:9", "32:9", "9:16"] as const;
export type ScreenShape = (typeof screenShapes)[number];

/** Where people stand and what they look at; the size of the type follows. */
export interface Viewing {
  readonly distanceMetres: number;
  /** Of one screen. */
  readonly diagonalInches: number;
  readonly shape: ScreenShape;
  /** Screens side by side that show one drawing, each opened with `?screen=1`, `?screen=2`, … from the left. */
  readonly screens: {
    readonly across: number;
    /** From the picture of one screen to that of the next: what lies there is behind the bezels and not seen. */
    readonly bezelMillimetres: number;
  };
}

export interface SceneDefinition {
  readonly id: string;
  readonly title: Text;
  /** How long it stays in the rotation. */
  readonly seconds: number;
  /** The ground of the centre; `null`: the parts of the region `centre` stand there instead. */
  readonly map: SceneMap | null;
  readonly regions: Regions;
  /** Regions that a screen of another shape has instead. */
  readonly variations: Readonly<Partial<Record<Exclude<ScreenShape, "16:9">, Partial<Regions>>>>;
}

export interface SceneMap {
  readonly layers: readonly Kind[];
  /** Areas shaded by a grouped indicator. */
  readonly shade: { readonly indicator: string; readonly level: string } | null;
}

/** `beside` stands between the centre and the right on a screen of 32:9 and wider; elsewhere it is not shown. */
export const regionNames = ["left", "centre", "beside", "right", "bottom"] as const;
export type RegionName = (typeof regionNames)[number];

export type Regions = Readonly<Record<RegionName, readonly Slot[]>>;

/** A place in a region: the first of its candidates that has something to say is shown. */
export type Slot = readonly Part[];

/** One part of a scene. `when: "abnormal"`: only while it has something abnormal to say. */
export type Part = PartContent & { readonly when: "always" | "abnormal" };

export type PartContent =
  /** A composite score with the scores it is made of and what pulls them. */
  | { readonly show: "score"; readonly indicator: string }
  /** How many of the wall's figures miss their target, and which. */
  | { readonly show: "off-target" }
  /** Which data is in doubt, else its oldest. */
  | { readonly show: "data" }
  /** Figures of one domain, one tile each; compact: name and value only, two in a row. */
  | {
      readonly show: "tiles";
      readonly domain: Domain;
      readonly indicators: readonly string[];
      readonly compact: boolean;
    }
  /** The groups of an indicator (`area.district`, `department`, a field), the largest first. */
  | { readonly show: "ranking"; readonly indicator: string; readonly by: string }
  /** How the groups of an indicator are spread. */
  | { readonly show: "distribution"; readonly indicator: string; readonly by: string }
  /** How evenly the vehicles of the lines follow each other, under the title of an indicator of TripUpdates. */
  | { readonly show: "headways"; readonly indicator: string }
  /** Indicators of one unit over the last hours. */
  | { readonly show: "trend"; readonly indicators: readonly string[]; readonly hours: number }
  /** Every feed with its owner, age and state. */
  | { readonly show: "feeds" }
  /** The city's own alarms, the most urgent first. */
  | { readonly show: "alarms" }
  /** Official warnings in force. */
  | { readonly show: "warnings" }
  /** What mattered today, the newest first. */
  | { readonly show: "moments" }
  /** The newest issue of a briefing in one minute: its cover line and what matters most in it. */
  | { readonly show: "briefing"; readonly definition: string }
  /** The city's day from midnight to midnight, one line per indicator. */
  | { readonly show: "today"; readonly indicators: readonly string[] };

export type PartName = PartContent["show"];
export type PartOf<N extends PartName> = Extract<Part, { readonly show: N }>;

/** The regions of a scene on a screen of a shape. */
export function regionsFor(scene: SceneDefinition, shape: ScreenShape): Regions {
  return shape === "16:9" ? scene.regions : { ...scene.regions, ...scene.variations[shape] };
}

/** Every indicator that a part names, in its order. */
export function indicatorsOfPart(part: PartContent): readonly string[] {
  switch (part.show) {
    case "score":
    case "ranking":
    case "distribution":
    case "headways":
      return [part.indicator];
    case "tiles":
    case "trend":
    case "today":
      return part.indicators;
    case "off-target":
    case "data":
    case "feeds":
    case "alarms":
    case "warnings":
    case "moments":
    case "briefing":
      return [];
  }
}

/** Every indicator that has a tile somewhere on the wall, once, in the wall's order. */
export function tilesOfWall({ scenes }: Pick<WallDefinition, "scenes">): readonly string[] {
  const ids = new Set<string>();
  for (const scene of scenes)
    for (const regions of [scene.regions, ...Object.values(scene.variations)])
      for (const part of partsOf(regions))
        if (part.show === "tiles") for (const id of part.indicators) ids.add(id);
  return Array.from(ids);
}

/** The parts of regions in reading order, candidates of one slot after each other. */
export function partsOf(regions: Partial<Regions>): readonly Part[] {
  return regionNames.flatMap((name) => (regions[name] ?? []).flat());
}
