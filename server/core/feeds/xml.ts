/**
 * XML as a small tree with namespaces resolved. Document types and entities of a body's own are never read, so that
 * neither external entities nor entity bombs exist; nesting is bounded.
 */

import { XMLParser } from "fast-xml-parser";
import { ok, type Result } from "../../../shared/result.ts";
import { describeBody, quote, unreadable } from "./body.ts";
import type { Failure } from "./connector.ts";

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** URI of the namespace, "" for none. */
  readonly uri: string;
  /** By name as written; attributes with a prefix keep it. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The element's own text, untrimmed, without that of its children. */
  readonly text: string;
}

export interface XmlDocument {
  readonly root: XmlElement;
  readonly hasDoctype: boolean;
  /** How many entity references were left out because only a document type could have defined them. */
  readonly unknownEntities: number;
}

const maxDepth = 60;

/** One of these per parser run, because `fast-xml-parser` keeps state in it. */
function createParser(): XMLParser {
  return new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: "",
    cdataPropName: "#cdata",
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: maxDepth,
  });
}

/** The body as XML 1.0 in the encoding of its byte order mark or its declaration. Fails when it is not well-formed. */
export function parseXml(part: string, bytes: Uint8Array): Result<XmlDocument, Failure> {
  const text = decodeXmlText(bytes);
  if (text === null)
    return unreadable(part, "XML", `an encoding that nobody knows: ${quote(declaredEncoding(bytes))}`);
  const start = text.search(/\S/);
  if (start < 0 || text[start] !== "<") return unreadable(part, "XML", describeBody(bytes));
  const { withoutDoctype, hasDoctype } = cutDoctype(text.slice(start));
  try {
    const nodes = createParser().parse(withoutDoctype, true) as unknown;
    const tree = new TreeBuilder();
    const root = tree.findRoot(nodes);
    if (root) return ok({ root, hasDoctype, unknownEntities: tree.unknownEntities });
    return unreadable(part, "XML", describeBody(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : "an error";
    return unreadable(part, "well-formed XML", `${reason} (message, line, column)`);
  }
}

/** `null` when the declared encoding is not one that the platform knows. */
function decodeXmlText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(markedEncoding(bytes) ?? declaredEncoding(bytes) ?? "utf-8").decode(bytes);
  } catch {
    return null;
  }
}

/** By byte order mark, or by how `<?` looks in UTF-16 without one (XML 1.0, appendix F). */
function markedEncoding([first, second, third]: Uint8Array): string | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
  return null;
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  return /^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(start)?.[1] ?? null;
}

/** The text without its document type declaration, which may stand only before the root (XML 1.0 §2.8). */
function cutDoctype(text: string): { withoutDoctype: string; hasDoctype: boolean } {
  const prolog = /^(?:\s+|<\?[^]*?\?>|<!--[^]*?-->)*/.exec(text)?.[0].length ?? 0;
  if (!text.startsWith("<!DOCTYPE", prolog)) return { withoutDoctype: text, hasDoctype: false };
  const end = findDoctypeEnd(text, prolog);
  return { withoutDoctype: text.slice(0, prolog) + text.slice(end), hasDoctype: true };
}

/** Just behind the `>` that ends the declaration; the end of the text when it never ends. */
function findDoctypeEnd(text: string, start: number): number {
  let inSubset = false;
  const token = /<!--|["'[\]>]/g;
  token.lastIndex = start;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [word] = match;
    if (word === "[") inSubset = true;
    else if (word === "]") inSubset = false;
    else if (word === ">" && !inSubset) return token.lastIndex;
    else if (word !== ">") {
      const closing = word === "<!--" ? "-->" : word;
      const closedAt = text.indexOf(closing, token.lastIndex);
      if (closedAt < 0) return text.length;
      token.lastIndex = closedAt + closing.length;
    }
  }
  return text.length;
}

/** Prefixes declared on one element, above those of its ancestors. */
interface Scope {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly outer: Scope | null;
}

