/**
 * Areas shaded by an indicator, or by how it changed: seven equal steps between round numbers, and which areas nothing is
 * known of.
 */

import type { Language } from "../../shared/city.ts";
import type { Unit } from "../../shared/units.ts";
import type { Ramp } from "../look/ramps.ts";
import { axisScale } from "../words/format-value.ts";

export const shadeSteps = 7;

export interface AreaReading {
  /** The area's id: `harbour` of `area.district:harbour`. */
  readonly id: string;
  /** `null` when nothing is known. */
  readonly value: number | null;
}

export interface Shade {
  readonly ramp: Ramp;
  /** The lower bounds of the steps in use, ascending; a value below the first cannot be. Empty: nothing is known. */
  readonly bounds: readonly number[];
  /** The upper bound of the last step. */
  readonly top: number;
  /** The step of each area with a value, 0 lowest … 6. */
  readonly stepOf: ReadonlyMap<string, number>;
  /** Areas without a value, to be hatched. */
  readonly unknown: readonly string[];
}

/** A shade in the unit that its legend writes, so that its steps are round in it: minutes, not seconds. */
export interface WrittenShade extends Shade {
  /** Empty for plain counts. */
  readonly unit: string;
  /** A bound as it stands in the legend. */
  readonly write: (bound: number) => string;
}

export function writtenShade(
  areaIds: readonly string[],
  readings: readonly AreaReading[],
  unit: Unit,
  language: Language,
  ramp: Ramp = "amount",
): WrittenShade {
  const isChange = ramp === "change";
  const highest = Math.max(
    0,
    ...readings.map(({ value }) => (isChange ? Math.abs(value ?? 0) : (value ?? 0))),
  );
  const scale = axisScale(unit, language, highest);
  const shown = readings.map(({ id, value }) => ({ id, value: value === null ? null : value / scale.worth }));
  const shade = isChange ? shadeChange(areaIds, shown) : shadeAreas(areaIds, shown);
  const write = (bound: number): string =>
    isChange && bound > 0 ? `+${scale.write(bound)}` : scale.write(bound);
  // A change of a percentage is in points, which its title says.
  return { ...shade, unit: isChange && unit === "percent" ? "" : scale.unit, write };
}

/** The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `size`. */
export function roundUp(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= size * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** `areaIds` are all areas of the level: those without a reading are unknown too. */
export function shadeAreas(areaIds: readonly string[], readings: readonly AreaReading[]): Shade {
  const values = new Map<string, number>();
  for (const { id, value } of readings) if (value !== null) values.set(id, value);
  const unknown = areaIds.filter((id) => !values.has(id));
  if (values.size === 0) return { ramp: "amount", bounds: [], top: 0, stepOf: new Map(), unknown };
  const [low, high] = [Math.min(...values.values()), Math.max(...values.values())];
  const { first, size } = roundSteps(low, high);
  const stepAt = (value: number): number =>
    Math.min(Math.max(Math.floor((value - first) / size + 1e-9), 0), shadeSteps - 1);
  const used = stepAt(high) + 1;
  return {
    ramp: "amount",
    bounds: Array.from({ length: used }, (_, step) => first + step * size),
    top: first + used * size,
    stepOf: new Map(Array.from(values, ([id, value]) => [id, stepAt(value)])),
    unknown,
  };
}

/**
 * Changes on a scale whose middle step is about the same: as wide to either side as each of the three steps of less and
 * of more. All seven are there, so that a colour is more or less whatever the others do.
 */
export function shadeChange(areaIds: readonly string[], readings: readonly AreaReading[]): Shade {
  const values = new Map<string, number>();
  for (const { id, value } of readings) if (value !== null) values.set(id, value);
  const unknown = areaIds.filter((id) => !values.has(id));
  if (values.size === 0) return { ramp: "change", bounds: [], top: 0, stepOf: new Map(), unknown };
  const greatest = Math.max(...Array.from(values.values(), Math.abs));
  const sides = (shadeSteps + 1) / 2;
  const size = greatest === 0 ? 1 : roundUp(greatest / sides);
  const stepAt = (change: number): number => {
    const steps = Math.min(Math.floor(Math.abs(change) / size + 1e-9), sides - 1);
    return sides - 1 + Math.sign(change) * steps;
  };
  const bounds = [-4, -3, -2, -1, 1, 2, 3].map((step) => step * size);
  return {
    ramp: "change",
    bounds,
    top: sides * size,
    stepOf: new Map(Array.from(values, ([id, change]) => [id, stepAt(change)])),
    unknown,
  };
}

/** Equal round steps that hold `low` … `high`; whole numbers never get fractions of one. */
function roundSteps(low: number, high: number): { first: number; size: number } {
  const whole = Number.isInteger(low) && Number.isInteger(high);
  let size = roundUp(Math.max((high - low) / shadeSteps, whole ? 1 : Math.abs(high) * 1e-6, 1e-9));
  if (whole) size = Math.ceil(size);
  let first = Math.floor(low / size) * size;
  while (first + shadeSteps * size <= high) {
    size = whole ? Math.ceil(roundUp(size * 1.01)) : roundUp(size * 1.01);
    first = Math.floor(low / size) * size;
  }
  return { first, size };
}
