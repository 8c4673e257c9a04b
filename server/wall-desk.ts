/** What operators put on walls, for the API and the live protocol. */

import { join } from "node:path";
import type { Logger } from "pino";
import { parseSeriesId } from "../shared/city.ts";
import { figuresShown } from "../shared/saved-view.ts";
import type { Sent, WallNow } from "../shared/wall-show.ts";
import type { Epochs } from "./epochs.ts";
import type { CitySockets } from "./socket.ts";
import type { WallDesk } from "./http/walls.ts";
import { KeptUntil } from "./live/kept-until.ts";
import type { WallScreens } from "./live/wall-screens.ts";

export type SentToWalls = KeptUntil<Sent>;

/** Reads back what an earlier run had on its walls. */
export async function openSentToWalls(dataDir: string, now: number, log: Logger): Promise<SentToWalls> {
  const path = join(dataDir, "sent-to-walls.json");
  const sent = new KeptUntil<Sent>({
    path,
    name: "what walls were sent",
    subjectOf: ({ wall }) => wall,
    log,
  });
  await sent.restore(now);
  return sent;
}

export function sentTo(sent: SentToWalls, wall: string, now: number): Sent | null {
  return sent.inForce(now).find((one) => one.wall === wall) ?? null;
}

export function wallDeskOf(options: {
  readonly epochs: Epochs;
  readonly sent: SentToWalls;
  readonly screens: WallScreens;
  readonly now: () => number;
  readonly sockets: () => CitySockets | null;
}): WallDesk {
  const { epochs, sent, screens, now, sockets } = options;
  const tell = (wall: string): void => {
    const { broadcast } = epochs.current.live;
    sockets()?.send([broadcast.wallFrame(wall, now()), broadcast.wallsFrame(now())]);
  };
  screens.onChange = () => sockets()?.send([epochs.current.live.broadcast.wallsFrame(now())]);
  return {
    list: () =>
      epochs.current.folder.walls.map(({ id }): WallNow => {
        return { id, screens: screens.of(id), sent: sentTo(sent, id, now()) };
      }),
    now,
    knows(what) {
      const { live, folder } = epochs.current;
      if ("alarm" in what) return live.city.alarms.find(what.alarm, now()) !== null;
      const isKnown = (figure: string): boolean =>
        folder.indicators.some(({ id }) => id === parseSeriesId(figure).indicator);
      if ("view" in what) {
        const figures = figuresShown(new URLSearchParams(what.view).get("show") ?? "");
        return figures.length > 0 && figures.every(isKnown);
      }
      const { shade } = what.map;
      if (shade === null) return true;
      const indicator = folder.indicators.find(({ id }) => id === shade.indicator);
      return indicator?.by.includes(`area.${shade.level}`) === true;
    },
    send(one) {
      sent.set(one);
      tell(one.wall);
    },
    takeBack(wall) {
      if (sentTo(sent, wall, now()) === null) return false;
      sent.clear(wall);
      tell(wall);
      return true;
    },
  };
}
