/**
 * XML as a small tree with namespaces resolved. Document types and entities of a body's own are never read, so that
 * neither external entities nor entity bombs exist; nesting is bounded.
 */

import { SaxesParser, type SaxesTagPlain } from "saxes";
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
  /** The element's own text, untrimmed, without that of its children; "" where it is blank. */
  readonly text: string;
}

export interface XmlDocument {
  readonly root: XmlElement;
  readonly hasDoctype: boolean;
  /** How many entity references were left out because only a document type could have defined them. */
  readonly unknownEntities: number;
}

const maxDepth = 60;

/** The body as XML 1.0 in the encoding of its byte order mark or its declaration. Fails when it is not well-formed. */
export function parseXml(part: string, bytes: Uint8Array): Result<XmlDocument, Failure> {
  const text = decodeXmlText(bytes);
  if (text === null)
    return unreadable(part, "XML", `an encoding that nobody knows: ${quote(declaredEncoding(bytes))}`);
  const start = text.search(/\S/);
  if (start < 0 || text[start] !== "<") return unreadable(part, "XML", describeBody(bytes));
  try {
    return ok(readDocument(escapeBareAmpersands(text.slice(start))));
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : "an error";
    return unreadable(part, "well-formed XML", `${reason} (line:column: what is wrong)`);
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

/** What does not make it doubtful where an element begins or ends: much is published with such faults. */
const harmless =
  /: (disallowed character|malformed comment|malformed character entity|the string "]]>" is .*|.*XML declaration .*)\.$/;

/** Throws, with line and column, when the text is not well-formed. */
function readDocument(text: string): XmlDocument {
  const parser = new SaxesParser();
  const tree = new TreeBuilder();
  let hasDoctype = false;
  let unknownEntities = 0;
  parser.ENTITIES = new Proxy(parser.ENTITIES, {
    get(predefined, name: string) {
      const known = predefined[name];
      if (known === undefined) unknownEntities++;
      return known ?? "";
    },
  });
  parser.on("error", (error) => {
    if (!harmless.test(error.message)) throw error;
  });
  parser.on("doctype", () => (hasDoctype = true));
  parser.on("opentag", (tag) => {
    tree.open(tag);
    if (tree.depth > maxDepth) parser.fail(`nested deeper than ${maxDepth} elements.`);
  });
  parser.on("text", (piece) => tree.addText(piece));
  parser.on("cdata", (piece) => tree.addText(piece));
  parser.on("closetag", () => tree.close());
  parser.write(text).close();
  return { root: tree.root(), hasDoctype, unknownEntities };
}

/**
 * An `&` that begins no reference stands for itself, as if it were written `&amp;`. What is opened and never ends goes to
 * the end of the text, or every opening would be followed there anew.
 */
function escapeBareAmpersands(text: string): string {
  if (!/&(?![^\s;&<>]{1,100};)/.test(text)) return text;
  return text.replace(/<!\[CDATA\[[^]*?(?:\]\]>|$)|<!--[^]*?(?:-->|$)|&(?![^\s;&<>]{1,100};)/g, (found) =>
    found === "&" ? "&amp;" : found,
  );
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

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly scope: Scope;
  readonly uri: string;
  /** Where its children begin among all that are closed. */
  readonly from: number;
  text: string;
}

const noAttributes: ReadonlyMap<string, string> = new Map();
const noChildren: readonly XmlElement[] = [];

/**
 * Elements as they close. A tree of a document lives only while it is read, but is many times as large: lists have no
 * room to grow, and what most elements do not have is one empty thing for all.
 */
class TreeBuilder {
  readonly #open: OpenElement[] = [];
  /** Whose parents are still open: of each of them its children so far, the innermost one's last. */
  readonly #closed: XmlElement[] = [];
  /** A name is written a thousand times and kept once. */
  readonly #names = new Map<string, string>();

  get depth(): number {
    return this.#open.length;
  }

  open({ name, attributes: written }: SaxesTagPlain): void {
    const outer = this.#open.at(-1)?.scope ?? outermost;
    const { attributes, prefixes } = readAttributes(written);
    const scope = prefixes === null ? outer : { prefixes, outer };
    const colon = name.indexOf(":");
    this.#open.push({
      name: this.#nameOf(name.slice(colon + 1)),
      attributes,
      scope,
      uri: findUri(scope, colon < 0 ? "" : name.slice(0, colon)),
      from: this.#closed.length,
      text: "",
    });
  }

  addText(piece: string): void {
    const element = this.#open.at(-1);
    if (element && (element.text !== "" || !isBlank(piece))) element.text += piece;
  }

  close(): void {
    const { name, uri, attributes, from, text } = this.#open.pop()!;
    const children = from === this.#closed.length ? noChildren : this.#closed.splice(from);
    this.#closed.push({ name, uri, attributes, children, text: detached(text) });
  }

  root(): XmlElement {
    return this.#closed[0]!;
  }

  #nameOf(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const own = detached(name);
    this.#names.set(own, own);
    return own;
  }
}

function readAttributes(written: Readonly<Record<string, string>>): {
  readonly attributes: ReadonlyMap<string, string>;
  readonly prefixes: ReadonlyMap<string, string> | null;
} {
  let attributes: Map<string, string> | null = null;
  let prefixes: Map<string, string> | null = null;
  for (const name in written) {
    const value = detached(written[name]!);
    if (name === "xmlns") (prefixes ??= new Map()).set("", value);
    else if (name.startsWith("xmlns:")) (prefixes ??= new Map()).set(name.slice(6), value);
    else (attributes ??= new Map()).set(name, value);
  }
  return { attributes: attributes ?? noAttributes, prefixes };
}

function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x20) return false;
  return true;
}

/** V8 copies pieces that are shorter than this. */
const shortestSlice = 13;

/**
 * The same text in memory of its own. V8 makes a piece of a text by pointing into the whole, so that a name in the city
 * would keep all of a document.
 */
function detached(text: string): string {
  return text.length < shortestSlice ? text : ` ${text}`.slice(1);
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
  if (isCollapsed(text)) return text;
  const trimmed = text.trim();
  return (/[^\S ]| {2}/.test(trimmed) ? trimmed.replace(/\s+/g, " ") : trimmed) || null;
}

/** Whether the text is ASCII with nothing to collapse, as most are: no pattern is needed to see it. */
function isCollapsed(text: string): boolean {
  let before = 0x20;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || (code === 0x20 && before === 0x20)) return false;
    before = code;
  }
  return before !== 0x20;
}

/** All elements below `parent`, itself included, that `matches` accepts; not looked for inside those. */
export function findElements(parent: XmlElement, matches: (element: XmlElement) => boolean): XmlElement[] {
  const found: XmlElement[] = [];
  const look = (element: XmlElement): void => {
    if (matches(element)) found.push(element);
    else for (const child of element.children) look(child);
  };
  look(parent);
  return found;
}

/** The first of those that `findElements` finds. */
export function findElement(
  parent: XmlElement,
  matches: (element: XmlElement) => boolean,
): XmlElement | null {
  if (matches(parent)) return parent;
  for (const child of parent.children) {
    const found = findElement(child, matches);
    if (found) return found;
  }
  return null;
}
