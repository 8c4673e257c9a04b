/** A briefing in its files: what a reader reads in them is what the briefing says. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainText } from "../shared/briefing.ts";
import { languages } from "../shared/city.ts";
import { findBrowser } from "../server/briefing/print/find-browser.ts";
import { Printer } from "../server/briefing/print/printer.ts";
import { sampleIssue, servePages, type ServedPages } from "./briefing-pages.ts";
import { sampleBriefing } from "./briefing-sample.ts";

let address: string;
let pages: ServedPages;
let browser: () => string | null = () => null;

beforeAll(async () => {
  pages = await servePages([sampleIssue], new Printer({ browser: () => browser() }));
  address = pages.address;
});

afterAll(() => pages.close());

async function page(path: string): Promise<string> {
  const answer = await fetch(address + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
}

/** What a reader reads: markup without its tags, entities as characters. */
function readable(html: string): string {
  const body = html.slice(html.indexOf("<body>")).replace(/<script[^]*<\/script>/, "");
  return body
    .replace(/<title[^>]*>[^<]*<\/title>|<desc[^>]*>[^<]*<\/desc>/g, "")
    .replace(/<[^>]+>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

const shownFigures = [
  ...sampleBriefing.coverFigures,
  ...sampleBriefing.sections.flatMap(({ statements }) => statements.flatMap(({ figures }) => figures)),
];

describe.each(languages)("a briefing's page in %s", (language) => {
  const path = `/briefing/${sampleBriefing.id}?lang=${language}&generated=1`;

  test("says every sentence of the briefing", async () => {
    const text = readable(await page(path));
    expect(text).toContain(plainText(sampleBriefing.cover, language));
    for (const { title, statements } of sampleBriefing.sections) {
      expect(text).toContain(title[language]);
      for (const statement of statements) {
        expect(text).toContain(plainText(statement.text, language));
        if (statement.cause) expect(text).toContain(plainText(statement.cause.text, language));
        if (statement.action) expect(text).toContain(statement.action.owner[language]);
      }
    }
  });

  test("gives each figure its exact value and leads it to its evidence", async () => {
    const html = await page(path);
    const links = [
      ...html.matchAll(/<a class="figure" href="#evidence-(\d+)">(?:<data value="([^"]+)">)?([^<]+)/g),
    ];
    const found = links.map(([, evidence, value, words]) => ({
      evidence: Number(evidence) - 1,
      value,
      words,
    }));
    for (const figure of shownFigures) {
      const value = figure.value === null ? undefined : String(figure.value);
      expect(found.some((one) => one.evidence === figure.evidence && one.value === value)).toBe(true);
    }
    for (const { evidence } of found) expect(html).toContain(`id="evidence-${evidence + 1}"`);
    for (const { address: frozen } of sampleBriefing.evidence)
      expect(html).toContain(`href="${frozen.replaceAll("&", "&amp;")}"`);
    expect(html).toMatch(
      /href="\/explorer\?show=transport\.on-time&amp;range=[^"]+&amp;asOf=2026-11-27T06%3A30/,
    );
  });

  test("is the same as one file, which asks nobody for anything", async () => {
    const answer = await fetch(`${address}${path}&format=html`);
    expect(answer.headers.get("content-disposition")).toContain(`morning-2026-11-27-${language}.html`);
    const html = await answer.text();
    expect(readable(html)).toContain(plainText(sampleBriefing.cover, language));
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<img|src="|url\((?!data:|#)/);
    // What it leads to is on the server it came from.
    expect(html).toContain(`href="${address}/api/v1/series`);
  });

  test("leads back from a file by https where the reader came by it", async () => {
    const headers = { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7" };
    const file = await (await fetch(`${address}${path}&format=html`, { headers })).text();
    expect(file).toContain(`href="${address.replace("http:", "https:")}/`);
    expect(file).not.toContain(`href="${address}`);
  });
});

test("a page's style and script are those that its policy names", async () => {
  const answer = await fetch(`${address}/briefing/${sampleBriefing.id}`);
  const nonce = /nonce-([^']+)'/.exec(answer.headers.get("content-security-policy")!)![1];
  const html = await answer.text();
  expect(html.match(/<(?:style|script) nonce="([^"]+)"/g)).toEqual([
    `<style nonce="${nonce}"`,
    `<script nonce="${nonce}"`,
  ]);
  expect(html).not.toMatch(/ style="| on\w+="/);
});

test("an editor's words stand apart from generated text, and what was hidden is named", async () => {
  const html = await page("/briefing/morning/latest?lang=en");
  const comments = [...html.matchAll(/<aside class="comment">(.*?)<\/aside>/g)].map(([, inner]) =>
    readable(`<body>${inner}`),
  );
  expect(comments).toEqual([
    "Comment by Duty editor <1>, 27 Nov 2026 06:40Read this first.",
    "Comment by Duty editor <1>, 27 Nov 2026 06:40Ask Water & Drainage about the gauge.",
  ]);
  expect(html).not.toContain('<section id="services"');
  expect(readable(html)).toContain("Left out by Duty editor <1>: Community services.");
  expect(readable(html)).toContain("Signed by Duty editor <1>, 27 Nov 2026 06:40");
  expect(html.indexOf('<section id="areas"')).toBeLessThan(html.indexOf('<section id="score"'));
  const generated = await page("/briefing/morning/latest?lang=en&generated=1");
  expect(generated).toContain('<section id="services"');
  expect(generated).not.toContain("<aside");
  expect(readable(generated)).toContain("Signed by nobody yet");
});

test.each([
  ["/briefing/unknown", 404],
  ["/briefing/weekly/latest", 404],
  [`/briefing/${sampleBriefing.id}?lang=fr`, 400],
  [`/briefing/${sampleBriefing.id}?format=docx`, 400],
  [`/briefing/${sampleBriefing.id}?colour=red`, 400],
  ["/briefings?lang=fr", 400],
  ["/fonts/..%2F..%2Fpackage.json", 404],
  ["/fonts/none.woff2", 404],
])("%s is answered with %d", async (path, status) => {
  expect((await fetch(address + path)).status).toBe(status);
});

test("fonts of the page are there", async () => {
  const html = await page(`/briefing/${sampleBriefing.id}?lang=zh`);
  const files = [...html.matchAll(/url\((\/fonts\/[^)]+)\)/g)].map(([, file]) => file!);
  expect(files.some((file) => file.includes("noto-sans-sc"))).toBe(true);
  const font = await fetch(address + files[0]!);
  expect([font.status, font.headers.get("content-type")]).toEqual([200, "font/woff2"]);
});

test("the archive is searched in both languages, and says so when nothing is found", async () => {
  expect(readable(await page("/briefings?q=storm+NOWHERE"))).toContain("No briefing says");
  for (const q of ["storm", "风暴", "morning-2026", "26 November"])
    expect(readable(await page(`/briefings?lang=zh&q=${encodeURIComponent(q)}`))).toContain(
      plainText(sampleBriefing.cover, "zh"),
    );
  expect(await page("/briefings?q=%3Cb%3E")).toContain("“&lt;b&gt;”");
});

test("without a browser the reader is told what to do instead of a PDF", async () => {
  browser = () => null;
  for (const [language, words] of [
    ["en", "Save as PDF"],
    ["zh", "另存为 PDF"],
  ] as const) {
    const answer = await fetch(`${address}/briefing/${sampleBriefing.id}?format=pdf&lang=${language}`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(await answer.text()).toContain(words);
  }
});

describe("a browser in trouble", () => {
  let troubled: ServedPages;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "citydeck-trouble-"));
    const printer = new Printer({ browser: () => browser(), withinMs: 3_000 });
    troubled = await servePages([sampleIssue], printer);
  });

  afterAll(async () => {
    troubled.close();
    await rm(dir, { recursive: true, force: true });
  });

  /** A program in the browser's place. */
  async function inItsPlace(name: string, does: string): Promise<() => string> {
    const path = join(dir, name);
    await writeFile(path, `#!/bin/sh\n${does}\n`, { mode: 0o755 });
    return () => path;
  }

  test.skipIf(findBrowser() === null).each([
    ["killed", (program: string) => `"${program}" "$@" & sleep 0.2; kill -9 $!; wait $!`, "failed", "失败"],
    [
      "hanging",
      (program: string) => `"${program}" --remote-debugging-port=0 about:blank --headless --no-sandbox`,
      "too long",
      "超时",
    ],
  ])(
    "that is %s leaves the reader a page that says so, and the next one has its PDF",
    async (name, does, english, chinese) => {
      browser = await inItsPlace(name, does(findBrowser()!));
      const ask = (language: string): Promise<Response> =>
        fetch(`${troubled.address}/briefing/${sampleBriefing.id}?format=pdf&lang=${language}`);
      for (const [language, words] of [
        ["en", english],
        ["zh", chinese],
      ] as const) {
        const answer = await ask(language);
        expect([answer.status, answer.headers.get("content-type")]).toEqual([
          503,
          "text/html; charset=utf-8",
        ]);
        expect(readable(await answer.text())).toContain(words);
      }
      browser = findBrowser;
      const file = await fetch(`${address}/briefing/${sampleBriefing.id}?format=pdf`);
      expect(file.headers.get("content-type")).toBe("application/pdf");
    },
    40_000,
  );
});