const outermost: Scope = {
  prefixes: new Map([["xml", "http://www.w3.org/XML/1998/namespace"]]),
  outer: null,
};
const predefined: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Turns the parser's lists into elements. Recursion is as deep as the nesting that the parser allows. */
class TreeBuilder {
  unknownEntities = 0;

  findRoot(nodes: unknown): XmlElement | null {
    return this.#build(nodes, outermost).children[0] ?? null;
  }

  #build(nodes: unknown, scope: Scope): { children: XmlElement[]; text: string } {
    const children: XmlElement[] = [];
    let text = "";
    for (const node of Array.isArray(nodes) ? (nodes as Readonly<Record<string, unknown>>[]) : []) {
      const tag = Object.keys(node).find((key) => key !== ":@");
      if (tag === undefined) continue;
      const content = node[tag];
      if (tag === "#text") text += this.#decode(String(content));
      else if (tag === "#cdata") text += readCdata(content);
      else children.push(this.#element(tag, content, (node[":@"] ?? {}) as Record<string, unknown>, scope));
    }
    return { children, text };
  }

  #element(
    tag: string,
    content: unknown,
    written: Readonly<Record<string, unknown>>,
    outer: Scope,
  ): XmlElement {
    const attributes = new Map<string, string>();
    const prefixes = new Map<string, string>();
    for (const [name, raw] of Object.entries(written)) {
      const value = this.#decode(String(raw));
      if (name === "xmlns") prefixes.set("", value);
      else if (name.startsWith("xmlns:")) prefixes.set(name.slice(6), value);
      else attributes.set(name, value);
    }
    const scope = prefixes.size === 0 ? outer : { prefixes, outer };
    const colon = tag.indexOf(":");
    const uri = findUri(scope, colon < 0 ? "" : tag.slice(0, colon));
    return { name: tag.slice(colon + 1), uri, attributes, ...this.#build(content, scope) };
  }

  /** Predefined entities and character references; any other entity has no meaning here and is left out. */
  #decode(text: string): string {
    if (!text.includes("&")) return text;
    return text.replace(/&(#x[0-9a-f]{1,8}|#\d{1,8}|[^\s;&<>]{1,100});/gi, (_, name: string) => {
      const known = name.startsWith("#")
        ? decodeCharacter(name)
        : Object.hasOwn(predefined, name)
          ? predefined[name]
          : null;
      if (known === null || known === undefined) this.unknownEntities++;
      return known ?? "";
    });
  }
}

function decodeCharacter(reference: string): string | null {
  const code =
    reference[1] === "x" || reference[1] === "X"
      ? Number.parseInt(reference.slice(2), 16)
      : Number(reference.slice(1));
  return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : null;
}

function readCdata(content: unknown): string {
  const first: unknown = Array.isArray(content) ? content[0] : null;
  const text = typeof first === "object" && first !== null && "#text" in first ? first["#text"] : "";
  return typeof text === "string" ? text : "";
}

function findUri(scope: Scope | null, prefix: string): string {
  for (let at = scope; at !== null; at = at.outer) {
    const uri = at.prefixes.get(prefix);
    if (uri !== undefined) return uri;
  }
  return "";
}

/** The children of that name in the parent's own namespace: extensions of other namespaces are not seen. */
export function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter((child) => child.name === name && child.uri === parent.uri);
}

/** The first child's text with its blanks made single; `null` when there is no such child or it is empty. */
export function textOf(parent: XmlElement, name: string): string | null {
  const child = parent.children.find((one) => one.name === name && one.uri === parent.uri);
  return child ? collapse(child.text) : null;
}

/** Text with white space collapsed, `null` when nothing is left. */
export function collapse(text: string): string | null {
  return text.trim().replace(/\s+/g, " ") || null;
}

/** All elements below `parent`, itself included, that `matches` accepts; not looked for inside those. */
export function findElements(parent: XmlElement, matches: (element: XmlElement) => boolean): XmlElement[] {
  return matches(parent) ? [parent] : parent.children.flatMap((child) => findElements(child, matches));
}
