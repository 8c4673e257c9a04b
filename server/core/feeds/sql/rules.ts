import { cellRules } from "../table/rules.ts";
import type { RuleTable } from "../rules.ts";

export const sqlRules: RuleTable = {
  spec: "sql",
  standard: {
    title: "SQL: a declared query against PostgreSQL, its rows read by the rules of a table",
    url: "https://www.postgresql.org/docs/current/sql-select.html",
  },
  newestVersion: null,
  rules: [
    {
      code: "sql-future-news",
      severity: "warning",
      meaning: {
        en: "The column that tells news is later than our clock in some rows.",
        zh: "标识更新的列在某些行中晚于当前时间。",
      },
      basis: "transport.incremental.column",
      about: "time",
    },
    {
      code: "sql-nothing-yet",
      severity: "info",
      meaning: {
        en: "No row while $1 is NULL: the statement does not say what that means.",
        zh: "$1 为 NULL 时没有任何行：语句没有说明其含义。",
      },
      basis: "transport.incremental",
    },
    {
      code: "sql-repeated-column",
      severity: "warning",
      meaning: {
        en: "The result names a column twice; the first counts.",
        zh: "结果中同一列出现两次，以第一个为准。",
      },
      basis: "PostgreSQL SELECT: output names",
    },
    ...cellRules("sql"),
  ],
};
