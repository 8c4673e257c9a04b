import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const gbfsRules: RuleTable = {
  spec: "gbfs",
  standard: {
    title: "General Bikeshare Feed Specification",
    url: "https://gbfs.org/specification/reference/",
  },
  newestVersion: "3.0",
  rules: [
    {
      code: "gbfs-outdated",
      severity: "warning",
      meaning: {
        en: "The file is older than its ttl and than 5 minutes.",
        zh: "文件的时间早于其 ttl 且超过 5 分钟。",
      },
      basis: "last_updated, ttl; availability under 5 minutes (MobilityData/gbfs#232)",
      about: "time",
    },
    {
      code: "gbfs-report-late",
      severity: "info",
      meaning: {
        en: "A station or vehicle last reported more than 5 minutes before the file.",
        zh: "站点或车辆最近一次上报比文件早 5 分钟以上。",
      },
      basis: "station_status.last_reported, vehicle_status.last_reported",
    },
    {
      code: "gbfs-report-silent",
      severity: "warning",
      meaning: {
        en: "A station or vehicle last reported more than an hour before the file.",
        zh: "站点或车辆最近一次上报比文件早 1 小时以上。",
      },
      basis: "station_status.last_reported, vehicle_status.last_reported",
      about: "time",
    },
    {
      code: "gbfs-no-report-time",
      severity: "info",
      meaning: {
        en: "A station or vehicle does not say when it last reported.",
        zh: "站点或车辆没有说明最近上报时间。",
      },
      basis: "station_status.last_reported (required), vehicle_status.last_reported (optional)",
    },
    {
      code: "gbfs-time-before-2000",
      severity: "warning",
      meaning: {
        en: "A time is before 2000: a device without a clock.",
        zh: "时间早于 2000 年：设备没有时钟。",
      },
      basis: "field type Timestamp",
      about: "time",
    },
    {
      code: "gbfs-time-in-future",
      severity: "warning",
      meaning: { en: "A time lies in the future.", zh: "时间在未来。" },
      basis: "field type Timestamp",
      about: "time",
    },
    {
      code: "gbfs-milliseconds",
      severity: "warning",
      meaning: {
        en: "A time is in milliseconds where seconds are expected.",
        zh: "时间以毫秒给出，应为秒。",
      },
      basis: "field type Timestamp (POSIX seconds before 3.0)",
      about: "time",
    },
    {
      code: "gbfs-bad-time",
      severity: "error",
      meaning: { en: "A time cannot be read.", zh: "时间无法读取。" },
      basis: "field type Timestamp",
      about: "time",
    },
    {
      code: "gbfs-bad-number",
      severity: "error",
      meaning: { en: "A number is missing, negative or no number.", zh: "数字缺失、为负或不是数字。" },
      basis: "field type Non-negative Integer, Non-negative Float",
    },
    {
      code: "gbfs-bad-flag",
      severity: "error",
      meaning: { en: "A member that must be true or false is neither.", zh: "应为真或假的字段两者都不是。" },
      basis: "field type Boolean",
    },
    {
      code: "gbfs-text-as-number",
      severity: "warning",
      meaning: { en: "A number is written as text.", zh: "数字写成了文本。" },
      basis: "field type Non-negative Integer",
    },
    {
      code: "gbfs-text-as-flag",
      severity: "warning",
      meaning: { en: "True or false is written as text.", zh: "真假值写成了文本。" },
      basis: "field type Boolean",
    },
    {
      code: "gbfs-number-as-flag",
      severity: ["warning", "info"],
      meaning: { en: "True or false is written as 0 or 1.", zh: "真假值写成了 0 或 1。" },
      basis: "field type Boolean (since 2.0)",
    },
    {
      code: "gbfs-text-as-time",
      severity: "info",
      meaning: {
        en: "A time is written as text where a number is expected.",
        zh: "时间写成了文本，应为数字。",
      },
      basis: "field type Timestamp (before 3.0)",
    },
    {
      code: "gbfs-number-as-id",
      severity: "info",
      meaning: { en: "An id is written as a number.", zh: "标识写成了数字。" },
      basis: "field type ID",
    },
    {
      code: "gbfs-no-id",
      severity: "error",
      meaning: { en: "An entry has no id and is left out.", zh: "条目没有标识，已略去。" },
      basis: "station_id, vehicle_id (bike_id before 3.0)",
    },
    {
      code: "gbfs-bad-entry",
      severity: "error",
      meaning: { en: "An entry is no object and is left out.", zh: "条目不是对象，已略去。" },
      basis: "JSON Files: lists of objects",
    },
    {
      code: "gbfs-duplicate-id",
      severity: "error",
      meaning: {
        en: "Two entries have the same id; the newest is kept.",
        zh: "两个条目标识相同，保留最新的。",
      },
      basis: "field type ID: unique within the file",
    },
    {
      code: "gbfs-empty",
      severity: "warning",
      meaning: { en: "The file lists nothing.", zh: "文件没有列出任何内容。" },
      basis: "station_status.stations, station_information.stations",
    },
    {
      code: "gbfs-no-version",
      severity: "info",
      meaning: {
        en: "The file does not say which version of the standard it follows.",
        zh: "文件没有说明所遵循的标准版本。",
      },
      basis: "version (required since 1.1)",
    },
    {
      code: "gbfs-unknown-version",
      severity: "warning",
      meaning: { en: "The file names a version that we do not know.", zh: "文件给出的版本未知。" },
      basis: "version",
    },
    {
      code: "gbfs-nothing-to-read",
      severity: "error",
      meaning: {
        en: "The discovery file lists no file that is read.",
        zh: "发现文件没有列出任何可读取的文件。",
      },
      basis: "gbfs.json: feeds",
    },
    {
      code: "gbfs-bad-link",
      severity: "error",
      meaning: { en: "A link of the discovery file is no web address.", zh: "发现文件中的链接不是网址。" },
      basis: "gbfs.json: feeds[].url",
    },
    {
      code: "gbfs-system",
      severity: "info",
      meaning: { en: "What the system says about itself.", zh: "系统的自我说明。" },
      basis: "system_information",
    },
    {
      code: "gbfs-no-licence",
      severity: "info",
      meaning: {
        en: "The system names no licence: nobody may take the data for free to use.",
        zh: "系统没有注明许可：任何人都不能视其为可自由使用。",
      },
      basis: "system_information.license_id, license_url",
    },
    {
      code: "gbfs-other-zone",
      severity: "info",
      meaning: { en: "The system's time zone is not the city's.", zh: "系统的时区与城市的时区不同。" },
      basis: "system_information.timezone",
    },
    {
      code: "gbfs-unknown-alert-type",
      severity: "warning",
      meaning: { en: "An alert has a type that the standard does not list.", zh: "告示的类型不在标准之列。" },
      basis: "system_alerts.type",
    },
    ...placeRules("gbfs", "station_information.lat, lon; vehicle_status.lat, lon", "error", {
      missing: "warning",
    }),
  ],
};
