/** `/api/v1/alarms` and `/api/v1/rules`. Everybody may read, those who may change the city may act. */

import { setImmediate as otherWork } from "node:timers/promises";
import type { Context, Handler, Hono } from "hono";
import { z } from "zod";
import type {
  AlarmCommand,
  AlarmEvent,
  AlarmFiguresAnswer,
  AlarmItem,
  AlarmRule,
  AlarmState,
  CommandAnswer,
} from "../../shared/alarms.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { AlarmTally } from "../core/alarms/figures.ts";
import type { AlarmLog } from "../records/alarm-records.ts";
import type { Access } from "./access.ts";
import { alarmFiguresCsv } from "./alarm-figures-csv.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { backtestHandler, type BacktestContext } from "./backtest.ts";
import { alarmCommand } from "./alarm-answers.ts";
import { exportTypes } from "./export.ts";
import { instantText, readPastInstant, readStretch } from "./instants.ts";
import type { AlarmsState } from "./metrics.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import { badParameter, problem } from "./problem.ts";

export interface AlarmDesk {
  rules(): readonly AlarmRule[];
  /** Reads a rule as it stands in a file; a line for each fault. */
  readRule(file: unknown): Result<AlarmRule, readonly string[]>;
  /** Every alarm that is not normal. */
  list(): readonly AlarmItem[];
  /** How they stand, and how they fare. */
  state(): AlarmsState;
  act(command: AlarmCommand): Promise<CommandAnswer>;
  /** What happened in [`fromAt`, `toAt`); rejects when what is written down cannot be read. */
  events(question: AlarmEventQuestion): Promise<AlarmEventPage>;
  /** All of it, as far as it is read; rejects likewise. */
  log(fromAt: number, toAt: number): Promise<AlarmLog>;
  hasEventsBefore(at: number): Promise<boolean>;
}

export interface AlarmEventPage {
  readonly events: readonly AlarmEvent[];
  /** `before` for those that are older; `null`: there are none. */
  readonly older: number | null;
}

interface AlarmEventStretch {
  readonly fromAt: number;
  readonly toAt: number;
  /** Only of this alarm; `null`: of all. */
  readonly alarm: string | null;
}

export interface AlarmEventQuestion extends AlarmEventStretch {
  /** At most so many, the newest. */
  readonly atMost: number;
  /** Only those that were written before this one; `null`: the newest of all. */
  readonly before: number | null;
}

export interface AlarmContext {
  readonly desk: AlarmDesk;
  /** City time. */
  readonly now: () => number;
  readonly zone: () => string;
  readonly backtest: () => BacktestContext;
}

const dayMs = 86_400_000;
/** Of a list that is answered whole. */
const listedAtMost = 10_000;
const usuallyListed = 1_000;
const figuresAtMostMs = 400 * dayMs;

export const alarmEventParameters = {
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
  asOf: { description: `${instantText}: only what had happened by then.`, schema: z.string() },
  alarm: { description: "Only of this alarm, by its id.", schema: z.string() },
  limit: {
    description: "At most so many, the newest of those that are asked for.",
    schema: z.coerce.number().int().min(1).max(listedAtMost).default(usuallyListed),
  },
  before: {
    description:
      "Only those that come before; as the answer's `Link` with `rel=next` says it of what found no room.",
    schema: z.coerce.number().int().min(1),
  },
} as const satisfies QueryParameters;

export const alarmFigureParameters = {
  from: alarmEventParameters.from,
  to: alarmEventParameters.to,
  format: { description: "Of the answer.", schema: z.enum(["json", "csv"]).default("json") },
} as const satisfies QueryParameters;

