import { type AuditResult, serverAudits } from 'graphql-http';
import { describe, expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';

/**
 * The audits of the GraphQL over HTTP specification, by graphql-http. Every MUST and SHOULD is fulfilled. What the
 * specification says a server MAY do and this one does not, by the audit's id, with the reason.
 */
const DECLINED: Readonly<Record<string, string>> = {
  '5A70':
    'A GET that any page can make a browser send is refused (CSRF): it needs a header that a page cannot set.',
  D6D5: 'The same: a GET without such a header.',
  '6A70': 'The same: a GET without such a header.',
};

const audits = serverAudits({ url: 'http://localhost' }).map(({ id, name }) => ({ id, name }));

async function run(id: string, headers: Record<string, string> = {}): Promise<AuditResult> {
  const layer = await startLayer();
  const fetchFn: typeof fetch = (url, init) =>
    fetch(url, { ...init, headers: { ...init?.headers, ...headers } });
  const audit = serverAudits({ url: `${layer.url}/graphql`, fetchFn }).find((one) => one.id === id);
  if (audit === undefined) throw new Error(`There is no audit ${id}`);
  return audit.fn();
}

describe('GraphQL over HTTP', () => {
  test.each(audits.filter(({ id }) => !(id in DECLINED)))('$id $name', async ({ id }) => {
    expect(await run(id)).toMatchObject({ status: 'ok' });
  });

  test.each(Object.keys(DECLINED))('%s is a MAY that is declined', async (id) => {
    expect(await run(id)).toMatchObject({ status: 'notice', name: expect.stringMatching(/^MAY/) });
  });

  test.each(Object.keys(DECLINED))('%s is fulfilled with a header that no page can set', async (id) => {
    expect(await run(id, { 'apollo-require-preflight': '1' })).toMatchObject({ status: 'ok' });
  });
});
