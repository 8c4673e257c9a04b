/** `/api/v1/observations`: what one sensor measured. */

import type { Hono } from "hono";
import { z } from "zod";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { ObservationsQuery } from "../history/history.ts";
import { instantText, readPastInstant, readStretch, shown } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import { badParameter } from "./problem.ts";

const dayMs = 86_400_000;

export const observationParameters = {
  thing: { description: "The id of a sensor: `FEED/Sensor/ID`.", required: true, schema: z.string() },
  from: { description: `${instantText}; a day before \`to\` unless said.`, schema: z.string() },
  to: { description: `${instantText}, exclusive; now unless said.`, schema: z.string() },
  asOf: {
    description: `Only what was known then: ${instantText.toLowerCase()} that has passed.`,
    schema: z.string(),
  },
} as const satisfies QueryParameters;

export interface ObservationSource {
  readonly past: Pick<Past, "observations">;
  readonly zone: () => string;
  /** City time. */
  readonly now: () => number;
}

export function serveObservations(app: Hono, { past, zone, now }: ObservationSource): void {
  app.get("/api/v1/observations", async (c) => {
    const query = readObservationsQuery(c.req.query(), now(), zone());
    if (!query.ok) return badParameter(c, query.failure);
    return c.json(await past.observations(query.value, c.req.raw.signal));
  });
}

/** Reads the parameters of `observationParameters`. */
function readObservationsQuery(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
): Result<ObservationsQuery, BadParameter> {
  const unknown = findUnknown(query, observationParameters);
  if (unknown) return fail(unknown);
  const thing = query["thing"] ?? "";
  if (!/^[^/]+\/Sensor\/[^/]+$/.test(thing))
    return fail({
      parameter: "thing",
      detail: `thing: "${shown(thing)}" is not the id of a sensor: FEED/Sensor/ID`,
    });
  const stretch = readStretch(query, now, zone, dayMs);
  if (!stretch.ok) return stretch;
  const asOf = readPastInstant("asOf", query["asOf"], now, zone);
  if (!asOf.ok) return asOf;
  return ok({ thing, ...stretch.value, asOf: asOf.value });
}
