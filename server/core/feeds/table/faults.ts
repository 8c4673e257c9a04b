/** What is wrong with a table's options, beyond their shape. */

import { isZone } from "../../../../shared/city-time.ts";
import { findFieldType, type FieldType, type Kind } from "../../../../shared/kinds.ts";
import { quote } from "../body.ts";
import { isDateFormat } from "../date-text.ts";
import type { EntityRule, FieldRule, InstantRule, TableOptions } from "./options.ts";

export interface OptionFault {
  /** Path inside the options: `entities.0.fields.callAt`. */
  readonly key: string;
  readonly value: unknown;
  readonly expected: string;
}

type Report = (key: string, value: unknown, expected: string) => void;

/** All faults at once: unknown fields, fields of another type than their use needs, formats and zones. */
export function tableFaults(options: TableOptions): readonly OptionFault[] {
  const faults: OptionFault[] = [];
  const report: Report = (key, value, expected) => faults.push({ key, value, expected });
  checkTime("time", options.time, report);
  if (options.publishedIn) {
    const { fileName, zone } = options.publishedIn;
    const format = /\{([^}]*)\}/.exec(fileName)?.[1];
    if (format === undefined || !isDateFormat(format))
      report("publishedIn.fileName", fileName, "date tokens in braces, {YYYYMMDD}");
    checkTime("publishedIn", { zone }, report);
  }
  options.entities.forEach((rule, i) => checkRule(`entities.${i}`, rule, options, report));
  return faults;
}

function checkRule(key: string, rule: EntityRule, options: TableOptions, report: Report): void {
  if (rule.id.length === 0) report(`${key}.id`, rule.id, "at least one column");
  for (const [field, value] of Object.entries(rule.fields)) {
    needType(`${key}.fields.${field}`, rule.kind, field, null, report);
    checkField(`${key}.fields.${field}`, value, rule, report);
  }
  for (const [field, { from, to }] of Object.entries(rule.durations ?? {})) {
    needType(`${key}.durations.${field}`, rule.kind, field, "number", report);
    needType(`${key}.durations.${field}.from`, rule.kind, from, "at", report);
    needType(`${key}.durations.${field}.to`, rule.kind, to, "at", report);
  }
  if (rule.status) {
    needType(`${key}.status`, rule.kind, "status", "text", report);
    if ("status" in rule.fields) report(`${key}.status`, "status", "no status among the fields");
    rule.status.by.forEach(({ present }, i) =>
      needType(`${key}.status.by.${i}.present`, rule.kind, present, "at", report),
    );
  }
  if (rule.observedAt === "published") {
    if (!options.publishedIn)
      report(`${key}.observedAt`, "published", "publishedIn to say where it is written");
  } else (rule.observedAt ?? []).forEach((at, i) => checkInstant(`${key}.observedAt.${i}`, at, report));
}

function needType(key: string, kind: Kind, field: string, type: FieldType | null, report: Report): void {
  const found = findFieldType(kind, field);
  if (found === undefined) report(key, field, `a field of ${kind}`);
  else if (type !== null && found !== type) report(key, field, `a field of type ${type}, it is ${found}`);
}

function checkField(key: string, field: FieldRule, rule: EntityRule, report: Report): void {
  if (typeof field === "string") return;
  if ("value" in field) {
    const type = findFieldType(rule.kind, key.slice(key.lastIndexOf(".") + 1));
    const fits: Readonly<Record<FieldType, string>> = {
      number: "number",
      at: "number",
      text: "string",
      flag: "boolean",
      texts: "",
    };
    if (type && typeof field.value !== fits[type]) report(`${key}.value`, field.value, `a ${type}`);
  } else if ("count" in field) {
    if (rule.from !== "rows") report(`${key}.count`, field.count, `"from": "rows", or every count is 1`);
  } else {
    checkTime(key, field, report);
    if (field.pick !== undefined && rule.from !== "rows") report(`${key}.pick`, field.pick, `"from": "rows"`);
  }
}

function checkInstant(key: string, at: InstantRule, report: Report): void {
  if (typeof at !== "string") checkTime(key, at, report);
}

function checkTime(
  key: string,
  time: { readonly format?: string | undefined; readonly zone?: string | undefined } | undefined,
  report: Report,
): void {
  if (time?.format !== undefined && !isDateFormat(time.format))
    report(
      `${key}.format`,
      time.format,
      "ISO, epoch-seconds, epoch-milliseconds or tokens with year, month and day",
    );
  if (time?.zone !== undefined && !isZone(time.zone))
    report(`${key}.zone`, time.zone, "an IANA zone, UTC or +01:00");
}

/** The faults in one line. */
export function faultsText(faults: readonly OptionFault[]): string {
  return faults.map(({ key, value, expected }) => `${key} ${quote(value)}: expected ${expected}`).join("; ");
}
