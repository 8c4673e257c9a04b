/** The saved views of this installation: read by everybody, written by those who may change the city. */

import { useEffect, useState } from "react";
import type { SavedView, ViewConflict } from "../../../shared/saved-view.ts";
import { askToChange } from "../../live/access.ts";
import { refusalOf, type Refusal } from "./refusal.ts";

export type ViewDraft = Pick<SavedView, "title" | "query" | "author">;

export type Attempt =
  | { readonly do: "save"; readonly draft: ViewDraft }
  /** Refused when somebody saved `view` since it was read. */
  | { readonly do: "change"; readonly view: SavedView; readonly draft: ViewDraft }
  | { readonly do: "remove"; readonly view: SavedView };

export type ViewRefusal = Refusal<ViewConflict>;

export interface ViewStore {
  /** By title, as last read; `null` before the first answer. */
  readonly views: readonly SavedView[] | null;
  /** Why they could not be read; empty when the server cannot be reached. */
  readonly problem: string | null;
  readonly read: () => void;
  /** `null`: it is done, and `views` are read again. */
  readonly attempt: (attempt: Attempt) => Promise<ViewRefusal | null>;
}

const path = "/api/v1/views";

export function useViewStore(): ViewStore {
  const [views, setViews] = useState<readonly SavedView[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const take = (answer: readonly SavedView[] | string): void => {
    if (typeof answer !== "string") setViews(answer);
    setProblem(typeof answer === "string" ? answer : null);
  };
  useEffect(() => {
    void readViews().then(take);
  }, []);
  const attempt = async (wanted: Attempt): Promise<ViewRefusal | null> => {
    const answer = await send(wanted).catch(() => null);
    // What stood in the way is in the list now.
    if (answer?.status !== 401) take(await readViews());
    if (answer === null) return { why: "other", reason: "" };
    return answer.ok ? null : refusalOf(answer, conflicts);
  };
  return { views, problem, read: () => void readViews().then(take), attempt };
}

/** All views, or why they cannot be read. */
async function readViews(): Promise<readonly SavedView[] | string> {
  const answer = await fetch(path).catch(() => null);
  if (answer === null) return "";
  return answer.ok ? ((await answer.json()) as SavedView[]) : (await refusalOf(answer, conflicts)).reason;
}

function send(attempt: Attempt): Promise<Response> {
  switch (attempt.do) {
    case "save":
      return askToChange(path, "POST", attempt.draft);
    case "change": {
      const { id, savedAt } = attempt.view;
      return askToChange(`${path}/${id}`, "PUT", { ...attempt.draft, savedAt });
    }
    case "remove":
      return askToChange(`${path}/${attempt.view.id}`, "DELETE");
  }
}

const conflicts: Readonly<Record<string, ViewConflict>> = {
  view: "missing",
  "title-taken": "title-taken",
  changed: "changed",
};

const authorKey = "citydeck-author";

/** The name that was last written under a view in this browser. */
export function rememberedAuthor(): string {
  try {
    return localStorage.getItem(authorKey) ?? "";
  } catch {
    return "";
  }
}

export function rememberAuthor(author: string): void {
  try {
    localStorage.setItem(authorKey, author);
  } catch {
    // A browser that keeps nothing asks again.
  }
}
