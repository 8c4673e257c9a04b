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

/** The series ids of the parameter `show` of a view's query, each once; commas in their names are escaped. */
export function figuresShown(show: string): readonly string[] {
  const ids = show
    .split(",")
    .map((id) => id.replaceAll("%2C", ",").replaceAll("%25", "%"))
    .filter((id) => id !== "");
  return Array.from(new Set(ids));
}

export const longestViewTitle = 120;
export const longestViewQuery = 4_000;
