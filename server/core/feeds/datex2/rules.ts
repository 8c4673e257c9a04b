import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const datex2Rules: RuleTable = {
  spec: "datex2",
  standard: { title: "DATEX II, situation publication", url: "https://docs.datex2.eu/" },
  newestVersion: "3",
  rules: [
    {
      code: "datex2-no-id",
      severity: "error",
      meaning: { en: "A situation or a record has no id.", zh: "事件或记录没有标识。" },
      basis: "Situation.id, SituationRecord.id",
    },
    {
      code: "datex2-bad-time",
      severity: "error",
      meaning: { en: "A time cannot be read.", zh: "时间无法读取。" },
      basis: "DateTime, Time",
      about: "time",
    },
    {
      code: "datex2-time-without-zone",
      severity: "warning",
      meaning: { en: "A time has no zone; the city's is understood.", zh: "时间没有时区，按城市时区理解。" },
      basis: "DateTime (ISO 8601)",
      about: "time",
    },
    {
      code: "datex2-time-order",
      severity: "warning",
      meaning: { en: "A validity ends before it starts.", zh: "有效期在开始之前就已结束。" },
      basis: "OverallPeriod.overallStartTime, overallEndTime",
      about: "time",
    },
    {
      code: "datex2-future",
      severity: "warning",
      meaning: {
        en: "A record's version is later than ours; the time is not believed.",
        zh: "记录的版本时间晚于当前时间，不予采信。",
      },
      basis: "SituationRecord.situationRecordVersionTime",
      about: "time",
    },
    {
      code: "datex2-no-time",
      severity: "warning",
      meaning: { en: "A record does not say when it was written.", zh: "记录没有说明写入时间。" },
      basis: "SituationRecord.situationRecordVersionTime",
      about: "time",
    },
    {
      code: "datex2-no-type",
      severity: "warning",
      meaning: { en: "A record does not say what it is.", zh: "记录没有说明类型。" },
      basis: "SituationRecord xsi:type",
    },
    {
      code: "datex2-replaced",
      severity: "info",
      meaning: { en: "A record was replaced by a newer version of it.", zh: "记录已被更新的版本取代。" },
      basis: "Situation.version, SituationRecord.version",
    },
    {
      code: "datex2-ended",
      severity: "info",
      meaning: { en: "A record is over by its own word.", zh: "记录自称已结束。" },
      basis: "Validity.validityStatus, SituationRecord.management",
    },
    {
      code: "datex2-recurrence",
      severity: "info",
      meaning: {
        en: "A period recurs by weeks of the month or special days; it counts in every week.",
        zh: "周期按月内周次或特殊日重复，按每周计。",
      },
      basis: "Period.recurringDayWeekMonthPeriod",
    },
    {
      code: "datex2-alert-c",
      severity: "info",
      meaning: {
        en: "A place is given by codes alone; a location table gives its place.",
        zh: "位置仅以代码给出，由位置表解析。",
      },
      basis: "AlertCLocation (ISO 14819-3)",
    },
    {
      code: "datex2-no-table",
      severity: "warning",
      meaning: { en: "No location table has come for the codes.", zh: "尚无可解析代码的位置表。" },
      basis: "AlertCLocation (ISO 14819-3)",
    },
    {
      code: "datex2-unknown-code",
      severity: "warning",
      meaning: { en: "The location table does not know a code.", zh: "位置表中没有该代码。" },
      basis: "AlertCLocation.specificLocation (ISO 14819-3)",
    },
    {
      code: "datex2-place-of-situation",
      severity: "info",
      meaning: {
        en: "An empty reference; the place of another record of the situation stands in.",
        zh: "位置引用为空，采用同一事件另一记录的位置。",
      },
      basis: "GroupOfLocations",
    },
    {
      code: "datex2-openlr",
      severity: "info",
      meaning: {
        en: "A place is given by OpenLR alone, which is not read.",
        zh: "位置仅以 OpenLR 给出，不予读取。",
      },
      basis: "OpenlrLocationCodeExtension",
    },
    {
      code: "datex2-reference",
      severity: "info",
      meaning: { en: "A place is given in a way that is not read.", zh: "位置以不读取的方式给出。" },
      basis: "LocationReference",
    },
    {
      code: "datex2-longitude-first",
      severity: "warning",
      meaning: {
        en: "A line has longitude before latitude; it is read all the same.",
        zh: "线的经度在前，仍予读取。",
      },
      basis: "GmlLineString.posList, srsName",
    },
    {
      code: "datex2-bad-line",
      severity: "error",
      meaning: { en: "A line cannot be read.", zh: "线无法读取。" },
      basis: "GmlLineString.posList",
    },
    {
      code: "datex2-bad-code",
      severity: "error",
      meaning: { en: "A location code cannot be read.", zh: "位置代码无法读取。" },
      basis: "AlertCLocation.specificLocation",
    },
    {
      code: "datex2-publication",
      severity: "info",
      meaning: { en: "A publication holds no situations and is left out.", zh: "发布内容不含事件，已略去。" },
      basis: "PayloadPublication",
    },
    {
      code: "datex2-binary",
      severity: "error",
      meaning: {
        en: "A container holds its body as binary, which is not read.",
        zh: "容器中为二进制内容，不予读取。",
      },
      basis: "Exchange: container",
    },
    {
      code: "datex2-delivery-break",
      severity: "warning",
      meaning: { en: "The supplier announces a break in deliveries.", zh: "供应商声明中断发送。" },
      basis: "Exchange.deliveryBreak",
    },
    {
      code: "datex2-version",
      severity: "warning",
      meaning: { en: "A version that we do not know; read by what it holds.", zh: "版本未知，按内容读取。" },
      basis: "modelBaseVersion",
    },
    {
      code: "datex2-document-type",
      severity: "warning",
      meaning: {
        en: "The body has a document type, which is not read.",
        zh: "内容带有文档类型声明，不予读取。",
      },
      basis: "XML external entities",
    },
    {
      code: "datex2-table-row",
      severity: "error",
      meaning: { en: "A row of the location table has no usable code.", zh: "位置表的行没有可用代码。" },
      basis: "location table (ISO 14819-3)",
    },
    {
      code: "datex2-table-place",
      severity: "warning",
      meaning: { en: "A point of the location table has no coordinates.", zh: "位置表的点没有坐标。" },
      basis: "location table (ISO 14819-3)",
    },
    ...placeRules("datex2", "PointByCoordinates, GmlLineString", "error", { far: null }),
  ],
};
