import { join } from "node:path";
import { expect, test } from "vitest";
import { findBrowser, type Machine } from "./find-browser.ts";

function machine(platform: NodeJS.Platform, env: Machine["env"], ...files: string[]): Machine {
  return { platform, env, exists: (path) => files.includes(path) };
}

test("the named browser decides alone", () => {
  const chromium = join("/usr/bin", "chromium");
  expect(findBrowser(machine("linux", { PATH: "/usr/bin", CITYDECK_BROWSER: "/b" }, chromium, "/b"))).toBe(
    "/b",
  );
  expect(findBrowser(machine("linux", { PATH: "/usr/bin", CITYDECK_BROWSER: "/gone" }, chromium))).toBeNull();
});

test("a browser is found in the path and in the usual places", () => {
  const edge = join("/usr/bin", "msedge");
  expect(findBrowser(machine("linux", { PATH: "/bin:/usr/bin" }, edge))).toBe(edge);
  const mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
  expect(findBrowser(machine("darwin", {}, mac))).toBe(mac);
  const windows = join("C:/Program Files", "Google/Chrome/Application/chrome.exe");
  expect(findBrowser(machine("win32", { PROGRAMFILES: "C:/Program Files" }, windows))).toBe(windows);
  expect(findBrowser(machine("linux", {}))).toBeNull();
});