export function serveAlarms(app: Hono, { desk, now, zone, backtest }: AlarmContext, access: Access): void {
  const act: Handler = async (c: Context) => {
    const command = await bodyOf(c, alarmCommand);
    return command instanceof Response ? command : c.json(await desk.act(command));
  };
  const events: Handler = async (c: Context) => {
    const asked = readAsked(c.req.query(), now(), zone(), alarmEventParameters);
    if (!asked.ok) return badParameter(c, asked.failure);
    const page = readPage(c.req.query());
    if (!page.ok) return badParameter(c, page.failure);
    const question = { ...asked.value, ...page.value };
    const found = await desk.events(question).catch(String);
    if (typeof found === "string") return unreadable(c, found);
    if (found.older !== null)
      c.header("link", `<${olderOf(c.req.query(), question, found.older)}>; rel="next"`);
    return c.json(found.events);
  };
  const figures: Handler = async (c: Context) => {
    const { format = "json", ...query } = c.req.query();
    const asked = readAsked(query, now(), zone(), alarmFigureParameters);
    if (!asked.ok) return badParameter(c, asked.failure);
    if (format !== "json" && format !== "csv")
      return badParameter(c, { parameter: "format", detail: "format: expected json or csv" });
    if (asked.value.toAt - asked.value.fromAt > figuresAtMostMs)
      return badParameter(c, { parameter: "from", detail: "from: expected at most 400 days before to" });
    const found = await figuresOf(desk, asked.value, now()).catch(String);
    if (typeof found === "string") return unreadable(c, found);
    if (format === "json") return c.json(found);
    return c.body(alarmFiguresCsv(found), 200, {
      "content-type": exportTypes.csv,
      "content-disposition": `attachment; filename="alarm-system.csv"`,
    });
  };
  app.get("/api/v1/alarms/figures", figures);
  app.get("/api/v1/alarms", (c) => c.json(desk.list()));
  app.get("/api/v1/alarms/events", events);
  app.post("/api/v1/alarms/actions", guardChange(access), smallBody, act);
  app.post("/api/v1/rules/backtest", guardChange(access), smallBody, backtestHandler(backtest));
  app.get("/api/v1/rules", (c) => c.json(desk.rules()));
}

async function figuresOf(
  desk: AlarmDesk,
  { fromAt, toAt }: AlarmEventStretch,
  now: number,
): Promise<AlarmFiguresAnswer> {
  const [{ pages, isCut }, isBegunBefore] = await Promise.all([
    desk.log(fromAt, toAt),
    desk.hasEventsBefore(fromAt),
  ]);
  let firstAt = toAt;
  for (const page of pages) {
    for (const { at } of page) firstAt = Math.min(firstAt, at);
    await otherWork();
  }
  // Of more than are looked at, those that were written last, and so the figures are of the time since the earliest of these.
  const tally = new AlarmTally(isCut ? firstAt : fromAt, toAt);
  for (const page of pages) {
    for (const event of page) tally.noteHidden(event);
    await otherWork();
  }
  for (const page of pages) {
    for (const event of page) tally.take(event);
    await otherWork();
  }
  return { ...tally.figures(), ...standing(desk.list(), now), beganAt: isBegunBefore ? null : firstAt };
}

function readAsked(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
  known: QueryParameters,
): Result<AlarmEventStretch, BadParameter> {
  const unknown = findUnknown(query, known);
  if (unknown) return fail(unknown);
  const stretch = readStretch(query, now, zone, dayMs);
  if (!stretch.ok) return stretch;
  const asOf = readPastInstant("asOf", query["asOf"], now, zone);
  if (!asOf.ok) return asOf;
  const { fromAt, toAt: to } = stretch.value;
  const toAt = asOf.value === null ? to : Math.min(to, asOf.value + 1);
  return ok({ fromAt, toAt, alarm: query["alarm"] ?? null });
}

function readPage(
  query: Readonly<Record<string, string>>,
): Result<Pick<AlarmEventQuestion, "atMost" | "before">, BadParameter> {
  const limit = alarmEventParameters.limit.schema.safeParse(query["limit"]);
  if (!limit.success)
    return fail({ parameter: "limit", detail: `limit: expected a whole number from 1 to ${listedAtMost}` });
  const before = alarmEventParameters.before.schema.optional().safeParse(query["before"]);
  if (!before.success) return fail({ parameter: "before", detail: "before: expected a whole number from 1" });
  return ok({ atMost: limit.data, before: before.data ?? null });
}

/** The same question about what is older, within the same stretch of time. */
function olderOf(
  query: Readonly<Record<string, string>>,
  { fromAt, toAt }: AlarmEventQuestion,
  before: number,
): string {
  const next = new URLSearchParams({
    ...query,
    from: String(fromAt),
    to: String(toAt),
    before: String(before),
  });
  return `/api/v1/alarms/events?${next.toString()}`;
}

/** What stands now. */
function standing(
  alarms: readonly AlarmItem[],
  now: number,
): Pick<AlarmFiguresAnswer, "stale" | "shelved" | "suppressed" | "outOfService"> {
  const count = (state: AlarmState): number => alarms.filter((alarm) => alarm.state === state).length;
  return {
    stale: alarms
      .filter(({ isActive, since }) => isActive && now - since > dayMs)
      .map(({ id, since }) => ({ alarm: id, since })),
    shelved: count("shelved"),
    suppressed: count("suppressed"),
    outOfService: count("out-of-service"),
  };
}

function unreadable(c: Context, error: string): Response {
  return problem(c, 503, "records", "The records cannot be used", `records: ${error}`);
}
