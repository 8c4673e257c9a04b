import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const ngsiRules: RuleTable = {
  spec: "ngsi",
  standard: {
    title: "NGSIv2 and NGSI-LD (ETSI GS CIM 009)",
    url: "https://www.etsi.org/deliver/etsi_gs/CIM/001_099/009/",
  },
  newestVersion: null,
  rules: [
    {
      code: "ngsi-no-entity",
      severity: "error",
      meaning: { en: "An entity has no id or type and is left out.", zh: "实体没有标识或类型，已略去。" },
      basis: "CIM 009 §4.5.1 Entity: id, type",
    },
    {
      code: "ngsi-no-id",
      severity: "error",
      meaning: {
        en: "An entity has not the attribute that names it; left out.",
        zh: "实体缺少用作标识的属性，已略去。",
      },
      basis: "options.entities[].id",
    },
    {
      code: "ngsi-other-type",
      severity: "info",
      meaning: { en: "An entity of a type that the options do not declare.", zh: "实体类型未在选项中声明。" },
      basis: "options.entities[].type",
    },
    {
      code: "ngsi-no-number",
      severity: "info",
      meaning: { en: "None of an entity's attributes is read.", zh: "实体没有可读取的属性。" },
      basis: "CIM 009 §4.5.2 Property",
    },
    {
      code: "ngsi-entities",
      severity: "info",
      meaning: { en: "How many entities gave how many sensors.", zh: "多少实体产生多少传感器。" },
      basis: "CIM 009 §4.5.1 Entity",
    },
    {
      code: "ngsi-structured",
      severity: "info",
      meaning: {
        en: "An attribute holds several numbers, of which none is named.",
        zh: "属性含多个数值，未指明取哪个。",
      },
      basis: "CIM 009 §4.5.2 Property value",
    },
    {
      code: "ngsi-missing-attribute",
      severity: "warning",
      meaning: {
        en: "No entity of the answer has a declared attribute.",
        zh: "答复中没有实体具有所声明的属性。",
      },
      basis: "options.entities[]",
    },
    {
      code: "ngsi-duplicate-id",
      severity: "warning",
      meaning: { en: "An entity is there twice; the newest counts.", zh: "同一实体出现两次，以最新为准。" },
      basis: "CIM 009 §4.5.1 Entity: id",
    },
    {
      code: "ngsi-dated-id",
      severity: "warning",
      meaning: {
        en: "An id holds a time, so that every reading is a thing of its own.",
        zh: "标识中含时间，每次读数都成为独立对象。",
      },
      basis: "CIM 009 §4.5.1 Entity: id",
    },
    {
      code: "ngsi-bad-number",
      severity: "error",
      meaning: { en: "A value is no number.", zh: "取值不是数字。" },
      basis: "CIM 009 §4.5.2 Property value",
    },
    {
      code: "ngsi-unit",
      severity: "error",
      meaning: { en: "A value is in another unit than declared.", zh: "取值的单位与声明不符。" },
      basis: "CIM 009 §4.5.2 unitCode (UN/CEFACT)",
    },
    {
      code: "ngsi-text-number",
      severity: "info",
      meaning: { en: "A number is written as text.", zh: "数字写成了文本。" },
      basis: "CIM 009 §4.5.2 Property value",
    },
    {
      code: "ngsi-bad-time",
      severity: "warning",
      meaning: { en: "A time cannot be read.", zh: "时间无法读取。" },
      basis: "CIM 009 §4.6.3 DateTime",
      about: "time",
    },
    {
      code: "ngsi-no-observed-at",
      severity: "warning",
      meaning: { en: "A value has no time.", zh: "取值没有时间。" },
      basis: "CIM 009 §4.8 observedAt",
      about: "time",
    },
    {
      code: "ngsi-silent",
      severity: "info",
      meaning: {
        en: "A value is older than the options allow; left out.",
        zh: "取值早于选项允许的时限，已略去。",
      },
      basis: "options.maxAgeSeconds",
    },
    {
      code: "ngsi-local-time",
      severity: "warning",
      meaning: { en: "A time has no zone.", zh: "时间没有时区。" },
      basis: "CIM 009 §4.6.3 DateTime in UTC",
      about: "time",
    },
    {
      code: "ngsi-future",
      severity: "warning",
      meaning: { en: "A value's time is later than ours.", zh: "取值的时间晚于当前时间。" },
      basis: "CIM 009 §4.8 observedAt",
      about: "time",
    },
    {
      code: "ngsi-wrapped-geometry",
      severity: "warning",
      meaning: {
        en: "A feature's geometry is a whole property; its value is read.",
        zh: "要素的几何为整个属性，读取其值。",
      },
      basis: "CIM 009 §4.5.16 GeoJSON representation",
    },
    {
      code: "ngsi-geometry",
      severity: "info",
      meaning: { en: "A location is no point.", zh: "位置不是点。" },
      basis: "CIM 009 §4.7 GeoProperty",
    },
    ...placeRules("ngsi", "CIM 009 §4.7 GeoProperty; NGSIv2 geo:point", "warning", { missing: "info" }),
  ],
};
