import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoUsers, example } from '#http/explorers/example.ts';
import { hasChromium } from './chromium.ts';
import { openExplorers } from './explorers.ts';
import { openPage, type Visit } from './visit.ts';

const RUN = '.graphiql-execute-button';
const ANSWER = '.result-window';
const CALLS = '#rest-calls tbody tr';

async function run(page: Page): Promise<string> {
  await page.click(RUN);
  const answer = page.locator(ANSWER, { hasText: '"data"' });
  return ((await answer.textContent()) ?? '').replaceAll(/\s/g, '');
}

/** Where the bars of the REST calls begin, and how wide they are, in pixels. */
function barsOf(page: Page): Promise<{ left: number; width: number }[]> {
  const bars = page.locator(`${CALLS} .bar`);
  return bars.evaluateAll((all) =>
    all.map((bar) => ({ left: bar.getBoundingClientRect().left, width: bar.clientWidth })),
  );
}

/** Changes to the tab of an operation, and waits until Run sends it. */
async function changeTab(page: Page, operation: string): Promise<void> {
  await page.getByRole('tab', { name: operation }).click();
  await page.locator('.graphiql-query-editor', { hasText: `query ${operation}` }).waitFor();
  // GraphiQL takes note of the operation's name a moment later, and then keeps it.
  await stored(page, `"operationName":"${operation}"`);
}

/** Waits until GraphiQL has kept this text of its tabs. */
async function stored(page: Page, text: string): Promise<void> {
  await page.waitForFunction((part) => localStorage.getItem('graphiql:tabState')?.includes(part), text);
}

describe.skipIf(!hasChromium())('GraphiQL in a browser without internet', () => {
  const explorers = openExplorers(example.token);
  /** One tab, which has the bundle at hand after the first test. */
  let opened: Visit;

  beforeAll(async () => {
    opened = await openPage(explorers.browser, explorers.url);
  });

  beforeEach(async () => {
    const { page, complaints, otherHosts } = opened;
    await page.goto('about:blank');
    const devTools = await page.context().newCDPSession(page);
    await devTools.send('Storage.clearDataForOrigin', { origin: explorers.url, storageTypes: 'all' });
    await devTools.detach();
    complaints.length = 0;
    otherHosts.length = 0;
    await page.goto(`${explorers.url}/graphiql`);
  });

  test('answers the prefilled operation at the press of Run, and asks no other host for anything', async () => {
    const { page, complaints, otherHosts } = opened;
    const text = await run(page);
    expect(text).toContain('"displayName":"Admin"');
    expect(text).toContain('"email":"admin@example.com"');
    expect(complaints).toEqual([]);
    expect(otherHosts).toEqual([]);
  });

  test('shows each REST call of an answer below it, with all that the report has', async () => {
    const { page, complaints } = opened;
    await page.locator('#rest-calls', { hasText: 'x-upstream-report: timeline' }).waitFor();
    await changeTab(page, 'DemoUsers');
    await page.click(RUN);
    const rows = page.locator(CALLS);
    await rows.nth(demoUsers.length - 1).waitFor();
    expect(await rows.count()).toBe(demoUsers.length);
    const slow = rows.filter({ hasText: demoUsers[1]?.id ?? '' });
    expect(await slow.innerText()).toMatch(/^200\s+GET\s.*\?displayName&email\s+\d\.\d\d s\s+\d+ B\s+1$/s);
    expect(await rows.filter({ hasText: demoUsers[4]?.id ?? '' }).innerText()).toMatch(/3 ×$/);
    const widths = await barsOf(page).then((bars) => bars.map(({ width }) => width));
    expect(Math.max(...widths)).toBeGreaterThan(100);
    expect(Math.max(...widths)).toBeGreaterThan(Math.min(...widths));
    expect(await page.locator('#rest-calls header').innerText()).toMatch(
      /GETs · for 8 users .* slowest \d\.\d\d s/s,
    );
    expect(complaints).toEqual([]);
  });

  test('shows REST calls as a waterfall: each begins in its row where it began in time', async () => {
    const { page } = opened;
    const call = { method: 'GET', status: 200, bytes: 1, attempts: 1, shared: false };
    const calls = [
      { ...call, path: '/last', startMs: 60.5, durationMs: 40 },
      { ...call, path: '/first', startMs: 0.5, durationMs: 60 },
    ];
    await page.evaluate(`import(new URL('rest-calls.js', document.querySelector('script[src$="start.js"]').src))
      .then(({ showRestCalls }) => showRestCalls(
        document.querySelector('#rest-calls'), ${JSON.stringify({ users: 2, calls })}))`);
    expect(await page.locator(`${CALLS} .request b`).allInnerTexts()).toEqual(['first', 'last']);
    const [first, last] = await barsOf(page);
    if (first === undefined || last === undefined) throw new Error('There are not two bars.');
    expect(first.width / last.width).toBeCloseTo(60 / 40, 1);
    // What waited for the first one begins where that one ends.
    expect(Math.abs(last.left - (first.left + first.width))).toBeLessThan(3);
  });

  test('completes field names and marks unknown ones, which takes its workers and the schema', async () => {
    const { page, complaints } = opened;
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

  test('keeps tabs, headers and history in the browser', async () => {
    const { page, complaints } = opened;
    await run(page);
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool').getByText(example.token).click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('-edited');
    await stored(page, '-edited');
    await page.reload();
    await page.locator(RUN).waitFor();
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Profile', 'DemoUsers']);
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool', { hasText: '-edited' }).waitFor();
    await page.getByRole('button', { name: 'Show History' }).click();
    await page.locator('.graphiql-history-item', { hasText: 'Profile' }).waitFor();
    // Sent with the token as edited, which is nobody's.
    await page.click(RUN);
    await page.locator(ANSWER, { hasText: 'did not accept the token' }).waitFor();
    expect(complaints).toEqual([]);
  });
});
