import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { KIND, startOtlpReceiver } from '../../telemetry/otlp-receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

/** One traced request with two GETs, in a process of its own that generates no code; prints what the REST API gets. */
const SCRIPT = `
  import { pino } from 'pino';
  import { Metrics } from '${import.meta.resolve('#telemetry/metrics.ts')}';
  import { startTracing } from '${import.meta.resolve('#telemetry/open-telemetry.ts')}';
  import { Telemetry } from '${import.meta.resolve('#telemetry/telemetry.ts')}';
  import { rejected } from '${import.meta.resolve('#upstream/errors.ts')}';
  import { fetchRecord } from '${import.meta.resolve('./records.ts')}';
  const logger = pino();
  const tracing = startTracing(new URL('http://127.0.0.1:7/base/'), logger);
  const metrics = new Metrics({ upstream: () => ({}) });
  const telemetry = new Telemetry({ logger, metrics, tracing, reportAllowed: false });
  const headers = { traceparent: '00-${TRACE}-${CALLER}-' + process.argv[1], tracestate: 'vendor=value' };
  const scope = telemetry.begin({ requestId: 'request-1', method: 'POST', route: '/graphql', headers });
  const records = [fetchRecord({ attempts: 2 }), fetchRecord({ status: 403, error: rejected(403) })];
  const reader = scope.reader({
    fetch(query, caller, receiver) {
      console.log(JSON.stringify({ msg: 'sent', headers: caller.headers }));
      receiver.fetched(query, { kind: 'absent' }, records.shift());
    },
  });
  const caller = { authorization: 'Bearer secret', headers: ['authorization', 'Bearer secret'] };
  for (let count = 0; count < 2; count++) reader.fetch({}, caller, { fetched: (query, result, record) => scope.fetched(record) });
  scope.end({ name: 'Two', outcome: 'partial', errors: 1, items: new Map([['communityUser', 2]]) });
  scope.responded(200);
  await tracing.stop();`;

async function trace(env: Readonly<Record<string, string>>, flags = '01') {
  const args = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', SCRIPT, flags];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, cwd: import.meta.dirname });
  const lines = stdout.trim().split('\n');
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
}

function json(url: string): Record<string, string> {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
}

test('a trace leads from the caller over request and operation to each GET', async () => {
  const collector = await startOtlpReceiver();
  const lines = await trace(json(collector.url));
  const { spans } = collector;
  const http = spans.find(({ kind }) => kind === KIND.server);
  const operation = spans.find(({ kind }) => kind === KIND.internal);
  const gets = spans.filter(({ kind }) => kind === KIND.client);
  expect(spans.map(({ traceId }) => traceId)).toEqual(Array(4).fill(TRACE));
  expect(http).toMatchObject({
    name: 'POST /graphql',
    parentSpanId: CALLER,
    attributes: { 'http.response.status_code': 200, 'request.id': 'request-1' },
  });
  expect(operation).toMatchObject({
    name: 'query',
    parentSpanId: http?.spanId,
    status: { code: 2 },
    attributes: {
      'graphql.operation.name': 'Two',
      'community_users.outcome': 'partial',
      'community_users.users': 2,
    },
  });
  expect(gets).toMatchObject([
    {
      parentSpanId: operation?.spanId,
      attributes: {
        'url.full': 'http://127.0.0.1:7/base/apis/v1/communities/c/users/u?email',
        'community_users.get.resource': 'communityUser',
        'http.request.resend_count': 1,
      },
    },
    { status: { code: 2 }, attributes: { 'http.response.status_code': 403, 'error.type': 'FORBIDDEN' } },
  ]);
  const sent = lines.filter(({ msg }) => msg === 'sent').map(({ headers }) => headers);
  expect(sent).toEqual(
    gets.map(({ spanId }) => [
      ...['authorization', 'Bearer secret', 'traceparent', `00-${TRACE}-${spanId}-01`],
      ...['tracestate', 'vendor=value'],
    ]),
  );
  expect(lines.find(({ msg }) => msg === 'operation')).toMatchObject({ traceId: TRACE });
  expect(JSON.stringify(spans)).not.toContain('secret');
  expect(collector.resource).toMatchObject({ 'service.name': 'community-users-graphql' });
});

test('the standard variables hold: name, resource, sampler, propagators, protocol', async () => {
  const collector = await startOtlpReceiver();
  await trace({
    ...json(collector.url),
    OTEL_SERVICE_NAME: 'our-graph',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_TRACES_SAMPLER: 'always_on',
  });
  expect(collector.resource).toMatchObject({
    'service.name': 'our-graph',
    'deployment.environment.name': 'test',
  });
  const lines = await trace({ ...json(collector.url), OTEL_PROPAGATORS: 'none' });
  expect(JSON.stringify(lines)).not.toContain('traceparent');

  const silent = await startOtlpReceiver();
  await trace({ ...json(silent.url), OTEL_TRACES_SAMPLER: 'always_off' });
  await trace({ ...json(silent.url), OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }, '00');
  await trace({ ...json(silent.url), OTEL_TRACES_EXPORTER: 'none' });
  expect(silent.spans).toEqual([]);
});

test('spans go out as protobuf by default, also where a protocol is asked for that is not there', async () => {
  for (const protocol of [{}, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }]) {
    const collector = await startOtlpReceiver();
    const lines = await trace({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...protocol });
    expect(collector.contentTypes).toEqual(new Set(['application/x-protobuf']));
    const warnings = lines.filter(({ msg }) => msg === 'OpenTelemetry');
    expect(warnings).toHaveLength('OTEL_EXPORTER_OTLP_PROTOCOL' in protocol ? 1 : 0);
  }
});
