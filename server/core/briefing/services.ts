/** Community services: how many requests came and went, how many wait too long, and which come back. */

import type { BriefingSection, Statement } from "../../../shared/briefing.ts";
import type { Text } from "../../../shared/city.ts";
import type { Book } from "./book.ts";
import type { ServiceFigures } from "./definition.ts";
import type { SeriesFacts } from "./facts.ts";
import { capital, line, type Line, type Named } from "./sentence.ts";

export function serviceSection(book: Book): BriefingSection | null {
  const { services } = book.facts.definition;
  if (!services) return null;
  const [opened, closed, open, overdue, oldest, repeat] = (
    ["opened", "closed", "open", "overdue", "oldest", "repeat"] as const
  ).map((name) => {
    const facts = book.find(services[name]);
    return facts && facts.told.value !== null && !book.told.has(facts.series) ? facts : null;
  });
  const flow = [opened, closed].filter((one) => one != null);
  const stock = [open, overdue, oldest].filter((one) => one != null);
  const statements = [
    ...(flow.length > 0 ? [flowStatement(book, opened ?? null, closed ?? null)] : []),
    ...(stock.length > 0 ? [stockStatement(book, { open, overdue, oldest })] : []),
    ...(repeat ? [repeatStatement(book, repeat)] : []),
  ];
  for (const one of [...flow, ...stock, ...(repeat ? [repeat] : [])]) book.told.add(one.series);
  if (statements.length === 0) statements.push(...unknownStatement(book, services));
  if (statements.length === 0) return null;
  const pictured = [opened, closed, open, overdue].filter((one) => one != null);
  return {
    kind: "services",
    title: { en: "Community services", zh: "民生服务" },
    statements,
    chart:
      pictured.length === 0
        ? null
        : {
            kind: "small-multiples",
            question: { en: "How did requests come and go?", zh: "诉求进出情况如何？" },
            series: pictured.map((facts) => book.chartSeries(facts)),
          },
  };
}

/** Nothing but names of figures would follow; those that are not known are told with the data. */
function unknownStatement(book: Book, services: ServiceFigures): Statement[] {
  const unknown = Object.values(services).flatMap((id: string | null) => {
    const facts = book.find(id);
    return facts?.told.value === null ? [facts] : [];
  });
  if (unknown.length === 0) return [];
  const { short } = book.period;
  return [
    book.statement(
      "services/unknown",
      { en: line`Nothing is known of requests ${short.en}.`, zh: line`${short.zh}没有诉求数据。` },
      {
        tone: "bad",
        weight: 80,
        evidence: unknown.map((facts) => book.seriesEvidence(facts, facts.told.address)),
      },
    ),
  ];
}

function named(book: Book, facts: SeriesFacts): Named {
  return book.named(book.figure(facts));
}

/** With the measure word of requests, where there is a number: "2,006 件（初步）". */
function pieces(named: Named): Named {
  const { figure, words } = named;
  if (figure.value === null) return named;
  return { figure, words: { en: words.en, zh: words.zh.replace(/(?=（)|$/, " 件") } };
}

function flowStatement(book: Book, opened: SeriesFacts | null, closed: SeriesFacts | null): Statement {
  const { short } = book.period;
  const parts: { readonly en: Line; readonly zh: Line }[] = [];
  if (opened) {
    const value = pieces(named(book, opened));
    parts.push({
      en: line`requests opened: ${value}${book.compared(opened).en}`,
      zh: line`新增诉求 ${value}${book.compared(opened).zh}`,
    });
  }
  if (closed) {
    const value = pieces(named(book, closed));
    parts.push({
      en: line`${opened ? "closed" : "requests closed"}: ${value}${book.compared(closed).en}`,
      zh: line`${opened ? "办结" : "办结诉求"} ${value}${book.compared(closed).zh}`,
    });
  }
  const [came, went] = [opened?.told.value ?? null, closed?.told.value ?? null];
  const backlog = came === null || went === null ? 0 : Math.round(came - went);
  const outcome: Text =
    came === null || went === null || backlog === 0
      ? { en: "", zh: "" }
      : backlog > 0
        ? { en: `; ${backlog} more came than went`, zh: `，净增 ${backlog} 件` }
        : { en: `; ${-backlog} more went than came`, zh: `，净减 ${-backlog} 件` };
  const [first, second] = parts;
  return book.statement(
    "services/flow",
    {
      en: line`${capital(short.en)}, ${first!.en}${second ? line`, ${second.en}` : ""}${outcome.en}.`,
      zh: line`${short.zh}，${first!.zh}${second ? line`，${second.zh}` : ""}${outcome.zh}。`,
    },
    { tone: backlog > 0 ? "bad" : backlog < 0 ? "good" : "neutral", weight: 80 },
  );
}

type Stock = Readonly<Record<"open" | "overdue" | "oldest", SeriesFacts | null | undefined>>;

function stockStatement(book: Book, { open, overdue, oldest }: Stock): Statement {
  const parts: { readonly en: Line; readonly zh: Line }[] = [];
  if (open) {
    const value = pieces(named(book, open));
    parts.push({
      en: line`open at the end: ${value}${book.compared(open).en}`,
      zh: line`期末未结 ${value}${book.compared(open).zh}`,
    });
  }
  if (overdue) {
    const value = named(book, overdue);
    parts.push({
      en: line`overdue: ${value} of the open ones${book.compared(overdue).en}`,
      zh: line`超期占 ${value}${book.compared(overdue).zh}`,
    });
  }
  if (oldest) {
    const value = named(book, oldest);
    parts.push({ en: line`the oldest waits for ${value}`, zh: line`最早一件已等待 ${value}` });
  }
  const english = parts.flatMap(({ en }, i): Line => [i === 0 ? "" : "; ", ...en]);
  const chinese = parts.flatMap(({ zh }, i): Line => [i === 0 ? "" : "；", ...zh]);
  const grows =
    open &&
    open.told.value !== null &&
    typeof open.compared?.value === "number" &&
    open.told.value > open.compared.value;
  const facts = open ?? overdue ?? oldest;
  return book.statement(
    "services/stock",
    { en: line`Requests ${english}.`, zh: line`诉求${chinese}。` },
    {
      tone: grows ? "bad" : "neutral",
      weight: 70,
      action: grows && facts ? { owner: book.department(facts.definition.department), dueAt: null } : null,
    },
  );
}

function repeatStatement(book: Book, repeat: SeriesFacts): Statement {
  const value = named(book, repeat);
  return book.statement(
    "services/repeat",
    {
      en: line`Requests about something that was reported before: ${value}${book.compared(repeat).en}.`,
      zh: line`重复诉求占 ${value}${book.compared(repeat).zh}。`,
    },
    { tone: "neutral", weight: 50 },
  );
}
