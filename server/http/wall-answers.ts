/** What the API answers and takes about walls. */

import { z } from "zod";
import { kinds } from "../../shared/kinds.ts";
import { longestViewQuery } from "../../shared/saved-view.ts";
import type { Sent, SentContent, Shown, WallNow } from "../../shared/wall-show.ts";
import { actor } from "./alarm-answers.ts";
import { exactly, instant, named } from "./named-schemas.ts";

const sentContent = exactly<SentContent>()(
  z.union([
    z.strictObject({ alarm: z.string().max(500) }),
    z.strictObject({
      map: z.strictObject({
        layers: z.array(z.enum(kinds)).max(10).readonly(),
        shade: z
          .strictObject({ indicator: z.string(), level: z.string() })
          .nullable()
          .meta({ description: "Areas shaded by a grouped indicator." }),
      }),
    }),
    z.strictObject({
      view: z
        .string()
        .max(longestViewQuery)
        .meta({ description: "A view of the explorer: the query of its address, without `?`." }),
    }),
  ]),
).register(named, {
  id: "SentContent",
  description: "An alarm as long as it is one, a map, or a view of the explorer.",
});

export const sentDraft = z.strictObject({
  what: sentContent,
  position: z.string().trim().min(1).max(80),
  shift: z.string().trim().min(1).max(80).nullable().default(null),
  forSeconds: z
    .number()
    .positive()
    .max(7 * 86_400)
    .nullable()
    .default(900)
    .meta({ description: "`null`: until it is taken back." }),
});

export const sent = exactly<Sent>()(
  z.strictObject({
    wall: z.string(),
    what: sentContent,
    by: actor,
    setAt: instant,
    untilAt: instant.nullable().meta({ description: "`null`: until it is taken back." }),
  }),
).register(named, { id: "Sent", description: "What an operator has put on a wall." });

const shown = exactly<Shown>()(
  z.union([
    z.strictObject({ scene: z.string() }),
    z.strictObject({ alarm: z.string() }),
    z.strictObject({ sent: z.enum(["alarm", "map", "view"]) }),
  ]),
).register(named, {
  id: "Shown",
  description: "What a screen shows: a scene, an alarm that interrupts, or what was sent.",
});

export const wallNow = exactly<WallNow>()(
  z.strictObject({
    id: z.string(),
    screens: z.array(shown).readonly().meta({ description: "Those that are connected." }),
    sent: sent.nullable(),
  }),
).register(named, { id: "WallNow", description: "A wall with what its screens show now." });
