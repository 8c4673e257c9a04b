import { cellRules } from "../table/rules.ts";
import type { RuleTable } from "../rules.ts";

export const mqttRules: RuleTable = {
  spec: "mqtt",
  standard: {
    title: "MQTT 3.1.1 and 5, JSON by declared topics",
    url: "https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html",
  },
  newestVersion: null,
  rules: [
    {
      code: "mqtt-unknown-topic",
      severity: "warning",
      meaning: {
        en: "A topic that no pattern fits; the message is left out.",
        zh: "主题不符合任何模式，消息已略去。",
      },
      basis: "options.topics; MQTT 5 §4.7",
    },
    {
      code: "mqtt-not-text",
      severity: "error",
      meaning: { en: "A message is not UTF-8 and is left out.", zh: "消息不是 UTF-8，已略去。" },
      basis: "RFC 8259 §8.1",
    },
    {
      code: "mqtt-broken-json",
      severity: "error",
      meaning: { en: "A message is no JSON and is left out.", zh: "消息不是 JSON，已略去。" },
      basis: "RFC 8259",
    },
    {
      code: "mqtt-bare-value",
      severity: "error",
      meaning: {
        en: "A number or text where an object was expected; left out.",
        zh: "应为对象却为数字或文本，已略去。",
      },
      basis: "options.topics",
    },
    {
      code: "mqtt-no-rows",
      severity: "error",
      meaning: {
        en: "There is nothing where the rows should be; left out.",
        zh: "应有行的位置没有内容，已略去。",
      },
      basis: "options.topics[].rows",
    },
    {
      code: "mqtt-bad-row",
      severity: "error",
      meaning: { en: "A row is no object and is left out.", zh: "某行不是对象，已略去。" },
      basis: "options.topics[].rows",
    },
    {
      code: "mqtt-missing-member",
      severity: "warning",
      meaning: { en: "No row has a declared member.", zh: "所有行都没有声明的成员。" },
      basis: "options.topics[].entities",
    },
    ...cellRules("mqtt"),
  ],
};
