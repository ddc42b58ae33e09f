import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { demoCallers, demoUsers, example } from '#http/explorers/example.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { startExplorerService } from './explorers.ts';
import { visit } from './visit.ts';

describe.skipIf(!hasChromium())('the start page in a browser', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  async function open(token: string | undefined, viewport = { width: 1280, height: 900 }) {
    const { url, upstreamUrl, stop } = await startExplorerService(token);
    onTestFinished(stop);
    const visited = await visit(browser, url);
    await visited.page.setViewportSize(viewport);
    await visited.page.goto(url);
    return { ...visited, url, upstreamUrl };
  }

  test('says where everything is, names demo callers and users, and loads nothing', async () => {
    const { page, url, complaints, otherHosts } = await open(example.token);
    const links = await page
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toEqual(['/graphql', '/graphiql', '/health/ready', '/metrics']);
    const text = await page.innerText('main');
    expect(text).toContain(`curl -s ${url}/graphql`);
    for (const { token } of demoCallers) expect(text).toContain(token);
    for (const { id } of demoUsers) expect(text).toContain(id);
    expect(complaints).toEqual([]);
    expect(otherHosts).toEqual([]);
  });

  test('names a real REST API, and holds no demo data', async () => {
    const { page, upstreamUrl, complaints } = await open(undefined);
    const text = await page.innerText('main');
    expect(text).toContain(upstreamUrl);
    expect(text).toContain('Bearer YOUR-TOKEN');
    expect(text).not.toMatch(/demo-|61100af5/);
    expect(complaints).toEqual([]);
  });

  test('fits the width of a phone, and is dark where the browser is', async () => {
    const { page } = await open(example.token, { width: 360, height: 740 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    const background = () => page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
  });
});
