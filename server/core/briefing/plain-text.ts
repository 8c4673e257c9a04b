/** A briefing as plain text, for mail and for whoever reads in a terminal. */

import {
  plainText,
  sectionsShown,
  type Briefing,
  type BriefingSection,
  type Edition,
  type Sentences,
  type Statement,
} from "../../../shared/briefing.ts";
import type { Language, Text } from "../../../shared/city.ts";
import type { ClockKind } from "../../../shared/clock.ts";
import { dayWords, timeWords } from "./time-words.ts";

const clocks: Readonly<Record<ClockKind, Text | null>> = {
  live: null,
  simulated: { en: "SIMULATED", zh: "模拟" },
  replay: { en: "REPLAY", zh: "回放" },
  past: { en: "PAST", zh: "历史" },
};

export function briefingText(briefing: Briefing, edition: Edition | null, language: Language): string {
  const isEnglish = language === "en";
  const { city, title, period, comparison, clock, corrects } = briefing;
  const mark = clocks[clock]?.[language];
  const head = [
    `${title[language]}${isEnglish ? " – " : "｜"}${city.title[language]}${mark ? ` [${mark}]` : ""}`,
    `${period.words[language]}${comparison ? (isEnglish ? `, compared with ${comparison.words.en}` : `，对比 ${comparison.words.zh}`) : ""}`,
  ];
  const blocks = [
    head.join("\n"),
    ...(corrects ? [correction(corrects, language)] : []),
    plainText(briefing.cover, language),
    ...comments(edition, null, language),
    ...sectionsShown(briefing, edition).map((section) => sectionText(section, briefing, edition, language)),
    foot(briefing, edition, language),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function correction({ id, changes }: NonNullable<Briefing["corrects"]>, language: Language): string {
  const head = language === "en" ? `This corrects briefing ${id}:` : `本简报更正简报 ${id}：`;
  return [head, ...changes.map(({ text }) => `– ${plainText(text, language)}`)].join("\n");
}

function sectionText(
  { kind, title, statements }: BriefingSection,
  briefing: Briefing,
  edition: Edition | null,
  language: Language,
): string {
  const name = language === "en" ? title.en.toUpperCase() : `【${title.zh}】`;
  return [
    name,
    ...statements.flatMap((statement) => statementLines(statement, briefing, language)),
    ...comments(edition, kind, language),
  ].join("\n");
}

function statementLines(
  { text, cause, action }: Statement,
  { city, knownAt }: Briefing,
  language: Language,
): string[] {
  const say = (sentences: Sentences): string => plainText(sentences, language);
  const due = action?.dueAt
    ? `${dayWords(action.dueAt, city.zone)[language]} ${timeWords(action.dueAt, city.zone)}`
    : null;
  const late = action?.dueAt && action.dueAt < knownAt;
  const acts =
    language === "en"
      ? `Acts: ${action?.owner.en}${due ? `, ${late ? "was due" : "due"} ${due}` : ""}`
      : `责任部门：${action?.owner.zh}${due ? `，${late ? "应于" : "须于"} ${due} 前` : ""}`;
  return [`– ${say(text)}`, ...(cause ? [`  ${say(cause.text)}`] : []), ...(action ? [`  ${acts}`] : [])];
}

/** What an editor added, always said to be theirs. */
function comments(
  edition: Edition | null,
  section: BriefingSection["kind"] | null,
  language: Language,
): string[] {
  return (edition?.comments ?? [])
    .filter((comment) => comment.section === section)
    .map(({ text }) =>
      language === "en" ? `  [${edition!.editor}: ${text}]` : `  ［${edition!.editor}：${text}］`,
    );
}

function foot({ knownAt, city, id }: Briefing, edition: Edition | null, language: Language): string {
  const at = `${dayWords(knownAt, city.zone)[language]} ${timeWords(knownAt, city.zone)}`;
  const signed = edition?.isSigned
    ? language === "en"
      ? `Signed: ${edition.editor}. `
      : `签发：${edition.editor}。`
    : "";
  return language === "en"
    ? `${signed}Generated from what was known on ${at}. Briefing ${id}.`
    : `${signed}根据 ${at} 已知数据自动生成。编号 ${id}。`;
}
