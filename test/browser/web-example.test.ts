import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type RunningServer, start } from '#http/service.ts';
import { type MockApi, type MockApiRequest, startMockApi } from '#mock-api/start.ts';
import { readConfig } from '#process/config.ts';
import { hasPackages } from '../../examples/web/install-packages.ts';
import { startWeb } from '../../examples/web/start-web.ts';
import { communityId, userId } from '../support/demo.ts';
import { freePort } from '../support/free-port.ts';
import {
  always,
  answerFromDemoData,
  envelope,
  type RestHandler,
  sendJson,
  startRestApi,
} from '../support/rest-api.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { visit } from './visit.ts';

const CARD_FLAGS = 'displayName&username&isOnline';
const PAGE = fileURLToPath(new URL('../../examples/web', import.meta.url));
const ADMIN = { name: 'Admin @admin' };

describe.skipIf(!hasChromium() || !hasPagePackages())('the web example', () => {
  const requests: MockApiRequest[] = [];
  let restApi: MockApi;
  let service: RunningServer;
  let browser: Browser;
  let built: string;
  /** A tab that is used again and again: to open a new one takes longer than to load the page. */
  let page: Page;

  beforeAll(async () => {
    restApi = await startMockApi({ onRequest: (request) => requests.push(request) });
    service = await startService(restApi.url);
    built = await buildPage();
    browser = await launchChromium();
    // What is animated is painted all the time, without being looked at.
    page = await browser.newPage({ reducedMotion: 'reduce' });
    page.setDefaultTimeout(120_000);
    // Before whichever service: the page as it was built.
    await page.route(
      ({ pathname }) => pathname !== '/graphql',
      (route) => {
        const { pathname } = new URL(route.request().url());
        return route.fulfill({ path: join(built, pathname === '/' ? 'index.html' : pathname) });
      },
    );
  });
  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    await restApi?.stop();
    if (built) await rm(built, { recursive: true, force: true });
  });

  /** Opens the page, waits for the members, and forgets the REST calls that they took. */
  async function openDirectory(): Promise<void> {
    await page.goto(service.url);
    await page.getByRole('button', ADMIN).waitFor();
    requests.length = 0;
  }

  /** Opens the page over a REST API that answers so. */
  async function openOver(handler: RestHandler): Promise<void> {
    const own = await startService((await startRestApi(handler)).url);
    onTestFinished(() => own.stop());
    await page.goto(own.url);
  }

  test('as `npm run example:web` serves it, it reads the members with one operation, and each with one GET of exactly what a card shows', async () => {
    const web = await startWeb({ upstreamUrl: restApi.url });
    onTestFinished(() => web.stop());
    const { page, complaints, otherHosts } = await visit(browser, web.url);
    requests.length = 0;
    const operations: unknown[] = [];
    page.on('request', (request) => {
      if (request.url() === `${web.url}/graphql`) operations.push(request.postDataJSON());
    });
    await page.goto(web.url);
    await page.getByRole('button', ADMIN).waitFor();
    expect(await page.getByRole('list', { name: 'Members' }).getByRole('button').count()).toBe(40);
    // React's development mode mounts each component twice; the second one joins the first one's operation.
    expect(operations).toEqual([expect.objectContaining({ operationName: 'Directory' })]);
    expect(operations[0]).not.toHaveProperty('query');
    // The one that answers 500 is tried again.
    const urls = [...new Set(requests.map(({ url }) => url))];
    expect(urls).toHaveLength(40);
    expect(urls.filter((url) => !url.endsWith(`?${CARD_FLAGS}`))).toEqual([]);
    expect(complaints).toEqual([]);
    expect(otherHosts).toEqual([]);
  });

  test('shows who is absent and who could not be read, each at its place', async () => {
    await openDirectory();
    await page.getByRole('button', { name: 'No such member' }).waitFor();
    await page.getByRole('button', { name: 'Unavailable' }).waitFor();
    await page.getByText('1 of 40 members could not be read').waitFor();
  });

  test('a profile costs one GET of what the card did not have, and nothing when it is opened again', async () => {
    await openDirectory();
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('link', { name: 'admin@example.com' }).waitFor();
    const path = `/apis/v1/communities/${communityId}/users/${userId()}`;
    expect(requests.map(({ url }) => url)).toEqual([`${path}?id&avatar&firstName&lastName&email&lastLogin`]);
    await page.getByRole('button', { name: 'Close the profile' }).click();
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('link', { name: 'admin@example.com' }).waitFor();
    expect(requests).toHaveLength(1);
  });

  test('the drawer shows the REST calls of the last operation', async () => {
    await openDirectory();
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('button', { name: 'Profile made 1 REST call' }).click();
    const calls = page.getByRole('list', { name: 'REST calls' }).getByRole('listitem');
    expect(await calls.allTextContents()).toEqual([
      expect.stringContaining(`/users/${userId()}?id&avatar&firstName&lastName&email&lastLogin200`),
    ]);
  });

  test('a plain member sees that e-mail and last login are hidden, and nothing of what the owner saw', async () => {
    await openDirectory();
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('link', { name: 'admin@example.com' }).waitFor();
    requests.length = 0;
    await page.getByRole('radio', { name: 'Member' }).check();
    await page.getByText('Hidden from you').first().waitFor();
    expect(await page.getByText('Hidden from you').count()).toBe(2);
    expect(await page.getByText('admin@example.com').count()).toBe(0);
    expect(new Set(requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer demo-member']),
    );
  });

  test('says whether the session has expired, or who asks is no member: the REST API answers 401 to both', async () => {
    await openDirectory();
    for (const [caller, words] of [
      ['Expired', 'Your session has expired'],
      ['Outsider', 'You are not a member'],
    ] as const) {
      await page.getByRole('radio', { name: caller }).check();
      await page.getByRole('alert').filter({ hasText: words }).waitFor();
    }
  });

  test('the panel says of each difficult member what is the matter', async () => {
    await openDirectory();
    for (const [name, words] of [
      ['Absent', 'No such member'],
      ['Failing', 'The community platform is unavailable'],
      ['Forbidden', 'Not for you'],
      ['Broken', 'The answer makes no sense'],
    ] as const) {
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await page.getByRole('complementary').getByText(words).waitFor();
    }
  });

  test('Rate limited: the panel says "Too many requests"', async () => {
    await openOver((request, response) => {
      if (request.url.includes('f006?')) sendJson(response, 429, {}, { 'retry-after': '60' });
      else answerFromDemoData(request, response);
    });
    await page.getByRole('button', { name: /^Rate limited/ }).click();
    await page.getByRole('complementary').getByText('Too many requests').waitFor();
  });

  test('a field that fails leaves the others of the profile in place', async () => {
    const data = {
      displayName: 'Ada',
      username: 'ada',
      isOnline: true,
      email: 'ada@example.com',
      lastLogin: 42,
    };
    await openOver(always(200, envelope(data)));
    await page.getByRole('button', { name: 'Ada @ada' }).first().click();
    await page.getByRole('link', { name: 'ada@example.com' }).waitFor();
    expect(await page.getByText('Could not be read').count()).toBe(1);
  });

  test('Slow: the panel says "The community platform is slow today", and shows who it is in the end', async () => {
    const held: (() => void)[] = [];
    await openOver((request, response) => {
      if (request.url.includes('f001?')) held.push(() => answerFromDemoData(request, response));
      else answerFromDemoData(request, response);
    });
    await page.getByRole('button', { name: /^Slow/ }).click();
    await page.getByRole('complementary').getByText('The community platform is slow today').waitFor();
    for (const release of held) release();
    await page.getByRole('complementary').getByText('E-mail').waitFor();
  });

  test('the keyboard opens a profile, closes it, and is back at the card', async () => {
    await openDirectory();
    await page.getByRole('radio', { name: 'Owner' }).focus();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toContain('Admin');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'admin@example.com' }).waitFor();
    expect(await focused(page)).toBe('Admin');
    await page.keyboard.press('Escape');
    await page.getByRole('complementary').waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('@admin');
  });

  test('the keyboard stays in the switch while callers change, with a profile open', async () => {
    await openDirectory();
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('radio', { name: 'Owner' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByText('Hidden from you').first().waitFor();
    expect(await page.evaluate('document.activeElement.closest("label").textContent')).toBe('Member');
  });

  test('on a phone nothing is cut off, and the profile takes the place of the members', async () => {
    await openDirectory();
    const whole = page.viewportSize() ?? { width: 1280, height: 720 };
    onTestFinished(() => page.setViewportSize(whole));
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('link', { name: 'admin@example.com' }).waitFor();
    expect(await page.getByRole('button', ADMIN).isVisible()).toBe(false);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
    await page.getByRole('button', ADMIN).waitFor();
    expect(await focused(page)).toContain('@admin');
  });

  test('follows the color scheme, light or dark', async () => {
    await openDirectory();
    onTestFinished(() => page.emulateMedia({ colorScheme: null }));
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const [text = 0, ground = 0] = await page.evaluate<number[]>(LIGHTNESS);
      expect(colorScheme === 'dark' ? text - ground : ground - text).toBeGreaterThan(150);
    }
  });

  test('says that the REST API is unavailable, and shows the members once it is back', async () => {
    const port = await freePort();
    const first = await startMockApi({ port });
    onTestFinished(() => first.stop());
    const own = await startService(first.url);
    onTestFinished(() => own.stop());
    await page.goto(own.url);
    await page.getByRole('button', ADMIN).waitFor();

    await first.stop();
    await page.getByRole('radio', { name: 'Member' }).check();
    await page.getByRole('alert').filter({ hasText: 'The community platform is unavailable' }).waitFor();

    const second = await startMockApi({ port });
    onTestFinished(() => second.stop());
    // The breaker has opened, and lets single probes through for a while.
    await expect
      .poll(
        async () => {
          const again = page.getByRole('button', { name: 'Try again' });
          if (await again.isVisible()) await again.click();
          return page.getByRole('button', ADMIN).isVisible();
        },
        { timeout: 120_000, interval: 300 },
      )
      .toBe(true);
  });

  test('works with a service that requires trusted documents, and refuses an ad-hoc query', async () => {
    const own = await startWeb({ upstreamUrl: restApi.url, requireTrusted: true });
    onTestFinished(() => own.stop());
    await page.goto(own.url);
    await page.getByRole('button', ADMIN).click();
    await page.getByRole('link', { name: 'admin@example.com' }).waitFor();
    const answer = await page.evaluate(`fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer demo-owner' },
      body: JSON.stringify({ query: '{ communityUser(communityId: "c", userId: "u") { email } }' }),
    }).then((response) => response.json())`);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_DOCUMENT_REQUIRED' } }] });
  });
});

