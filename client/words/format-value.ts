/** How a figure is written, and its gap to the target in a face's words. */

import type { Language } from "../../shared/city.ts";
import { gapAndTarget } from "../../shared/figure-words.ts";
import type { Unit } from "../../shared/units.ts";
import { wordsIn } from "./words.ts";

export { axisScale, formatGap, formatTarget, formatValue, valueInWords } from "../../shared/figure-words.ts";

/** `▽ 17 below 88` in words: `17 below 88`. */
export function gapInWords(value: number, target: number, unit: Unit, language: Language): string {
  const key = value < target ? "faces.wall.below" : "faces.wall.above";
  return wordsIn(language)(key, gapAndTarget(value, target, unit, language));
}
