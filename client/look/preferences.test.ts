import { describe, expect, it } from "vitest";
import { choosePreferences } from "./preferences.ts";

describe("choosePreferences", () => {
  it("takes the URL before what was remembered, and that before the browser", () => {
    expect(choosePreferences("?lang=zh&theme=night", { lang: "en", theme: "light" }, "en-GB")).toEqual({
      language: "zh",
      theme: "night",
      isThemeChosen: true,
      hasSingleKeys: true,
    });
    expect(choosePreferences("", { lang: "en", theme: "light" }, "zh-CN")).toEqual({
      language: "en",
      theme: "light",
      isThemeChosen: true,
      hasSingleKeys: true,
    });
    expect(choosePreferences("", {}, "zh-CN")).toEqual({
      language: "zh",
      theme: "dark",
      isThemeChosen: false,
      hasSingleKeys: true,
    });
  });

  it("remembers that single keys were turned off", () => {
    expect(choosePreferences("", { keys: "off" }, "en").hasSingleKeys).toBe(false);
    expect(choosePreferences("", { keys: "on" }, "en").hasSingleKeys).toBe(true);
  });

  it("ignores what it does not know", () => {
    expect(choosePreferences("?lang=fr&theme=neon", { theme: "" }, "fr-FR")).toEqual({
      language: "en",
      theme: "dark",
      isThemeChosen: false,
      hasSingleKeys: true,
    });
  });
});
