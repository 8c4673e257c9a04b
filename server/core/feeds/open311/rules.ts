import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const open311Rules: RuleTable = {
  spec: "open311",
  standard: { title: "Open311 GeoReport v2", url: "https://wiki.open311.org/GeoReport_v2/" },
  newestVersion: null,
  rules: [
    {
      code: "open311-no-id",
      severity: "error",
      meaning: { en: "A request has no id and is left out.", zh: "诉求没有编号，已略去。" },
      basis: "GET Service Requests: service_request_id",
    },
    {
      code: "open311-not-public",
      severity: "info",
      meaning: { en: "A request is marked as not public and is left out.", zh: "诉求标为不公开，已略去。" },
      basis: "extension non_public (FixMyStreet)",
    },
    {
      code: "open311-bad-time",
      severity: "error",
      meaning: { en: "A time cannot be read.", zh: "时间无法读取。" },
      basis: "requested_datetime, updated_datetime: W3C date and time",
      about: "time",
    },
    {
      code: "open311-repeated-name",
      severity: "warning",
      meaning: {
        en: "A name stands twice in one request; the first value that is one counts.",
        zh: "同一诉求中名称重复，以第一个有效值为准。",
      },
      basis: "JSON objects with unique names (RFC 8259 §4)",
    },
    {
      code: "open311-status",
      severity: "warning",
      meaning: { en: "A status is neither open nor closed.", zh: "状态既非 open 也非 closed。" },
      basis: "GET Service Requests: status",
    },
    {
      code: "open311-duplicate-id",
      severity: "warning",
      meaning: {
        en: "A request is there more than once; the newest counts.",
        zh: "同一诉求出现多次，以最新为准。",
      },
      basis: "service_request_id: unique",
    },
    {
      code: "open311-future",
      severity: "warning",
      meaning: { en: "A request's time is later than ours.", zh: "诉求的时间晚于当前时间。" },
      basis: "requested_datetime, updated_datetime",
      about: "time",
    },
    {
      code: "open311-time-order",
      severity: "warning",
      meaning: { en: "A request is closed before it was made.", zh: "诉求在提出之前就已关闭。" },
      basis: "requested_datetime, updated_datetime",
      about: "time",
    },
    {
      code: "open311-no-observed-at",
      severity: "warning",
      meaning: { en: "A request has no time.", zh: "诉求没有时间。" },
      basis: "requested_datetime, updated_datetime",
      about: "time",
    },
    {
      code: "open311-page-cut",
      severity: "warning",
      meaning: {
        en: "A full page without times to go on from: requests may be missing.",
        zh: "整页都没有可用于续取的时间：可能有遗漏。",
      },
      basis: "extension page, page_size; GeoReport's limit of 1,000 requests",
    },
    {
      code: "open311-services",
      severity: "info",
      meaning: { en: "How many services there are.", zh: "有多少项服务。" },
      basis: "GET Service List",
    },
    {
      code: "open311-no-services",
      severity: "warning",
      meaning: { en: "The service list is empty.", zh: "服务列表为空。" },
      basis: "GET Service List",
    },
    ...placeRules("open311", "GET Service Requests: lat, long", "warning", { missing: "info" }),
  ],
};
