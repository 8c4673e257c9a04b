/** One CAP message: who says what to whom about which earlier ones, and the warnings in it. */

import { entityId, type EntityOf } from "../../../../shared/entity.ts";
import { quote } from "../body.ts";
import { clockSkewMs, isoText, parseRfc3339 } from "../instant.ts";
import { canBeIn } from "./language.ts";
import { childrenOf, collapse, textOf, type XmlElement } from "../xml.ts";
import { readAreas } from "./area.ts";
import { note, readInstant, readWords, requireText, requireWord, type Reading } from "./reading.ts";

/** An `<alert>` whose head was read. */
export interface Message {
  readonly element: XmlElement;
  readonly label: string;
  readonly identifier: string;
  readonly sender: string;
  readonly sentAt: number | null;
  readonly status: string | null;
  readonly msgType: string | null;
  readonly scope: string | null;
  /** Names this message among all: sender, identifier, sent and, when it is not Actual, the status. */
  readonly key: string;
  /** The keys of the messages that it replaces or cancels. */
  readonly replaces: readonly string[];
}

/** More blocks in one message than any publisher needs. */
export const maxWarnings = 32;
const maxInfos = 200;
const maxReferences = 200;
const defaultLanguage = "en-US"; // CAP 1.2 §3.2.2, <language>

/** The head of an alert. `null`, with a notice, when it has no identifier and so cannot be told from others. */
export function readMessage(reading: Reading, element: XmlElement): Message | null {
  const identifier = textOf(element, "identifier");
  if (identifier === null) {
    note(
      reading,
      "cap-no-identifier",
      "error",
      "an alert",
      "identifier",
      null,
      "a text; the alert is left out",
    );
    return null;
  }
  const label = `alert ${quote(identifier)}`;
  const sender = requireText(reading, element, "sender", label) ?? "";
  const sent = requireText(reading, element, "sent", label);
  const sentAt = readInstant(reading, element, "sent", label);
  const status = requireWord(reading, element, "status", label);
  const msgType = requireWord(reading, element, "msgType", label);
  const scope = requireWord(reading, element, "scope", label);
  const key = messageKey(sender, identifier, sentAt === null ? (sent ?? "") : isoText(sentAt), status);
  const head = { element, label, identifier, sender, sentAt, status, msgType, scope, key };
  return { ...head, replaces: readReferences(reading, head) };
}

/** A cancelled exercise must not cancel the real thing: the status is part of what a reference can name. */
function messageKey(sender: string, identifier: string, sent: string, status: string | null): string {
  return [sender, identifier, sent, ...(status === "Actual" ? [] : [status ?? "unknown"])].join(",");
}

/** The keys that an Update or Cancel names as "sender,identifier,sent" triples between blanks (CAP 1.2 §3.2.1). */
function readReferences(reading: Reading, message: Omit<Message, "replaces">): string[] {
  const { element, label, msgType } = message;
  const replacing = msgType === "Update" || msgType === "Cancel";
  const written = childrenOf(element, "references")[0];
  const text = written ? collapse(written.text) : null;
  if (text === null) {
    if (replacing || written)
      note(
        reading,
        "cap-no-references",
        "error",
        label,
        "references",
        written ? "" : null,
        '"sender,identifier,sent"',
      );
    return [];
  }
  if (!replacing) return [];
  return text
    .split(" ")
    .slice(0, maxReferences)
    .flatMap((triple) => readReference(reading, message, triple));
}

/** Also under the message's own sender, because some publishers write another name into their references. */
function readReference(reading: Reading, message: Omit<Message, "replaces">, triple: string): string[] {
  const [, sender, identifier, sent] = /^([^,]+),(.+),([^,]+)$/.exec(triple) ?? [];
  const sentAt = parseRfc3339(sent ?? "");
  if (sender === undefined || identifier === undefined || sentAt === null) {
    note(
      reading,
      "cap-bad-reference",
      "error",
      message.label,
      "references",
      triple,
      '"sender,identifier,sent"',
    );
    return [];
  }
  if (message.sentAt !== null && sentAt > message.sentAt) {
    note(
      reading,
      "cap-reference-to-later",
      "error",
      message.label,
      "references",
      triple,
      "a message sent before",
    );
    return [];
  }
  const senders = new Set([sender, message.sender]);
  return Array.from(senders, (one) => messageKey(one, identifier, isoText(sentAt), message.status)).filter(
    (key) => key !== message.key,
  );
}

/** The source id of a message's warning by its place: the first is the message's own key. */
export function warningSourceId(key: string, at: number): string {
  return at === 0 ? key : `${key}#${at + 1}`;
}

/** The warnings of a message: one per event, each in one language. A message without `<info>` is one warning. */
export function readWarnings(
  reading: Reading,
  message: Message,
  feedId: string,
  languages: readonly string[],
): EntityOf<"CapAlert">[] {
  const infos = childrenOf(message.element, "info");
  const groups = groupBlocks(infos.slice(0, maxInfos));
  if (groups.length > maxWarnings || infos.length > maxInfos)
    note(
      reading,
      "cap-too-many-infos",
      "error",
      message.label,
      "info",
      String(infos.length),
      `at most ${maxWarnings} events in ${maxInfos} blocks`,
    );
  const kept = groups.slice(0, maxWarnings);
  for (const block of kept.flat()) noteLanguage(reading, block, message.label);
  return (kept.length === 0 ? [[]] : kept).map((blocks, at) => {
    const warning = readWarning(reading, message, chooseLanguage(blocks, languages), feedId, at);
    return { ...warning, fields: { ...warning.fields, ...chineseOf(blocks) } };
  });
}

