/** The parts of a wall's file that name indicators, with their paths in it. Pure. */

import { domains, type Domain } from "../../../shared/city.ts";
import { regionNames, type PartName, type RegionName } from "../../../shared/wall.ts";
import { valueAt } from "./json-at.ts";

const namingParts = ["score", "tiles", "ranking", "distribution", "headways", "trend", "today"] as const;
type NamingPartName = (typeof namingParts)[number] & PartName;

export interface NamingPart {
  /** To the part itself. */
  readonly path: readonly (string | number)[];
  readonly show: NamingPartName;
  readonly region: RegionName;
  /** Of the screens that have it; `null` for all that have no part of their own there. */
  readonly shape: string | null;
  /** `null` for a part of one indicator. */
  readonly indicators: readonly string[] | null;
  readonly indicator: string | null;
  readonly domain: Domain | null;
}

export interface SceneParts {
  readonly index: number;
  readonly parts: readonly NamingPart[];
}

interface AnyPart {
  readonly show?: unknown;
  readonly indicators?: unknown;
  readonly indicator?: unknown;
  readonly domain?: unknown;
}

/** By scene, in the order of the file; of a half-written file what can be read. */
export function scenesOf(text: string): readonly SceneParts[] {
  const scenes = valueAt(text, ["scenes"]);
  return listOf(scenes).map((scene, index) => {
    const own = partsOf(member(scene, "regions"), ["scenes", index, "regions"], null);
    const variations = Object.entries(objectOf(member(scene, "variations"))).flatMap(([shape, regions]) =>
      partsOf(regions, ["scenes", index, "variations", shape], shape),
    );
    return { index, parts: [...own, ...variations] };
  });
}

function partsOf(regions: unknown, path: NamingPart["path"], shape: string | null): NamingPart[] {
  return regionNames.flatMap((region) =>
    listOf(member(regions, region)).flatMap((slot, s) =>
      listOf(slot).flatMap((part, p) => {
        const naming = namingPart(part as AnyPart, [...path, region, s, p]);
        return naming ? [{ ...naming, region, shape }] : [];
      }),
    ),
  );
}

function namingPart(
  part: AnyPart | null,
  path: NamingPart["path"],
): Omit<NamingPart, "region" | "shape"> | null {
  const { indicators, indicator, domain } = part ?? {};
  const show = namingParts.find((name) => name === part?.show);
  if (show === undefined) return null;
  const list = Array.isArray(indicators)
    ? indicators.filter((id): id is string => typeof id === "string")
    : null;
  const one = typeof indicator === "string" ? indicator : null;
  if (list === null && one === null) return null;
  return {
    path,
    show,
    indicators: list,
    indicator: one,
    domain: domains.find((own) => own === domain) ?? null,
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function member(value: unknown, name: string): unknown {
  return objectOf(value)[name];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
