/** The things of a kind over the recorded past, as a rule about single things judges them. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { AlarmRule } from "../../shared/alarms.ts";
import { seriesId } from "../../shared/city.ts";
import type { PastSeries } from "../core/alarms/backtest.ts";
import { aboutOf, feedOfThing } from "../core/alarms/thing-words.ts";
import type { AreaIndex } from "../core/city/areas.ts";
import { compileMatch, type Subject } from "../core/indicators/match.ts";
import type { FeedTurn, Span, ThingsOver, ThingWord } from "../history/history.ts";

/** Things that are told one by one, the newest. */
const thingsAtMost = 5_000;
/** Words that are judged before others have their turn: a few milliseconds. */
const wordsAtOnce = 300;

/**
 * A series for each thing that the rule was ever about: 1 while it was so, 0 while it was not or the thing was gone, NaN
 * where nobody watched, or where its feed was not fresh when it went. One series of nothing when there was none. `words` are
 * in their order; others have their turn while they are judged. Rejects with the signal's reason when that aborts.
 */
export async function pastThings(
  rule: AlarmRule,
  { watched, words }: ThingsOver,
  areas: AreaIndex,
  turns: readonly FeedTurn[],
  { fromAt, toAt }: Span,
  signal: AbortSignal,
): Promise<readonly PastSeries[]> {
  const { when } = rule;
  if (!("each" in when)) throw new Error(`rule ${rule.id} is not about single things`);
  const match = compileMatch(when.where);
  const byFeed = Map.groupBy(turns, ({ feed }) => feed);
  const wasFresh = (feed: string, at: number): boolean => statusAt(byFeed.get(feed) ?? [], at) === "fresh";
  const known = watched.reduce((sum, span) => sum + span.toAt - span.fromAt, 0);
  const knownPercent = (100 * known) / (toAt - fromAt);
  let judged = 0;
  const series: PastSeries[] = [];
  for (const [id, said] of Map.groupBy(words, (word) => word.id)) {
    const samples: [at: number, value: number][] = [];
    const follow = (word: ThingWord, until: number): void => {
      if (word.entity === null) {
        samples.push([word.at, wasFresh(feedOfThing(id), word.at) ? 0 : Number.NaN]);
        return;
      }
      const { position, geometry } = word.entity;
      const subject: Subject = { entity: word.entity, areas: areas.locate(position, geometry) };
      for (let at = word.at; at < until; at = match.changesAt(subject, at))
        samples.push([at, Number(match.holds(subject, at))]);
    };
    let next = 0;
    for (const span of watched) {
      while (next < said.length && said[next]!.at < span.fromAt) next++;
      // What is not told when somebody begins to watch again has gone meanwhile.
      if (samples.length > 0 && said[next]?.at !== span.fromAt) samples.push([span.fromAt, 0]);
      for (; next < said.length && said[next]!.at < span.toAt; next++) {
        follow(said[next]!, Math.min(said[next + 1]?.at ?? span.toAt, span.toAt));
        if (++judged % wordsAtOnce > 0) continue;
        await nextTurn();
        signal.throwIfAborted();
      }
      if (span.toAt < toAt && samples.length > 0) samples.push([span.toAt, Number.NaN]);
    }
    const newest = said.findLast(({ entity }) => entity !== null)?.entity ?? null;
    series.push({
      id: seriesId(rule.id, `thing:${id}`),
      about: newest && aboutOf(newest),
      at: Float64Array.from(samples, ([at]) => at),
      values: Float64Array.from(samples, ([, value]) => value),
      usual: null,
      knownPercent,
    });
  }
  const told = series.filter(({ values }) => values.includes(1)).slice(-thingsAtMost);
  return told.length > 0 ? told : [nothing(rule, fromAt, knownPercent)];
}

/** How a feed was at an instant; its turns ascend. */
function statusAt(turns: readonly FeedTurn[], at: number): FeedTurn["status"] {
  let [low, high] = [0, turns.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (turns[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return turns[low - 1]?.status ?? null;
}

function nothing({ id }: AlarmRule, fromAt: number, knownPercent: number): PastSeries {
  return { id, at: Float64Array.of(fromAt), values: Float64Array.of(0), usual: null, knownPercent };
}
