import { describe, expect, test } from 'vitest';
import { example } from '#http/explorers/example.ts';
import { hasChromium } from './chromium.ts';
import { openExplorers } from './explorers.ts';
import { visit } from './visit.ts';

describe.skipIf(!hasChromium())('Apollo Sandbox as Apollo hosts it, in a browser', () => {
  const explorers = openExplorers(example.token);

  test('connects across origins', async () => {
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
