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

describe.skipIf(!hasChromium())('Apollo Sandbox at the endpoint, in a browser', () => {
  const explorers = openExplorers(example.token);

  test('may load, frame and send what it needs, and its prefilled operation works', async () => {
    const { page, complaints, otherHosts } = await visit(explorers.browser, explorers.url, apollo);
    await page.goto(`${explorers.url}/graphql`);
    await page.frameLocator('iframe').getByText('Sandbox').waitFor();
    const answer = JSON.stringify(await page.evaluate('answer'));
    expect(answer).toContain('"displayName":"Admin"');
    expect(answer).toContain('"upstream":{"users"');
    expect(complaints).toEqual([]);
    expect(otherHosts).toContain('embeddable-sandbox.cdn.apollographql.com');
  });

  test('cannot send what it knows to another host', async () => {
    const { page } = await visit(explorers.browser, explorers.url, apollo);
    await page.goto(`${explorers.url}/graphql`);
    const sent = page.evaluate(`fetch('https://example.com/').then(() => 'sent', () => 'refused')`);
    expect(await sent).toBe('refused');
  });

  test('says so where Apollo cannot be reached, and leads to GraphiQL', async () => {
    const { page } = await visit(explorers.browser, explorers.url);
    await page.goto(`${explorers.url}/graphql`);
    await page.getByText("Apollo Sandbox can't be loaded").waitFor();
    await page.getByRole('link', { name: 'GraphiQL' }).click();
    await page.locator('.graphiql-execute-button').waitFor();
    expect(page.url()).toContain('/graphiql');
  });

  test('shows that at once where Apollo does not answer at all', async () => {
    const { page } = await visit(explorers.browser, explorers.url, () => new Promise(() => {}));
    await page.goto(`${explorers.url}/graphql`, { waitUntil: 'commit' });
    await page.getByText("Apollo Sandbox can't be loaded").click();
  });

  test('hides that where it is there', async () => {
    const { page } = await visit(explorers.browser, explorers.url, apollo);
    await page.goto(`${explorers.url}/graphql`);
    await page.frameLocator('iframe').getByText('Sandbox').waitFor();
    const covered = await page.evaluate(`document.elementFromPoint(100, 100).tagName`);
    expect(covered).toBe('IFRAME');
  });
});
