/** The words around a briefing's own, in both languages. */

import type { CauseKind, Confidence } from "../../../shared/briefing.ts";
import type { Language } from "../../../shared/city.ts";
import type { ClockKind } from "../../../shared/clock.ts";
import type { PrintFailure } from "../print/printer.ts";

export interface PageWords {
  readonly issue: (id: string) => string;
  readonly audience: (audience: string) => string;
  readonly compared: (stretch: string) => string;
  readonly running: string;
  readonly knownAt: (instant: string) => string;
  readonly clock: Readonly<Record<ClockKind, string | null>>;
  readonly corrects: (id: string) => string;
  readonly correctedBy: (id: string) => string;
  readonly cause: Readonly<Record<CauseKind, string>>;
  readonly acts: (owner: string, due: string | null) => string;
  readonly confidence: Readonly<Record<Confidence, string>>;
  readonly known: (percent: string) => string;
  readonly was: (value: string) => string;
  readonly target: (target: string) => string;
  readonly before: (value: string) => string;
  readonly usual: string;
  readonly dotted: (target: string) => string;
  readonly missing: string;
  readonly redefined: string;
  readonly isSmall: string;
  readonly extreme: (value: string, when: string) => string;
  readonly tells: (lowest: string, highest: string) => string;
  readonly tellsGaps: (count: number) => string;
  readonly tellsNothing: string;
  /** What finds no lane in a drawing of what came after what. */
  readonly notDrawn: (count: number) => string;
  readonly since: (from: string) => string;
  readonly until: (from: string, to: string) => string;
  readonly numbers: string;
  readonly when: string;
  readonly value: string;
  readonly area: string;
  readonly evidence: string;
  readonly evidenceIntro: (instant: string) => string;
  readonly owner: (department: string) => string;
  readonly feeds: (feeds: string) => string;
  readonly revision: (revision: string) => string;
  readonly frozen: string;
  readonly explorer: string;
  readonly generated: string;
  readonly comment: (editor: string, instant: string) => string;
  readonly hidden: (editor: string, sections: string) => string;
  readonly signed: (editor: string, instant: string) => string;
  readonly unsigned: string;
  readonly asGenerated: string;
  readonly asEdited: string;
  readonly issued: (instant: string, dataVersion: string) => string;
  readonly hash: (hash: string) => string;
  readonly contents: string;
  readonly present: string;
  readonly leave: string;
  readonly print: string;
  readonly edit: string;
  readonly file: string;
  readonly pdf: string;
  readonly all: string;
  /** Above a page that was opened by a link. */
  readonly sentTo: (to: string, instant: string) => string;
  readonly otherLanguage: string;
  readonly previous: string;
  readonly next: string;
  /** Between the parts of a phrase, and between the items of a list. */
  readonly comma: string;
  readonly listComma: string;
  readonly colon: string;
}

