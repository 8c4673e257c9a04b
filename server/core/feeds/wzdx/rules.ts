import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const wzdxRules: RuleTable = {
  spec: "wzdx",
  standard: { title: "Work Zone Data Exchange", url: "https://github.com/usdot-jpo-ode/wzdx" },
  newestVersion: "4.2",
  rules: [
    {
      code: "wzdx-no-feature",
      severity: "error",
      meaning: {
        en: "An entry is no GeoJSON feature and is left out.",
        zh: "条目不是 GeoJSON 要素，已略去。",
      },
      basis: "WZDxFeed.features; RFC 7946 §3.2",
    },
    {
      code: "wzdx-no-id",
      severity: "error",
      meaning: {
        en: "A road event or a device has no id and is left out.",
        zh: "道路事件或设备没有标识，已略去。",
      },
      basis: "RoadEventFeature.id, FieldDeviceFeature.id",
    },
    {
      code: "wzdx-device-type",
      severity: "warning",
      meaning: { en: "A device type is not one of the standard's.", zh: "设备类型不在标准之列。" },
      basis: "FieldDeviceCoreDetails.device_type",
    },
    {
      code: "wzdx-device-status",
      severity: "warning",
      meaning: {
        en: "A device's status is missing or not one of the standard's.",
        zh: "设备状态缺失或不在标准之列。",
      },
      basis: "FieldDeviceCoreDetails.device_status",
    },
    {
      code: "wzdx-device-no-time",
      severity: "warning",
      meaning: {
        en: "A device does not say when it was last told of; its age is not known.",
        zh: "设备没有更新时间，其时间未知。",
      },
      basis: "FieldDeviceCoreDetails.update_date",
      about: "time",
    },
    {
      code: "wzdx-device-geometry",
      severity: "error",
      meaning: { en: "A device has no place that can be used.", zh: "设备没有可用的位置。" },
      basis: "FieldDeviceFeature.geometry: Point",
    },
    {
      code: "wzdx-duplicate-id",
      severity: "warning",
      meaning: {
        en: "A road event or a device is there twice; the newest counts.",
        zh: "同一道路事件或设备出现两次，以最新为准。",
      },
      basis: "RoadEventFeature.id, FieldDeviceFeature.id: unique",
    },
    {
      code: "wzdx-version",
      severity: "warning",
      meaning: {
        en: "The feed names a version that we do not know; read as 4.x.",
        zh: "数据源的版本未知，按 4.x 读取。",
      },
      basis: "FeedInfo.version",
    },
    {
      code: "wzdx-event-type",
      severity: "warning",
      meaning: { en: "An event type is not one of the standard's.", zh: "事件类型不在标准之列。" },
      basis: "RoadEventCoreDetails.event_type",
    },
    {
      code: "wzdx-related-type",
      severity: "warning",
      meaning: {
        en: "A link to another road event has no id, or a type that is not one of the standard's; it is left out.",
        zh: "与另一道路事件的关联没有标识，或其类型不在标准之列，已略去。",
      },
      basis: "RelatedRoadEvent.type, RelatedRoadEvent.id",
    },
    {
      code: "wzdx-related-lost",
      severity: "warning",
      meaning: {
        en: "A road event names another one that is not in the feed.",
        zh: "道路事件关联的另一事件不在数据源中。",
      },
      basis:
        "RelatedRoadEvent.id; Relationship.first, Relationship.next: a RoadEventFeature of the same feed",
    },
    {
      code: "wzdx-lanes",
      severity: "warning",
      meaning: { en: "Lanes are not all there, from 1 on.", zh: "车道没有从 1 起全部列出。" },
      basis: "Lane.order: all lanes or none",
    },
    {
      code: "wzdx-bad-time",
      severity: "error",
      meaning: { en: "A time cannot be read.", zh: "时间无法读取。" },
      basis: "RFC 3339 date-time",
      about: "time",
    },
    {
      code: "wzdx-time-order",
      severity: "warning",
      meaning: { en: "A road event ends before it starts.", zh: "道路事件在开始之前就已结束。" },
      basis: "start_date, end_date",
      about: "time",
    },
    {
      code: "wzdx-future",
      severity: "warning",
      meaning: {
        en: "A road event or a device was updated in the future.",
        zh: "道路事件或设备的更新时间在未来。",
      },
      basis: "update_date of RoadEventCoreDetails and FieldDeviceCoreDetails",
      about: "time",
    },
    {
      code: "wzdx-geometry",
      severity: "error",
      meaning: { en: "A road event has no extent that can be used.", zh: "道路事件没有可用的范围。" },
      basis: "RoadEventFeature.geometry: LineString or MultiPoint",
    },
    {
      code: "wzdx-ends-only",
      severity: "info",
      meaning: { en: "Only the ends are known, not the way between.", zh: "只知道两端，不知道中间路线。" },
      basis: "RoadEventFeature.geometry: MultiPoint (usdot-jpo-ode/wzdx#259)",
    },
    {
      code: "wzdx-chord",
      severity: "info",
      meaning: { en: "A line of two places: perhaps only its ends.", zh: "只有两点的线：可能只是两端。" },
      basis: "RoadEventFeature.geometry: LineString (usdot-jpo-ode/wzdx#194)",
    },
    ...placeRules("wzdx", "RoadEventFeature.geometry, FieldDeviceFeature.geometry", "error"),
  ],
};
