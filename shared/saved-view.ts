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

export const longestViewTitle = 120;
export const longestViewQuery = 4_000;
