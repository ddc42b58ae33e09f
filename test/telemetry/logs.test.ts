import { describe, expect, test } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { sendJson, startRestApi } from '../support/rest-api.ts';
import { startTestService } from '../support/test-service.ts';
import { logLines } from './log-lines.ts';
import { startLoggedLayer } from './logged-layer.ts';

const variables = { c: communityId, u: userId(1) };
const query = 'query Profile($c: ID!, $u: ID!) { communityUser(communityId: $c, userId: $u) { email } }';

/** A connection that is kept would be waited for when the service stops. */
const ALONE = { connection: 'close' };

describe('the log', () => {
  test('has one line for an operation', async () => {
    const layer = await startLoggedLayer();
    await layer.query(
      { query, variables },
      { authorization: 'Bearer demo-owner', 'x-request-id': 'request-1' },
    );
    expect(layer.lines).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        pid: process.pid,
        hostname: expect.any(String),
        msg: 'operation',
        requestId: 'request-1',
        operation: 'Profile',
        outcome: 'ok',
        durationMs: expect.any(Number),
        errors: 0,
        users: 1,
        gets: 1,
        shared: 0,
        attempts: 1,
        bytes: expect.any(Number),
      },
    ]);
  });

  test('has one more line for a GET that failed, which says why', async () => {
    const restApi = await startRestApi((_request, response) => sendJson(response, 403, { secret: 'body' }));
    const layer = await startLoggedLayer({ restApi });
    await layer.query({ query, variables });
    expect(layer.lines).toMatchObject([
      {
        level: 40,
        msg: 'The REST API does not let this caller read it.',
        path: getOf(userId(1), 'email'),
        status: 403,
        attempts: 1,
        durationMs: expect.any(Number),
      },
      { level: 30, msg: 'operation', outcome: 'partial', errors: 1, gets: 1 },
    ]);
    expect(layer.lines[0]?.requestId).toBe(layer.lines[1]?.requestId);
  });

  test('names the failure of a connection by its code', async () => {
    const restApi = await startRestApi();
    const layer = await startLoggedLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
    await restApi.stop();
    await layer.query({ query, variables });
    expect(layer.lines[0]).toMatchObject({ level: 40, status: null, attempts: 1, reason: 'ECONNREFUSED' });
  });

  test('says how an operation ended', async () => {
    const layer = await startLoggedLayer();
    await layer.query({ query: '{' });
    await layer.query({ query: '{ nothing }' });
    await layer.query({ query, variables: {} });
    await layer.query({ query, variables: { ...variables, u: 'no id' } });
    await layer.query({ query: '{ __typename }' });
    expect(layer.lines.map(({ outcome }) => outcome)).toEqual([
      'refused',
      'refused',
      'refused',
      'partial',
      'ok',
    ]);
  });

  test('has no error where the client went away', async () => {
    const asked = Promise.withResolvers<void>();
    const restApi = await startRestApi(() => asked.resolve());
    const layer = await startLoggedLayer({ restApi });
    const abort = new AbortController();
    const { signal } = abort;
    const logged = layer.next('operation');
    const headers = { 'content-type': 'application/json', authorization: 'Bearer demo-owner' };
    const body = JSON.stringify({ query, variables });
    const answer = fetch(`${layer.url}/graphql`, { method: 'POST', headers, body, signal });
    await asked.promise;
    abort.abort();
    await expect(answer).rejects.toThrow();
    expect(await logged).toMatchObject({ outcome: 'cancelled', gets: 1 });
    expect(layer.lines).toHaveLength(1);
  });

  test('cuts off the name of an operation', async () => {
    const layer = await startLoggedLayer();
    await layer.query({ query: `query ${'N'.repeat(5000)} { __typename }` });
    expect(layer.lines[0]?.operation).toBe('N'.repeat(100));
  });

  test('holds neither a token, nor a variable, nor a piece of a document or of an answer', async () => {
    const secret = 's3cr3t';
    const answers: [number, string][] = [
      [200, `{"data":{"email":"${secret}"}}`],
      [200, `{"data":{"email":{"${secret}":1}}}`],
      [200, `${secret} is no JSON`],
      [401, `{"message":"${secret} is no token"}`],
      [500, secret],
    ];
    let asked = 0;
    const restApi = await startRestApi(({ headers }, response) => {
      expect(headers.authorization).toBe(`Bearer ${secret}`);
      const [status, body] = answers[asked++ % answers.length] ?? [500, ''];
      sendJson(response, status, body, { [secret]: secret });
    });
    const layer = await startLoggedLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
    const token = { authorization: `Bearer ${secret}` };
    for (const _ of answers) await layer.query({ query, variables }, token);
    expect(asked).toBe(answers.length);
    await layer.query({ query, variables: { ...variables, u: { [secret]: secret } } }, token);
    await layer.query({ query, variables: { ...variables, u: `${secret}!` } }, token);
    await layer.query({ query, variables: { ...variables, [secret]: secret } }, token);
    await layer.query({ query: `{ __typename # ${secret}` }, token);
    await layer.query({ query: `{ ${secret} }` }, token);
    await layer.query({ query: `{ communityUser(communityId: "${secret} ", userId: "") { email } }` }, token);
    await layer.query({ query, variables, operationName: secret }, token);
    await layer.query({ query, variables, extensions: { [secret]: secret } }, token);
    await layer.query({ query, variables }, { authorization: `Bearer ${secret} ${secret}` });
    await layer.query(`${secret}`, token);
    await fetch(`${layer.url}/graphql?query={__typename}&variables=${secret}`, { headers: token });
    await fetch(`${layer.url}/${secret}?${secret}`, { headers: token });
    await fetch(`${layer.url}/graphql`, { method: 'POST', body: `{${secret}`, headers: token });
    expect(layer.having('operation').length).toBeGreaterThan(10);
    expect(JSON.stringify(layer.lines)).not.toContain(secret);
  });

  test('is JSON where no person reads it, and says when the service stops', async () => {
    const restApi = await startRestApi();
    const service = await startTestService({ UPSTREAM_URL: restApi.url });
    await fetch(`${service.url}/graphql?query={__typename}`, {
      headers: { 'apollo-require-preflight': '1', ...ALONE },
    });
    expect(await service.stop()).toBe(0);
    expect(logLines(service.stdout, 'operation')).toMatchObject([{ level: 30, outcome: 'ok' }]);
    expect(logLines(service.stdout, 'stopped')).toHaveLength(1);
  });

  test('is as chatty as LOG_LEVEL says', async () => {
    const restApi = await startRestApi((_request, response) => sendJson(response, 400, {}));
    for (const [level, messages] of [
      ['warn', 1],
      ['silent', 0],
    ] as const) {
      const service = await startTestService({ UPSTREAM_URL: restApi.url, LOG_LEVEL: level });
      const headers = { authorization: 'Bearer demo-owner', 'content-type': 'application/json', ...ALONE };
      const body = JSON.stringify({ query, variables });
      await fetch(`${service.url}/graphql`, { method: 'POST', headers, body });
      await service.stop();
      expect(service.stdout.split('\n').filter((line) => line.startsWith('{"level"'))).toHaveLength(messages);
    }
  });
});
