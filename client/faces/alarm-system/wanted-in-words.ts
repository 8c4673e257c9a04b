import type { Language } from "../../../shared/city.ts";
import type { Unit } from "../../../shared/units.ts";
import { formatTarget, formatValue } from "../../words/format-value.ts";

/** What is wanted as it was set: `1 %`, `10`. */
export function wantedInWords(wanted: number, unit: Unit, language: Language): string {
  return `${formatTarget(wanted, unit, language)} ${formatValue(wanted, unit, language).unit}`.trimEnd();
}
