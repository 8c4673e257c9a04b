/** `/api/v1/at`: the whole city at one second of its past. */

import type { Hono } from "hono";
import { z } from "zod";
import { isKind, kinds, type Kind } from "../../shared/kinds.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import type { KnownAs } from "../history/history.ts";
import type { Access } from "./access.ts";
import { askerOf } from "./asker.ts";
import { featuresOf } from "./entity-query.ts";
import { instantText, readPastInstant, shown } from "./instants.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import type { Past } from "./past.ts";
import { badParameter, needsToken, problem } from "./problem.ts";

interface AtQuery {
  readonly at: number;
  readonly known: KnownAs;
  readonly kinds: readonly Kind[];
}

const knownAs = ["then", "now"] as const satisfies readonly KnownAs[];

export const atParameters = {
  t: { description: `${instantText} that has passed.`, required: true, schema: z.string() },
  known: {
    description: "As it was on the walls then, or what is known of that instant now.",
    schema: z.enum(knownAs).default("then"),
  },
  kind: {
    description: `The things of these kinds too, separated by commas: ${kinds.join(", ")}.`,
    schema: z.string(),
  },
} as const satisfies QueryParameters;

export interface AtSource {
  readonly past: Past;
  readonly zone: () => string;
  /** City time. */
  readonly now: () => number;
}

export function serveAt(app: Hono, { past, zone, now }: AtSource, access: Access): void {
  app.get("/api/v1/at", async (c) => {
    const query = readAtQuery(c.req.query(), now(), zone());
    if (!query.ok) return badParameter(c, query.failure);
    const asker = askerOf(c);
    const guarded = query.value.kinds.find((kind) => !access.allowsKind(kind, asker));
    if (guarded !== undefined) return needsToken(c, `kind: ${guarded}`, access);
    const { at, known } = query.value;
    const city = await past.cityAt(at, known, query.value.kinds, c.req.raw.signal);
    if (city.readings.length === 0 && city.feeds.length === 0) {
      const detail = `t: nobody was watching at ${new Date(at).toISOString()}`;
      return problem(c, 404, "not-recorded", "Nothing was recorded", detail);
    }
    const everywhere = { bbox: null, near: null, within: null };
    const entities = Array.from(city.entities, ([kind, all]) => [
      kind,
      featuresOf(all, { kind, ...everywhere }),
    ]);
    const { readings, feeds } = city;
    return c.json({ at, known, readings, feeds, entities: Object.fromEntries(entities) as object });
  });
}

/** Reads the parameters of `atParameters`. */
export function readAtQuery(
  query: Readonly<Record<string, string>>,
  now: number,
  zone: string,
): Result<AtQuery, BadParameter> {
  const unknown = findUnknown(query, atParameters);
  if (unknown) return fail(unknown);
  const at = readPastInstant("t", query["t"], now, zone);
  if (!at.ok) return at;
  if (at.value === null) return fail({ parameter: "t", detail: "t: expected an instant of the past" });
  const known = knownAs.find((word) => word === (query["known"] ?? "then"));
  if (known === undefined)
    return fail({
      parameter: "known",
      detail: `known: "${shown(query["known"]!)}" is not one of ${knownAs.join(", ")}`,
    });
  const asked = [...new Set(query["kind"]?.split(",") ?? [])];
  const wrong = asked.find((word) => !isKind(word));
  if (wrong !== undefined)
    return fail({ parameter: "kind", detail: `kind: "${shown(wrong)}" is not one of ${kinds.join(", ")}` });
  return ok({ at: at.value, known, kinds: asked as Kind[] });
}
