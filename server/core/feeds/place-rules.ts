import type { Text } from "../../../shared/city.ts";
import type { NoticeSeverity } from "../../../shared/notice.ts";
import type { PlaceFault } from "./place.ts";
import type { Rule } from "./rules.ts";

const meanings: Readonly<Record<PlaceFault, Text>> = {
  missing: { en: "No place is given.", zh: "没有给出位置。" },
  zero: { en: "The place is 0°, 0°: nobody filled it in.", zh: "位置为 0°, 0°：没有人填写。" },
  swapped: { en: "Longitude and latitude are swapped.", zh: "经度与纬度写反了。" },
  sign: {
    en: "A sign is missing: with it the place lies in the city.",
    zh: "缺少正负号：加上后位置就在城市内。",
  },
  metres: { en: "The place is in metres, not in degrees.", zh: "位置以米为单位，而不是度。" },
  impossible: {
    en: "There is no such longitude or latitude; perhaps a national grid.",
    zh: "不存在这样的经纬度；可能是国家坐标系。",
  },
  far: { en: "The place lies more than 100 km outside the city.", zh: "位置在城市以外 100 公里以上。" },
};

/**
 * The rules about places that a standard shares with every other (`place.ts`): all of one severity, but for `others`,
 * where `null` is what its connector never says.
 */
export function placeRules(
  prefix: string,
  basis: string,
  severity: NoticeSeverity,
  others: Readonly<Partial<Record<PlaceFault, NoticeSeverity | null>>> = {},
): Rule[] {
  return (Object.entries(meanings) as [PlaceFault, Text][]).flatMap(([fault, meaning]) => {
    const { [fault]: own = severity } = others;
    return own === null ? [] : { code: `${prefix}-place-${fault}`, severity: own, meaning, basis };
  });
}