/** A block in another language than it says would be shown to those who do not read it. */
function noteLanguage(reading: Reading, info: XmlElement, label: string): void {
  const text = [textOf(info, "event"), textOf(info, "headline")].filter((one) => one !== null).join(", ");
  const language = languageOf(info);
  if (!canBeIn(language, text))
    note(reading, "cap-language", "warning", label, "event and headline", text, `a text in ${language}`);
}

/** What the message says in Chinese besides, so that a Chinese wall need not read the English. */
function chineseOf(blocks: readonly XmlElement[]): EntityOf<"CapAlert">["fields"] {
  const chinese = blocks.filter((block) => languageOf(block).split("-")[0] === "zh");
  const [info] = chinese;
  if (!info || chinese.length === blocks.length) return {};
  const areas = chinese.flatMap((block) => childrenOf(block, "area"));
  const words = areas.flatMap((area) => textOf(area, "areaDesc") ?? []);
  return {
    headlineZh: textOf(info, "headline") ?? textOf(info, "event"),
    areaDescZh: words.length > 0 ? [...new Set(words)].join("；") : null,
  };
}

/**
 * Blocks that differ only in language are the same warning, and so are blocks of one language that differ only in
 * area. What a translation may change is the event's name and the texts, never the codes and times.
 */
function groupBlocks(infos: readonly XmlElement[]): XmlElement[][] {
  const groups = new Map<string, XmlElement[][]>();
  for (const info of infos) {
    const meaning = meaningOf(info);
    const alike = groups.get(meaning) ?? [];
    const group = alike.find((one) => one.every((other) => isSameWarning(other, info)));
    if (group) group.push(info);
    else alike.push([info]);
    groups.set(meaning, alike);
  }
  return Array.from(groups.values()).flat();
}

function isSameWarning(a: XmlElement, b: XmlElement): boolean {
  if (languageOf(a) !== languageOf(b)) return true;
  return textOf(a, "event") === textOf(b, "event") && textOf(a, "headline") === textOf(b, "headline");
}

/** What says when, how bad and how sure, in codes. */
const untranslated = ["category", "urgency", "severity", "certainty", "effective", "onset", "expires"];

/** Everything of a block that its translations and its further areas have in common. */
function meaningOf(info: XmlElement): string {
  const values = untranslated.flatMap((name) =>
    childrenOf(info, name).map((one) => `${name} ${collapse(one.text)}`),
  );
  const codes = childrenOf(info, "eventCode").map(
    (one) => `${textOf(one, "valueName")} ${textOf(one, "value")}`,
  );
  return [...values, ...codes].join("\n");
}

function languageOf(info: XmlElement): string {
  return (textOf(info, "language") ?? defaultLanguage).toLowerCase();
}

/** The blocks in the first wanted language that is there; never empty. */
function chooseLanguage(infos: readonly XmlElement[], languages: readonly string[]): XmlElement[] {
  const offered = infos.map(languageOf);
  const wanted = languages.map((one) => one.toLowerCase());
  const chosen =
    wanted.map((one) => findLanguage(offered, one)).find((one) => one !== undefined) ?? offered[0];
  return infos.filter((info) => languageOf(info) === chosen);
}

function findLanguage(offered: readonly string[], wanted: string): string | undefined {
  return (
    offered.find((one) => one === wanted) ?? offered.find((one) => one.split("-")[0] === wanted.split("-")[0])
  );
}

function readWarning(
  reading: Reading,
  message: Message,
  blocks: readonly XmlElement[],
  feedId: string,
  at: number,
): EntityOf<"CapAlert"> {
  const { label, identifier, sender, sentAt, status, msgType, scope } = message;
  const [info] = blocks;
  const areas = readAreas(reading, blocks, label);
  const sourceId = warningSourceId(message.key, at);
  return {
    id: entityId(feedId, "CapAlert", sourceId),
    kind: "CapAlert",
    feedId,
    sourceId,
    observedAt: believableSent(reading, message),
    receivedAt: reading.receivedAt,
    position: areas.position,
    quality: "good",
    ...(areas.geometry ? { geometry: areas.geometry } : {}),
    fields: {
      identifier,
      sender,
      status,
      msgType,
      scope,
      sentAt,
      ...(info ? readInfo(reading, info, label) : {}),
      areaDesc: areas.areaDesc,
      geocodes: areas.geocodes,
    },
  };
}

function readInfo(reading: Reading, info: XmlElement, label: string): EntityOf<"CapAlert">["fields"] {
  const categories = readWords(reading, info, "category", label);
  if (categories.length === 0 && textOf(info, "category") === null)
    note(reading, "cap-missing", "error", label, "category", null, "at least one");
  return {
    categories,
    event: requireText(reading, info, "event", label),
    urgency: requireWord(reading, info, "urgency", label),
    severity: requireWord(reading, info, "severity", label),
    certainty: requireWord(reading, info, "certainty", label),
    headline: textOf(info, "headline"),
    language: textOf(info, "language") ?? defaultLanguage,
    effectiveAt: readInstant(reading, info, "effective", label),
    onsetAt: readInstant(reading, info, "onset", label),
    expiresAt: readInstant(reading, info, "expires", label),
  };
}

function believableSent(reading: Reading, { label, sentAt }: Message): number | null {
  if (sentAt === null || sentAt <= reading.receivedAt + clockSkewMs) return sentAt;
  note(
    reading,
    "cap-time-in-future",
    "warning",
    label,
    "sent",
    isoText(sentAt),
    `no time after ${isoText(reading.receivedAt)}`,
  );
  return null;
}
