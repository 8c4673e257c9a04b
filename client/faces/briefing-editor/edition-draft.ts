/** An edition as it is being made: pure. */

import type { Briefing, Edition, SectionKind } from "../../../shared/briefing.ts";

export interface EditionDraft {
  readonly editor: string;
  /** All sections of the briefing, in the order in which they are to be shown. */
  readonly order: readonly SectionKind[];
  readonly hidden: ReadonlySet<SectionKind>;
  /** `whole`, or a section. */
  readonly comments: Readonly<Partial<Record<SectionKind | "whole", string>>>;
  readonly isSigned: boolean;
}

/** What the server takes as a new edition. */
export type NewEdition = Omit<Edition, "briefing" | "at">;

/** Begins with the edition before. A signature is given anew for each: it was for what was read then. */
export function draftOf(
  { sections }: Pick<Briefing, "sections">,
  edition: Edition | null,
  editor: string,
): EditionDraft {
  const generated = sections.map(({ kind }) => kind);
  const moved = (edition?.order ?? []).filter((kind) => generated.includes(kind));
  return {
    editor: edition?.editor ?? editor,
    order: [...moved, ...generated.filter((kind) => !moved.includes(kind))],
    hidden: new Set(edition?.hidden),
    comments: Object.fromEntries(
      (edition?.comments ?? []).map(({ section, text }) => [section ?? "whole", text]),
    ),
    isSigned: false,
  };
}

/** One place up (`-1`) or down (`1`); at the ends nothing moves. */
export function moved(draft: EditionDraft, kind: SectionKind, by: -1 | 1): EditionDraft {
  const from = draft.order.indexOf(kind);
  const to = from + by;
  if (from < 0 || to < 0 || to >= draft.order.length) return draft;
  const order = draft.order.with(from, draft.order[to]!).with(to, kind);
  return { ...draft, order };
}

export function shownOrNot(draft: EditionDraft, kind: SectionKind, isShown: boolean): EditionDraft {
  const hidden = new Set(draft.hidden);
  if (isShown) hidden.delete(kind);
  else hidden.add(kind);
  return { ...draft, hidden };
}

/** As the server takes it; the order only where it is another than the generated one. */
export function editionOf(
  draft: EditionDraft,
  { sections }: Pick<Briefing, "sections">,
  before: Edition | null,
): NewEdition {
  const isMoved = sections.some(({ kind }, i) => draft.order[i] !== kind);
  const places = ["whole", ...draft.order] as const;
  return {
    number: (before?.number ?? 0) + 1,
    editor: draft.editor.trim(),
    comments: places.flatMap((place) => {
      const text = draft.comments[place]?.trim() ?? "";
      return text === "" ? [] : [{ section: place === "whole" ? null : place, text }];
    }),
    hidden: draft.order.filter((kind) => draft.hidden.has(kind)),
    order: isMoved ? draft.order : null,
    isSigned: draft.isSigned,
  };
}