export const pageWords: Readonly<Record<Language, PageWords>> = {
  en: {
    issue: (id) => `issue ${id}`,
    audience: (audience) => `For ${audience}`,
    compared: (stretch) => `compared with ${stretch}`,
    running: "still running",
    knownAt: (instant) => `as known on ${instant}`,
    clock: {
      live: null,
      simulated: "SIMULATED: a made-up city, told by a simulator",
      replay: "REPLAY: recorded data, played again",
      past: "PAST: as it was at an earlier moment",
    },
    corrects: (id) => `Corrects ${id}. What changed:`,
    correctedBy: (id) => `A later issue corrects this one: ${id}`,
    cause: {
      alarm: "Alarm behind it",
      alert: "Official warning",
      works: "Works",
      feed: "Data",
      correlation: "Correlation, not a cause",
    },
    acts: (owner, due) => (due === null ? `${owner} acts` : `${owner} acts, by ${due}`),
    confidence: { sound: "sound", preliminary: "preliminary", revised: "revised", missing: "not known" },
    known: (percent) => `${percent} of the time known`,
    was: (value) => `told before as ${value}`,
    target: (target) => `target ${target}`,
    before: (value) => `${value} before`,
    usual: "grey: usual for the hour and weekday",
    dotted: (target) => `dotted: target ${target}`,
    missing: "not known",
    redefined: "defined anew",
    isSmall: "In brackets: too few to tell it from chance.",
    extreme: (value, when) => `${value} at ${when}`,
    tells: (lowest, highest) => `Lowest ${lowest}, highest ${highest}.`,
    tellsGaps: (count) => (count === 1 ? "Not known in one stretch." : `Not known in ${count} stretches.`),
    tellsNothing: "Nothing is known.",
    notDrawn: (count) => `${count} more were shorter and are not drawn.`,
    since: (from) => `since ${from}`,
    until: (from, to) => `${from} to ${to}`,
    numbers: "Numbers",
    when: "From",
    value: "Value",
    area: "Area",
    evidence: "Evidence",
    evidenceIntro: (instant) =>
      `Every figure can be read again as it was known on ${instant}, whatever was learnt since.`,
    owner: (department) => `Owner: ${department}`,
    feeds: (feeds) => `From: ${feeds}`,
    revision: (revision) => `definition ${revision}`,
    frozen: "the numbers as known then",
    explorer: "in the explorer",
    generated: "Text and figures were generated from the city's data and are as issued.",
    comment: (editor, instant) => `Comment by ${editor}, ${instant}`,
    hidden: (editor, sections) => `Left out by ${editor}: ${sections}.`,
    signed: (editor, instant) => `Signed by ${editor}, ${instant}`,
    unsigned: "Signed by nobody yet",
    asGenerated: "Show it as generated",
    asEdited: "Show it as edited",
    issued: (instant, dataVersion) => `Issued ${instant}, data version ${dataVersion}`,
    hash: (hash) => `SHA-256 ${hash}`,
    contents: "Contents",
    present: "Present",
    leave: "Leave",
    print: "Print",
    edit: "Edit",
    file: "One file",
    pdf: "PDF",
    all: "All briefings",
    sentTo: (to, instant) => `Sent to ${to}; this link opens it until ${instant}.`,
    otherLanguage: "中文",
    previous: "Previous",
    next: "Next",
    comma: ", ",
    listComma: ", ",
    colon: ": ",
  },
  zh: {
    issue: (id) => `编号 ${id}`,
    audience: (audience) => `呈送：${audience}`,
    compared: (stretch) => `对比 ${stretch}`,
    running: "尚未结束",
    knownAt: (instant) => `数据截至 ${instant}`,
    clock: {
      live: null,
      simulated: "模拟：虚构城市，数据由模拟器生成",
      replay: "回放：重播录制数据",
      past: "历史：过去某一时刻的状态",
    },
    corrects: (id) => `更正 ${id}。变动如下：`,
    correctedBy: (id) => `本期已由后续一期更正：${id}`,
    cause: {
      alarm: "相关告警",
      alert: "官方预警",
      works: "施工",
      feed: "数据",
      correlation: "仅为相关，并非原因",
    },
    acts: (owner, due) => (due === null ? `责任单位：${owner}` : `责任单位：${owner}，${due} 前`),
    confidence: { sound: "可靠", preliminary: "初步", revised: "已修订", missing: "无数据" },
    known: (percent) => `有数据时间占 ${percent}`,
    was: (value) => `上期为 ${value}`,
    target: (target) => `目标 ${target}`,
    before: (value) => `此前 ${value}`,
    usual: "灰色：同时段常值",
    dotted: (target) => `点线：目标 ${target}`,
    missing: "无数据",
    redefined: "口径变更",
    isSmall: "括号：数量过少，不足以排除偶然。",
    extreme: (value, when) => `${when} ${value}`,
    tells: (lowest, highest) => `最低 ${lowest}，最高 ${highest}。`,
    tellsGaps: (count) => `有 ${count} 段无数据。`,
    tellsNothing: "全程无数据。",
    notDrawn: (count) => `另有 ${count} 项持续较短，未绘出。`,
    since: (from) => `${from} 起`,
    until: (from, to) => `${from} 至 ${to}`,
    numbers: "数值",
    when: "起始",
    value: "数值",
    area: "区域",
    evidence: "依据",
    evidenceIntro: (instant) => `每个数字均可按 ${instant} 时的数据重新查证，此后更新不影响本期。`,
    owner: (department) => `责任单位：${department}`,
    feeds: (feeds) => `数据源：${feeds}`,
    revision: (revision) => `口径版本 ${revision}`,
    frozen: "当时的数值",
    explorer: "在分析页查看",
    generated: "文字与数字由城市数据自动生成，发布后不变。",
    comment: (editor, instant) => `${editor} 批注，${instant}`,
    hidden: (editor, sections) => `${editor} 未收录：${sections}。`,
    signed: (editor, instant) => `${editor} 签发，${instant}`,
    unsigned: "尚未签发",
    asGenerated: "查看自动生成全文",
    asEdited: "查看编辑稿",
    issued: (instant, dataVersion) => `${instant} 发布，数据版本 ${dataVersion}`,
    hash: (hash) => `SHA-256 ${hash}`,
    contents: "目录",
    present: "演示",
    leave: "退出",
    print: "打印",
    edit: "编辑",
    file: "单一文件",
    pdf: "PDF",
    all: "全部简报",
    sentTo: (to, instant) => `发送给 ${to}；本链接有效期至 ${instant}。`,
    otherLanguage: "English",
    previous: "上一页",
    next: "下一页",
    comma: "，",
    listComma: "、",
    colon: "：",
  },
};

