/** The things of a kind over the recorded past, as a rule about single things judges them. Pure. */

import type { AlarmRule } from "../../shared/alarms.ts";
import { seriesId } from "../../shared/city.ts";
import type { PastSeries } from "../core/alarms/backtest.ts";
import { aboutOf, feedOfThing } from "../core/alarms/thing-words.ts";
import type { AreaIndex } from "../core/city/areas.ts";
import { compileMatch, type Subject } from "../core/indicators/match.ts";
import type { FeedTurn, Span, ThingsOver, ThingWord } from "../history/history.ts";

/** Things that are told one by one, the newest. */
const thingsAtMost = 5_000;

/**
 * A series for each thing that the rule was ever about: 1 while it was so, 0 while it was not or the thing was gone, NaN
 * where nobody watched, or where its feed was not fresh when it went. One series of nothing when there was none.
 */
export function pastThings(
  rule: AlarmRule,
  { watched, words }: ThingsOver,
  areas: AreaIndex,
  turns: readonly FeedTurn[],
  { fromAt, toAt }: Span,
): readonly PastSeries[] {
  const { when } = rule;
  if (!("each" in when)) throw new Error(`rule ${rule.id} is not about single things`);
  const match = compileMatch(when.where);
  const byFeed = Map.groupBy(turns, ({ feed }) => feed);
  const wasFresh = (feed: string, at: number): boolean =>
    byFeed.get(feed)?.findLast((turn) => turn.at <= at)?.status === "fresh";
  const known = watched.reduce((sum, span) => sum + span.toAt - span.fromAt, 0);
  const knownPercent = (100 * known) / (toAt - fromAt);
  const series = Array.from(
    Map.groupBy(words, ({ id }) => id),
    ([id, said]): PastSeries => {
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
      for (const span of watched) {
        const ofSpan = said.filter(({ at }) => at >= span.fromAt && at < span.toAt);
        // What is not told when somebody begins to watch again has gone meanwhile.
        if (samples.length > 0 && ofSpan[0]?.at !== span.fromAt) samples.push([span.fromAt, 0]);
        ofSpan.forEach((word, i) => follow(word, ofSpan[i + 1]?.at ?? span.toAt));
        if (span.toAt < toAt && samples.length > 0) samples.push([span.toAt, Number.NaN]);
      }
      const newest = said.findLast(({ entity }) => entity !== null)?.entity ?? null;
      return {
        id: seriesId(rule.id, `thing:${id}`),
        about: newest && aboutOf(newest),
        at: Float64Array.from(samples, ([at]) => at),
        values: Float64Array.from(samples, ([, value]) => value),
        usual: null,
        knownPercent,
      };
    },
  );
  const told = series.filter(({ values }) => values.includes(1)).slice(-thingsAtMost);
  return told.length > 0 ? told : [nothing(rule, fromAt, knownPercent)];
}

function nothing({ id }: AlarmRule, fromAt: number, knownPercent: number): PastSeries {
  return { id, at: Float64Array.of(fromAt), values: Float64Array.of(0), usual: null, knownPercent };
}
