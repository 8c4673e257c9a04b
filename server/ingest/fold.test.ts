import { expect, test } from "vitest";
import { rig } from "../../test/feed-rig.ts";
import { createFold } from "./fold.ts";

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const files = { type: "file", files: [], maxBytes: 1_000 } as const;

test("a connector that throws is a feed error of class crashed, and the next body is taken as ever", async () => {
  const city = await rig(files);
  const fold = createFold(city.wiring);
  fold.take({ name: "body", url: null, bytes: text("throw") }, { receivedAt: 1 });
  expect(city.words).toMatchObject([{ good: null, error: { class: "crashed" } }]);
  expect(city.words[0]?.error?.message).toContain("a broken assumption");
  fold.take({ name: "body", url: null, bytes: text("sensor a 1") }, { receivedAt: 2 });
  expect(city.words[1]).toEqual({ part: "body", good: 2, error: null });
});

test.each([
  ["an empty body", "", "body: the body is empty"],
  ["white space", " \r\n\t", "body: the body is only white space"],
  [
    "a web page",
    "<!DOCTYPE html><html><head><title> Maintenance </title></head></html>",
    'body: got a web page ("Maintenance") where data was expected',
  ],
  [
    "a web page as XML",
    '<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml">',
    "body: got a web page where data was expected",
  ],
])("%s is unreadable and says so", async (_name, body, message) => {
  const city = await rig(files);
  createFold(city.wiring).take({ name: "body", url: null, bytes: text(body) }, { receivedAt: 1 });
  expect(city.words).toMatchObject([{ good: null, error: { class: "unreadable", message } }]);
});

test("many comments before what is no web page cost no time", async () => {
  const city = await rig(files);
  const body = text(`${"<!---->".repeat(250)}<alert/>`);
  const begunAt = performance.now();
  createFold(city.wiring).take({ name: "body", url: null, bytes: body }, { receivedAt: 1 });
  expect(performance.now() - begunAt).toBeLessThan(500);
  expect(city.words[0]?.error?.message).not.toContain("a web page");
});

test("a good part comes with the error that another part still has", async () => {
  const city = await rig(files);
  const fold = createFold(city.wiring);
  fold.take({ name: "alerts", url: null, bytes: text("nonsense") }, { receivedAt: 1 });
  fold.take({ name: "body", url: null, bytes: text("sensor a 1") }, { receivedAt: 2 });
  expect(city.words[1]).toMatchObject({ good: 2, error: { class: "unreadable" } });
  fold.take({ name: "alerts", url: null, bytes: text("sensor b 1") }, { receivedAt: 3 });
  expect(city.words[2]).toEqual({ part: "alerts", good: 3, error: null });
});

test("the same fault again and again is one line in the log", async () => {
  const city = await rig(files);
  const fold = createFold(city.wiring);
  for (let i = 0; i < 5; i++)
    fold.take({ name: "body", url: null, bytes: text("nonsense") }, { receivedAt: i });
  expect(city.logged).toHaveLength(1);
});
