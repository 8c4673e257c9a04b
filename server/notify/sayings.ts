/** The words of messages, in each language a role may have. */

import type { Priority } from "../../shared/alarms.ts";
import type { Text } from "../../shared/city.ts";
import type { ClockKind } from "../../shared/clock.ts";
import type { NoticeStage } from "../../shared/notification.ts";
import type { Unit } from "../../shared/units.ts";

export interface Sayings {
  readonly locale: string;
  readonly priorities: Readonly<Record<Priority, string>>;
  /** Before everything else where the city's clock is not the real one; `null` where it is. */
  readonly clock: Readonly<Record<ClockKind, string | null>>;
  /** The head of a subject about one alarm, or about several. */
  readonly subject: Readonly<Record<NoticeStage, (priority: string, what: string, count: number) => string>>;
  readonly intro: Readonly<Record<NoticeStage, (count: number) => string>>;
  readonly of: (title: string, group: string) => string;
  readonly since: (time: string, value: string | null) => string;
  readonly from: (since: string, until: string) => string;
  readonly owner: (department: string, dueAt: string) => string;
  readonly consequence: (text: string) => string;
  readonly response: (text: string) => string;
  readonly procedure: (url: string) => string;
  readonly more: (count: number) => string;
  readonly where: (url: string) => string;
  readonly why: (role: string, route: string) => string;
}

export const sayings: Readonly<Record<keyof Text, Sayings>> = {
  en: {
    locale: "en-GB",
    priorities: { low: "Low", medium: "Medium", high: "High", critical: "Critical" },
    clock: { live: null, simulated: "SIMULATED", replay: "REPLAY", past: "PAST" },
    subject: {
      new: (priority, what, count) =>
        count === 1 ? `${priority}: ${what}` : `${count} alarms, first ${what}`,
      escalated: (priority, what, count) =>
        count === 1
          ? `Not acknowledged, ${priority.toLowerCase()}: ${what}`
          : `${count} alarms not acknowledged, first ${what}`,
      over: (_priority, what, count) =>
        count === 1 ? `Over: ${what}` : `${count} alarms are over, first ${what}`,
    },
    intro: {
      new: (count) => (count === 1 ? "One alarm is active." : `${count} alarms are active.`),
      escalated: (count) =>
        count === 1
          ? "Nobody has acknowledged this alarm in time, so you are told."
          : `Nobody has acknowledged these ${count} alarms in time, so you are told.`,
      over: (count) => (count === 1 ? "This alarm is over." : `These ${count} alarms are over.`),
    },
    of: (title, group) => `${title} – ${group}`,
    since: (time, value) => (value === null ? `Since ${time}` : `Since ${time}, now ${value}`),
    from: (since, until) => `From ${since} to ${until}`,
    owner: (department, dueAt) => `${department} acts, by ${dueAt}`,
    consequence: (text) => `Otherwise: ${text}`,
    response: (text) => `What to do: ${text}`,
    procedure: (url) => `Procedure: ${url}`,
    more: (count) => `… and ${count} more.`,
    where: (url) => `All alarms: ${url}`,
    why: (role, route) => `You are told as “${role}”, by the route “${route}”.`,
  },
  zh: {
    locale: "zh-CN",
    priorities: { low: "低", medium: "中", high: "高", critical: "紧急" },
    clock: { live: null, simulated: "模拟", replay: "回放", past: "历史" },
    subject: {
      new: (priority, what, count) =>
        count === 1 ? `${priority}：${what}` : `${count} 条告警，首条：${what}`,
      escalated: (priority, what, count) =>
        count === 1 ? `无人确认（${priority}）：${what}` : `${count} 条告警无人确认，首条：${what}`,
      over: (_priority, what, count) =>
        count === 1 ? `已结束：${what}` : `${count} 条告警已结束，首条：${what}`,
    },
    intro: {
      new: (count) => `当前有 ${count} 条告警。`,
      escalated: (count) => `以下 ${count} 条告警未按时确认，因此升级通知您。`,
      over: (count) => `以下 ${count} 条告警已结束。`,
    },
    of: (title, group) => `${title}（${group}）`,
    since: (time, value) => (value === null ? `自 ${time} 起` : `自 ${time} 起，当前 ${value}`),
    from: (since, until) => `${since} 至 ${until}`,
    owner: (department, dueAt) => `责任部门：${department}，须在 ${dueAt} 前处置`,
    consequence: (text) => `否则：${text}`,
    response: (text) => `处置要求：${text}`,
    procedure: (url) => `操作规程：${url}`,
    more: (count) => `……另有 ${count} 条。`,
    where: (url) => `全部告警：${url}`,
    why: (role, route) => `您以“${role}”的身份收到此通知，依据通知路线“${route}”。`,
  },
};

/** After a figure; "" for what is only counted. */
export const unitSymbols: Readonly<Record<Unit, Text>> = {
  count: { en: "", zh: "" },
  percent: { en: "%", zh: "%" },
  seconds: { en: "s", zh: "秒" },
  "per-second": { en: "/s", zh: "/秒" },
  "per-minute": { en: "/min", zh: "/分钟" },
  "per-hour": { en: "/h", zh: "/小时" },
  megawatts: { en: "MW", zh: "兆瓦" },
  celsius: { en: "°C", zh: "°C" },
  metres: { en: "m", zh: "米" },
  "millimetres-per-hour": { en: "mm/h", zh: "mm/h" },
  "micrograms-per-cubic-metre": { en: "µg/m³", zh: "µg/m³" },
  decibels: { en: "dB", zh: "分贝" },
  "kilometres-per-hour": { en: "km/h", zh: "公里/小时" },
  milliseconds: { en: "ms", zh: "毫秒" },
  megabytes: { en: "MB", zh: "MB" },
  score: { en: "", zh: "分" },
};
