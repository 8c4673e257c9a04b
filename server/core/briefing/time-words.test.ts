import { expect, test } from "vitest";
import { timeWords } from "./time-words.ts";

test("a time that an autumn change repeats says which one it is, of a change by half an hour too", () => {
  const zone = "Australia/Lord_Howe";
  const [first, second] = ["2026-04-04T14:45Z", "2026-04-04T15:15Z"].map((at) =>
    timeWords(Date.parse(at), zone),
  );
  expect([first, second]).toEqual([expect.stringMatching(/^01:45 ./), expect.stringMatching(/^01:45 ./)]);
  expect(first).not.toBe(second);
  expect(timeWords(Date.parse("2026-04-04T12:45Z"), zone)).toBe("23:45");
});
