import { join } from "node:path";
import { expect, test } from "vitest";
import { findBrowser, launchBrowser, type Machine } from "./browser.ts";

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

test("the browser of this machine draws with WebGL 2", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const drawn = await page.evaluate(() => {
      const gl = new OffscreenCanvas(2, 2).getContext("webgl2");
      if (!gl) return "no WebGL 2";
      gl.clearColor(0, 1, 0, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      const pixel = new Uint8Array(4);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      return pixel.join(" ");
    });
    expect(drawn).toBe("0 255 0 255");
  } finally {
    await browser.close();
  }
});
