import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { Metrics } from '#telemetry/metrics.ts';
import { Telemetry } from '#telemetry/telemetry.ts';
import { cancelled, rejected, unavailable } from '#upstream/errors.ts';
import { fetchRecord } from './records.ts';

const request = { requestId: 'request-1', method: 'POST', route: '/graphql', headers: {} };
const reporting = { ...request, headers: { 'x-upstream-report': '1' } };
const items = new Map([['communityUser', 2]]);

/** Telemetry whose lines and metrics can be looked at. */
function start({ level = 'info', reportAllowed = true } = {}) {
  const lines: string[] = [];
  const logger = pino({ level, base: { pid: 7 } }, { write: (line) => void lines.push(line) });
  const metrics = new Metrics({
    upstream: () => ({ breaker: 'closed', connections: 0, inFlight: 0, waiting: 0 }),
    lostLogLines: () => 3,
  });
  const telemetry = new Telemetry({ logger, metrics, reportAllowed });
  return {
    telemetry,
    metrics,
    lines: () => lines.map((line): Record<string, unknown> => JSON.parse(line)),
    text: () => lines.join(''),
    read: async () => new Set((await metrics.text()).split('\n')),
  };
}

describe('the line of an operation', () => {
  test('is the one that pino would write', () => {
    const { telemetry, lines, text } = start();
    const scope = telemetry.begin(request);
    scope.fetched(fetchRecord());
    scope.fetched(fetchRecord({ attempts: 3, bytes: 20 }));
    scope.fetched(fetchRecord({ shared: true }));
    scope.end({ name: 'Profile', outcome: 'ok', errors: 0, items });
    const [line] = lines();
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: 7,
      requestId: 'request-1',
      operation: 'Profile',
      outcome: 'ok',
      durationMs: expect.any(Number),
      errors: 0,
      users: 2,
      gets: 2,
      shared: 1,
      attempts: 4,
      bytes: 120,
      msg: 'operation',
    });
    let byPino = '';
    const { level, time, pid, msg, ...fields } = line ?? {};
    const timestamp = () => `,"time":${time}`;
    pino({ base: { pid }, timestamp }, { write: (text) => (byPino += text) }).info(fields, String(msg));
    expect(level).toBe(30);
    expect(text()).toBe(byPino);
  });

  test('holds names that need escaping, cut off', () => {
    const { telemetry, lines } = start();
    const name = `"\n\\\u{1f600}${'x'.repeat(200)}`;
    telemetry.begin(request).end({ name, outcome: 'refused', errors: 1, items: new Map() });
    expect(lines()[0]?.operation).toBe(name.slice(0, 100));
  });

  test('is written once, and not where the level is above it', () => {
    const { telemetry, lines } = start();
    const scope = telemetry.begin(request);
    scope.end({ outcome: 'ok', errors: 0, items });
    scope.end({ outcome: 'refused', errors: 1, items });
    expect(lines()).toHaveLength(1);
    const quiet = start({ level: 'warn' });
    quiet.telemetry.begin(request).end({ outcome: 'ok', errors: 0, items });
    expect(quiet.lines()).toEqual([]);
  });
});

describe('the log', () => {
  test('tells why a GET failed, and by a code alone what a library threw', () => {
    const { telemetry, lines } = start();
    const cause = Object.assign(new Error('secret'), { code: 'ECONNREFUSED' });
    const error = unavailable('no connection', cause);
    telemetry.begin(request).fetched(fetchRecord({ status: null, attempts: 3, error }));
    expect(lines()).toMatchObject([
      {
        level: 40,
        requestId: 'request-1',
        status: null,
        attempts: 3,
        durationMs: 4.1,
        reason: 'ECONNREFUSED',
      },
    ]);
    expect(lines()[0]).toMatchObject({ msg: error.message, path: fetchRecord().url });
    expect(JSON.stringify(lines())).not.toContain('secret');
  });

  test('tells nothing of a GET that was left, nor twice of one that was shared', () => {
    const { telemetry, lines } = start();
    const scope = telemetry.begin(request);
    scope.fetched(fetchRecord({ status: null, error: cancelled() }));
    scope.fetched(fetchRecord({ status: 403, error: rejected(403), shared: true }));
    expect(lines()).toEqual([]);
  });

  test('has the stack of an unexpected error', () => {
    const { telemetry, lines } = start();
    telemetry.begin(request).unexpected(new TypeError('broken'));
    expect(lines()).toMatchObject([
      { level: 50, msg: 'unexpected error', requestId: 'request-1', err: { type: 'TypeError' } },
    ]);
    expect(JSON.stringify(lines())).toContain('telemetry.test.ts');
  });

  test('names an untrusted document once, by its hash', async () => {
    const { telemetry, lines, read } = start();
    const scope = telemetry.begin(request);
    scope.untrusted({ text: '{ __typename }', operationName: 'Given' });
    scope.untrusted({ text: '{ __typename }' });
    scope.end({ outcome: 'ok', errors: 0, items });
    expect(lines()[1]).toMatchObject({
      level: 40,
      msg: 'untrusted document',
      operation: 'Given',
      sha256: '7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b',
    });
    expect(lines()).toHaveLength(2);
    expect(await read()).toContain('graphql_untrusted_documents_total 1');
  });
});

