import { expect, test } from "vitest";
import { launchBrowser } from "./browser.ts";

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
