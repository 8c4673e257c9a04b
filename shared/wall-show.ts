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

/** What a screen says, and nothing beside it, since everybody is told; `null` for anything else. */
export function readWallShowing(word: unknown): WallShowing | null {
  if (typeof word !== "object" || word === null) return null;
  const { wall, shows } = word as Partial<WallShowing>;
  if (!isId(wall) || typeof shows !== "object" || shows === null) return null;
  const shown = readShown(shows);
  return shown && { wall, shows: shown };
}

function readShown(shows: object): Shown | null {
  if ("scene" in shows) return isId(shows.scene) ? { scene: shows.scene } : null;
  if ("alarm" in shows) return isId(shows.alarm) ? { alarm: shows.alarm } : null;
  if ("sent" in shows && (shows.sent === "alarm" || shows.sent === "map")) return { sent: shows.sent };
  return null;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestId;
}
