/** Which screens of which walls are connected, and what each says that it shows. */

import type { Shown, WallShowing } from "../../shared/wall-show.ts";

/** Walls that turn their scenes together are one change. */
const togetherMs = 250;

export class WallScreens {
  /** Called when something has changed, a moment later. */
  onChange: () => void = () => undefined;
  readonly #screens = new Map<string, WallShowing>();
  #telling: NodeJS.Timeout | null = null;

  /** `client`: the connection that says it. */
  note(client: string, showing: WallShowing): void {
    this.#screens.set(client, showing);
    this.#tellSoon();
  }

  forget(client: string): void {
    if (this.#screens.delete(client)) this.#tellSoon();
  }

  of(wall: string): readonly Shown[] {
    return Array.from(this.#screens.values()).flatMap((one) => (one.wall === wall ? [one.shows] : []));
  }

  stop(): void {
    if (this.#telling) clearTimeout(this.#telling);
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = null;
      this.onChange();
    }, togetherMs);
  }
}
