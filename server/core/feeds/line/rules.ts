import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const lineRules: RuleTable = {
  spec: "line",
  standard: {
    title: "InfluxDB line protocol",
    url: "https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/",
  },
  newestVersion: null,
  rules: [
    {
      code: "line-syntax",
      severity: "error",
      meaning: { en: "A line cannot be read and is lost.", zh: "某行无法读取，已丢失。" },
      basis: "Syntax: measurement, tags, fields, timestamp",
    },
    {
      code: "line-no-time",
      severity: "warning",
      meaning: {
        en: "A line has no timestamp; the age of its values is not known.",
        zh: "某行没有时间戳，取值的时间未知。",
      },
      basis: "Timestamp",
      about: "time",
    },
    {
      code: "line-early",
      severity: "warning",
      meaning: {
        en: "A timestamp is before 2000, mostly of another precision; not believed.",
        zh: "时间戳早于 2000 年，多为精度不符，不予采信。",
      },
      basis: "Timestamp, precision",
      about: "time",
    },
    {
      code: "line-future",
      severity: "warning",
      meaning: {
        en: "A timestamp is later than its receipt; not believed.",
        zh: "时间戳晚于接收时间，不予采信。",
      },
      basis: "Timestamp, precision",
      about: "time",
    },
    {
      code: "line-not-number",
      severity: "error",
      meaning: { en: "A declared field holds a text; left out.", zh: "所声明的字段为文本，已略去。" },
      basis: "Field set: data types",
    },
    {
      code: "line-overflow",
      severity: "error",
      meaning: {
        en: "What is made of a sensor's values is larger than any number that can be kept; left out.",
        zh: "由某传感器取值算得的结果超出可保存的数值范围，已略去。",
      },
      basis: "Float: 64-bit IEEE-754",
    },
    {
      code: "line-no-id",
      severity: "error",
      meaning: { en: "A tag that names the thing is missing; left out.", zh: "缺少标识对象的标签，已略去。" },
      basis: "Tag set",
    },
    {
      code: "line-unmapped",
      severity: "info",
      meaning: { en: "A field that no rule names.", zh: "没有规则指明的字段。" },
      basis: "Field set",
    },
    ...placeRules("line", "tags or fields lon, lat", "warning", { missing: "info" }),
  ],
};
