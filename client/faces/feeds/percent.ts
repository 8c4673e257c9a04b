import type { Language } from "../../../shared/city.ts";
import { formatValue } from "../../words/format-value.ts";

/** `99.4`: nearly all is not all. */
export function percentInWords(percent: number, language: Language): string {
  return formatValue(percent, "percent", language).figure;
}
