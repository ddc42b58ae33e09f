import type { Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { example } from '#http/explorers/example.ts';
import { hasChromium } from './chromium.ts';
import { openExplorers } from './explorers.ts';
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

describe.skipIf(!hasChromium())('Apollo Sandbox, in a browser', () => {
  const explorers = openExplorers(example.token);

  test('at the endpoint covers the page, may load, frame and send what it needs, and nothing to others', async () => {
    const { page, complaints, otherHosts } = await visit(explorers.browser, explorers.url, apollo);
    await page.goto(`${explorers.url}/graphql`);
    await page.frameLocator('iframe').getByText('Sandbox').waitFor();
    const answer = JSON.stringify(await page.evaluate('answer'));
    expect(answer).toContain('"displayName":"Admin"');
    expect(answer).toContain('"upstream":{"users"');
    expect(complaints).toEqual([]);
    expect(otherHosts).toContain('embeddable-sandbox.cdn.apollographql.com');
    const covered = await page.evaluate(`document.elementFromPoint(100, 100).tagName`);
    expect(covered).toBe('IFRAME');
    const sent = page.evaluate(`fetch('https://example.com/').then(() => 'sent', () => 'refused')`);
    expect(await sent).toBe('refused');
  });

  test('at the endpoint says so where Apollo cannot be reached, and leads to GraphiQL', async () => {
    const { page, otherHosts } = await visit(explorers.browser, explorers.url);
    await page.goto(`${explorers.url}/graphql`);
    await page.getByText("Apollo Sandbox can't be loaded").waitFor();
    expect(otherHosts).toContain('embeddable-sandbox.cdn.apollographql.com');
    await page.getByRole('link', { name: 'GraphiQL' }).click({ noWaitAfter: true });
    await page.waitForURL(`${explorers.url}/graphiql`, { waitUntil: 'commit' });
  });

  test('at the endpoint says so at once where Apollo does not answer at all', async () => {
    const { page } = await visit(explorers.browser, explorers.url, () => new Promise(() => {}));
    await page.goto(`${explorers.url}/graphql`, { waitUntil: 'commit' });
    await page.getByText("Apollo Sandbox can't be loaded").click();
  });

  test('connects across origins where Apollo hosts it', async () => {
    const { page, complaints } = await visit(explorers.browser, explorers.url, (route) =>
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
    const script = `fetch('${explorers.url}/graphql', ${JSON.stringify(request)}).then((answer) => answer.text())`;
    expect(await page.evaluate(script)).toContain('"upstream":{"users":1');
    expect(complaints).toEqual([]);
  });
});
