/** `/api/v1/dossier`: everything in a drawn outline or in one of the city's areas, from all departments. */

import type { Hono } from "hono";
import type { AlarmItem } from "../../shared/alarms.ts";
import type { AreaLayer } from "../../shared/areas.ts";
import type { Entity } from "../../shared/entity.ts";
import type { FeedStatus } from "../../shared/feed.ts";
import type { Kind } from "../../shared/kinds.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { z } from "zod";
import type { AreaIndex } from "../core/city/areas.ts";
import { dossierOf, type Outline } from "../core/dossier/dossier.ts";
import type { Access } from "./access.ts";
import { askerOf } from "./asker.ts";
import { shown } from "./instants.ts";
import { outlineText, readOutline } from "./outline.ts";
import { findUnknown, type BadParameter, type QueryParameters } from "./parameters.ts";
import { badParameter } from "./problem.ts";

export const dossierParameters = {
  within: { description: outlineText, schema: z.string() },
  area: {
    description: "One of the city's areas instead, as `level:id`: `district:harbour`.",
    schema: z.string(),
  },
} as const satisfies QueryParameters;

export interface DossierContext {
  readonly entities: (kind: Kind) => Iterable<Entity>;
  readonly alarms: () => readonly AlarmItem[];
  readonly feeds: () => readonly FeedStatus[];
  readonly layers: () => readonly AreaLayer[];
  readonly areas: () => AreaIndex;
  /** City time. */
  readonly now: () => number;
}

export function serveDossier(app: Hono, context: DossierContext, access: Access): void {
  app.get("/api/v1/dossier", (c) => {
    const layers = context.layers();
    const asked = readAsked(c.req.query(), layers);
    if (!asked.ok) return badParameter(c, asked.failure);
    const { outline, chosen } = asked.value;
    const asker = askerOf(c);
    const sources = {
      entities: context.entities,
      allows: (kind: Kind) => access.allowsKind(kind, asker),
      alarms: context.alarms(),
      feeds: context.feeds(),
      layers,
      areas: context.areas(),
    };
    c.header("cache-control", "no-store");
    return c.json(dossierOf(outline, chosen, sources, context.now()));
  });
}

interface Asked {
  readonly outline: Outline;
  readonly chosen: { readonly level: string; readonly id: string } | null;
}

function readAsked(
  query: Readonly<Record<string, string>>,
  layers: readonly AreaLayer[],
): Result<Asked, BadParameter> {
  const unknown = findUnknown(query, dossierParameters);
  if (unknown) return fail(unknown);
  const { within, area } = query;
  if ((within === undefined) === (area === undefined))
    return fail({ parameter: "within", detail: "within, area: expected one of the two" });
  if (area !== undefined) return readArea(area, layers);
  const outline = readOutline("within", within);
  return outline.ok ? ok({ outline: outline.value!, chosen: null }) : outline;
}

function readArea(text: string, layers: readonly AreaLayer[]): Result<Asked, BadParameter> {
  const split = text.indexOf(":");
  const [level, id] = [text.slice(0, split), text.slice(split + 1)];
  const found = layers.find((layer) => layer.level === level)?.areas.find((one) => one.id === id);
  if (found) return ok({ outline: found.geometry, chosen: { level, id } });
  return fail({
    parameter: "area",
    detail: `area: "${shown(text)}" is not level:id of an area of this city`,
  });
}
