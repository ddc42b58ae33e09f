import type { Browser, BrowserContext, Page, Route } from 'playwright-core';

/** A page and what went on in it. */
export interface Visit {
  readonly page: Page;
  /** What the browser had to complain about: errors and warnings on the console, uncaught errors, failed requests. */
  readonly complaints: string[];
  /** Hosts other than that of the server that the page asked for something. */
  readonly otherHosts: string[];
}

/**
 * Opens an empty page, for a browser in a context of its own. Nothing but `origin` can be reached; requests to anything
 * else are noted and answered by `elsewhere`, or fail.
 */
export async function visit(
  browser: Browser | BrowserContext,
  origin: string,
  elsewhere: (route: Route) => Promise<void> = (route) => route.abort(),
): Promise<Visit> {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  const otherHosts: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.route(
    (url) => url.protocol.startsWith('http') && url.origin !== origin,
    async (route) => {
      otherHosts.push(new URL(route.request().url()).host);
      await elsewhere(route);
    },
  );
  return { page, complaints, otherHosts };
}
