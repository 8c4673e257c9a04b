import type { RuleTable } from "../rules.ts";

export const probeRules: RuleTable = {
  spec: "probe",
  standard: {
    title: "Our own: a public service, asked as a citizen would",
    url: "https://www.rfc-editor.org/rfc/rfc9110",
  },
  newestVersion: null,
  rules: [
    {
      code: "probe-unavailable",
      severity: "info",
      meaning: { en: "Which service was unavailable, and why.", zh: "哪项服务不可用及其原因。" },
      basis: "RFC 9110 §15",
    },
    {
      code: "probe-not-allowed",
      severity: "error",
      meaning: {
        en: "A service's address is inside and not allowed.",
        zh: "服务的地址在内部网络且未被允许。",
      },
      basis: "city.json: allowHosts",
    },
    {
      code: "probe-none-connected",
      severity: "warning",
      meaning: {
        en: "Not one of several services could be connected to: perhaps our own network is down.",
        zh: "多项服务无一可连接：可能是自身网络中断。",
      },
      basis: "our own",
    },
    {
      code: "probe-bad-result",
      severity: "error",
      meaning: { en: "A result has no id and is left out.", zh: "结果没有标识，已略去。" },
      basis: "our own",
    },
    {
      code: "probe-bad-value",
      severity: "error",
      meaning: { en: "A member is of another type and is left out.", zh: "字段类型不符，已略去。" },
      basis: "our own",
    },
    {
      code: "probe-no-time",
      severity: "warning",
      meaning: { en: "A result does not say when the service was asked.", zh: "结果没有说明何时查询。" },
      basis: "our own",
      about: "time",
    },
    {
      code: "probe-future",
      severity: "warning",
      meaning: { en: "A result's time is later than its receipt.", zh: "结果的时间晚于接收时间。" },
      basis: "our own",
      about: "time",
    },
    {
      code: "probe-duplicate-id",
      severity: "warning",
      meaning: { en: "A service is there twice; the last counts.", zh: "同一服务出现两次，以最后为准。" },
      basis: "our own",
    },
    {
      code: "probe-too-many",
      severity: "error",
      meaning: {
        en: "More than 10,000 results; the rest is left out.",
        zh: "结果超过 10,000 条，其余略去。",
      },
      basis: "our own limit",
    },
  ],
};
