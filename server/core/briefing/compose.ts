/** From what was gathered to a briefing: the same facts always make the same words. */

import {
  plainText,
  type Briefing,
  type BriefingSection,
  type SectionKind,
} from "../../../shared/briefing.ts";
import { languages } from "../../../shared/city.ts";
import { alarmSection } from "./alarms.ts";
import { areaSection } from "./areas.ts";
import { Book } from "./book.ts";
import { coverOf } from "./cover.ts";
import { correctionStatements, dataSection } from "./data.ts";
import type { BriefingFacts } from "./facts.ts";
import { nextSection } from "./next.ts";
import { scoreSection } from "./score.ts";
import { serviceSection } from "./services.ts";
import { targetSection } from "./targets.ts";
import { timelineSection } from "./timeline.ts";
import { unusualSection } from "./unusual.ts";

const sections: Readonly<Record<SectionKind, (book: Book) => BriefingSection | null>> = {
  score: scoreSection,
  unusual: unusualSection,
  targets: targetSection,
  alarms: alarmSection,
  timeline: timelineSection,
  services: serviceSection,
  areas: areaSection,
  data: dataSection,
  next: nextSection,
};

/** What only the issue knows. */
export interface IssueFacts {
  readonly id: string;
  readonly issuedAt: number;
  readonly dueAt: number | null;
  /** The issue that it corrects, whose figures `facts.revised` are held to; `null` of a first issue. */
  readonly corrects: string | null;
}

/** The sections in their order: what one has told, those after it do not tell again. */
export function composeBriefing(
  facts: BriefingFacts,
  { id, issuedAt, dueAt, corrects }: IssueFacts,
): Briefing {
  const { definition, city, clock, period, comparison, knownAt, dataVersion } = facts;
  const book = new Book(corrects === null ? facts : { ...facts, revised: [] });
  const cover = coverOf(book);
  const told = withoutRepeats(definition.sections.flatMap((kind) => sections[kind](book) ?? []));
  return {
    version: 1,
    id,
    definition: definition.id,
    title: definition.title,
    audience: definition.audience,
    city,
    clock,
    period: { ...period, words: book.period.words },
    comparison: comparison && { ...comparison, words: book.comparison!.words },
    knownAt,
    issuedAt,
    dueAt,
    dataVersion,
    corrects: corrects === null ? null : { id: corrects, changes: correctionStatements(book, facts.revised) },
    cover: cover.text,
    coverFigures: cover.figures,
    sections: told,
    evidence: book.evidence,
  };
}

/** A publisher may issue the same warning twice: the same words are said once, where they come first. */
function withoutRepeats(all: readonly BriefingSection[]): BriefingSection[] {
  const said = new Set<string>();
  return all.flatMap((section) => {
    const statements = section.statements.filter(({ text }) => {
      const words = languages.map((language) => plainText(text, language));
      const isFresh = words.every((one) => !said.has(one));
      if (isFresh) for (const one of words) said.add(one);
      return isFresh;
    });
    return statements.length === 0 ? [] : [{ ...section, statements }];
  });
}
