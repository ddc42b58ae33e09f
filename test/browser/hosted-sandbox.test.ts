import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { example } from '#http/explorers/example.ts';
import { type RunningServer, start } from '#http/service.ts';
import { type MockApi, startMockApi } from '#mock-api/start.ts';
import { readConfig } from '#process/config.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { visit } from './visit.ts';

describe.skipIf(!hasChromium())('Apollo Sandbox as Apollo hosts it, in a browser', () => {
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

  test('connects across origins', async () => {
    const { page, complaints } = await visit(browser, layer.url, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,">' }),
    );
    // Chromium asks the person whether a public site may reach the machine that it runs on.
    await page.context().grantPermissions(['local-network-access']);
    await page.goto('https://studio.apollographql.com/sandbox/explorer');
    const { query, variables, token } = example;
    const request = {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        'x-upstream-report': '1',
      },
      body: JSON.stringify({ query, variables }),
    };
    const script = `fetch('${layer.url}/graphql', ${JSON.stringify(request)}).then((answer) => answer.text())`;
    expect(await page.evaluate(script)).toContain('"upstream":{"users":1');
    expect(complaints).toEqual([]);
  });
});
