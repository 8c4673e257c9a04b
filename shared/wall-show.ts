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
  | { readonly alarm: string }
  | { readonly map: SceneMap }
  /** A view of the explorer: its address's query, without `?`. */
  | { readonly view: string };

/** What kind of thing was sent. */
export type SentKind = "alarm" | "map" | "view";

/** What one screen says that it shows. */
export type Shown = { readonly scene: string } | { readonly alarm: string } | { readonly sent: SentKind };

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
const sentKinds: readonly SentKind[] = ["alarm", "map", "view"];

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
  if ("sent" in shows) {
    const sent = sentKinds.find((kind) => kind === shows.sent);
    return sent ? { sent } : null;
  }
  return null;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value.length <= longestId;
}
