/** The connectors by standard: the one list that a new standard is added to. */

import type { Spec } from "../../../shared/feed.ts";
import type { Connector } from "./connector.ts";
import { cap } from "./cap/decode.ts";
import { datex2 } from "./datex2/decode.ts";
import { gbfs } from "./gbfs/decode.ts";
import { gtfsRt } from "./gtfs-rt/decode.ts";
import { gtfs } from "./gtfs/decode.ts";
import { mqtt } from "./mqtt/decode.ts";
import { ngsi } from "./ngsi/decode.ts";
import { line } from "./line/decode.ts";
import { log } from "./log/decode.ts";
import { open311 } from "./open311/decode.ts";
import { probe } from "./probe/decode.ts";
import { sensorthings } from "./sensorthings/decode.ts";
import { sql } from "./sql/decode.ts";
import { table } from "./table/decode.ts";
import { wzdx } from "./wzdx/decode.ts";

const connectors: Readonly<Partial<Record<Spec, Connector>>> = {
  cap,
  datex2,
  gbfs,
  gtfs,
  "gtfs-rt": gtfsRt,
  mqtt,
  ngsi,
  line,
  log,
  open311,
  probe,
  sql,
  sensorthings,
  table,
  wzdx,
};

/** The connector of a standard. Throws for one that is declared in `specs` but not built. */
export function connectorFor(spec: Spec): Connector {
  const connector = findConnector(spec);
  if (!connector) throw new Error(`no connector for ${spec}`);
  return connector;
}

/** `undefined` while a declared standard is not built. */
export function findConnector(spec: Spec): Connector | undefined {
  return connectors[spec];
}
