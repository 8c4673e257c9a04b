import type { Browser, Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** A page of its own at `url`, closed when the test is over. */
export async function visitPage(
  browser: Browser,
  url: string,
  viewport: { readonly width: number; readonly height: number },
): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: "en-GB" });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}
