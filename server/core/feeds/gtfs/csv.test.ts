import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvRows } from "./csv.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function allRows(text: string): string[][] {
  const rows = new CsvRows(encode(text));
  const all: string[][] = [[...rows.header]];
  while (rows.next()) all.push(rows.header.map((_, column) => rows.text(column)));
  return all;
}

test("reads a byte order mark, CRLF, quotes, doubled quotes and a last line without an end", () => {
  const text = '\ufeffstop_id,stop_name\r\n1,"Main St, ""north"""\r\n2,Zócalo';
  expect(allRows(text)).toEqual([
    ["stop_id", "stop_name"],
    ["1", 'Main St, "north"'],
    ["2", "Zócalo"],
  ]);
});

test("reads missing trailing columns as empty, trims, and passes over blank lines", () => {
  expect(allRows("a,b,c\n1\n\n  \n 2 , x ,\n")).toEqual([
    ["a", "b", "c"],
    ["1", "", ""],
    ["2", "x", ""],
  ]);
});

test("a column that the table lacks is empty, no number and no time", () => {
  const rows = new CsvRows(encode("a\n1\n"));
  expect(rows.next()).toBe(true);
  const none = rows.column("b");
  expect([rows.isEmpty(none), rows.text(none), rows.number(none), rows.seconds(none)]).toEqual([
    true,
    "",
    NaN,
    NaN,
  ]);
});

test.each([
  ["5:00:00", 18_000],
  ["28:10:05", 101_405],
  ["24:60:00", Number.NaN],
  ["12:00", Number.NaN],
  ["::", Number.NaN],
  ["a:00:00", Number.NaN],
  ["-1:00:00", Number.NaN],
])("reads the time %s", (text, seconds) => {
  const rows = new CsvRows(encode(`t\n${text}\n`));
  rows.next();
  expect(rows.seconds(0)).toBe(seconds);
});

test.each([
  ["12", 12],
  ["-122.271450", -122.27145],
  ["1e3", 1000],
  ["1,5", 1],
  ["abc", Number.NaN],
])("reads the number %s", (text, value) => {
  const rows = new CsvRows(encode(`n\n${text}\n`));
  rows.next();
  expect(rows.number(0)).toBe(value);
});

test("notices a quote that never ends", () => {
  const rows = new CsvRows(encode('a,b\n1,"two\n3,4\n'));
  while (rows.next());
  expect([rows.unclosedQuote, rows.row]).toEqual([true, 1]);
});

test("agrees with csv-parse on every well-formed table", () => {
  const field = fc.string({ unit: fc.constantFrom("a", "7", " ", ",", '"', "\n", "é", "地") });
  const quoted = field.map((text) => `"${text.replaceAll('"', '""')}"`);
  const table = fc.array(fc.array(quoted, { minLength: 3, maxLength: 3 }), { maxLength: 6 });
  fc.assert(
    fc.property(table, fc.constantFrom("\n", "\r\n"), (lines, end) => {
      const text = ["x,y,z", ...lines.map((line) => line.join(","))].join(end);
      const known = (parse(text) as string[][]).map((row) => row.map((value) => value.trim()));
      const blank = (row: string[]): boolean => row.every((value) => value === "");
      const ours = allRows(text);
      expect(ours.filter((row) => !blank(row))).toEqual(known.filter((row) => !blank(row)));
    }),
    { seed: 7, numRuns: 300 },
  );
});

test("reads any bytes to an end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const rows = new CsvRows(bytes);
      while (rows.next()) {
        for (const column of rows.header.keys())
          void [rows.text(column), rows.number(column), rows.seconds(column)];
      }
      expect(rows.row).toBeLessThanOrEqual(bytes.length);
    }),
    { seed: 7, numRuns: 500 },
  );
});