/** Whether the page can be served; says so where it can't. */
function hasPagePackages(): boolean {
  if (hasPackages()) return true;
  console.info('Skipped, since examples/web has no packages: npm ci --prefix examples/web installs them.');
  return false;
}

/** The service, with the documents of the page. */
function startService(upstreamUrl: string): Promise<RunningServer> {
  const PERSISTED_DOCUMENTS = `${PAGE}/src/generated/persisted-documents.json`;
  return start(readConfig({ PORT: '0', UPSTREAM_URL: upstreamUrl, PERSISTED_DOCUMENTS }));
}

/** Builds the page into a folder of its own, as who deploys it does. */
async function buildPage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'web-example-'));
  await promisify(execFile)(
    process.execPath,
    [`${PAGE}/node_modules/vite/bin/vite.js`, 'build', '--outDir', folder],
    { cwd: PAGE, env: { ...process.env, NODE_ENV: 'production' } },
  );
  return folder;
}

/** The text of what has the focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate('document.activeElement.textContent');
}

/** By how much the page is wider than the window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

/** Lightness of text and ground, from 0 to 255. */
const LIGHTNESS = `['color', 'backgroundColor'].map((name) =>
  Math.max(...getComputedStyle(document.body)[name].match(/\\d+/g).map(Number)))`;
