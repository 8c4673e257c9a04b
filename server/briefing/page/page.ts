/** The shell of a page that the server makes: its style, its fonts, its policy. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Language } from "../../../shared/city.ts";
import { element, escaped } from "../charts/svg.ts";

export const pageThemes = ["light", "dark", "night"] as const;
export type PageTheme = (typeof pageThemes)[number];

export interface Page {
  readonly title: string;
  /** Markup between the tags of `body`. */
  readonly body: string;
  /** What paper says at the edges of each sheet. */
  readonly paper: { readonly left: string; readonly right: string; readonly foot: string };
  readonly script: string;
  readonly language: Language;
  readonly theme: PageTheme;
}

const root = join(import.meta.dirname, "../../..");
const tokens = readFileSync(join(root, "client/look/tokens.css"), "utf8");
const look = readFileSync(join(import.meta.dirname, "briefing.css"), "utf8");

/** Paper has daylight's colours whatever the theme of the screen. */
const daylight = /:root\[data-theme="light"\] \{([^}]*)\}/.exec(tokens)![1]!;
const paperColours = `@media print {\n:root[data-theme] {${daylight}--page: #ffffff; --panel: #ffffff;\n}\n}`;

/**
 * The document. `fonts` is style; `nonce` is what the response's policy knows its style and script by. Without one it is a
 * file, and brings a policy that lets it ask nobody for anything.
 */
export function pageText(page: Page, fonts: string, nonce: string | null): string {
  const { title, body, script, language, theme } = page;
  const alone = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";
  const icon = element("link", { rel: "icon", href: "/icon.svg" });
  const style = ["", fonts, tokens, look, paperColours, pageBoxes(page.paper), ""].join("\n");
  return `<!doctype html>
<html lang="${language === "zh" ? "zh-Hans" : "en"}" data-theme="${theme}">
<head>
<meta charset="utf-8">
${nonce === null ? element("meta", { "http-equiv": "Content-Security-Policy", content: alone }) : icon}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
${element("style", { nonce }, style)}
</head>
<body>
${body}
${script === "" ? "" : element("script", { nonce }, `\n${script}`)}
</body>
</html>
`;
}

function pageBoxes({ left, right, foot }: Page["paper"]): string {
  const boxes = { "top-left": left, "top-right": right, "bottom-left": foot };
  const rules = Object.entries(boxes).map(([box, text]) => `@${box} { content: ${cssString(text)} }`);
  return `@page { ${rules.join(" ")} }`;
}

function cssString(text: string): string {
  return `"${text.replace(/["\\\n<]/g, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `)}"`;
}

/** All characters that are drawn, for which fonts are needed; those that style adds among them. */
export function charactersOf({ title, body, paper }: Page): string {
  return `${title}${body}${Object.values(paper).join("")}0123456789/→…`;
}
