/** Works that began while a figure was unusual, where the figure is about: told beside it as no more than that. */

import type { Statement } from "../../../shared/briefing.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import type { Condition, IndicatorDefinition, Text } from "../../../shared/city.ts";
import type { Book } from "./book.ts";
import type { Span } from "./facts.ts";
import { counted, line, listed, sentences } from "./sentence.ts";
import { momentWords } from "./time-words.ts";

/** Keys of areas, such as `area.district:harbour`, and the names of roads; nothing of a figure of the whole city. */
export type Place = readonly string[];

const namedAtMost = 3;

/** Fields that name roads; in any other the same text is something else: "101" may be a bus. */
const roadFields: ReadonlySet<string> = new Set(["roadName", "roadNames", "roadNumber"]);

/** Where an indicator counts, as far as its own conditions say: only in an area, only on a road. */
export function placeOf({ where }: Pick<IndicatorDefinition, "where">): Place {
  return Object.entries(where).flatMap(([key, condition]) =>
    key === "$area" || roadFields.has(key) ? textsOf(condition) : [],
  );
}

function textsOf(condition: Condition): readonly string[] {
  const all = typeof condition === "object" ? ("in" in condition ? condition.in : []) : [condition];
  return all.filter((one) => typeof one === "string");
}

/** Where a group such as `area.district:harbour` or `roadName:Quay Street` is. */
export function placeOfGroup(group: string): Place {
  if (group.startsWith("area.")) return [group];
  const colon = group.indexOf(":");
  return roadFields.has(group.slice(0, colon)) ? [group.slice(colon + 1)] : [];
}

/** `null` where no road was closed there from a time within the stretch. `where`: how the place is called, if that is not clear. */
export function worksCause(
  book: Book,
  place: Place,
  { fromAt, toAt }: Span,
  where: Text | null = null,
): Statement["cause"] {
  const isHere = ({ works }: CityEvent): boolean =>
    works !== undefined && [...works.areas, ...works.roads].some((one) => place.includes(one));
  const here = book.facts.events.filter((one) => one.at >= fromAt && one.at < toAt && isHere(one));
  const whole = here.filter(({ works }) => works!.closes === "road");
  const told = whole.length > 0 ? whole : here;
  if (told.length === 0) return null;
  const names = [...new Set(told.flatMap(({ works }) => works!.roads))];
  const rest = names.length - namedAtMost;
  const roads = listed([
    ...names.slice(0, namedAtMost).map((name) => ({ en: name, zh: name })),
    ...(rest > 0 ? [{ en: counted(rest, "more road"), zh: `另外 ${rest} 条道路` }] : []),
  ]);
  const when = timesOf(book, told, names.length === 1);
  const at = where ? { en: ` in ${where.en}`, zh: `${where.zh}的` } : { en: "", zh: "" };
  const closed =
    whole.length > 0
      ? { en: `${roads.en} ${names.length === 1 ? "was" : "were"} closed`, zh: "因施工封闭" }
      : { en: `lanes of ${roads.en} were closed`, zh: "因施工封闭部分车道" };
  const { text } = sentences({
    en: line`This was while ${closed.en} for works${at.en} (${when.en}); that proves no cause.`,
    zh: line`同期，${at.zh}${roads.zh}${closed.zh}（${when.zh}）；仅为时间重合，不说明因果。`,
  });
  return { kind: "works", text };
}

/** From when to when, where that is known; of several roads, since when the first one was closed. */
function timesOf({ facts, zone }: Book, told: readonly CityEvent[], isOneRoad: boolean): Text {
  const near = facts.period.fromAt;
  const from = momentWords(Math.min(...told.map(({ at }) => at)), near, zone);
  if (!isOneRoad) return { en: `the first from ${from.en}`, zh: `最早自 ${from.zh} 起` };
  const endsAt = Math.max(...told.map((one) => one.endsAt ?? Number.POSITIVE_INFINITY));
  if (!Number.isFinite(endsAt)) return { en: `from ${from.en}`, zh: `${from.zh} 起` };
  const to = momentWords(endsAt, near, zone);
  return { en: `${from.en} to ${to.en}`, zh: `${from.zh} 至 ${to.zh}` };
}
