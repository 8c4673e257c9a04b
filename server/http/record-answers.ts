/** What people write over the API, and what it answers of it. */

import { z } from "zod";
import { longestAnnotation, longestAuthor, type Annotation } from "../../shared/annotation.ts";
import type { EditableFile } from "../../shared/city-file.ts";
import { longestNote, type Note } from "../../shared/note.ts";
import { longestViewQuery, longestViewTitle, type SavedView } from "../../shared/saved-view.ts";
import { exactly, instant, named } from "./named-schemas.ts";

export const note = exactly<Note>()(
  z.strictObject({
    indicator: z.string(),
    text: z.string(),
    setAt: instant,
    untilAt: instant.nullable().meta({ description: "`null`: until it is taken away." }),
  }),
).register(named, { id: "Note", description: "What an operator says about a figure." });

export const noteDraft = z.strictObject({
  text: z.string().trim().min(1).max(longestNote),
  untilAt: z.int().nullable().default(null),
});

export const signInDraft = z.strictObject({ token: z.string().trim().min(1).max(200) });

export const session = z.strictObject({ mayChange: z.boolean() });

const author = z.string().trim().min(1).max(longestAuthor);

/** What `Date` can say, so that it can be shown. */
const writtenInstant = z.int().min(-8.64e15).max(8.64e15);

export const annotation = exactly<Annotation>()(
  z.strictObject({
    id: z.string(),
    series: z.string().nullable().meta({ description: "`null`: about all." }),
    fromAt: instant,
    toAt: instant.meta({ description: "`fromAt` for an instant." }),
    text: z.string(),
    author: z.string(),
    madeAt: instant,
  }),
).register(named, { id: "Annotation", description: "What somebody wrote at a stretch of time." });

const annotationFields = z.strictObject({
  series: z.string().min(1).max(500).nullable().default(null),
  fromAt: writtenInstant,
  toAt: writtenInstant,
  text: z.string().trim().min(1).max(longestAnnotation),
  author,
});

type Ends = { readonly fromAt: number; readonly toAt: number };

const isInOrder = ({ fromAt, toAt }: Ends): boolean => fromAt <= toAt;

const orderFault = { path: ["toAt"], error: "expected not to lie before fromAt" };

export const annotationDraft = annotationFields.refine(isInOrder, orderFault);

export const annotationChange = annotationFields
  .extend({
    madeAt: writtenInstant.meta({ description: "As it was read: refused when it was changed since." }),
  })
  .refine(isInOrder, orderFault);

export const savedView = exactly<SavedView>()(
  z.strictObject({
    id: z.string(),
    title: z.string(),
    query: z.string().meta({ description: "The query of the explorer's address." }),
    author: z.string(),
    savedAt: instant,
  }),
).register(named, { id: "SavedView", description: "A view of the explorer under a name." });

export const savedViewDraft = z.strictObject({
  title: z.string().trim().min(1).max(longestViewTitle),
  query: z.string().startsWith("?").max(longestViewQuery),
  author,
});

export const savedViewChange = savedViewDraft.extend({
  savedAt: writtenInstant.meta({ description: "As it was read: refused when it was saved again since." }),
});

export const editableFile = exactly<EditableFile>()(
  z.strictObject({
    file: z.string(),
    text: z.string(),
    print: z.string().meta({ description: "Names this very text; a change names the one it was made from." }),
    previous: z.string().nullable().meta({ description: "What it said before its last change here." }),
  }),
).register(named, { id: "EditableFile" });

export const fileDraft = z.strictObject({ text: z.string() });

export const fileChange = z.strictObject({
  text: z.string(),
  print: z.string().nullable().meta({ description: "Of what it was made from; `null`: a new file." }),
});

export const faults = z.strictObject({ faults: z.array(z.string()).readonly() });