const poppler = spawnSync("pdftotext", ["-v"]).error === undefined;

describe.skipIf(findBrowser() === null || !poppler).each(languages)("a briefing's PDF in %s", (language) => {
  let dir: string;
  let pdf: string;

  beforeAll(async () => {
    browser = findBrowser;
    dir = await mkdtemp(join(tmpdir(), "citydeck-pdf-"));
    pdf = join(dir, "briefing.pdf");
    const answer = await fetch(
      `${address}/briefing/${sampleBriefing.id}?lang=${language}&generated=1&format=pdf`,
    );
    if (answer.status !== 200) throw new Error(await answer.text());
    await writeFile(pdf, Buffer.from(await answer.arrayBuffer()));
  });

  afterAll(() => rm(dir, { recursive: true, force: true }));

  const read = (program: string, ...args: readonly string[]): string =>
    execFileSync(program, [...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const bare = (text: string): string => text.normalize("NFKC").replace(/\s/g, "");

  test("says every sentence, with the figures of the briefing", () => {
    const text = bare(read("pdftotext", "-raw", pdf, "-"));
    expect(text).toContain(bare(plainText(sampleBriefing.cover, language)));
    for (const { title, statements } of sampleBriefing.sections) {
      expect(text).toContain(bare(title[language]));
      for (const statement of statements) expect(text).toContain(bare(plainText(statement.text, language)));
    }
    for (const chart of sampleBriefing.sections.map((section) => section.chart))
      if (chart?.kind === "bullet")
        for (const row of chart.rows)
          if (row.value !== null) expect(text).toContain(`${Math.round(row.value)}%`);
  });

  test("is tagged, has bookmarks, and its fonts are in it", async () => {
    expect(read("pdfinfo", pdf)).toMatch(/Tagged: +yes[^]*Page size: +59\d\.\d+ x 84\d/);
    expect((await readFile(pdf)).includes("/Outlines")).toBe(true);
    const fonts = read("pdffonts", pdf).split("\n").slice(2).filter(Boolean);
    for (const font of fonts) expect(font).toMatch(/ yes (?:yes|no) +(?:yes|no) +\d+ +\d+$/);
    expect(fonts.join("\n")).toContain("IBMPlexSans");
    if (language === "zh") expect(fonts.join("\n")).toContain("NotoSansSC");
  });

  test("numbers its pages under a running head", () => {
    const pages = Number(/Pages: +(\d+)/.exec(read("pdfinfo", pdf))![1]);
    for (let page = 1; page <= pages; page++) {
      const text = bare(read("pdftotext", "-f", String(page), "-l", String(page), "-raw", pdf, "-"));
      expect(text).toContain(`${page}/${pages}`);
      expect(text).toContain(bare(sampleBriefing.title[language]));
    }
  });
});
