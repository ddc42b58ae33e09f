import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { example } from '#http/explorers/example.ts';
import { type RunningServer, start } from '#http/start.ts';
import { type MockApi, startMockApi } from '#mock-api/start.ts';
import { readConfig } from '#process/config.ts';
import { hasChromium, launchChromium } from './chromium.ts';
import { visit } from './visit.ts';

/** What Apollo's own script does on the page: shows Sandbox in a frame, and sends the requests that it orders. */
const EMBED = `
  window.EmbeddedSandbox = class {
    constructor({ target, initialEndpoint, initialState: { document: query, variables, headers } }) {
      const frame = document.createElement('iframe');
      frame.src = 'https://sandbox.embed.apollographql.com/sandbox/explorer';
      document.querySelector(target).append(frame);
      const body = JSON.stringify({ query, variables });
      window.answer = fetch(initialEndpoint, {
        method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' },
      }).then((response) => response.json());
    }
  };`;

async function apollo(route: Route): Promise<void> {
  const url = route.request().url();
  if (url.includes('/embeddable-sandbox.umd')) {
    await route.fulfill({ contentType: 'text/javascript', body: EMBED });
  } else if (url.startsWith('https://sandbox.embed.apollographql.com/')) {
    await route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>Sandbox</p>' });
  } else {
    await route.fulfill({ status: 204, headers: { 'access-control-allow-origin': '*' } });
  }
}

describe.skipIf(!hasChromium())('Apollo Sandbox at the endpoint, in a browser', () => {
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

  test('may load, frame and send what it needs, and its prefilled operation works', async () => {
    const { page, complaints, otherHosts } = await visit(browser, layer.url, apollo);
    await page.goto(`${layer.url}/graphql`);
    await page.frameLocator('iframe').getByText('Sandbox').waitFor();
    const answer = JSON.stringify(await page.evaluate('answer'));
    expect(answer).toContain('"displayName":"Admin"');
    expect(answer).toContain('"upstream":{"users":1');
    expect(complaints).toEqual([]);
    expect(otherHosts).toContain('embeddable-sandbox.cdn.apollographql.com');
  });

  test('cannot send what it knows to another host', async () => {
    const { page } = await visit(browser, layer.url, apollo);
    await page.goto(`${layer.url}/graphql`);
    const sent = page.evaluate(`fetch('https://example.com/').then(() => 'sent', () => 'refused')`);
    expect(await sent).toBe('refused');
  });

  test('hosted by Apollo, it connects across origins', async () => {
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
