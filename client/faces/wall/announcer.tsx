import { useEffect, useRef, useState } from "react";
import type { WallDefinition } from "../../../shared/wall.ts";
import { store, useConnection, useFeeds } from "../../live/store.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { changesBetween, type Change, type Standings } from "./changes.ts";
import { hasTarget, isUnknown, useStandings, type Standing } from "./standing.ts";

/** A feed that flaps, or a figure at its target, is not worth a sentence each time. */
const sayEveryMs = 5_000;

/** Says changes of state to screen readers: what lasts, all of a few seconds in one go, and nothing else. */
export function Announcer({ wall }: { wall: WallDefinition }) {
  const words = useWords();
  const { state } = useConnection();
  const feeds = useFeeds();
  const known = useStandings(wall).filter((one) => hasTarget(one) && !isUnknown(one));
  const idsOf = (standings: readonly Standing[]) => new Set(standings.map(({ indicator }) => indicator.id));
  const newest = useRef<{ standings: Standings; words: UsedWords } | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const standings = {
      connected: state === "connected",
      feeds: new Map(feeds.map((feed) => [feed.id, feed.status])),
      off: idsOf(known.filter((one) => one.state.off !== null)),
      on: idsOf(known.filter((one) => one.state.off === null)),
    };
    newest.current = { standings, words };
  });
  useEffect(() => {
    let before: Standings | null = null;
    const timer = setInterval(() => {
      if (newest.current === null) return;
      // What changed then is no news.
      if (store.clock?.kind === "past") {
        before = null;
        return;
      }
      const { standings, words: now } = newest.current;
      const changes = before === null ? [] : changesBetween(before, standings);
      before = standings;
      if (changes.length > 0)
        setSaid(changes.map((change) => changeInWords(change, now)).join(now.t("announce.and")));
    }, sayEveryMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {said}
    </p>
  );
}

function changeInWords(change: Change, { t, text, language }: UsedWords): string {
  switch (change.what) {
    case "connected":
    case "disconnected":
      return t(`announce.${change.what}`);
    case "feedDown":
    case "feedStale":
    case "feedLive": {
      const feed = store.feed(change.feed);
      return t(`announce.${change.what}`, { title: feed ? text(feed.title) : change.feed });
    }
    case "offTarget":
    case "onTarget": {
      const indicator = store.indicator(change.indicator);
      const value = store.reading(change.indicator)?.value ?? null;
      return t(`announce.${change.what}`, {
        title: indicator ? text(indicator.title) : change.indicator,
        value: indicator && value !== null ? valueInWords(value, indicator.unit, language) : "—",
      });
    }
  }
}
