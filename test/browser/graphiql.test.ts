import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { example } from '#http/explorers/example.ts';
import { type RunningServer, start } from '#http/start.ts';
import { type MockApi, startMockApi } from '#mock-api/start.ts';
import { readConfig } from '#process/config.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { visit } from './visit.ts';

const RUN = '.graphiql-execute-button';
const ANSWER = '.result-window';

describe.skipIf(!hasChromium())('GraphiQL in a browser without internet', () => {
  let mockApi: MockApi;
  let layer: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    mockApi = await startMockApi();
    const config = { ...readConfig({ PORT: '0' }), upstreamUrl: new URL(mockApi.url) };
    layer = await start(config, { exampleToken: example.token });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await layer?.stop();
    await mockApi?.stop();
  });

  test('answers the prefilled operation, with its upstream report, at the press of Run', async () => {
    const { page, complaints, otherHosts } = await visit(browser, layer.url);
    await page.goto(`${layer.url}/graphiql`);
    await page.click(RUN);
    const answer = page.locator(ANSWER, { hasText: '"upstream"' });
    const text = (await answer.textContent())?.replaceAll(/\s/g, '');
    expect(text).toContain('"displayName":"Admin"');
    expect(text).toContain('"email":"admin@example.com"');
    expect(text).toContain('"users":1,"calls":[{"method":"GET"');
    expect(text).toContain(`/users/${example.variables.userId}?displayName&email&isOnline&lastLogin"`);
    expect(complaints).toEqual([]);
    expect(otherHosts).toEqual([]);
  });

  test('completes field names and marks unknown ones, which takes its workers and the schema', async () => {
    const { page, complaints } = await visit(browser, layer.url);
    await page.goto(`${layer.url}/graphiql`);
    const editor = page.locator('.graphiql-query-editor');
    await editor.getByText('displayName').click();
    await page.keyboard.press('End');
    await page.keyboard.type('\n    userna');
    await page.locator('.suggest-widget', { hasText: 'username' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('zz');
    await page.locator('.squiggly-error').first().waitFor();
    expect(complaints).toEqual([]);
  });

  test('works again after a reload, and leaves no token in the storage of the browser', async () => {
    const { page, complaints } = await visit(browser, layer.url);
    await page.goto(`${layer.url}/graphiql`);
    await page.click(RUN);
    await page.locator(ANSWER, { hasText: '"upstream"' }).waitFor();
    await page.reload();
    await page.click(RUN);
    await page.locator(ANSWER, { hasText: '"upstream"' }).waitFor();
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(example.token);
    expect(complaints).toEqual([]);
  });
});
