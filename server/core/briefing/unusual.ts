/** What left the band of what is usual for the hour and weekday, since when, and what the data offers as a reason. */

import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { CityEvent } from "../../../shared/city-event.ts";
import { rangeWords, type Book } from "./book.ts";
import { strongestCorrelation } from "./correlation.ts";
import type { SeriesFacts, UsualPoint } from "./facts.ts";
import { capital, counted, line, listed, quoted } from "./sentence.ts";
import { placeOf, worksCause } from "./works.ts";
import { momentWords, spanWords, timeWords, dayWords } from "./time-words.ts";

/** An hour or two outside happen by chance: the band leaves a fifth of all hours out. */
const fewestHours = 3;
/** How far from the band it has to have been at its worst, in widths of the band. */
const leastExcess = 0.75;
const toldAtMost = 6;
const picturedAtMost = 6;

/** A stretch of neighbouring hours, or days, on one side of the band. */
export interface Departure {
  readonly facts: SeriesFacts;
  readonly side: "above" | "below";
  readonly points: readonly UsualPoint[];
  readonly worst: UsualPoint;
  /** Of the worst point, in widths of its band. */
  readonly excess: number;
  /** Whether it reaches the end of what is known. */
  readonly lasts: boolean;
}

export function unusualSection(book: Book): BriefingSection {
  const departures = departuresIn(book);
  const told = departures.slice(0, toldAtMost);
  const statements =
    departures.length === 0
      ? [nothingUnusual(book)]
      : [
          ...(departures.length > 1 ? [overview(book, departures)] : []),
          ...told.map((departure, i) => departureStatement(book, departure, i)),
        ];
  for (const { facts } of told) book.told.add(facts.series);
  return {
    kind: "unusual",
    title: { en: "What was unusual", zh: "异常情况" },
    statements,
    chart:
      told.length === 0
        ? null
        : {
            kind: "small-multiples",
            question: { en: "What left its usual range, and when?", zh: "哪些指标何时偏离常值？" },
            series: told.slice(0, picturedAtMost).map(({ facts }) => book.chartSeries(facts)),
          },
  };
}

/** The gravest stretch of each figure, the gravest figure first; scores are made of the others and left out. */
export function departuresIn({ facts }: Book): Departure[] {
  const watched = facts.figures.filter(({ definition }) => definition.unit !== "score");
  return watched
    .flatMap((one) => {
      const all = stretchesOf(one);
      const [gravest] = all.toSorted((a, b) => gravity(b) - gravity(a));
      return gravest ? [gravest] : [];
    })
    .toSorted((a, b) => gravity(b) - gravity(a) || (a.facts.series < b.facts.series ? -1 : 1));
}

function gravity({ excess, points, side, facts }: Departure): number {
  const { better } = facts.definition;
  const isBad = better === "neither" || (better === "higher") === (side === "below");
  return Math.min(excess, 20) * Math.sqrt(points.length) * (isBad ? 1 : 0.3);
}

function stretchesOf(facts: SeriesFacts): Departure[] {
  const { course } = facts;
  const isDaily = course.length > 1 && course[0]!.toAt - course[0]!.fromAt > 12 * 3_600_000;
  const fewest = isDaily ? 1 : fewestHours;
  const sides = course.map((point) => sideOf(point));
  const found: Departure[] = [];
  const lastKnown = course.findLastIndex(({ value }) => value !== null);
  for (let from = 0; from < course.length;) {
    const side = sides[from]!;
    let to = from + 1;
    while (to < course.length && sides[to] === side) to++;
    if (side !== null && to - from >= fewest) {
      const points = course.slice(from, to);
      const excesses = points.map((point) => excessOf(point, facts));
      const excess = Math.max(...excesses);
      const worst = points[excesses.indexOf(excess)]!;
      if (excess >= leastExcess)
        found.push({ facts, side, points, worst, excess, lasts: to - 1 === lastKnown });
    }
    from = to;
  }
  return found;
}

function sideOf({ value, low, high }: UsualPoint): "above" | "below" | null {
  if (value === null || low === null || high === null) return null;
  return value > high ? "above" : value < low ? "below" : null;
}

/** Of counts the band is at least as wide as chance makes it: 3 instead of 1 is nothing. */
function excessOf({ value, low, high }: UsualPoint, { definition }: SeriesFacts): number {
  const distance = Math.max(value! - high!, low! - value!);
  const middle = Math.abs(low! + high!) / 2;
  const byChance = definition.unit === "count" ? 2 * Math.sqrt(Math.max(middle, 1)) : 0.05 * middle;
  return distance / Math.max(high! - low!, byChance, 1e-9);
}

