/** Which scene of a wall is shown and for how long still. */

import { useCallback, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { SceneDefinition } from "../../../shared/wall.ts";

export interface Rotation {
  readonly index: number;
  /** How long the scene has stood, not counting pauses. */
  readonly elapsedMs: number;
  readonly isPaused: boolean;
}

export type Timing = Pick<SceneDefinition, "id" | "seconds">;

const tickMs = 1_000;
/** A screen that slept or hung goes on where it was instead of running through the scenes it missed. */
const stepAtMostMs = 5_000;
/** Somebody who touches the wall is not interrupted. */
const quietMs = 60_000;

/** Pure: the rotation after `ms` more. */
export function advanceRotation(now: Rotation, ms: number, scenes: readonly Timing[]): Rotation {
  if (now.isPaused || scenes.length < 2) return now;
  const elapsedMs = now.elapsedMs + Math.min(ms, stepAtMostMs);
  const scene = scenes[now.index];
  if (scene && elapsedMs < scene.seconds * 1_000) return { ...now, elapsedMs };
  return { ...now, index: (now.index + 1) % scenes.length, elapsedMs: 0 };
}

/** Pure: the rotation after somebody chose a scene; whole turns and negative steps are fine. */
export function turnTo(now: Rotation, index: number, scenes: readonly Timing[]): Rotation {
  return { ...now, index: ((index % scenes.length) + scenes.length) % scenes.length, elapsedMs: 0 };
}

export interface SceneControl {
  readonly index: number;
  /** Share of its time that the scene has stood, 0 to 1. */
  readonly share: number;
  readonly remainingSeconds: number;
  /** Asked for by a key, or by `?scene=` in the address: then the rotation never runs. */
  readonly state: "running" | "paused" | "pinned" | "alone";
  readonly goTo: (index: number) => void;
  readonly turn: (step: number) => void;
  readonly pause: () => void;
}

export function useRotation(scenes: readonly Timing[], isHeld: boolean): SceneControl {
  const pinned = pinnedScene(location.search, scenes);
  const [rotation, setRotation] = useState<Rotation>(() => ({
    index: Math.max(pinned, 0),
    elapsedMs: 0,
    isPaused: false,
  }));
  const newest = useRef(rotation);
  const take = useCallback((next: Rotation) => {
    const isTurn = next.index !== newest.current.index;
    newest.current = next;
    if (isTurn) crossFade(() => setRotation(next));
    else setRotation(next);
  }, []);
  const touchedAt = useLastTouch();
  // A changed wall file may have fewer scenes.
  const index = Math.min(rotation.index, scenes.length - 1);
  const isStill = pinned >= 0 || isHeld || scenes.length < 2;
  useEffect(() => {
    if (isStill) return;
    let before = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const step = now - before;
      before = now;
      if (document.hidden || now - touchedAt.current < quietMs) return;
      take(advanceRotation(newest.current, step, scenes));
    }, tickMs);
    return () => clearInterval(timer);
  }, [isStill, scenes, touchedAt, take]);
  const goTo = useCallback(
    (to: number) => {
      const next = turnTo(newest.current, to, scenes);
      rememberPin(scenes, next.index);
      take(next);
    },
    [scenes, take],
  );
  const turn = useCallback((step: number) => goTo(index + step), [goTo, index]);
  const pause = useCallback(() => take({ ...newest.current, isPaused: !newest.current.isPaused }), [take]);
  const seconds = scenes[index]?.seconds ?? 1;
  return {
    index,
    share: Math.min(rotation.elapsedMs / (seconds * 1_000), 1),
    remainingSeconds: Math.max(0, Math.ceil(seconds - rotation.elapsedMs / 1_000)),
    state: scenes.length < 2 ? "alone" : pinned >= 0 ? "pinned" : rotation.isPaused ? "paused" : "running",
    goTo,
    turn,
    pause,
  };
}

/** The index of the scene that the address pins; −1 without one. */
export function pinnedScene(query: string, scenes: readonly Timing[]): number {
  const asked = new URLSearchParams(query).get("scene");
  return asked === null ? -1 : scenes.findIndex(({ id }) => id === asked);
}

/** A pinned wall stays pinned to the scene that was chosen on it. */
function rememberPin(scenes: readonly Timing[], index: number): void {
  const url = new URL(location.href);
  const scene = scenes[index];
  if (!scene || !url.searchParams.has("scene")) return;
  url.searchParams.set("scene", scene.id);
  history.replaceState(history.state, "", url);
}

function useLastTouch(): { readonly current: number } {
  const at = useRef(-Infinity);
  useEffect(() => {
    const touch = (): void => {
      at.current = performance.now();
    };
    window.addEventListener("pointerdown", touch);
    window.addEventListener("focusin", touch);
    return () => {
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("focusin", touch);
    };
  }, []);
  return at;
}

/** 400 ms from the old picture to the new one (`wall.module.css`); at once where the browser cannot or should not. */
function crossFade(change: () => void): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
  if (still || !("startViewTransition" in document)) change();
  else document.startViewTransition(() => flushSync(change));
}
