/**
 * Makes bad bodies of good ones. Bytes are changed in every form of body; JSON, XML, tables, Protocol Buffers and ZIP
 * archives are also changed in their own terms, so that the change gets past the parser. Chance is the caller's.
 */

import { unzipSync, zipSync } from "fflate";
import { readFields, writeFields } from "../../server/faults/wire-format.ts";

/** A whole number of 0 … n − 1. */
export type Chance = (n: number) => number;

/** Mulberry32: small, seeded, good enough to choose with. */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

const mostBytes = 1 << 20;

/** `body` with one to eight changes; `other` is a good body to take pieces from. */
export function mutate(body: Bytes, other: Bytes, chance: Chance): Bytes {
  let bytes = body;
  for (let i = 1 << chance(4); i > 0; i--) bytes = change(bytes, other, chance);
  return bytes.subarray(0, mostBytes);
}

function change(bytes: Bytes, other: Bytes, chance: Chance): Bytes {
  if (chance(4) === 0) return changeBytes(bytes, other, chance);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return changeZip(bytes, other, chance);
  const text = new TextDecoder("utf-8").decode(bytes);
  if (/^\uFEFF?\s*[[{]/.test(text)) return changeJson(text, chance) ?? changeText(text, chance);
  if (/^\uFEFF?\s*</.test(text)) return changeXml(text, chance);
  return text.includes("\uFFFD") ? changeMessage(bytes, chance) : changeText(text, chance);
}

const encode = (text: string): Bytes => new TextEncoder().encode(text);
const pick = <T>(values: readonly T[], chance: Chance): T => values[chance(values.length)]!;

const nastyNumbers = [
  0,
  -0,
  -1,
  1e-9,
  0.5,
  91,
  181,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  2 ** 63,
  8.64e15,
  8.65e15,
  1e308,
  -1e308,
];
const nastyTexts = [
  "",
  " ",
  "\u0000",
  "null",
  "true",
  "NaN",
  "Infinity",
  "-1",
  "1e999",
  "0x10",
  "+5.5",
  "1,5",
  "__proto__",
  "constructor",
  "\ud800",
  "\u202e",
  "💥",
  "%00",
  "../..",
  "http://",
  "//[",
  "javascript:1",
  "9999-12-31T23:59:59Z",
  "2026-02-30T00:00:00Z",
  "0000-00-00T00:00:00Z",
  "2026-03-29T02:30:00",
  "1969-12-31T23:59:59.999Z",
  "+275760-09-13T00:00:00.001Z",
  "25:61:61",
  "20261332",
  "1764201600000",
  "x".repeat(5_000),
  "<a>",
  "]]>",
  "&x;",
  "&#0;",
  "&#xD800;",
  '"',
  "'",
  ",",
  ";",
  "\n",
  "-91,181",
  "1,2 3,4 1,2",
];

function changeBytes(bytes: Bytes, other: Bytes, chance: Chance): Bytes {
  const at = chance(bytes.length + 1);
  const size = 1 + chance(pick([1, 4, 64, 4_096], chance));
  const end = Math.min(bytes.length, at + size);
  const joined = (...parts: readonly Uint8Array[]): Bytes => new Uint8Array(Buffer.concat(parts));
  switch (chance(7)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 2:
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    case 3: {
      const from = chance(other.length + 1);
      return joined(bytes.subarray(0, at), other.subarray(from, from + size), bytes.subarray(at));
    }
    case 4:
      return joined(
        bytes.subarray(0, at),
        Uint8Array.from({ length: size }, () => chance(256)),
        bytes.subarray(end),
      );
    case 5:
      return joined(
        bytes.subarray(0, at),
        new Uint8Array(size).fill(pick([0, 0xff, 0x7f, 0x80], chance)),
        bytes.subarray(end),
      );
    default: {
      const flipped = bytes.slice();
      if (at < bytes.length) flipped[at]! ^= 1 << chance(8);
      return flipped;
    }
  }
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function nastyJson(chance: Chance): Json {
  switch (chance(6)) {
    case 0:
      return pick<Json>([null, true, false, [], {}, [[]], [null], { a: {} }], chance);
    case 1: {
      let deep: Json = [];
      for (let i = 1 << chance(11); i > 0; i--) deep = [deep];
      return deep;
    }
    case 2:
    case 3:
      return pick(nastyNumbers, chance);
    default:
      return pick(nastyTexts, chance);
  }
}

/** One place of the document changed; `null` for what is no JSON. */
function changeJson(text: string, chance: Chance): Bytes | null {
  let root: Json;
  try {
    root = JSON.parse(text.replace(/^\uFEFF/, "")) as Json;
  } catch {
    return null;
  }
  let holder: Json = [root];
  const top = holder;
  let key: string | number = 0;
  for (let stop = 1 + chance(8); stop > 0; stop--) {
    const value: Json = (holder as Record<string | number, Json>)[key]!;
    if (typeof value !== "object" || value === null) break;
    const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    if (keys.length === 0) break;
    holder = value;
    key = pick(keys, chance);
  }
  changeMember(holder as Record<string | number, Json>, key, chance);
  return encode(JSON.stringify(top[0] ?? null));
}

function changeMember(holder: Record<string | number, Json>, key: string | number, chance: Chance): void {
  const value = holder[key]!;
  switch (chance(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(value));
      else
        Object.defineProperty(holder, pick(nastyTexts, chance), {
          value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      return;
    case 2: {
      const other = pick(Object.keys(holder), chance);
      [holder[key], holder[other]] = [holder[other]!, value];
      return;
    }
    case 3:
      holder[key] =
        typeof value === "number"
          ? pick([-value, value * 1_000, value / 1_000, String(value), value + 1e9], chance)
          : [value];
      return;
    default:
      holder[key] = nastyJson(chance);
  }
}

function changeXml(text: string, chance: Chance): Bytes {
  const tokens = text.split(/(<[^>]*>)/);
  const at = chance(tokens.length);
  const token = tokens[at]!;
  switch (chance(9)) {
    case 0:
      tokens[at] = "";
      break;
    case 1:
      tokens[at] = token + token;
      break;
    case 2:
      tokens[at] = pick(tokens, chance);
      break;
    case 3:
      tokens[at] = token.startsWith("<")
        ? token.replace(/"[^"]*"/, JSON.stringify(pick(nastyTexts, chance)))
        : pick(nastyTexts, chance);
      break;
    case 4: {
      const depth = 1 << chance(13);
      tokens[at] = `${"<a>".repeat(depth)}${"</a>".repeat(depth)}`;
      break;
    }
    case 5:
      tokens.splice(
        at,
        0,
        pick(
          [
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<?x",
            '<!DOCTYPE a [<!ENTITY b "c">]>',
            "&b;",
            "<__proto__>1</__proto__>",
          ],
          chance,
        ),
      );
      break;
    case 6: {
      // A whole element, or what looks like one, doubled.
      const end = Math.min(tokens.length, at + 1 + chance(40));
      tokens.splice(at, 0, ...tokens.slice(at, end));
      break;
    }
    default:
      return changeTexts(tokens, chance);
  }
  return encode(tokens.join(""));
}

/** The text of one element replaced: the change that most surely gets past the parser. */
function changeTexts(tokens: string[], chance: Chance): Bytes {
  const texts = [...tokens.keys()].filter((i) => !tokens[i]!.startsWith("<") && tokens[i]!.trim() !== "");
  if (texts.length > 0) {
    const at = pick(texts, chance);
    const escaped = chance(2) === 0 ? String(pick(nastyNumbers, chance)) : pick(nastyTexts, chance);
    tokens[at] =
      chance(3) === 0
        ? tokens[pick(texts, chance)]!
        : escaped.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  }
  return encode(tokens.join(""));
}

/** Lines of cells or words: a cell replaced, a line doubled, lost, cut or moved. */
function changeText(text: string, chance: Chance): Bytes {
  const lines = text.split("\n");
  const at = chance(lines.length);
  const line = lines[at]!;
  switch (chance(6)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(chance(lines.length), 0, line);
      break;
    case 2:
      lines[at] = line.slice(0, chance(line.length + 1));
      break;
    default: {
      const cells = line.split(/([,;\t| =])/);
      cells[chance(cells.length)] =
        chance(2) === 0 ? pick(nastyTexts, chance) : String(pick(nastyNumbers, chance));
      lines[at] = cells.join("");
    }
  }
  return encode(lines.join("\n"));
}

/** A file of the archive changed and put back, or the archive's own bytes. */
function changeZip(bytes: Bytes, other: Bytes, chance: Chance): Bytes {
  try {
    const files = unzipSync(bytes, { filter: ({ originalSize }) => originalSize <= 2 * mostBytes });
    const names = Object.keys(files);
    if (names.length === 0) return changeBytes(bytes, other, chance);
    const name = pick(names, chance);
    const content = new Uint8Array(files[name]!);
    const kind = chance(12);
    if (kind === 0) delete files[name];
    else if (kind === 1) files[pick([...names, ...nastyTexts], chance)] = content;
    else files[name] = change(content, content, chance);
    return new Uint8Array(zipSync(files, { level: chance(8) === 0 ? 6 : 0 }));
  } catch {
    return changeBytes(bytes, other, chance);
  }
}

/** One field of a Protocol Buffers message, at any depth, changed in the wire format's terms. */
function changeMessage(bytes: Bytes, chance: Chance): Bytes {
  const fields = readFields(bytes);
  if (fields === null || fields.length === 0) return changeBytes(bytes, bytes, chance);
  const at = chance(fields.length);
  const field = fields[at]!;
  if (field.value instanceof Uint8Array && field.value.length > 0 && chance(5) !== 0) {
    field.value = changeMessage(new Uint8Array(field.value), chance);
    return writeFields(fields);
  }
  switch (chance(6)) {
    case 0:
      fields.splice(at, 1);
      break;
    case 1:
      fields.splice(chance(fields.length), 0, field);
      break;
    case 2:
      field.number = pick([1, 2, 3, 4, 5, 6, 7, 8, 1_001, 536_870_911], chance);
      break;
    case 3:
      field.value = encode(pick(nastyTexts, chance));
      field.type = 2;
      break;
    default:
      field.value = pick(
        [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, 1_764_201_600_000n],
        chance,
      );
      field.type = pick([0, 0, 1, 5], chance);
  }
  return writeFields(fields);
}

/** A body with the first few of everything in it, so that thousands of its kin can be read in a second. */
export function shrink(bytes: Bytes): Bytes {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    const files = Object.entries(unzipSync(bytes)).map(
      ([name, content]) => [name, firstLines(content)] as const,
    );
    return new Uint8Array(zipSync(Object.fromEntries(files), { level: 0 }));
  }
  const text = new TextDecoder().decode(bytes);
  try {
    return encode(JSON.stringify(firstItems(JSON.parse(text.replace(/^\uFEFF/, "")) as Json)));
  } catch {
    if (text.trimStart().startsWith("<")) return bytes;
    if (!text.includes("\uFFFD")) return firstLines(bytes);
    const fields = readFields(bytes);
    return fields === null ? bytes : writeFields(fields.slice(0, 6));
  }
}

function firstLines(content: Uint8Array): Bytes {
  let end = 0;
  for (let i = 0; i < 12 && end >= 0; i++) end = content.indexOf(0x0a, end) + 1 || content.length;
  return content.slice(0, Math.min(end, 16_384));
}

function firstItems(value: Json): Json {
  if (Array.isArray(value)) return value.slice(0, 4).map(firstItems);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, firstItems(member)]));
}