function nothingUnusual(book: Book): Statement {
  const known = book.facts.figures.filter(
    ({ course, definition }) =>
      definition.unit !== "score" && course.some(({ value, low }) => value !== null && low !== null),
  );
  const { short } = book.period;
  const evidence = known.map((facts) => book.seriesEvidence(facts, facts.courseAddress));
  if (known.length === 0)
    return book.statement(
      "unusual/unknown",
      {
        en: line`What is usual cannot be said yet ${short.en}: too few weeks are recorded.`,
        zh: line`${short.zh}尚无法判断常值：历史记录不足数周。`,
      },
      { tone: "neutral", weight: 10, evidence: [book.logEvidence("events")] },
    );
  return book.statement(
    "unusual/nothing",
    {
      en: line`Nothing unusual ${short.en}: ${counted(known.length, "figure")} stayed within what is usual for the hour and weekday.`,
      zh: line`${short.zh}无异常：${known.length} 项指标均处于同期常值范围内。`,
    },
    { tone: "good", weight: 50, evidence },
  );
}

/** How many, and the warning that was in force meanwhile: said once, and not of each. */
function overview(book: Book, departures: readonly Departure[]): Statement {
  const { short } = book.period;
  const [count, first] = [departures.length, departures[0]!];
  const alert = alertDuring(book, departures);
  const rest = departures.slice(toldAtMost).map(({ facts }) => quoted(facts.definition.title));
  const most = quoted(first.facts.definition.title);
  const also = listed(rest);
  const lines = {
    en: line`${counted(count, "figure")} left ${count === 1 ? "its" : "their"} usual range ${short.en}, ${most.en} most${rest.length > 0 ? `; beside those below, ${also.en} did` : ""}.`,
    zh: line`${short.zh}共 ${count} 项指标偏离常值，以${most.zh}最为明显${rest.length > 0 ? `；除下列各项外，还有${also.zh}` : ""}。`,
  };
  return book.statement("unusual/overview", lines, {
    tone: "bad",
    weight: 100,
    evidence: [
      ...departures.map(({ facts }) => book.seriesEvidence(facts, facts.courseAddress)),
      ...(alert ? [book.logEvidence("events")] : []),
    ],
    cause: alert && alertCause(book, alert, departures),
  });
}

/** The warning that was in force when most of them began. */
export function alertDuring({ facts }: Book, departures: readonly Departure[]): CityEvent | null {
  const alerts = facts.events.filter(({ kind, text }) => kind === "alert" && text !== null);
  const covered = (alert: CityEvent): number => departures.filter((one) => isDuring(one, alert)).length;
  const [best] = alerts.toSorted((a, b) => covered(b) - covered(a) || a.at - b.at);
  return best && covered(best) > 0 ? best : null;
}

function isDuring({ points }: Departure, { at, endsAt }: CityEvent): boolean {
  const beganAt = points[0]!.fromAt;
  // An hour's mean begins before what moves it.
  return points[0]!.toAt > at && (endsAt === null || beganAt < endsAt);
}

function alertCause(book: Book, alert: CityEvent, departures: readonly Departure[]): Statement["cause"] {
  const { zone, facts } = book;
  const during = departures.filter((one) => isDuring(one, alert)).length;
  const from = momentWords(alert.at, facts.period.fromAt, zone);
  const { en, zh } = alert.text!;
  const share =
    departures.length === during
      ? { en: "all of them", zh: "全部" }
      : { en: `${during} of them`, zh: `其中 ${during} 项` };
  return {
    kind: "alert",
    text: {
      en: [
        `${capital(share.en)} began in the hour in which this warning came into force or later (${from.en}): “${en}”.`,
      ],
      zh: [`${share.zh}自预警生效的当小时（${from.zh}）起发生：“${zh}”。`],
    },
  };
}

