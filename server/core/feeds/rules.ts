/** What every notice code means and which text it rests on: a table beside each connector, listed here. */

import type { Text } from "../../../shared/city.ts";
import type { Spec } from "../../../shared/feed.ts";
import type { NoticeSeverity } from "../../../shared/notice.ts";
import { capRules } from "./cap/rules.ts";
import { gbfsRules } from "./gbfs/rules.ts";
import { gtfsRtRules } from "./gtfs-rt/rules.ts";
import { gtfsRules } from "./gtfs/rules.ts";
import { datex2Rules } from "./datex2/rules.ts";
import { lineRules } from "./line/rules.ts";
import { logRules } from "./log/rules.ts";
import { mqttRules } from "./mqtt/rules.ts";
import { ngsiRules } from "./ngsi/rules.ts";
import { sensorthingsRules } from "./sensorthings/rules.ts";
import { open311Rules } from "./open311/rules.ts";
import { probeRules } from "./probe/rules.ts";
import { sqlRules } from "./sql/rules.ts";
import { tableRules } from "./table/rules.ts";
import { wzdxRules } from "./wzdx/rules.ts";

/** One kind of notice that a connector raises. */
export interface Rule {
  readonly code: string;
  /** As it is raised; where it depends, every one it is raised with, the usual first. */
  readonly severity: NoticeSeverity | readonly NoticeSeverity[];
  readonly meaning: Text;
  /** The section, file or field of the standard that it rests on; our own reason where no standard says it. */
  readonly basis: string;
  /** `time`: the feed's word about when is missing, late or wrong. */
  readonly about?: "time";
}

export interface RuleTable {
  readonly spec: Spec;
  /** The text that the rules rest on. */
  readonly standard: { readonly title: string; readonly url: string | null };
  /** The newest version that the standard's bodies may declare; `null` when they declare none. */
  readonly newestVersion: string | null;
  readonly rules: readonly Rule[];
}

const tables: Readonly<Record<Spec, RuleTable>> = {
  gbfs: gbfsRules,
  gtfs: gtfsRules,
  "gtfs-rt": gtfsRtRules,
  table: tableRules,
  open311: open311Rules,
  cap: capRules,
  wzdx: wzdxRules,
  datex2: datex2Rules,
  probe: probeRules,
  sql: sqlRules,
  sensorthings: sensorthingsRules,
  ngsi: ngsiRules,
  mqtt: mqttRules,
  line: lineRules,
  log: logRules,
};

export function listRuleTables(): readonly RuleTable[] {
  return Object.values(tables);
}

export function ruleTableOf(spec: Spec): RuleTable {
  return tables[spec];
}

const ruleByCode = new Map(
  listRuleTables().map(({ spec, rules }) => [spec, new Map(rules.map((rule) => [rule.code, rule]))]),
);

/** `undefined` for a code that no connector of this standard raises. */
export function findRule(spec: Spec, code: string): Rule | undefined {
  return ruleByCode.get(spec)?.get(code);
}

/** Every severity that a rule is raised with. */
export function severitiesOf({ severity }: Rule): readonly NoticeSeverity[] {
  return typeof severity === "string" ? [severity] : severity;
}
