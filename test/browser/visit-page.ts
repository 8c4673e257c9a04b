import type { Browser, BrowserContext, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { testToken } from "../running-city.ts";

/** A page of its own at `url`, of a browser that is signed in; closed when the test is over. */
export async function visitPage(
  browser: Browser,
  url: string,
  viewport: { readonly width: number; readonly height: number },
  device: { readonly hasTouch?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: "en-GB", ...device });
  onTestFinished(() => context.close());
  await signIn(context, url);
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** What a browser keeps once somebody has given it the token of the city at `url`. */
export async function signIn(context: BrowserContext, url: string): Promise<void> {
  const { origin, port } = new URL(url);
  await context.addCookies([
    { name: `citydeck-token-${port}`, value: testToken, url: origin, httpOnly: true, sameSite: "Strict" },
  ]);
}

/** Says at a page of the desk who is at it, as its form does, and loads it anew. */
export async function takeDuty(page: Page, position: string, shift: string): Promise<Page> {
  await page.evaluate(
    (duty) => localStorage.setItem("citydeck-duty", duty),
    JSON.stringify({ position, shift }),
  );
  await page.reload();
  return page;
}
