/** One epoch of a running city: the folder as it was read, the live city built from it and its running feeds. */

import { randomUUID } from "node:crypto";
import type { UnreachedContact } from "../shared/alarms.ts";
import type { CityClock } from "../shared/clock.ts";
import type { ShiftBody } from "../shared/shift.ts";
import type { FeedStatus, Spec } from "../shared/feed.ts";
import type { Frame } from "../shared/protocol.ts";
import { indexAreas } from "./core/city/areas.ts";
import type { EdgeFigures } from "./core/city/changes.ts";
import type { CityFolder } from "./city-folder/city-folder.ts";
import type { KeyedHash } from "./core/feeds/connector.ts";
import { allowedKinds, withoutKinds } from "./core/feeds/forbidden.ts";
import { connectorFor } from "./core/feeds/index.ts";
import type { Push, PushAnswer } from "./ingest/push.ts";
import { startFeed, type RunningFeed } from "./ingest/intake.ts";
import type { Log } from "./ingest/wiring.ts";
import { LastBodies } from "./ingest/last-bodies.ts";
import type { Recorder } from "./history/recorder.ts";
import type { AlarmKeeper } from "./live/alarm-keeper.ts";
import type { WallSource } from "./live/broadcast.ts";
import { LiveCity } from "./live/live-city.ts";
import type { Moments } from "./live/moments.ts";
import type { Notes } from "./live/notes.ts";
import type { Recent } from "./live/recent.ts";

export interface EpochOptions {
  readonly folder: CityFolder;
  readonly dataDir: string;
  readonly keyedHash: KeyedHash;
  readonly recent: Recent;
  readonly moments: Moments;
  readonly notes: Notes;
  readonly alarms: AlarmKeeper;
  readonly unreached: () => readonly UnreachedContact[];
  readonly shift: () => ShiftBody;
  readonly walls: WallSource;
  readonly recorder: Recorder;
  readonly log: Log;
  readonly now: () => number;
  readonly clock: () => CityClock;
  readonly figures: () => EdgeFigures;
  readonly send: (frames: readonly Frame[]) => void;
  readonly wake: () => void;
}

export interface Epoch {
  readonly folder: CityFolder;
  readonly live: LiveCity;
  readonly feeds: readonly RunningFeed[];
  readonly bodies: LastBodies;
  /** The standard's version that the newest body of a feed declared. */
  readonly versions: ReadonlyMap<string, string>;
  feedStatuses(): readonly FeedStatus[];
  /** Resolves when every feed has ended; rejects then when one could not. */
  stop(): Promise<void>;
}

/** Builds the live city of a folder and starts its feeds. */
export function startEpoch(options: EpochOptions): Epoch {
  const { folder, dataDir, keyedHash, recorder, log, now, ...wiring } = options;
  const { settings } = folder;
  const feeds = folder.feeds.map((entry) => ({
    ...entry,
    gives: allowedKinds(connectorFor(entry.spec).gives(entry.options), entry.agreement),
  }));
  const areas = indexAreas(folder.areas);
  const plan = { zone: settings.zone, feeds, indicators: folder.indicators, rules: folder.rules, areas };
  recorder.begin(folder.indicators);
  const live = new LiveCity({
    epoch: randomUUID(),
    plan,
    about: folder,
    record: (tick) => recorder.record(tick),
    ...wiring,
  });
  const bodies = new LastBodies();
  const versions = new Map<string, string>();
  const running = folder.feeds.map((entry) =>
    startFeed({
      entry,
      connector: connectorFor(entry.spec),
      zone: settings.zone,
      bounds: settings.bounds,
      dataFolder: dataDir,
      now,
      log,
      keyedHash,
      isBehind: () => live.isBehind,
      keepLast: (body) => bodies.put(entry.id, body),
      deliver: (update, delivery) => {
        if (update.version !== null) versions.set(entry.id, update.version);
        live.put({ ...delivery, update: withoutKinds(update, entry.agreement?.forbids?.kinds ?? []) });
      },
      report: (feedId, { part, good, error }) => {
        live.report({ feedId, part, goodAt: good, error });
      },
      drop: (feedId, count) => {
        live.drop(feedId, count);
      },
    }),
  );
  return {
    folder,
    live,
    feeds: running,
    bodies,
    versions,
    feedStatuses: () => live.city.feedStatuses(now()),
    async stop() {
      const ended = await Promise.allSettled(running.map((feed) => feed.stop()));
      for (const end of ended) if (end.status === "rejected") throw end.reason;
    },
  };
}

/** Hands a push to its feed; a feed that receives none answers as if it were not there. */
export function receivePush(
  epoch: Epoch,
  feedId: string,
  push: Push,
  spec?: Spec,
): Promise<PushAnswer | null> {
  const i = epoch.feeds.findIndex(({ id }) => id === feedId);
  const feed = epoch.feeds[i];
  const isMeant = spec === undefined || epoch.folder.feeds[i]?.spec === spec;
  return isMeant && feed?.receive ? feed.receive(push) : Promise.resolve(null);
}
