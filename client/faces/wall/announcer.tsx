import { useEffect, useRef, useState } from "react";
import type { WallDefinition } from "../../../shared/wall.ts";
import { store, useConnection, useFeeds } from "../../live/store.ts";
import { valueInWords } from "../../words/format-value.ts";
import { useWords, type UsedWords } from "../../words/words.ts";
import { changesBetween, type Change, type Standings } from "./changes.ts";
import { hasTarget, isUnknown, useStandings } from "./standing.ts";

/** Says changes of state to screen readers, and nothing else. */
export function Announcer({ wall }: { wall: WallDefinition }) {
  const words = useWords();
  const { state } = useConnection();
  const feeds = useFeeds();
  const targeted = useStandings(wall).filter(hasTarget);
  const before = useRef<Standings | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const known = targeted.filter((one) => !isUnknown(one));
    const after: Standings = {
      connected: state === "connected",
      feeds: new Map(feeds.map((feed) => [feed.id, feed.status])),
      off: new Set(known.flatMap((one) => (one.state.off === null ? [] : [one.indicator.id]))),
      on: new Set(known.flatMap((one) => (one.state.off === null ? [one.indicator.id] : []))),
    };
    const changes = before.current === null ? [] : changesBetween(before.current, after);
    before.current = after;
    if (changes.length > 0) setSaid(changes.map((change) => changeInWords(change, words)).join(". "));
  }, [state, feeds, targeted, words]);
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
