import type { Browser, Page, Route } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** A page and what went on in it. */
export interface Visit {
  readonly page: Page;
  /** What the browser had to complain about: errors and warnings on the console, uncaught errors, failed requests. */
  readonly complaints: string[];
  /** Hosts other than that of the server that the page asked for something. */
  readonly otherHosts: string[];
}

type Answer = (route: Route) => Promise<void>;

/** Opens an empty page as `openPage` does, until the end of the test. */
export async function visit(browser: Browser, origin: string, elsewhere?: Answer): Promise<Visit> {
  const visited = await openPage(browser, origin, elsewhere);
  onTestFinished(() => visited.page.close());
  return visited;
}

/**
 * Opens an empty page that knows nothing of others. Requests to anything but `origin` are noted, and answered by
 * `elsewhere`, or fail.
 */
export async function openPage(browser: Browser, origin: string, elsewhere?: Answer): Promise<Visit> {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  const otherHosts: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const isElsewhere = (url: URL) => url.protocol.startsWith('http') && url.origin !== origin;
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (isElsewhere(url)) otherHosts.push(url.host);
  });
  // With any route, Chromium does without its cache.
  if (elsewhere !== undefined) await page.route(isElsewhere, elsewhere);
  return { page, complaints, otherHosts };
}
