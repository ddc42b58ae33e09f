import { expect, onTestFinished, test } from 'vitest';
import { type MockApiRequest, startMockApi } from '#mock-api/start.ts';
import {
  checkCount,
  communityId,
  demoEnv,
  getCount,
  ids,
  runVerify,
  startServer,
  userId,
} from './run-verify.ts';

test('all holds of the mock API: exit code 0, and no line that deviates', async () => {
  const { url } = await startMock();
  const { code, stdout } = await runVerify(ids, demoEnv(url));
  expect(code).toBe(0);
  expect(stdout).toContain(`${checkCount} hold, 0 deviate, 0 could not be checked; ${getCount} GETs`);
  expect(stdout).toContain(`community ${communityId}, user ${userId}`);
  expect(stdout).toMatch(/^holds +protected fields +left out: email, lastLogin$/m);
  expect(stdout).toMatch(/^holds +latency +median [\d.]+ ms, 95 % [\d.]+ ms, most [\d.]+ ms$/m);
});

test('as JSON there is an object with each check and the latency', async () => {
  const { url } = await startMock();
  const { code, stdout, stderr } = await runVerify([...ids, '--json'], demoEnv(url));
  const report = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(stderr).toBe('');
  expect(report).toMatchObject({
    url: `${url}/`,
    community: communityId,
    user: userId,
    holds: true,
    gets: getCount,
  });
  expect(report.checks).toHaveLength(checkCount);
  expect(report.checks).toContainEqual({ name: 'type of lastLogin', result: 'holds', seen: 'dateTime' });
  expect(report.latency).toEqual({
    medianMs: expect.any(Number),
    p95Ms: expect.any(Number),
    maxMs: expect.any(Number),
  });
  expect(report.latency.medianMs).toBeLessThanOrEqual(report.latency.p95Ms);
  expect(report.latency.p95Ms).toBeLessThanOrEqual(report.latency.maxMs);
});

test('it makes as many requests as it says, GETs all, one at a time, each named while it works', async () => {
  const { url, requests } = await startMock();
  const { stderr } = await runVerify(ids, demoEnv(url));
  const [announced, ...progress] = stderr.trimEnd().split('\n');
  expect(announced).toBe(`This makes ${getCount} GETs to ${url}/, one after the other, and changes nothing.`);
  expect(progress[0]).toBe(` 1/${getCount} flag _id`);
  expect(progress.at(-1)).toBe(`${getCount}/${getCount} latency 20`);
  expect(progress).toHaveLength(getCount);
  expect(requests).toHaveLength(getCount);
  expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(['GET']));
});

test('with JSON, progress is for terminals alone', async () => {
  const { url } = await startMock();
  expect((await runVerify([...ids, '--json'], demoEnv(url), true)).stderr).toContain(
    `${getCount}/${getCount}`,
  );
});

test('without a member’s token all but the protected fields is checked', async () => {
  const { url, requests } = await startMock();
  const { code, stdout } = await runVerify(ids, { UPSTREAM_URL: url, VERIFY_TOKEN: 'demo-admin' });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^skipped +protected fields +VERIFY_MEMBER_TOKEN is not set$/m);
  expect(stdout).toContain(`${checkCount - 1} hold, 0 deviate, 1 could not be checked; ${getCount - 1} GETs`);
  expect(requests).toHaveLength(getCount - 1);
});

test('protected fields do not show where the member is the user', async () => {
  const { url } = await startMock();
  const own = ['--community', communityId, '--user', '61100af5c548eb5c7ebc781b'];
  const { code, stdout } = await runVerify(own, demoEnv(url));
  expect(code).toBe(0);
  expect(stdout).toMatch(/^skipped +protected fields +a member sees all of this user/m);
});

test('null is a value of any type', async () => {
  const { url } = await startMock();
  const user = ['--community', communityId, '--user', '61100af5c548eb5c7ebcf001'.replace('f001', '7821')];
  expect((await runVerify(user, demoEnv(url))).code).toBe(0);
});

test('integers beyond 2^53 are integers', async () => {
  const { url } = await startMock();
  const rest = await startServer(async (request, response) => {
    const { authorization = '' } = request.headers;
    const answer = await fetch(url + request.url, { headers: { authorization } });
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end((await answer.text()).replace('123456789', '12345678901234567890'));
  });
  const { code, stdout } = await runVerify(ids, demoEnv(rest));
  expect(stdout).toMatch(/^holds +type of id +integer$/m);
  expect(code).toBe(0);
});

test('a base path goes in front, and a proxy is gone through', async () => {
  const { url } = await startMock();
  const asked: string[] = [];
  const proxy = await startServer(async (request, response) => {
    asked.push(request.url ?? '');
    const { authorization = '' } = request.headers;
    const path = request.url?.replace('http://rest.invalid/base', '') ?? '';
    const answer = await fetch(url + path, { headers: { authorization } });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  const env = { ...demoEnv('http://rest.invalid/base/'), HTTP_PROXY: proxy };
  const { code } = await runVerify(ids, env);
  expect(asked[0]).toBe(`http://rest.invalid/base/apis/v1/communities/${communityId}/users/${userId}?_id`);
  expect(code).toBe(0);
});

async function startMock(): Promise<{ url: string; requests: MockApiRequest[] }> {
  const requests: MockApiRequest[] = [];
  const mockApi = await startMockApi({ onRequest: (request) => requests.push(request) });
  onTestFinished(() => mockApi.stop());
  return { url: mockApi.url, requests };
}
