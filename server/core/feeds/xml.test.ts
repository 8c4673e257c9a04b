import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collapse, parseXml, textOf, type XmlDocument } from "./xml.ts";

function parse(text: string): XmlDocument {
  const result = parseXml("body", new TextEncoder().encode(text));
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

function message(body: string | Uint8Array): string {
  const result = parseXml("body", typeof body === "string" ? new TextEncoder().encode(body) : body);
  if (result.ok) throw new Error("parsed");
  return result.failure.message;
}

test("names are resolved by the namespace's URI, not by the prefix", () => {
  const { root } = parse(
    '<a:x xmlns:a="urn:1"><y xmlns="urn:2"><a:z/><z/></y><b:q xmlns:b="urn:1">t</b:q></a:x>',
  );
  expect([root.name, root.uri]).toEqual(["x", "urn:1"]);
  expect(root.children[0]?.children.map((one) => one.uri)).toEqual(["urn:1", "urn:2"]);
  expect(textOf(root, "q")).toBe("t");
});

test("predefined entities, character references and CDATA are text; blanks are made single", () => {
  const { root } = parse("<x><a> 1 &lt;\n\t2 &#x4e2d;&#65; </a><b><![CDATA[&lt;<i>]]></b></x>");
  expect([textOf(root, "a"), textOf(root, "b"), textOf(root, "c")]).toEqual(["1 < 2 中A", "&lt;<i>", null]);
});

test("the declared encoding is believed, a byte order mark first", () => {
  const latin = Uint8Array.from('<?xml version="1.0" encoding="ISO-8859-1"?><x>Usulut\xe1n</x>', (c) =>
    c.charCodeAt(0),
  );
  const wide = new Uint8Array(Uint16Array.from("\ufeff<x>é中</x>", (c) => c.charCodeAt(0)).buffer);
  const texts = [latin, wide].map((bytes) => {
    const result = parseXml("body", bytes);
    return result.ok ? result.value.root.text : result.failure.message;
  });
  expect(texts).toEqual(["Usulután", "é中"]);
  expect(message('<?xml version="1.0" encoding="klingon"?><x/>')).toContain('"klingon"');
});

test("an external entity is left out and counted, whatever the document type says", () => {
  const body = `<!DOCTYPE x PUBLIC "-//A" "http://localhost/p" [
    <!-- it's ] > here --> <!ENTITY % remote SYSTEM "http://localhost/]>"> %remote;
    <!ENTITY xxe SYSTEM "file:///etc/passwd"> ]>\n<x>before&xxe;after</x>`;
  expect(parse(body)).toMatchObject({ root: { text: "beforeafter" }, hasDoctype: true, unknownEntities: 1 });
});

test("a billion laughs stay as small as they were sent", () => {
  const entities = Array.from(
    { length: 30 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  ).join("");
  const { root } = parse(`<!DOCTYPE x [<!ENTITY l0 "ha">${entities}]><x>${"&l30;".repeat(1000)}</x>`);
  expect(root.text).toBe("");
});

test("nesting beyond any standard's is refused before it costs anything", () => {
  const depth = 100_000;
  const startedAt = performance.now();
  expect(message("<a>".repeat(depth) + "</a>".repeat(depth))).toMatch(/nest/i);
  expect(performance.now() - startedAt).toBeLessThan(3000);
});

test("what is cut or no XML fails with the place", () => {
  expect(message("<x><y>text</y>")).toContain("well-formed XML");
  expect(message("404 Not Found")).toContain('text starting with "404 Not Found"');
  expect(message("")).toContain("an empty body");
  expect(message("<x></y>")).toContain("1:7: unexpected close tag");
});

test("faults that leave no doubt about the elements are passed over, and a bare ampersand is one", () => {
  const { root } = parse(
    '<x a="1&b=2"><!-- a -- b --><a>Q&A & \u0003 ]]> &amp;</a><b><![CDATA[R&D;]]></b><c>&#0;</c></x>',
  );
  expect(root.attributes.get("a")).toBe("1&b=2");
  expect([textOf(root, "a"), textOf(root, "b")]).toEqual(["Q&A & \u0003 ]]> &", "R&D;"]);
  expect(textOf(root, "c")).toBe("&#0;");
});

test("comments and CDATA that never end cost no more than the rest of the text", () => {
  const begunAt = performance.now();
  for (const opening of ["<!--", "<![CDATA["])
    expect(parseXml("body", new TextEncoder().encode(`<a>& ${opening.repeat(50_000)}`)).ok).toBe(false);
  expect(performance.now() - begunAt).toBeLessThan(1_500);
});

test("a text that is kept does not keep the document that it stood in", () => {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const filling = "<y>0123456789</y>".repeat(10_000);
  const kept: unknown[] = [];
  const keepOf = (i: number): void => {
    const { root } = parse(
      `<a_long_root_name id="a long value ${i}">${filling}<z>a long text ${i}</z></a_long_root_name>`,
    );
    kept.push(root.name, root.attributes.get("id"), textOf(root, "z"));
  };
  const inUse = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  keepOf(0);
  const before = inUse();
  for (let i = 1; i < 40; i++) keepOf(i);
  expect(inUse() - before).toBeLessThan(10 * filling.length);
  expect(kept.at(-1)).toBe("a long text 39");
});

test("arbitrary bytes and damaged documents never throw", () => {
  const sound =
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a xmlns:p="u"><p:b c="d">&amp;&b;</p:b><![CDATA[x]]></a>';
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(sound.length), fc.nat(20), (noise, at, cut) => {
      parseXml("body", noise);
      const bytes = new TextEncoder().encode(sound);
      const damaged = [...bytes.slice(0, at), ...noise.slice(0, 4), ...bytes.slice(at + cut)];
      parseXml("body", Uint8Array.from(damaged));
    }),
    { seed: 11, numRuns: 500 },
  );
});

test("white space is collapsed as a pattern would, in texts of any kind", () => {
  const piece = fc.constantFrom(" ", "\t", "\n", "\u00a0", "\u3000", "a", "~", "é", "\u0000", "");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join("");
      expect(collapse(text)).toBe(text.trim().replace(/\s+/g, " ") || null);
    }),
    { seed: 7 },
  );
});
