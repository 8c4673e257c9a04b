/** `/api/v1/alarms` and `/api/v1/rules`. Everybody may read, those who may change the city may act. */

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
import { alarmFigures } from "../core/alarms/figures.ts";
import type { Access } from "./access.ts";
import { bodyOf, guardChange, smallBody } from "./admin.ts";
import { backtestHandler, type BacktestContext } from "./backtest.ts";
import { alarmCommand } from "./alarm-answers.ts";
import { instantText, readStretch } from "./instants.ts";
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
  events(question: AlarmEventQuestion): Promise<readonly AlarmEvent[]>;
}

export interface AlarmEventQuestion {
  readonly fromAt: number;
  readonly toAt: number;
  /** Only of this alarm; `null`: of all. */
  readonly alarm: string | null;
  /** At most so many, the newest. */
  readonly atMost: number;
}

export interface AlarmContext {
  readonly desk: AlarmDesk;
  /** City time. */
  readonly now: () => number;
  readonly zone: () => string;
  readonly backtest: () => BacktestContext;
}

const dayMs = 86_400_000;
const eventsAtMost = 100_000;

export const alarmEventParameters = {
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
  alarm: { description: "Only of this alarm, by its id.", schema: z.string() },
} as const satisfies QueryParameters;

const { alarm: _alarm, ...stretchParameters } = alarmEventParameters;
export const alarmFigureParameters: QueryParameters = stretchParameters;

export function serveAlarms(app: Hono, { desk, now, zone, backtest }: AlarmContext, access: Access): void {
  const act: Handler = async (c: Context) => {
    const command = await bodyOf(c, alarmCommand);
    return command instanceof Response ? command : c.json(await desk.act(command));
  };
  const events: Handler = async (c: Context) => {
    const asked = readAsked(c.req.query(), now(), zone(), alarmEventParameters);
    if (!asked.ok) return badParameter(c, asked.failure);
    const found = await desk.events(asked.value).catch(String);
    return typeof found === "string" ? unreadable(c, found) : c.json(found);
  };
  const figures: Handler = async (c: Context) => {
    const asked = readAsked(c.req.query(), now(), zone(), alarmFigureParameters);
    if (!asked.ok) return badParameter(c, asked.failure);
    const { fromAt, toAt } = asked.value;
    const found = await desk.events(asked.value).catch(String);
    if (typeof found === "string") return unreadable(c, found);
    return c.json({ ...alarmFigures(found, fromAt, toAt), ...standing(desk.list(), now()) });
  };
  app.get("/api/v1/alarms/figures", figures);
  app.get("/api/v1/alarms", (c) => c.json(desk.list()));
  app.get("/api/v1/alarms/events", events);
  app.post("/api/v1/alarms/actions", guardChange(access), smallBody, act);
  app.post("/api/v1/rules/backtest", guardChange(access), smallBody, backtestHandler(backtest));
  app.get("/api/v1/rules", (c) => c.json(desk.rules()));
}

function readAsked(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
  known: QueryParameters,
): Result<AlarmEventQuestion, BadParameter> {
  const unknown = findUnknown(query, known);
  if (unknown) return fail(unknown);
  const stretch = readStretch(query, now, zone, dayMs);
  if (!stretch.ok) return stretch;
  return ok({ ...stretch.value, alarm: query["alarm"] ?? null, atMost: eventsAtMost });
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
