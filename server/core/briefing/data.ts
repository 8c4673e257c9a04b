/** How sure all of it is: feeds that failed and what that means, what is not known, what was redefined or revised. */

import type { BriefingFigure, BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { Text } from "../../../shared/city.ts";
import { cityDate } from "../../../shared/city-time.ts";
import { soundPercent, valueWords, wholePercent, type Book } from "./book.ts";
import type { FeedFacts, RevisedFacts, SeriesFacts } from "./facts.ts";
import { counted, line, listed, often, quoted } from "./sentence.ts";
import { lengthWords, momentWords, periodWords } from "./time-words.ts";

const toldAtMost = 6;
/** A feed that was silent for less in all is not worth a sentence. */
const leastSilenceMs = 5 * 60_000;

export function dataSection(book: Book): BriefingSection {
  const statements = [
    ...wholeStatement(book),
    ...redefined(book),
    ...silentFeeds(book),
    ...unknownFigures(book),
    ...revisedFigures(book),
    ...holidayStatement(book),
  ];
  if (statements.length === 0) statements.push(allKnown(book));
  return {
    kind: "data",
    title: { en: "How sure this is", zh: "数据可信度" },
    statements: statements.toSorted((a, b) => b.weight - a.weight),
    chart: null,
  };
}

/** Half a period: when most figures are known for a part of it only. */
function wholeStatement(book: Book): Statement[] {
  const { figures } = book.facts;
  const median = book.medianKnownPercent;
  if (median >= wholePercent) return [];
  const percent = Math.round(median);
  return [
    book.statement(
      "data/whole",
      median === 0
        ? {
            en: line`Of this period most figures are not known at all: nothing was recorded, or no feed spoke.`,
            zh: line`本期多数指标完全没有数据：未作记录，或数据源无响应。`,
          }
        : {
            en: line`Most figures are known for ${percent} % of the period only and speak of that part: they are preliminary.`,
            zh: line`多数指标仅覆盖本期 ${percent} % 的时间，只代表该部分，均为初步数据。`,
          },
      {
        tone: "bad",
        weight: 100,
        evidence: figures.map((facts) => book.seriesEvidence(facts, facts.told.address)),
      },
    ),
  ];
}

function redefined(book: Book): Statement[] {
  return book.facts.figures.flatMap((facts) => {
    const [at] = facts.breaks.slice(-1);
    if (at === undefined) return [];
    const title = quoted(facts.definition.title);
    const when = momentWords(at, book.facts.period.toAt - 1, book.zone);
    return [
      book.statement(
        `data/redefined/${facts.series}`,
        {
          en: line`${title.en} is defined anew since ${when.en}: what is before and after is not the same figure and is not compared.`,
          zh: line`${title.zh}自 ${when.zh} 起口径变更：前后不是同一指标，不作比较。`,
        },
        { tone: "neutral", weight: 95, evidence: [book.seriesEvidence(facts, facts.courseAddress)] },
      ),
    ];
  });
}

function silentFeeds(book: Book): Statement[] {
  const silent = book.facts.feeds
    .map((feed) => ({ feed, ms: silenceMs(book, feed) }))
    .filter(({ ms }) => ms >= leastSilenceMs)
    .toSorted((a, b) => b.ms - a.ms);
  const told = silent
    .slice(0, toldAtMost)
    .map(({ feed, ms }, i) => feedStatement(book, feed, ms, 90 - 3 * i));
  const rest = silent.slice(toldAtMost);
  if (rest.length === 0) return told;
  const names = listed(rest.map(({ feed }) => quoted(feed.title)));
  return [
    ...told,
    book.statement(
      "data/feeds-more",
      { en: line`Also silent for a time: ${names.en}.`, zh: line`另有中断：${names.zh}。` },
      { tone: "bad", weight: 60, evidence: [book.logEvidence("feeds")] },
    ),
  ];
}

function silenceMs({ facts }: Book, { silences }: FeedFacts): number {
  const { fromAt, toAt } = facts.period;
  return silences.reduce(
    (sum, one) => sum + Math.max(0, Math.min(one.toAt ?? toAt, toAt) - Math.max(one.fromAt, fromAt)),
    0,
  );
}

function feedStatement(book: Book, feed: FeedFacts, ms: number, weight: number): Statement {
  const { facts, zone } = book;
  const { silences, title } = feed;
  const evidence = book.logEvidence("feeds");
  const figure: BriefingFigure = book.count(ms / 1000, title, evidence, "seconds");
  const length = { figure, words: lengthWords(ms) };
  const isDown = silences.at(-1)!.toAt === null;
  const needing = facts.figures.filter(
    ({ feeds, definition }) => definition.unit !== "score" && feeds.includes(feed.id),
  );
  const meaning = meaningOf(needing);
  const since = momentWords(silences[0]!.fromAt, facts.period.fromAt, zone);
  const times =
    silences.length === 1
      ? { en: `${isDown ? "since" : "from"} ${since.en}`, zh: `${since.zh} 起` }
      : {
          en: `${often(silences.length)}, first from ${since.en}`,
          zh: `${since.zh} 起 ${silences.length} 次`,
        };
  return book.statement(
    `data/feeds/${feed.id}`,
    {
      en: line`Feed “${title.en}” was silent ${times.en}, for ${length}${isDown && silences.length > 1 ? ", and still is" : ""}${meaning.en}.`,
      zh: line`数据源“${title.zh}”${times.zh}中断，累计 ${length}${isDown ? "，尚未恢复" : ""}${meaning.zh}。`,
    },
    {
      tone: "bad",
      weight,
      evidence: [evidence],
      action: isDown ? { owner: book.department(feed.department), dueAt: null } : null,
    },
  );
}

/** What a silent feed means for the figures that need it. */
function meaningOf(needing: readonly SeriesFacts[]): Text {
  const partly = needing.filter(({ told }) => told.value !== null && told.knownPercent < soundPercent);
  const unknown = needing.filter(({ told }) => told.value === null).length;
  const titles = partly.slice(0, 4).map(({ definition }) => quoted(definition.title));
  const names = listed(titles);
  const more = partly.length - 4;
  const part = {
    en: `${more > 0 ? `${titles.map(({ en }) => en).join(", ")} and ${more} more` : names.en} ${partly.length === 1 ? "is" : "are"} preliminary`,
    zh: `${names.zh}${more > 0 ? `等 ${partly.length} 项` : ""}为初步数据`,
  };
  const none = {
    en: `${counted(unknown, "figure")} ${unknown === 1 ? "is" : "are"} not known`,
    zh: `${unknown} 项指标无数据`,
  };
  const said = [...(partly.length > 0 ? [part] : []), ...(unknown > 0 ? [none] : [])];
  if (said.length === 0) return { en: "; no figure here suffers", zh: "；不影响本简报各项指标" };
  return { en: `; ${said.map(({ en }) => en).join(", ")}`, zh: `；${said.map(({ zh }) => zh).join("，")}` };
}

function unknownFigures(book: Book): Statement[] {
  const unknown = book.facts.figures.filter(
    ({ told, definition }) => told.value === null && definition.unit !== "score",
  );
  if (unknown.length === 0) return [];
  const names = listed(unknown.slice(0, 8).map(({ definition }) => quoted(definition.title)));
  const more = unknown.length - 8;
  return [
    book.statement(
      "data/unknown",
      {
        en: line`Not known ${book.period.short.en}: ${names.en}${more > 0 ? ` and ${counted(more, "more figure")}` : ""}.`,
        zh: line`${book.period.short.zh}无数据：${names.zh}${more > 0 ? `等 ${unknown.length} 项` : ""}。`,
      },
      {
        tone: "bad",
        weight: 80,
        evidence: unknown.map((facts) => book.seriesEvidence(facts, facts.told.address)),
      },
    ),
  ];
}

/** What a correction says: each figure that is another one now. */
export function correctionStatements(book: Book, revised: readonly RevisedFacts[]): Statement[] {
  return revised.map((one, i) => revisedStatement(book, one, 90 - i));
}

function revisedFigures(book: Book): Statement[] {
  const { revised } = book.facts;
  const moved = revised.filter(hasMoved);
  const little = revised.filter((one) => !hasMoved(one));
  const told = moved.slice(0, toldAtMost).map((one, i) => revisedStatement(book, one, 55 - i));
  if (little.length === 0) return told;
  const { briefing } = little[0]!;
  return [
    ...told,
    book.statement(
      "data/revised-little",
      {
        en: line`${counted(little.length, told.length > 0 ? "more figure" : "figure")} of briefing ${briefing} moved since by less than ${worthPercent} %.`,
        zh: line`简报 ${briefing} 中${told.length > 0 ? "另" : ""}有 ${little.length} 项指标此后变动不足 ${worthPercent} %。`,
      },
      {
        tone: "neutral",
        weight: 45,
        evidence: little.map(({ facts }) => book.seriesEvidence(facts, facts.told.address)),
      },
    ),
  ];
}

/** A revision by less is counted, not told. */
const worthPercent = 2;

function hasMoved({ facts, was }: RevisedFacts): boolean {
  const now = facts.told.value;
  return now === null || Math.abs(now - was) * 100 >= worthPercent * Math.abs(was);
}

function revisedStatement(
  book: Book,
  { facts, was, briefing, period }: RevisedFacts,
  weight: number,
): Statement {
  const figure: BriefingFigure = { ...book.figureOf(facts, facts.told), confidence: "revised", was };
  const value = book.named(figure);
  const before = valueWords(was, facts.definition);
  const title = quoted(facts.definition.title);
  return book.statement(
    `data/revised/${facts.series}`,
    {
      en: line`${title.en} for ${period.en} is ${value} by what is known now; briefing ${briefing} said ${before.en}.`,
      zh: line`${period.zh}的${title.zh}按最新数据为 ${value}；简报 ${briefing} 中为 ${before.zh}。`,
    },
    { tone: "neutral", weight },
  );
}

/** A holiday against an ordinary day says little. */
function holidayStatement(book: Book): Statement[] {
  const { period, comparison, holidays } = book.facts;
  if (!comparison || period.kind !== "day") return [];
  const [now, then] = [period.fromAt, comparison.fromAt].map((at) => holidays.get(cityDate(at, book.zone)));
  if ((now === undefined) === (then === undefined)) return [];
  const name = (now ?? then)!;
  const plain = periodWords({ ...period, isOver: true }, book.zone, new Map());
  const other = periodWords({ ...comparison, kind: "day", isOver: true }, book.zone, new Map());
  const [holiday, ordinary] = now ? [plain, other] : [other, plain];
  return [
    book.statement(
      "data/holiday",
      {
        en: line`${holiday.words.en} was ${name.en} and ${ordinary.words.en} an ordinary day: changes between the two say little.`,
        zh: line`${holiday.words.zh}为${name.zh}，${ordinary.words.zh}为普通日，两者之间的变化参考意义有限。`,
      },
      { tone: "neutral", weight: 85, evidence: [book.logEvidence("events")] },
    ),
  ];
}

function allKnown(book: Book): Statement {
  const { figures } = book.facts;
  return book.statement(
    "data/whole",
    {
      en: line`All feeds held ${book.period.short.en}; ${counted(figures.length, "figure")} rest on data without gaps worth telling.`,
      zh: line`${book.period.short.zh}数据源全部正常，${figures.length} 项指标的数据无明显缺口。`,
    },
    {
      tone: "good",
      weight: 50,
      evidence: [
        book.logEvidence("feeds"),
        ...figures.map((facts) => book.seriesEvidence(facts, facts.told.address)),
      ],
    },
  );
}