export interface ArchiveWords {
  readonly title: string;
  /** The way to the city's start page. */
  readonly start: string;
  /** The way to issue one. */
  readonly issue: string;
  readonly search: string;
  readonly find: string;
  readonly none: string;
  readonly noneFound: (search: string) => string;
  /** In which sentence the words were found. */
  readonly found: (sentence: string) => string;
  readonly issued: (instant: string) => string;
  readonly signed: string;
  readonly unsigned: string;
  readonly corrects: (id: string) => string;
  readonly correctedBy: (id: string) => string;
  /** So many are not listed. */
  readonly older: (count: number) => string;
  readonly otherLanguage: string;
}

export const archiveWords: Readonly<Record<Language, ArchiveWords>> = {
  en: {
    title: "Briefings",
    start: "Start",
    issue: "Issue one now",
    search: "Search all that they say",
    find: "Find",
    none: "No briefing has been issued yet. The first one comes with its schedule, or when somebody issues it.",
    noneFound: (search) => `No briefing says “${search}”.`,
    found: (sentence) => `says: ${sentence}`,
    issued: (instant) => `issued ${instant}`,
    signed: "signed",
    unsigned: "not signed",
    corrects: (id) => `corrects ${id}`,
    correctedBy: (id) => `corrected by ${id}`,
    older: (count) => `${count.toLocaleString("en-GB")} older ones are not listed: search finds them.`,
    otherLanguage: "中文",
  },
  zh: {
    title: "简报",
    start: "首页",
    issue: "立即发布",
    search: "搜索全文",
    find: "查找",
    none: "尚未发布任何简报。首期将按计划发布，也可手动发布。",
    noneFound: (search) => `所有简报中均无“${search}”。`,
    found: (sentence) => `文中：${sentence}`,
    issued: (instant) => `${instant} 发布`,
    signed: "已签发",
    unsigned: "未签发",
    corrects: (id) => `更正 ${id}`,
    correctedBy: (id) => `已由 ${id} 更正`,
    older: (count) => `另有 ${count} 期较早的简报未列出，可搜索查找。`,
    otherLanguage: "English",
  },
};

export interface FailureWords {
  readonly title: string;
  readonly why: Readonly<Record<PrintFailure, string>>;
  readonly instead: string;
  readonly link: string;
}

export const failureWords: Readonly<Record<Language, FailureWords>> = {
  en: {
    title: "No PDF just now",
    why: {
      "no-browser": "This server has no Chromium, Chrome or Edge to set the PDF with.",
      busy: "Too many PDFs are being made at this moment. Try again in a minute.",
      "timed-out": "Making the PDF took too long and was ended.",
      broken: "Making the PDF failed; nothing half-made is handed out.",
    },
    instead:
      "Your own browser can print it: open the briefing and choose Print, then Save as PDF. It is set for A4.",
    link: "Open the briefing",
  },
  zh: {
    title: "暂无法生成 PDF",
    why: {
      "no-browser": "本服务器未安装 Chromium、Chrome 或 Edge，无法生成 PDF。",
      busy: "正在生成的 PDF 过多，请一分钟后再试。",
      "timed-out": "生成 PDF 超时，已终止。",
      broken: "生成 PDF 失败；不提供不完整的文件。",
    },
    instead: "可用浏览器自行打印：打开简报，选择“打印”，再“另存为 PDF”。版面按 A4 设计。",
    link: "打开简报",
  },
};

interface NotReaderWords {
  readonly title: string;
  readonly why: Readonly<Record<"wrong" | "closed", string>>;
  /** Of a link that was good for somebody until an instant. */
  readonly over: (to: string, instant: string) => string;
  readonly instead: string;
  readonly link: string;
}

/** What a reader is told whom a briefing does not open for. */
export const notReaderWords: Readonly<Record<Language, NotReaderWords>> = {
  en: {
    title: "This does not open here",
    why: {
      wrong:
        "The link is not the one that was sent: a part of it is missing or was changed, or it is of another briefing.",
      closed: "Briefings of this city are for those to whom they are sent.",
    },
    over: (to, instant) => `The link was sent to ${to} and was good until ${instant}.`,
    instead: "A briefing opens by the link in the mail that brought it, and for whoever is signed in.",
    link: "Sign in at the desk",
  },
  zh: {
    title: "无法在此打开",
    why: {
      wrong: "链接与发出的不符：部分内容缺失、被改动，或属于另一期简报。",
      closed: "本市简报仅供收件人阅读。",
    },
    over: (to, instant) => `该链接发给 ${to}，有效期至 ${instant}。`,
    instead: "简报可通过通知邮件中的链接打开，登录后也可阅读。",
    link: "前往值班台登录",
  },
};
