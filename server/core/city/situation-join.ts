/** What a DATEX II situation learns beside its own words: whether it is in force now, and where its location codes are. */

import type { EntityOf } from "../../../shared/entity.ts";
import { resolveAlertC, unknownCodes } from "../feeds/datex2/alert-c.ts";
import type { LocationTable } from "../feeds/datex2/location-table.ts";
import { inForceAt } from "../feeds/datex2/validity.ts";
import type { Note } from "../feeds/gtfs-rt/entity-notes.ts";

type Situation = EntityOf<"Situation">;

/** A place that the table gives comes before one for display; `shiftMs` is what a replay added to every instant. */
export function joinSituation(
  reported: Situation,
  table: LocationTable | null,
  { zone, now, shiftMs }: { readonly zone: string; readonly now: number; readonly shiftMs: number },
): { readonly entity: Situation; readonly until: number } {
  const { isActive, until } = inForceAt(reported, zone, now, shiftMs);
  return { entity: placed({ ...reported, fields: { ...reported.fields, isActive } }, table), until };
}

/** The situation where its location table has it; as it is without codes or without a table that knows them. */
export function placed(situation: Situation, table: LocationTable | null): Situation {
  const place = table && situation.alertC ? resolveAlertC(table, situation.alertC) : null;
  if (!place) return situation;
  const { position, geometry, name, roadName, roadNumber } = place;
  const { fields } = situation;
  return {
    ...situation,
    position,
    quality: "estimated",
    ...(geometry ? { geometry } : {}),
    fields: {
      ...fields,
      name: fields.name ?? name ?? roadName ?? roadNumber,
      roadName: fields.roadName ?? roadName,
      roadNumber: fields.roadNumber ?? roadNumber,
    },
  };
}

/** What is wrong with the situation's codes, `null` when nothing is. */
export function judgeSituation(
  { sourceId, alertC }: Situation,
  table: LocationTable | null,
): readonly Note[] | null {
  if (!alertC) return null;
  const unknown = table ? unknownCodes(table, alertC) : [];
  if (table && unknown.length === 0) return null;
  const { tableNumber, primary } = alertC[0]!;
  const example = table
    ? `record ${JSON.stringify(sourceId)}: code ${unknown[0]} of table ${tableNumber}, expected one that the location table places; it has no place`
    : `record ${JSON.stringify(sourceId)}: code ${primary.code} of table ${tableNumber}, expected a location table that places it (options.locationTable); it has no place`;
  return [
    { code: table ? "datex2-unknown-code" : "datex2-no-table", severity: "warning", count: 1, example },
  ];
}
