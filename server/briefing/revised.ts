/** What the issue before told and is another figure by what is known now. */

import type { Briefing, BriefingFigure } from "../../shared/briefing.ts";
import { valueWords } from "../core/briefing/book.ts";
import type { RevisedFacts } from "../core/briefing/facts.ts";
import type { KnownIndicator } from "./gather-context.ts";
import { askedIn, readValues, seriesAddress, type Asked, type Reader } from "./series-reading.ts";

const atMost = 60;

interface Told {
  readonly figure: BriefingFigure;
  readonly indicator: KnownIndicator;
  readonly asked: Asked;
}

export async function gatherRevised(
  indicators: readonly KnownIndicator[],
  reader: Reader,
  previous: Briefing | null,
): Promise<readonly RevisedFacts[]> {
  if (previous === null) return [];
  const told = toldIn(previous, indicators).slice(0, atMost);
  const alike = Map.groupBy(told, ({ figure, asked }) => JSON.stringify([figure.statistic, asked]));
  const revised: RevisedFacts[] = [];
  for (const group of alike.values()) {
    const [first] = group as [Told];
    const values = await readValues(
      reader,
      group.map(({ figure }) => figure.series!),
      first.asked,
      first.figure.statistic,
    );
    group.forEach(({ figure, indicator, asked }, i) => {
      const now = values[i]!;
      if (now.value === null || isSame(figure, now.value)) return;
      const { feeds, ...definition } = indicator;
      revised.push({
        briefing: previous.id,
        was: figure.value!,
        period: previous.period.words,
        facts: {
          series: figure.series!,
          definition,
          feeds,
          statistic: figure.statistic,
          told: now,
          compared: null,
          course: [],
          courseAddress: now.address,
          pointAddress: (span) => seriesAddress(figure.series!, { ...asked, ...span }, reader.knownAt),
          daysBefore: [],
          breaks: [],
        },
      });
    });
  }
  return revised.toSorted((a, b) => (a.facts.series < b.facts.series ? -1 : 1));
}

/** The city's figures over its whole period that had a value, each once; hours and groups are not held to again. */
function toldIn(previous: Briefing, indicators: readonly KnownIndicator[]): Told[] {
  const figures = [
    ...previous.coverFigures,
    ...previous.sections.flatMap(({ kind, statements }) =>
      kind === "data" ? [] : statements.flatMap((statement) => statement.figures),
    ),
  ];
  const whole = figures.filter((figure) => isWhole(figure, previous));
  const bySeries = new Map(whole.map((figure) => [figure.series, figure]));
  return [...bySeries.values()].flatMap((figure): Told[] => {
    const evidence = previous.evidence[figure.evidence]!;
    const indicator = indicators.find(({ id }) => id === figure.series);
    const asked = askedIn(evidence.address);
    if (!indicator || asked === null || figure.value === null || indicator.revision !== evidence.revision)
      return [];
    return [{ figure, indicator, asked }];
  });
}

/** Of the period, and not of one hour or day of it. */
function isWhole({ statistic, evidence }: BriefingFigure, { period, evidence: all }: Briefing): boolean {
  const asked = askedIn(all[evidence]!.address);
  if (asked === null || asked.toAt !== period.toAt) return false;
  return statistic === "last" || 2 * (asked.toAt - asked.fromAt) > period.toAt - period.fromAt;
}

/** What is written alike is not worth a sentence. */
function isSame(figure: BriefingFigure, now: number): boolean {
  return valueWords(figure.value, figure).en === valueWords(now, figure).en;
}
