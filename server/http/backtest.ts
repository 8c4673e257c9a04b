/** `POST /api/v1/rules/backtest`: what a rule would have done over the recorded past, before anybody has to live with it. */

import type { Context, Handler } from "hono";
import type { AlarmRule, BacktestAnswer } from "../../shared/alarms.ts";
import { ok, type Result } from "../../shared/result.ts";
import { backtest } from "../core/alarms/backtest.ts";
import { bodyOf } from "./admin.ts";
import { backtestQuestion } from "./alarm-answers.ts";
import type { Past } from "./past.ts";
import { problem } from "./problem.ts";
import { pastOfRule, type RulePastContext } from "./rule-past.ts";

export interface BacktestContext extends RulePastContext {
  /** City time. */
  readonly now: number;
  /** Reads a rule as it stands in a file; a line for each fault. */
  readonly readRule: (file: unknown) => Result<AlarmRule, readonly string[]>;
}

const dayMs = 86_400_000;

export function backtestHandler(context: () => BacktestContext): Handler {
  const kept: KeptAnswers = { points: new Map(), things: new Map() };
  return async (c: Context) => {
    const question = await bodyOf(c, backtestQuestion);
    if (question instanceof Response) return question;
    const its = context();
    const rule = its.readRule(question.rule);
    if (!rule.ok)
      return problem(c, 400, "rule", "The rule cannot be used", `rule: ${rule.failure.join("; ")}`);
    const { days, minutesPerAlarm, toAt = its.now } = question;
    if (toAt > its.now)
      return problem(c, 400, "body", "The body cannot be used", "toAt: expected an instant that has passed");
    const past = { ...its, past: remembering(its.past, kept), now: toAt };
    const answer = await tested(rule.value, past, { days, minutesPerAlarm }, c.req.raw.signal);
    return answer.ok
      ? c.json(answer.value)
      : problem(c, 422, "no-past", "It cannot be tried", answer.failure);
  };
}

/** Answers of the history by what was asked, the newest last. */
interface KeptAnswers {
  readonly points: Map<string, ReturnType<Past["points"]>>;
  readonly things: Map<string, ReturnType<Past["thingsOver"]>>;
}

/** Bounds are turned one way and the other over the same past: the last answers are kept, for as long as somebody may be at it. */
const pointsKept = 2;
/** It may have tens of megabytes. */
const thingsKept = 1;
const keptMs = 300_000;

function remembering(
  past: BacktestContext["past"],
  { points, things }: KeptAnswers,
): BacktestContext["past"] {
  return {
    seriesOf: (indicator, signal) => past.seriesOf(indicator, signal),
    feedTurns: (span, signal) => past.feedTurns(span, signal),
    thingsOver: (kind, span) =>
      remembered(things, thingsKept, `${kind} ${span.fromAt} ${span.toAt}`, (signal) =>
        past.thingsOver(kind, span, signal),
      ),
    points({ series, edges, asOf }) {
      const key = `${edges.at(0)} ${edges.at(-1)} ${edges.length} ${asOf} ${series.join("\n")}`;
      return remembered(points, pointsKept, key, (signal) => past.points({ series, edges, asOf }, signal));
    },
  };
}

/** Whoever turns a bound stops waiting for the last answer and asks the same of the history again: it goes on answering. */
function remembered<T>(
  kept: Map<string, Promise<T>>,
  most: number,
  key: string,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const known = kept.get(key);
  if (known) return known;
  const asked = ask(new AbortController().signal);
  kept.set(key, asked);
  const forget = (): void => {
    if (kept.get(key) === asked) kept.delete(key);
  };
  asked.catch(forget);
  setTimeout(forget, keptMs).unref();
  for (const old of [...kept.keys()].slice(0, -most)) kept.delete(old);
  return asked;
}

async function tested(
  rule: AlarmRule,
  context: BacktestContext,
  { days, minutesPerAlarm }: { readonly days: number; readonly minutesPerAlarm: number },
  signal: AbortSignal,
): Promise<Result<BacktestAnswer, string>> {
  const { zone, now } = context;
  const past = await pastOfRule(rule, context, { fromAt: now - days * dayMs, toAt: now }, signal);
  if (!past.ok) return past;
  const { everySeconds, ...watched } = past.value;
  const found = backtest({ zone, secondsPerAlarm: minutesPerAlarm * 60, ...watched });
  return ok({ rule: rule.id, indicator: rule.indicator, everySeconds, ...found });
}
