import type { RuleTable } from "../rules.ts";

export const gtfsRules: RuleTable = {
  spec: "gtfs",
  standard: {
    title: "GTFS Schedule, by the rules of its canonical validator",
    url: "https://gtfs-validator.mobilitydata.org/rules.html",
  },
  newestVersion: null,
  rules: [
    {
      code: "missing_required_file",
      severity: "error",
      meaning: {
        en: "A file that the standard requires is not in the ZIP.",
        zh: "压缩包中缺少标准要求的文件。",
      },
      basis: "missing_required_file",
    },
    {
      code: "missing_calendar_and_calendar_date_files",
      severity: "error",
      meaning: {
        en: "Neither calendar.txt nor calendar_dates.txt is there.",
        zh: "既没有 calendar.txt 也没有 calendar_dates.txt。",
      },
      basis: "missing_calendar_and_calendar_date_files",
    },
    {
      code: "missing_required_field",
      severity: "error",
      meaning: { en: "A row has no id.", zh: "某行没有标识。" },
      basis: "missing_required_field",
    },
    {
      code: "duplicate_key",
      severity: "error",
      meaning: { en: "An id is there twice; the first is kept.", zh: "标识出现两次，保留第一个。" },
      basis: "duplicate_key",
    },
    {
      code: "foreign_key_violation",
      severity: "error",
      meaning: {
        en: "A row names something that is not in the timetable.",
        zh: "某行引用了时刻表中没有的内容。",
      },
      basis: "foreign_key_violation",
    },
    {
      code: "number_out_of_range",
      severity: "error",
      meaning: { en: "A number is outside its range.", zh: "数字超出范围。" },
      basis: "number_out_of_range",
    },
    {
      code: "unexpected_enum_value",
      severity: "error",
      meaning: { en: "A value is none of those the standard lists.", zh: "取值不在标准所列之中。" },
      basis: "unexpected_enum_value",
    },
    {
      code: "invalid_date",
      severity: "error",
      meaning: { en: "A date is not YYYYMMDD.", zh: "日期不是 YYYYMMDD 格式。" },
      basis: "invalid_date",
      about: "time",
    },
    {
      code: "invalid_time",
      severity: "error",
      meaning: { en: "A time is not HH:MM:SS.", zh: "时间不是 HH:MM:SS 格式。" },
      basis: "invalid_time",
      about: "time",
    },
    {
      code: "invalid_timezone",
      severity: "error",
      meaning: { en: "The agency's time zone is not known.", zh: "运营机构的时区未知。" },
      basis: "invalid_timezone",
      about: "time",
    },
    {
      code: "csv_parsing_failed",
      severity: "error",
      meaning: { en: "A table is unreadable from some place on.", zh: "表格从某处起无法读取。" },
      basis: "csv_parsing_failed",
    },
    {
      code: "stop_time_with_arrival_before_previous_departure_time",
      severity: "warning",
      meaning: { en: "A trip arrives before it left the stop before.", zh: "行程在离开前一站之前就已到站。" },
      basis: "stop_time_with_arrival_before_previous_departure_time",
      about: "time",
    },
    {
      code: "gtfs-calendar-far-end",
      severity: "info",
      meaning: { en: "A calendar ends many years from now.", zh: "日历在多年之后才结束。" },
      basis: "calendar.txt end_date",
    },
    {
      code: "gtfs-duplicate-file",
      severity: "warning",
      meaning: {
        en: "The ZIP holds a table twice; the first is read.",
        zh: "压缩包中同一表格出现两次，读取第一个。",
      },
      basis: "Dataset Files",
    },
    {
      code: "gtfs-file-cut",
      severity: "error",
      meaning: {
        en: "A table in the ZIP is cut or larger than allowed.",
        zh: "压缩包中的表格被截断或超出上限。",
      },
      basis: "Dataset Files; our limits",
    },
    {
      code: "gtfs-files-in-folder",
      severity: "info",
      meaning: { en: "The tables lie in a folder of the ZIP.", zh: "表格位于压缩包的文件夹内。" },
      basis: "Dataset Publishing: files at the root level",
    },
    {
      code: "gtfs-flexible-stop-time",
      severity: "info",
      meaning: {
        en: "Rows of GTFS-Flex name no stop and are left out.",
        zh: "GTFS-Flex 的行没有站点，已略去。",
      },
      basis: "stop_times.txt location_id, location_group_id",
    },
  ],
};
