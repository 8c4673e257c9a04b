/** A view of the explorer under a name, for everybody of this installation. */
export interface SavedView {
  readonly id: string;
  readonly title: string;
  /** The address's query, from `?` on: all there is to a view. */
  readonly query: string;
  readonly author: string;
  /** City time of its last change. */
  readonly savedAt: number;
}

/** Why a view was not saved: there is none of this id, another one has the title, somebody saved it since it was read. */
export type ViewConflict = "missing" | "title-taken" | "changed";

export const longestViewTitle = 120;
export const longestViewQuery = 4_000;
