/** Members of WZDx objects as the type they should have; `null` where they are missing, empty or of another type. */

import { isObject, type JsonObject } from "../body.ts";

/** Ids are texts; some publishers write them as numbers. */
export function idOf(value: unknown): string | null {
  return typeof value === "number" ? String(value) : textOf(value);
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function flagOf(value: unknown): boolean | null {
  return typeof value === "boolean" ? value : null;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.flatMap((one) => textOf(one) ?? []) : [];
}

export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
