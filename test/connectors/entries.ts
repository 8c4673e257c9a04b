/** The lists of entries in a body, whatever its form, and the body with one of them gone or broken. */

import { unzipSync, zipSync } from "fflate";
import { readFields, writeFields, type WireField } from "../../server/faults/wire-format.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export interface EntryList {
  readonly count: number;
  without(i: number): Bytes;
  /** The body with this entry spoilt, in a few ways; everything around it as it was. */
  broken(i: number): Bytes[];
}

/** Every list of at least two entries, the outer ones first. Which of them holds things is for the caller to find out. */
export function entryLists(bytes: Bytes): EntryList[] {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return zipLists(bytes);
  const text = new TextDecoder().decode(bytes);
  try {
    return jsonLists(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    if (text.trimStart().startsWith("<")) return xmlLists(text);
    return text.includes("\uFFFD") ? messageLists(bytes) : lineLists(text);
  }
}

const encode = (text: string): Bytes => new TextEncoder().encode(text);

function jsonLists(root: unknown): EntryList[] {
  const lists: EntryList[] = [];
  const level: unknown[] = [root];
  for (const value of level) {
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value) && value.length > 1 && value.every((entry) => typeof entry === "object"))
      lists.push(jsonList(root, value));
    if (level.length < 5_000) level.push(...(Object.values(value) as unknown[]));
  }
  return lists;
}

function jsonList(root: unknown, list: readonly unknown[]): EntryList {
  const put = (entries: readonly unknown[]): Bytes =>
    encode(JSON.stringify(root, (_, value: unknown) => (value === list ? entries : value)));
  return {
    count: list.length,
    without: (i) => put(list.toSpliced(i, 1)),
    broken: (i) =>
      [null, 7, "?", [], {}, { id: {} }, spoilt(list[i])].map((entry) => put(list.with(i, entry))),
  };
}

/** The same members, all of them nonsense. */
function spoilt(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return { "?": "\ud800" };
  if (Array.isArray(value)) return value.map(spoilt);
  return Object.fromEntries(Object.keys(value).map((key) => [key, { "?": [] }]));
}

function xmlLists(text: string): EntryList[] {
  const open: {
    readonly name: string;
    readonly start: number;
    readonly children: Map<string, [number, number][]>;
  }[] = [];
  const lists: { readonly depth: number; readonly name: string; readonly spans: [number, number][] }[] = [];
  const tag = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[?!][^>]*>|<(\/?)([^\s/>]+)[^>]*?(\/?)>/g;
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    const [, closing, name, alone] = match;
    if (name === undefined) continue;
    if (closing === "") open.push({ name, start: match.index, children: new Map() });
    if (closing === "" && alone === "") continue;
    const element = open.pop();
    if (!element) return [];
    for (const [child, spans] of element.children)
      if (spans.length > 1) lists.push({ depth: open.length, name: child, spans });
    const siblings = open.at(-1)?.children;
    const span: [number, number] = [element.start, tag.lastIndex];
    siblings?.set(element.name, [...(siblings.get(element.name) ?? []), span]);
  }
  return lists.sort((a, b) => a.depth - b.depth).map(({ name, spans }) => xmlList(text, name, spans));
}

function xmlList(text: string, name: string, spans: readonly (readonly [number, number])[]): EntryList {
  const put = (i: number, entry: (was: string) => string): Bytes => {
    const [start, end] = spans[i]!;
    return encode(text.slice(0, start) + entry(text.slice(start, end)) + text.slice(end));
  };
  return {
    count: spans.length,
    without: (i) => put(i, () => ""),
    broken: (i) => [
      put(i, () => `<${name}/>`),
      put(i, () => `<${name}>?</${name}>`),
      put(i, (was) => was.replace(/>[^<]*[^<\s][^<]*</g, ">?<")),
    ],
  };
}

function lineLists(text: string): EntryList[] {
  const lines = text.split("\n");
  const filled = [...lines.keys()].filter((i) => i > 0 && lines[i]!.trim() !== "");
  if (filled.length < 2) return [];
  return [
    {
      count: filled.length,
      without: (i) => encode(lines.toSpliced(filled[i]!, 1).join("\n")),
      broken: (i) => {
        const line = lines[filled[i]!]!;
        const spoiltLines = [line.slice(0, line.length / 4), "?", line.replace(/[^,;\t|\r]+/g, "?")];
        return spoiltLines.map((spoiltLine) => encode(lines.with(filled[i]!, spoiltLine).join("\n")));
      },
    },
  ];
}

function messageLists(bytes: Bytes): EntryList[] {
  const fields = readFields(bytes);
  if (fields === null) return [];
  const numbers = new Set(
    fields.filter(({ value }) => value instanceof Uint8Array).map(({ number }) => number),
  );
  return Array.from(numbers, (number) => messageList(fields, number)).filter(({ count }) => count > 1);
}

function messageList(fields: readonly WireField[], number: number): EntryList {
  const places = [...fields.keys()].filter((i) => fields[i]!.number === number);
  return {
    count: places.length,
    without: (i) => writeFields(fields.toSpliced(places[i]!, 1)),
    broken: (i) =>
      [new Uint8Array(), new Uint8Array(40).fill(0xff), encode("\n\u0001a\u001a\u0000")].map((value) =>
        writeFields(fields.with(places[i]!, { number, type: 2, value })),
      ),
  };
}

function zipLists(bytes: Bytes): EntryList[] {
  const files = unzipSync(bytes);
  return Object.entries(files).flatMap(([name, content]) =>
    lineLists(new TextDecoder().decode(content)).map(({ count, without, broken }) => {
      const put = (changed: Bytes): Bytes =>
        new Uint8Array(zipSync({ ...files, [name]: changed }, { level: 0 }));
      return { count, without: (i: number) => put(without(i)), broken: (i: number) => broken(i).map(put) };
    }),
  );
}
