/** What the API answers about an area. */

import { z } from "zod";
import type { Dossier, DossierKind, DossierThing } from "../../shared/dossier.ts";
import { kinds } from "../../shared/kinds.ts";
import { alarmItem } from "./alarm-answers.ts";
import { multiPolygon, polygon } from "./city-answers.ts";
import { exactly, instant, named, text } from "./named-schemas.ts";

const thing = exactly<DossierThing>()(
  z.strictObject({
    id: z.string(),
    kind: z.enum(kinds),
    position: z.tuple([z.number(), z.number()]).readonly().nullable(),
    estimated: z.boolean(),
    observedAt: instant.nullable(),
    fields: z.record(
      z.string(),
      z.union([z.number(), z.string(), z.boolean(), z.array(z.string()).readonly()]).nullable(),
    ),
  }),
).register(named, { id: "DossierThing" });

const dossierKind = exactly<DossierKind>()(
  z.strictObject({
    kind: z.enum(kinds),
    count: z
      .number()
      .nullable()
      .meta({
        description: "`null`: single things of this kind are not for whoever asks, nor a count of few.",
      }),
    departments: z.array(z.string()).readonly(),
    newestAt: instant.nullable(),
    things: z.array(thing).readonly().meta({ description: "The twelve that matter most." }),
  }),
).register(named, { id: "DossierKind" });

export const dossier = exactly<Dossier>()(
  z.strictObject({
    outline: z.union([polygon, multiPolygon]),
    areas: z.array(z.strictObject({ level: z.string(), id: z.string(), name: text })).readonly(),
    alarms: z.array(alarmItem).readonly(),
    kinds: z.array(dossierKind).readonly(),
  }),
).register(named, { id: "Dossier", description: "Everything in an area of the city." });