describe('the upstream report', () => {
  test('has the GETs of those who ask for it', () => {
    const scope = start().telemetry.begin(reporting);
    scope.fetched(fetchRecord());
    scope.fetched(fetchRecord({ status: null, attempts: 0, error: cancelled() }));
    const { url: path } = fetchRecord();
    const call = {
      method: 'GET',
      path,
      status: 200,
      durationMs: 4.1,
      bytes: 100,
      attempts: 1,
      shared: false,
    };
    expect(scope.report(() => items)).toEqual({ users: 2, calls: [call] });
  });

  test('is given to nobody else, and to nobody where it is off', () => {
    expect(
      start()
        .telemetry.begin(request)
        .report(() => items),
    ).toBeUndefined();
    const other = { ...request, headers: { 'x-upstream-report': 'true' } };
    expect(
      start()
        .telemetry.begin(other)
        .report(() => items),
    ).toBeUndefined();
    expect(
      start({ reportAllowed: false })
        .telemetry.begin(reporting)
        .report(() => items),
    ).toBeUndefined();
  });
});

describe('the metrics', () => {
  test('tell GETs, items and retries of each resource apart', async () => {
    const { telemetry, metrics, read } = start();
    const scope = telemetry.begin(request);
    scope.fetched(fetchRecord());
    scope.fetched(fetchRecord({ shared: true }));
    scope.fetched(fetchRecord({ resource: 'badge', attempts: 2 }));
    metrics.retried('badge');
    scope.end({ outcome: 'ok', errors: 0, items: new Map([...items, ['badge', 5]]) });
    const lines = await read();
    for (const line of [
      'graphql_items_requested_total{resource="communityUser"} 2',
      'graphql_items_requested_total{resource="badge"} 5',
      'upstream_gets_total{resource="communityUser"} 1',
      'upstream_gets_shared_total{resource="communityUser"} 1',
      'upstream_gets_total{resource="badge"} 1',
      'upstream_retries_total{resource="badge"} 1',
      'graphql_operation_duration_seconds_count{outcome="ok"} 1',
      'graphql_operation_duration_seconds_count{outcome="overloaded"} 0',
      'log_lines_lost_total 3',
    ]) {
      expect(lines).toContain(line);
    }
  });

  test('have histograms as Prometheus wants them: cumulative, with the sum in seconds', async () => {
    const { metrics, read } = start();
    for (const ms of [0, 1, 1.5, 25, 10_000, 10_001]) metrics.attempted('badge', null, ms);
    metrics.attempted('badge', 503, 3);
    const lines = [...(await read())].filter((line) => line.includes('status="none"'));
    const name = 'upstream_attempt_duration_seconds';
    const bucket = (le: string, count: number) =>
      `${name}_bucket{le="${le}",resource="badge",status="none"} ${count}`;
    expect(lines).toEqual([
      ...[bucket('0.001', 2), bucket('0.0025', 3), bucket('0.005', 3), bucket('0.01', 3), bucket('0.025', 4)],
      ...['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5'].map((le) => bucket(le, 4)),
      bucket('10', 5),
      bucket('+Inf', 6),
      `${name}_sum{resource="badge",status="none"} 20.0285`,
      `${name}_count{resource="badge",status="none"} 6`,
    ]);
  });
});
