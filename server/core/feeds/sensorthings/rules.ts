import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const sensorthingsRules: RuleTable = {
  spec: "sensorthings",
  standard: {
    title: "OGC SensorThings API Part 1: Sensing 1.1",
    url: "https://docs.ogc.org/is/18-088/18-088.html",
  },
  newestVersion: null,
  rules: [
    {
      code: "sensorthings-no-entity",
      severity: "error",
      meaning: { en: "An entry is no entity.", zh: "条目不是实体。" },
      basis: "Entities as JSON objects",
    },
    {
      code: "sensorthings-no-id",
      severity: "error",
      meaning: { en: "A stream has no id and is left out.", zh: "数据流没有标识，已略去。" },
      basis: "Common control information: @iot.id",
    },
    {
      code: "sensorthings-multi",
      severity: "info",
      meaning: { en: "A stream of several values, which is left out.", zh: "多值数据流，已略去。" },
      basis: "MultiDatastream extension",
    },
    {
      code: "sensorthings-other-property",
      severity: "info",
      meaning: {
        en: "A stream measures what the options do not declare.",
        zh: "数据流的观测属性未在选项中声明。",
      },
      basis: "§8.2.6 ObservedProperty",
    },
    {
      code: "sensorthings-unit",
      severity: "error",
      meaning: {
        en: "A stream is in another unit than declared; left out.",
        zh: "数据流的单位与声明不符，已略去。",
      },
      basis: "§8.2.4 Datastream.unitOfMeasurement",
    },
    {
      code: "sensorthings-duplicate-id",
      severity: "warning",
      meaning: { en: "A stream is there twice; the newest counts.", zh: "同一数据流出现两次，以最新为准。" },
      basis: "Common control information: @iot.id",
    },
    {
      code: "sensorthings-silent",
      severity: "info",
      meaning: {
        en: "A stream was last observed before the options allow; left out.",
        zh: "数据流最近一次观测早于选项允许的时限，已略去。",
      },
      basis: "options.maxAgeSeconds",
    },
    {
      code: "sensorthings-no-observation",
      severity: "info",
      meaning: { en: "A stream was never observed.", zh: "数据流从未有观测。" },
      basis: "§8.2.7 Observation",
    },
    {
      code: "sensorthings-bad-number",
      severity: "error",
      meaning: { en: "A result is no number.", zh: "结果不是数字。" },
      basis: "§8.2.7 Observation.result",
    },
    {
      code: "sensorthings-text-number",
      severity: "info",
      meaning: { en: "A number is written as text.", zh: "数字写成了文本。" },
      basis: "§8.2.7 Observation.result",
    },
    {
      code: "sensorthings-bad-time",
      severity: "error",
      meaning: { en: "A time cannot be read.", zh: "时间无法读取。" },
      basis: "§8.2.7 Observation.phenomenonTime, resultTime",
      about: "time",
    },
    {
      code: "sensorthings-no-observed-at",
      severity: "warning",
      meaning: { en: "An observation has no time.", zh: "观测没有时间。" },
      basis: "§8.2.7 Observation.phenomenonTime",
      about: "time",
    },
    {
      code: "sensorthings-future",
      severity: "warning",
      meaning: { en: "An observation's time is later than ours.", zh: "观测的时间晚于当前时间。" },
      basis: "§8.2.7 Observation.phenomenonTime",
      about: "time",
    },
    {
      code: "sensorthings-no-place",
      severity: "info",
      meaning: { en: "A thing has no location.", zh: "物没有位置。" },
      basis: "§8.2.2 Location",
    },
    {
      code: "sensorthings-geometry",
      severity: "info",
      meaning: { en: "A location is no point.", zh: "位置不是点。" },
      basis: "§8.2.2 Location.location",
    },
    {
      code: "sensorthings-bad-link",
      severity: "error",
      meaning: {
        en: "A link is none, or leads to itself; it is not followed.",
        zh: "链接无效或指向自身，不予跟随。",
      },
      basis: "Server-driven pagination: @iot.nextLink",
    },
    {
      code: "sensorthings-foreign-link",
      severity: "warning",
      meaning: { en: "A link leads to another origin.", zh: "链接指向另一来源。" },
      basis: "Server-driven pagination: @iot.nextLink",
    },
    {
      code: "sensorthings-no-stream",
      severity: "error",
      meaning: { en: "A message does not say of which stream it is.", zh: "消息没有说明属于哪个数据流。" },
      basis: "MQTT extension: topics",
    },
    {
      code: "sensorthings-no-streams",
      severity: "info",
      meaning: {
        en: "A Thing comes without its Datastreams and without a link to them.",
        zh: "事物没有附带数据流，也没有指向数据流的链接。",
      },
      basis: "§8.2.1 Thing: Datastreams, navigation links",
    },
    {
      code: "sensorthings-unused",
      severity: "info",
      meaning: { en: "A message holds no observation.", zh: "消息不含观测。" },
      basis: "MQTT extension",
    },
    ...placeRules("sensorthings", "§8.2.2 Location.location", "warning"),
  ],
};
