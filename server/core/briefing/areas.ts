/** Where it was: areas and departments by what is fair, and no ranking of what chance can explain. */

import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import { parseSeriesId, type Text } from "../../../shared/city.ts";
import { formatNumber } from "../../../shared/number-words.ts";
import { confidenceOf, valueWords, type Book } from "./book.ts";
import { compareFairly, perInhabitants, type Fair } from "./fairness.ts";
import type { ComparedFacts } from "./facts.ts";
import { counted, line, type Line } from "./sentence.ts";
import { placeOfGroup, worksCause } from "./works.ts";

const toldAtMost = 3;

export function areaSection(book: Book): BriefingSection | null {
  const compared = book.facts.compared.filter(({ groups }) => groups.length > 1);
  if (compared.length === 0) return null;
  const fair = compared.map((one) => fairOf(one));
  const statements = compared.map((one, i) => comparedStatement(book, one, fair[i]!, 60 - 5 * i));
  const mapped = compared.findIndex(({ groups }) => groups.every(({ area }) => area !== null));
  return {
    kind: "areas",
    title: { en: "Side by side", zh: "横向比较" },
    statements: statements.toSorted((a, b) => b.weight - a.weight),
    chart: mapped < 0 ? null : mapOf(book, compared[mapped]!, fair[mapped]!),
  };
}

function fairOf({ asked, groups }: ComparedFacts): Fair {
  return compareFairly(
    groups.map(({ told, size }) => ({ value: told.value, size })),
    asked.per === "inhabitants",
  );
}

function comparedStatement(
  book: Book,
  compared: ComparedFacts,
  { overall, groups }: Fair,
  weight: number,
): Statement {
  const { definition, asked } = compared;
  const { short } = book.period;
  const { title } = definition;
  const id = `areas/${definition.id}/${asked.by}`;
  const evidence = compared.groups.map(({ told }) => book.seriesEvidence(compared, told.address));
  if (overall === null)
    return book.statement(
      id,
      {
        en: line`${title.en}: nothing is known by ${kindWords(asked.by).en} ${short.en}.`,
        zh: line`${short.zh}${title.zh}分${kindWords(asked.by).zh}数据未知。`,
      },
      { tone: "neutral", weight: 20, evidence },
    );
  const per = asked.per === "inhabitants";
  const rate = (value: number): Text => rateWords(value, per);
  const differing = groups
    .map((one, i) => ({ ...one, ...compared.groups[i]! }))
    .filter(({ differs }) => differs !== null)
    .toSorted((a, b) => b.rate! - a.rate!);
  const small = groups.filter(({ isSmall }) => isSmall).length;
  const marked: Text =
    small === 0
      ? { en: "", zh: "" }
      : {
          en: ` ${counted(small, kindWords(asked.by).one)} ${small === 1 ? "is" : "are"} too small to judge.`,
          zh: `另有 ${small} 个${kindWords(asked.by).zh}因基数过小不作判断。`,
        };
  if (differing.length === 0)
    return book.statement(
      id,
      {
        en: line`${title.en}: ${rate(overall).en} ${short.en}; no ${kindWords(asked.by).one} differs from that by more than chance would make.${marked.en}`,
        zh: line`${short.zh}${title.zh}${rate(overall).zh}；各${kindWords(asked.by).zh}差异均在随机波动范围内。${marked.zh}`,
      },
      { tone: "neutral", weight: 30, evidence },
    );
  const { better } = definition;
  const told =
    differing.length <= 2 * toldAtMost
      ? differing
      : [...differing.slice(0, toldAtMost), ...differing.slice(-toldAtMost)];
  const names = told.map((one) => {
    const figure = book.figureOf({ ...compared, series: one.series }, one.told);
    const size = per ? { figure, words: valueWords(one.told.value, figure) } : null;
    const value = per ? null : { figure, words: rate(one.rate!) };
    return { name: one.name, size, value, rate: bareRate(one.rate!) };
  });
  const english: Line = names.flatMap(({ name, size, value, rate: words }, i): Line => [
    i === 0 ? "" : ", ",
    `${name.en} `,
    ...(size ? [`${words.en} (`, size, ")"] : [value!]),
  ]);
  const chinese: Line = names.flatMap(({ name, size, value, rate: words }, i): Line => [
    i === 0 ? "" : "、",
    `${name.zh}`,
    ...(size ? [` ${words.zh}（共 `, size, "）"] : [" ", value!]),
  ]);
  const works = told
    .map(({ series, name }) =>
      worksCause(book, placeOfGroup(parseSeriesId(series).group ?? ""), book.facts.period, name),
    )
    .find((cause) => cause !== null);
  const worst = differing.some(({ differs }) =>
    better === "lower" ? differs === "above" : better === "higher" && differs === "below",
  );
  return book.statement(
    id,
    {
      en: line`${title.en}: ${rate(overall).en} ${short.en}. More than chance apart from that${per ? ", with their counts" : ""}: ${english}.${marked.en}`,
      zh: line`${short.zh}${title.zh}${rate(overall).zh}。明显偏离的有${per ? "（每万人）" : ""}：${chinese}。${marked.zh}`,
    },
    {
      tone: worst ? "bad" : "neutral",
      weight,
      evidence: [...evidence, ...(works ? [book.logEvidence("events")] : [])],
      cause: works ?? null,
    },
  );
}

/** Without its unit, which the sentence has said. */
function bareRate(value: number): Text {
  const digits = value < 10 ? 1 : 0;
  return { en: formatNumber(value, digits, "en"), zh: formatNumber(value, digits, "zh") };
}

function rateWords(value: number, perHead: boolean): Text {
  const { en, zh } = bareRate(value);
  if (!perHead) return { en: `${en} %`, zh: `${zh} %` };
  return { en: `${en} per ${formatNumber(perInhabitants, 0, "en")} inhabitants`, zh: `每万人 ${zh}` };
}

function kindWords(by: string): { readonly en: string; readonly one: string; readonly zh: string } {
  return by.startsWith("area.")
    ? { en: "area", one: "area", zh: "区域" }
    : { en: "department", one: "department", zh: "部门" };
}

function mapOf(book: Book, compared: ComparedFacts, { groups }: Fair): BriefingSection["chart"] {
  const { definition, asked } = compared;
  const title = definition.title;
  return {
    kind: "area-map",
    question: { en: `Where was most of “${title.en}”?`, zh: `“${title.zh}”集中在哪里？` },
    unit: asked.per === "inhabitants" ? "count" : definition.unit,
    better: definition.better,
    ...(book.facts.ground ? { ground: book.facts.ground } : {}),
    per: asked.per === "inhabitants" ? { en: "per 10,000 inhabitants", zh: "每万人" } : null,
    areas: compared.groups.map(({ name, told, area }, i) => ({
      id: area!.id,
      name,
      value: groups[i]!.rate,
      confidence: groups[i]!.rate === null ? "missing" : confidenceOf(told),
      isSmall: groups[i]!.isSmall,
      rings: area!.rings,
      evidence: book.seriesEvidence(compared, told.address),
    })),
  };
}