function departureStatement(book: Book, departure: Departure, place: number): Statement {
  const { facts, side, points, worst, lasts } = departure;
  const { zone } = book;
  const { title } = facts.definition;
  const isDaily = worst.toAt - worst.fromAt > 12 * 3_600_000;
  const value = book.named(
    book.figureOf({ ...facts, statistic: "mean" }, { ...worst, address: facts.pointAddress(worst) }),
  );
  const reference = facts.definition.target ?? worst.value!;
  const usual = rangeWords(worst.low!, worst.high!, facts.definition.unit, reference);
  const at = isDaily
    ? { en: `on ${dayWords(worst.fromAt, zone).en}`, zh: dayWords(worst.fromAt, zone).zh }
    : hourWords(book, worst.fromAt);
  const stretch = stretchWords(book, departure, isDaily);
  const isGood =
    facts.definition.better !== "neither" && (facts.definition.better === "higher") === (side === "above");
  const mean =
    facts.statistic === "mean" && facts.told.value !== null ? book.named(book.figure(facts)) : null;
  const compared = book.compared(facts);
  const works = worksCause(book, placeOf(facts.definition), {
    fromAt: points[0]!.fromAt,
    toAt: points.at(-1)!.toAt,
  });
  const average = {
    en: mean ? line`; ${mean} on average${compared.en}` : [],
    zh: mean ? line`；平均 ${mean}${compared.zh}` : [],
  };
  return book.statement(
    `unusual/${facts.series}`,
    {
      en: line`${title.en}: ${value} ${at.en}, where ${usual.en} is usual; ${side} that ${stretch.en}${lasts && points.length > 1 ? ", and not back yet" : ""}${average.en}.`,
      zh: line`${title.zh}：${at.zh}为 ${value}，常值为${usual.zh}；${stretch.zh}${side === "above" ? "偏高" : "偏低"}${lasts && points.length > 1 ? "，尚未恢复" : ""}${average.zh}。`,
    },
    {
      tone: isGood ? "good" : "bad",
      weight: 90 - 5 * place,
      evidence: [
        book.seriesEvidence(facts, facts.courseAddress),
        ...(works ? [book.logEvidence("events")] : []),
      ],
      cause: works ?? correlationCause(book, departure),
      action:
        isGood || facts.definition.better === "neither"
          ? null
          : { owner: book.department(facts.definition.department), dueAt: null },
    },
  );
}

function hourWords({ zone, facts }: Book, at: number): { en: string; zh: string } {
  const time = timeWords(at, zone);
  const isOneDay = facts.period.toAt - facts.period.fromAt <= 25 * 3_600_000;
  if (isOneDay) return { en: `in the hour from ${time}`, zh: `${time} 起一小时` };
  const day = dayWords(at, zone);
  return { en: `in the hour from ${time} on ${day.en}`, zh: `${day.zh} ${time} 起一小时` };
}

function stretchWords(
  { zone }: Book,
  { points, lasts }: Departure,
  isDaily: boolean,
): { en: string; zh: string } {
  const [fromAt, toAt] = [points[0]!.fromAt, points.at(-1)!.toAt];
  if (isDaily) {
    const span = spanWords({ fromAt, toAt }, "day", zone);
    return points.length === 1
      ? { en: "on that day alone", zh: "仅当日" }
      : { en: `from ${span.en}`, zh: span.zh };
  }
  if (lasts) {
    const since = timeWords(fromAt, zone);
    return { en: `since ${since}`, zh: `${since} 起` };
  }
  const span = spanWords({ fromAt, toAt }, "hour", zone);
  return { en: `from ${span.en}`, zh: `${span.zh}` };
}

/** Only of what no warning goes with: weather that moved alike, called no more than that. */
function correlationCause(book: Book, departure: Departure): Statement["cause"] {
  if (alertDuring(book, [departure])) return null;
  const weather = book.facts.figures.filter(
    ({ definition, series }) =>
      definition.unit === "millimetres-per-hour" && series !== departure.facts.series,
  );
  const found = strongestCorrelation(
    departure.facts.course.map(({ value }) => value),
    weather.map(({ course }) => course.map(({ value }) => value)),
  );
  if (!found) return null;
  const { title } = weather[found.place]!.definition;
  const figure = found.correlation.toFixed(2).replace("-", "−");
  const lag =
    found.lag === 0
      ? { en: "in the same hour", zh: "同一小时" }
      : { en: `${counted(found.lag, "hour")} before`, zh: `${found.lag} 小时前` };
  return {
    kind: "correlation",
    text: {
      en: [`It moved with “${title.en}” ${lag.en} (correlation ${figure}); that proves no cause.`],
      zh: [`与${lag.zh}的“${title.zh}”同步变化（相关系数 ${figure}）；相关不等于因果。`],
    },
  };
}
