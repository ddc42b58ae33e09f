import { describe, expect, test } from 'vitest';
import { absentUserId, communityId, getOf, userId } from '../support/demo.ts';
import { type Answer, startLayer } from '../support/layer.ts';
import { envelope, sendJson, startRestApi } from '../support/rest-api.ts';
import { stopClock } from '../support/stop-clock.ts';

const headers = { 'x-upstream-report': '1' };

const profile = `query ($user: ID!) { communityUser(communityId: "${communityId}", userId: $user) { email } }`;

function profileOf(user: string) {
  return { headers, variables: { user } };
}

/** The report without what differs from run to run. */
function reportOf(answer: Answer): unknown {
  return answer.extensions?.upstream;
}

/** A call as the report shows it, with whatever duration. */
function call(path: string, rest: Partial<Call> = {}): Call {
  return {
    method: 'GET',
    path,
    status: 200,
    durationMs: expect.any(Number),
    bytes: expect.any(Number),
    attempts: 1,
    shared: false,
    ...rest,
  };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly startMs?: number;
  readonly status: number | null;
  readonly durationMs: number;
  readonly bytes: number;
  readonly attempts: number;
  readonly shared: boolean;
}

describe('the upstream report', () => {
  test('lists exactly the GETs that reached the REST API, and the distinct users that they were for', async () => {
    const layer = await startLayer();
    const operation = `{
      one: communityUser(communityId: "${communityId}", userId: "${userId(1)}") { email }
      again: communityUser(communityId: "${communityId}", userId: "${userId(1)}") { username }
      others: communityUsers(communityId: "${communityId}", userIds: ["${userId(2)}", "${absentUserId}"]) { _id }
    }`;
    const report = reportOf(await layer.query(operation, { headers }));
    expect(report).toEqual({
      users: 3,
      calls: [
        call(getOf(userId(1), 'username&email')),
        call(getOf(userId(2), '_id')),
        call(getOf(absentUserId, '_id'), { status: 404 }),
      ],
    });
    expect(layer.requests.toSorted()).toEqual(pathsIn(report).toSorted());
    expect(durationsIn(report).every((ms) => ms >= 0 && ms < 60_000)).toBe(true);
  });

  test('lists a second GET of the same user, whom a later wave wants more of', async () => {
    const layer = await startLayer();
    const operation = `{ communityUser(communityId: "${communityId}", userId: "${userId()}") {
      email community { user(userId: "${userId()}") { username email } } } }`;
    expect(reportOf(await layer.query(operation, { headers }))).toEqual({
      users: 1,
      calls: [call(getOf(userId(), 'email')), call(getOf(userId(), 'username'))],
    });
  });

  test('says when each GET was asked for, where a timeline is wanted', async () => {
    const layer = await startLayer();
    const operation = `{ communityUser(communityId: "${communityId}", userId: "${userId()}") {
      email community { user(userId: "${userId()}") { username } } } }`;
    const report = reportOf(await layer.query(operation, { headers: { 'x-upstream-report': 'timeline' } }));
    expect(report).toEqual({
      users: 1,
      calls: [
        { ...call(getOf(userId(), 'email')), startMs: expect.any(Number) },
        { ...call(getOf(userId(), 'username')), startMs: expect.any(Number) },
      ],
    });
    const [first, second] = callsIn(report);
    expect(first?.startMs).toBeGreaterThanOrEqual(0);
    // Both are rounded to a tenth of a millisecond.
    expect((second?.startMs ?? 0) + 0.2).toBeGreaterThanOrEqual(
      (first?.startMs ?? 0) + (first?.durationMs ?? 0),
    );
  });

  test('counts the bytes of a body, be it any answer', async () => {
    const bodies = [JSON.stringify(envelope({ email: 'grüße@example.com' })), '{"message":"Forbidden"}'];
    const restApi = await startRestApi(({ url }, response) =>
      url.includes(userId(1)) ? sendJson(response, 200, bodies[0]) : sendJson(response, 403, bodies[1]),
    );
    const layer = await startLayer({ restApi });
    expect(reportOf(await layer.query(profile, profileOf(userId(1))))).toMatchObject({
      calls: [{ status: 200, bytes: Buffer.byteLength(bodies[0] ?? '') }],
    });
    expect(reportOf(await layer.query(profile, profileOf(userId(2))))).toMatchObject({
      calls: [{ status: 403, bytes: Buffer.byteLength(bodies[1] ?? '') }],
    });
  });

  test('counts the tries of a GET, and the bytes of all of them', async () => {
    const answers = [
      { status: 503, body: '{"try":1}' },
      { status: 200, body: JSON.stringify(envelope({ email: null })) },
    ];
    let tries = 0;
    const restApi = await startRestApi((_request, response) => {
      const { status, body } = answers[tries++] ?? { status: 500, body: '' };
      sendJson(response, status, body);
    });
    const layer = await startLayer({ restApi });
    const bytes = answers.reduce((sum, { body }) => sum + body.length, 0);
    expect(reportOf(await layer.query(profile, profileOf(userId())))).toEqual({
      users: 1,
      calls: [call(getOf(userId(), 'email'), { attempts: 2, bytes })],
    });
  });

  test('has no status where no answer came', async () => {
    const restApi = await startRestApi((_request, response) => response.destroy());
    const layer = await startLayer({ restApi, env: { UPSTREAM_ATTEMPTS: '1' } });
    expect(reportOf(await layer.query(profile, profileOf(userId())))).toEqual({
      users: 1,
      calls: [call(getOf(userId(), 'email'), { status: null, bytes: 0 })],
    });
  });

  test('has no status where the deadline passed', async () => {
    const arrived = Promise.withResolvers<void>();
    const restApi = await startRestApi(() => arrived.resolve());
    const layer = await startLayer({ restApi });
    const pass = stopClock();
    const asked = layer.query(profile, profileOf(userId()));
    await arrived.promise;
    pass(30_000);
    const answer = await asked;
    expect(answer.errors?.[0]?.extensions.code).toBe('UPSTREAM_TIMEOUT');
    expect(reportOf(answer)).toEqual({
      users: 1,
      calls: [call(getOf(userId(), 'email'), { status: null, bytes: 0 })],
    });
  });

  test('says of a GET that another request had in flight that it was shared', async () => {
    const held: (() => void)[] = [];
    const firstArrived = Promise.withResolvers<void>();
    const secondArrived = Promise.withResolvers<void>();
    const restApi = await startRestApi(({ url }, response) => {
      held.push(() => sendJson(response, 200, envelope({ email: 'a@example.com' })));
      // The second request wants this one as well: once it is here, the other GET was joined.
      if (url.includes(userId(2))) secondArrived.resolve();
      else firstArrived.resolve();
    });
    const layer = await startLayer({ restApi });
    const both = `{ communityUsers(communityId: "${communityId}", userIds: ["${userId(1)}", "${userId(2)}"]) { email } }`;
    const first = layer.query(profile, profileOf(userId(1)));
    await firstArrived.promise;
    const second = layer.query(both, { headers });
    await secondArrived.promise;
    for (const release of held) release();
    expect(reportOf(await first)).toEqual({ users: 1, calls: [call(getOf(userId(1), 'email'))] });
    expect(reportOf(await second)).toEqual({
      users: 2,
      calls: expect.arrayContaining([
        call(getOf(userId(1), 'email'), { shared: true }),
        call(getOf(userId(2), 'email')),
      ]),
    });
    expect(layer.requests).toHaveLength(2);
  });

  test('holds the users up to the limit, and no GET past it', async () => {
    const layer = await startLayer({ env: { MAX_USERS_PER_OPERATION: '2' } });
    const ids = [1, 2, 3].map((number) => `"${userId(number)}"`).join();
    const answer = await layer.query(
      `{ communityUsers(communityId: "${communityId}", userIds: [${ids}]) { email } }`,
      { headers },
    );
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['TOO_MANY_USERS']);
    expect(reportOf(answer)).toEqual({
      users: 2,
      calls: [call(getOf(userId(1), 'email')), call(getOf(userId(2), 'email'))],
    });
  });

  test('is empty where nothing was sent: without a token, or for no user', async () => {
    const layer = await startLayer();
    const withoutToken = await layer.query(profile, { ...profileOf(userId()), token: null });
    expect(reportOf(withoutToken)).toEqual({ users: 0, calls: [] });
    expect(reportOf(await layer.query('{ __typename }', { headers }))).toEqual({ users: 0, calls: [] });
  });

  test('never holds the token', async () => {
    const layer = await startLayer();
    const answer = await layer.query(profile, profileOf(userId()));
    expect(reportOf(answer)).toBeDefined();
    expect(JSON.stringify(answer)).not.toContain('demo-owner');
  });

  test('is given to nobody who does not ask for it', async () => {
    const layer = await startLayer();
    for (const value of [undefined, '0', 'true', '']) {
      const asking = value === undefined ? {} : { 'x-upstream-report': value };
      const answer = await layer.query(profile, { ...profileOf(userId()), headers: asking });
      expect(answer).not.toHaveProperty('extensions');
    }
  });

  test('is given to nobody where it is turned off, as it is in production', async () => {
    for (const env of [{ UPSTREAM_REPORT: 'false' }, { NODE_ENV: 'production' }]) {
      const layer = await startLayer({ env });
      expect(await layer.query(profile, profileOf(userId()))).not.toHaveProperty('extensions');
    }
    const layer = await startLayer({ env: { NODE_ENV: 'production', UPSTREAM_REPORT: 'true' } });
    expect(reportOf(await layer.query(profile, profileOf(userId())))).toMatchObject({ users: 1 });
  });
});

function callsIn(report: unknown): readonly Call[] {
  const { calls }: { calls?: readonly Call[] } = Object(report);
  return calls ?? [];
}

function pathsIn(report: unknown): string[] {
  return callsIn(report).map(({ path }) => path);
}

function durationsIn(report: unknown): number[] {
  return callsIn(report).map(({ durationMs }) => durationMs);
}
