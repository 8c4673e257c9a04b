/** What walls show now, and what an operator has put on one in the place of its scenes. */

import type { Actor } from "./alarms.ts";
import type { SceneMap } from "./wall.ts";

/** Put there by an operator. Of two the newest stands. */
export interface Sent {
  /** The wall. */
  readonly wall: string;
  readonly what: SentContent;
  readonly by: Actor;
  /** City time, epoch milliseconds. */
  readonly setAt: number;
  /** From when on the scenes are there again; `null`: when it is taken back. */
  readonly untilAt: number | null;
}

export type SentContent =
  /** An alarm, as long as it is one. */
  { readonly alarm: string } | { readonly map: SceneMap };

/** What one screen says that it shows. */
export type Shown =
  { readonly scene: string } | { readonly alarm: string } | { readonly sent: "alarm" | "map" };

/** From a screen, whenever that changes. */
export interface WallShowing {
  readonly wall: string;
  readonly shows: Shown;
}

/** A wall with the screens that are connected. */
export interface WallNow {
  readonly id: string;
  readonly screens: readonly Shown[];
  readonly sent: Sent | null;
}

const longestId = 500;

export function isWallShowing(word: unknown): word is WallShowing {
  if (typeof word !== "object" || word === null) return false;
  const { wall, shows } = word as Partial<WallShowing>;
  return isId(wall) && typeof shows === "object" && shows !== null && isShown(shows);
}

function isShown(shows: object): boolean {
  if ("scene" in shows) return isId(shows.scene);
  if ("alarm" in shows) return isId(shows.alarm);
  return "sent" in shows && (shows.sent === "alarm" || shows.sent === "map");
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestId;
}
