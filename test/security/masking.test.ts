import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { startLayer } from '../support/layer.ts';
import { always, startRestApi } from '../support/rest-api.ts';

const query = '{ communityUser(communityId: "c", userId: "u") { username } }';

/** A log that breaks on the line of an operation, as something that nobody foresaw. */
function brokenLog(): { logger: pino.Logger; lines: string[] } {
  const lines: string[] = [];
  const write = (line: string) => {
    if (line.includes('"outcome"')) throw new Error('a detail at /srv/secret.ts:1');
    lines.push(line);
  };
  return { logger: pino({}, { write }), lines };
}

describe.each([
  ['in production', { NODE_ENV: 'production' }],
  ['in development', { NODE_ENV: 'development' }],
  ['as it comes', {}],
])('%s', (_, env) => {
  test.each(['{ __typename }', '{', '', query, '{ nothing }'])(
    'an error that nobody foresaw is told to the log, and to nobody else: %j',
    async (text) => {
      const { logger, lines } = brokenLog();
      const layer = await startLayer({ env, start: { logger } });
      const answer = await layer.query(text, { headers: { 'x-request-id': 'request-1' } });
      expect(answer).toMatchObject({
        status: 500,
        errors: [
          {
            message: 'Internal server error',
            extensions: { code: 'INTERNAL_SERVER_ERROR', retryable: false, requestId: 'request-1' },
          },
        ],
      });
      expect(JSON.stringify(answer)).not.toMatch(/secret|detail|stack|\.ts/);
      expect(lines.join()).toContain('a detail at /srv/secret.ts:1');
    },
  );

  test('an answer says nothing of where the REST API is, or of what it said', async () => {
    const restApi = await startRestApi(always(500, { message: 'a detail at /srv/secret.ts:1' }));
    const layer = await startLayer({ restApi, env: { ...env, UPSTREAM_ATTEMPTS: '1' } });
    const text = JSON.stringify(await layer.query(query, { headers: { 'x-upstream-report': '1' } }));
    expect(text).toContain('UPSTREAM_UNAVAILABLE');
    expect(text).not.toMatch(/secret|detail|stack|127\.0\.0\.1|localhost/);
    expect(text).not.toContain(new URL(restApi.url).port);
  });

  test('nor does one where there is no REST API', async () => {
    const layer = await startLayer({
      env: { ...env, UPSTREAM_URL: 'http://127.0.0.1:9', UPSTREAM_ATTEMPTS: '1' },
    });
    const text = JSON.stringify(await layer.query(query, { headers: { 'x-upstream-report': '1' } }));
    expect(text).toContain('UPSTREAM_UNAVAILABLE');
    expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1|:9\b|stack/);
  });
});

test('the report is not to be had in production', async () => {
  const report = { headers: { 'x-upstream-report': '1' } };
  const closed = await startLayer({ env: { NODE_ENV: 'production' } });
  expect(await closed.query(query, report)).not.toHaveProperty('extensions');
  const open = await startLayer();
  expect(await open.query(query, report)).toHaveProperty('extensions.upstream');
});
