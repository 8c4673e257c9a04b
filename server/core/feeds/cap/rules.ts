import { placeRules } from "../place-rules.ts";
import type { RuleTable } from "../rules.ts";

export const capRules: RuleTable = {
  spec: "cap",
  standard: {
    title: "OASIS Common Alerting Protocol 1.2",
    url: "https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html",
  },
  newestVersion: "1.2",
  rules: [
    {
      code: "cap-no-identifier",
      severity: "error",
      meaning: { en: "An alert has no identifier and is left out.", zh: "预警没有标识，已略去。" },
      basis: "§3.2.1 alert.identifier",
    },
    {
      code: "cap-missing",
      severity: "error",
      meaning: { en: "A required element is missing or empty.", zh: "缺少必需的元素或其为空。" },
      basis: "§3.2.1, §3.2.2 REQUIRED elements",
    },
    {
      code: "cap-bad-word",
      severity: ["error", "info"],
      meaning: {
        en: "A word is not in its list; only spelt otherwise, it is used.",
        zh: "词语不在列表中；仅写法不同则仍采用。",
      },
      basis: "§3.2.1, §3.2.2 code values",
    },
    {
      code: "cap-bad-time",
      severity: "error",
      meaning: { en: "A time is no date-time.", zh: "时间不是日期时间。" },
      basis: "§3.3.2 DateTime Data Type",
      about: "time",
    },
    {
      code: "cap-time-without-zone",
      severity: "warning",
      meaning: { en: "A time has no zone; the city's is understood.", zh: "时间没有时区，按城市时区理解。" },
      basis: "§3.3.2 DateTime Data Type",
      about: "time",
    },
    {
      code: "cap-time-in-future",
      severity: "warning",
      meaning: { en: "An alert was sent in the future.", zh: "预警的发送时间在未来。" },
      basis: "§3.2.1 alert.sent",
      about: "time",
    },
    {
      code: "cap-no-references",
      severity: "error",
      meaning: { en: "An update or cancel names no earlier alert.", zh: "更新或取消没有指明先前的预警。" },
      basis: "§3.2.1 alert.references",
    },
    {
      code: "cap-bad-reference",
      severity: "error",
      meaning: { en: "A reference is no sender, identifier and time.", zh: "引用不是发送者、标识和时间。" },
      basis: "§3.2.1 alert.references",
    },
    {
      code: "cap-reference-to-later",
      severity: "error",
      meaning: { en: "An alert refers to a later one.", zh: "预警引用了更晚的预警。" },
      basis: "§3.2.1 alert.references: earlier messages",
      about: "time",
    },
    {
      code: "cap-bad-pair",
      severity: "error",
      meaning: {
        en: "A pair of a polygon cannot be read; the shape is left out.",
        zh: "多边形的坐标对无法读取，已略去该形状。",
      },
      basis: "§3.2.4 area.polygon, §3.3.1",
    },
    {
      code: "cap-bad-circle",
      severity: "error",
      meaning: { en: "A circle cannot be read and is left out.", zh: "圆形无法读取，已略去。" },
      basis: "§3.2.4 area.circle",
    },
    {
      code: "cap-polygon-points",
      severity: "error",
      meaning: { en: "A polygon has fewer than four pairs.", zh: "多边形少于四个坐标对。" },
      basis: "§3.2.4 area.polygon: minimum of 4 coordinate pairs",
    },
    {
      code: "cap-polygon-open",
      severity: "warning",
      meaning: { en: "A polygon does not end where it begins.", zh: "多边形首尾不相接。" },
      basis: "§3.2.4 area.polygon: the first and last pairs are the same",
    },
    {
      code: "cap-polygon-crossing",
      severity: "warning",
      meaning: { en: "A polygon's sides cross.", zh: "多边形的边相互交叉。" },
      basis: "§3.2.4 area.polygon",
    },
    {
      code: "cap-pair-comma",
      severity: "warning",
      meaning: { en: "A pair ends with a comma.", zh: "坐标对以逗号结尾。" },
      basis: "§3.2.4 area.polygon: pairs separated by spaces",
    },
    {
      code: "cap-geocodes-only",
      severity: "info",
      meaning: { en: "An area has codes and no shape.", zh: "区域只有代码，没有形状。" },
      basis: "§3.2.4 area.geocode",
    },
    {
      code: "cap-no-area",
      severity: "warning",
      meaning: { en: "An area has nothing that can be read.", zh: "区域没有可读取的内容。" },
      basis: "§3.2.4 area",
    },
    {
      code: "cap-too-many-infos",
      severity: "error",
      meaning: {
        en: "An alert has more infos than are read; the rest is left out.",
        zh: "预警的 info 过多，其余略去。",
      },
      basis: "§3.2.2 info; our limit",
    },
    {
      code: "cap-language",
      severity: "warning",
      meaning: {
        en: "A text has no letter of the language that it says it is in.",
        zh: "文本中没有所声明语言的文字。",
      },
      basis: "§3.2.2 info.language; without it en-US",
    },
    {
      code: "cap-duplicate",
      severity: "warning",
      meaning: {
        en: "An alert is there more than once; the first is kept.",
        zh: "同一预警出现多次，保留第一个。",
      },
      basis: "§3.2.1 alert.identifier: unique",
    },
    {
      code: "cap-all-expired",
      severity: "warning",
      meaning: { en: "Every warning of the body is over.", zh: "所有预警均已结束。" },
      basis: "§3.2.2 info.expires",
      about: "time",
    },
    {
      code: "cap-envelope-status",
      severity: "warning",
      meaning: { en: "The envelope's status is not that of its alert.", zh: "信封的状态与预警不符。" },
      basis: "EDXL-DE 1.0 EDXLDistribution.distributionStatus",
    },
    {
      code: "cap-edxl-version",
      severity: "warning",
      meaning: { en: "The envelope is of a version that we do not know.", zh: "信封的版本未知。" },
      basis: "EDXL-DE 1.0 namespace",
    },
    {
      code: "cap-edxl-no-alert",
      severity: "info",
      meaning: { en: "A part of the envelope holds no alert.", zh: "信封的某一部分没有预警。" },
      basis: "EDXL-DE 1.0 contentObject",
    },
    {
      code: "cap-bad-link",
      severity: "error",
      meaning: { en: "An entry leads to no web address.", zh: "条目的链接不是网址。" },
      basis: "RFC 4287 §4.2.7 atom:link",
    },
    {
      code: "cap-document-type",
      severity: "warning",
      meaning: {
        en: "The body has a document type, which is not read.",
        zh: "内容带有文档类型声明，不予读取。",
      },
      basis: "XML external entities",
    },
    {
      code: "cap-entity-left-out",
      severity: "warning",
      meaning: { en: "An entity of a document type was left out.", zh: "文档类型中的实体已略去。" },
      basis: "XML external entities",
    },
    {
      code: "cap-unknown-version",
      severity: "warning",
      meaning: {
        en: "An alert names a version that we do not know; read like 1.2.",
        zh: "预警的版本未知，按 1.2 读取。",
      },
      basis: "§4.2 Conformance as a CAP V1.2 Message: the namespace of its schema",
    },
    ...placeRules("cap", "§3.2.4 area.polygon, area.circle, §3.3.1 WGS 84", "error", {
      missing: null,
      far: null,
    }),
  ],
};
