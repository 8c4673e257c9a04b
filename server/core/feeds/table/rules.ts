import { placeRules } from "../place-rules.ts";
import type { Rule, RuleTable } from "../rules.ts";

/** The rules about rows and cells, for every standard that reads them by the options of a table. */
export function cellRules(prefix: string): Rule[] {
  return [
    {
      code: `${prefix}-no-id`,
      severity: "error",
      meaning: { en: "A row has no id and is left out.", zh: "某行没有标识，已略去。" },
      basis: "options.entities[].id",
    },
    {
      code: `${prefix}-bad-time`,
      severity: "error",
      meaning: { en: "A time is not in the form the feed declares.", zh: "时间不符合声明的格式。" },
      basis: "options.entities[] time columns",
      about: "time",
    },
    {
      code: `${prefix}-bad-number`,
      severity: "error",
      meaning: { en: "A number cannot be read.", zh: "数字无法读取。" },
      basis: "options.entities[].fields",
    },
    {
      code: `${prefix}-bad-flag`,
      severity: "error",
      meaning: { en: "A value is neither true nor false.", zh: "取值既非真也非假。" },
      basis: "options.entities[].fields",
    },
    {
      code: `${prefix}-unmapped`,
      severity: "warning",
      meaning: {
        en: "A text that the column's map does not list; kept as it is.",
        zh: "文本不在该列的映射表中，原样保留。",
      },
      basis: "options.entities[].fields[].map",
    },
    {
      code: `${prefix}-duplicate-id`,
      severity: "warning",
      meaning: { en: "Several rows for one id; the newest counts.", zh: "同一标识有多行，以最新为准。" },
      basis: "options.entities[].id",
    },
    {
      code: `${prefix}-future`,
      severity: "warning",
      meaning: { en: "A row's time is later than ours.", zh: "某行的时间晚于当前时间。" },
      basis: "options.entities[].observedAt",
      about: "time",
    },
    {
      code: `${prefix}-time-order`,
      severity: "warning",
      meaning: { en: "An end lies before its start.", zh: "结束时间早于开始时间。" },
      basis: "options.entities[] durations",
      about: "time",
    },
    {
      code: `${prefix}-no-observed-at`,
      severity: "warning",
      meaning: { en: "Rows do not say how old they are.", zh: "各行没有说明时间。" },
      basis: "options.entities[].observedAt",
      about: "time",
    },
    {
      code: `${prefix}-merged`,
      severity: "info",
      meaning: { en: "How many rows became how many things.", zh: "多少行合并成多少个对象。" },
      basis: 'options.entities[] with "from": "rows"',
    },
    {
      code: `${prefix}-place-unreadable`,
      severity: "warning",
      meaning: { en: "A place cannot be read.", zh: "位置无法读取。" },
      basis: "options.entities[].position",
    },
    ...placeRules(prefix, "options.entities[].position", "warning", { missing: "info" }),
  ];
}

export const tableRules: RuleTable = {
  spec: "table",
  standard: {
    title: "Tables (CSV, XLSX, JSON, GeoJSON) with columns as the city folder maps them",
    url: "https://www.rfc-editor.org/rfc/rfc4180",
  },
  newestVersion: null,
  rules: [
    {
      code: "table-broken-csv",
      severity: "error",
      meaning: {
        en: "The rest of the file is unreadable, mostly a quote that never closes.",
        zh: "文件其余部分无法读取，多为未闭合的引号。",
      },
      basis: "RFC 4180 §2.5 to 2.7",
    },
    {
      code: "table-short-row",
      severity: "error",
      meaning: {
        en: "A row has fewer cells than the header and is left out.",
        zh: "某行的单元格少于表头，已略去。",
      },
      basis: "RFC 4180 §2.4",
    },
    {
      code: "table-long-row",
      severity: "error",
      meaning: {
        en: "A row has more cells than the header and is left out.",
        zh: "某行的单元格多于表头，已略去。",
      },
      basis: "RFC 4180 §2.4",
    },
    {
      code: "table-bad-row",
      severity: "error",
      meaning: { en: "A row is no object and is left out.", zh: "某行不是对象，已略去。" },
      basis: "a list of objects",
    },
    {
      code: "table-missing-column",
      severity: "warning",
      meaning: { en: "No row has a column that the feed maps.", zh: "所有行都没有映射的列。" },
      basis: "options.entities[] columns",
    },
    {
      code: "table-repeated-column",
      severity: "warning",
      meaning: {
        en: "The header names a column twice; the first counts.",
        zh: "表头中同一列出现两次，以第一个为准。",
      },
      basis: "RFC 4180 §2.3",
    },
    {
      code: "table-encoding",
      severity: "warning",
      meaning: {
        en: "The file is not UTF-8 and was read as Windows-1252.",
        zh: "文件不是 UTF-8，按 Windows-1252 读取。",
      },
      basis: "RFC 4180 §3, charset",
    },
    ...cellRules("table"),
  ],
};
