import { describe, expect, test } from 'vitest';
import { communityId, getOf, userId } from '../support/demo.ts';
import { sendJson, startRestApi } from '../support/rest-api.ts';
import { startTestService } from '../support/test-service.ts';
import { logLines } from './log-lines.ts';
import { KIND, startOtlpReceiver } from './otlp-receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const TOKEN = 'demo-owner';

const query = `query Two($c: ID!) {
  a: communityUser(communityId: $c, userId: "${userId(1)}") { email }
  b: communityUser(communityId: $c, userId: "${userId(2)}") { username }
}`;

/** Asks over a connection of its own: one that is kept would be waited for when the service stops. */
function ask(url: string, headers: Record<string, string> = {}, body: unknown = {}): Promise<Response> {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${TOKEN}`,
      connection: 'close',
      ...headers,
    },
    body: JSON.stringify({ query, variables: { c: communityId }, ...Object(body) }),
  });
}

function environment(upstreamUrl: string, collectorUrl: string): Record<string, string> {
  return {
    UPSTREAM_URL: upstreamUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  };
}

describe('a trace', () => {
  test('leads from the caller over request and operation to each GET, and on to the REST API', async () => {
    const restApi = await startRestApi();
    const collector = await startOtlpReceiver();
    const service = await startTestService(environment(restApi.url, collector.url));
    const answer = await ask(service.url, {
      traceparent: `00-${TRACE}-${CALLER}-01`,
      tracestate: 'vendor=value',
      'x-request-id': 'request-1',
    });
    expect(await answer.json()).toEqual({
      data: { a: { email: expect.any(String) }, b: { username: expect.any(String) } },
    });
    expect(await service.stop()).toBe(0);

    const { spans } = collector;
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([TRACE]));
    const [http, ...otherHttp] = spans.filter((span) => span.kind === KIND.server);
    const [operation, ...otherOperations] = spans.filter((span) => span.kind === KIND.internal);
    const gets = spans.filter((span) => span.kind === KIND.client);
    expect(otherHttp).toEqual([]);
    expect(otherOperations).toEqual([]);
    expect(http).toMatchObject({
      name: 'POST /graphql',
      parentSpanId: CALLER,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'request.id': 'request-1',
      },
    });
    expect(operation).toMatchObject({
      name: 'query',
      parentSpanId: http?.spanId,
      attributes: {
        'graphql.operation.type': 'query',
        'graphql.operation.name': 'Two',
        'community_users.outcome': 'ok',
        'community_users.users': 2,
      },
    });
    expect(gets.map((span) => span.attributes['url.full'])).toEqual(
      [getOf(userId(1), 'email'), getOf(userId(2), 'username')].map((path) => restApi.url + path),
    );
    for (const get of gets) {
      expect(get).toMatchObject({
        name: 'GET',
        parentSpanId: operation?.spanId,
        attributes: {
          'http.request.method': 'GET',
          'http.response.status_code': 200,
          'server.address': '127.0.0.1',
          'server.port': Number(new URL(restApi.url).port),
          'community_users.get.attempts': 1,
          'community_users.get.shared': false,
        },
      });
    }
    expect(restApi.requests.map(({ headers }) => headers.traceparent)).toEqual(
      gets.map((get) => `00-${TRACE}-${get.spanId}-01`),
    );
    expect(restApi.requests[0]?.headers.tracestate).toBe('vendor=value');
    expect(collector.resource).toMatchObject({ 'service.name': 'community-users-graphql' });
    expect(collector.paths).toEqual(new Set(['/v1/traces']));

    expect(logLines(service.stdout, 'operation')).toMatchObject([{ requestId: 'request-1', traceId: TRACE }]);
    const written = collector.bodies.join() + service.stdout + service.stderr;
    for (const secret of [TOKEN, query.slice(0, 12)]) expect(written).not.toContain(secret);
  });

  test('starts with us where the caller brings none, or one that is no trace context', async () => {
    const restApi = await startRestApi();
    const collector = await startOtlpReceiver();
    const service = await startTestService(environment(restApi.url, collector.url));
    await ask(service.url);
    await ask(service.url, { traceparent: '00-nonsense' });
    await service.stop();
    const requests = collector.spans.filter((span) => span.kind === KIND.server);
    expect(requests.map((span) => span.parentSpanId ?? '')).toEqual(['', '']);
    expect(new Set(requests.map((span) => span.traceId)).size).toBe(2);
  });

  test('tells of retries and of failures, and follows the standard variables', async () => {
    const failing = userId(1);
    let tries = 0;
    const restApi = await startRestApi(({ url }, response) => {
      if (url.includes(failing)) return sendJson(response, 403, {});
      tries++;
      sendJson(response, tries === 1 ? 503 : 404, {});
    });
    const collector = await startOtlpReceiver();
    const service = await startTestService({
      ...environment(restApi.url, collector.url),
      OTEL_SERVICE_NAME: 'our-graph',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    await ask(service.url, {}, { operationName: 'Two' });
    await service.stop();
    const gets = collector.spans.filter((span) => span.kind === KIND.client);
    expect(gets.find((get) => get.attributes['http.response.status_code'] === 403)).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'FORBIDDEN', 'community_users.get.attempts': 1 },
    });
    expect(gets.find((get) => get.attributes['http.response.status_code'] === 404)).toMatchObject({
      status: { code: 0 },
      attributes: { 'community_users.get.attempts': 2, 'http.request.resend_count': 1 },
    });
    expect(collector.spans.find((span) => span.kind === KIND.internal)).toMatchObject({
      status: { code: 2 },
      attributes: { 'community_users.outcome': 'partial' },
    });
    expect(collector.resource).toMatchObject({
      'service.name': 'our-graph',
      'deployment.environment.name': 'test',
    });
  });

  test('that the caller does not sample is passed on, and not recorded', async () => {
    const restApi = await startRestApi();
    const collector = await startOtlpReceiver();
    const service = await startTestService(environment(restApi.url, collector.url));
    await ask(service.url, { traceparent: `00-${TRACE}-${CALLER}-00` });
    await service.stop();
    expect(collector.spans).toEqual([]);
    expect(restApi.requests[0]?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  });

  test('that cannot be delivered disturbs nobody', async () => {
    const collector = await startOtlpReceiver(500);
    const restApi = await startRestApi();
    const service = await startTestService(environment(restApi.url, collector.url));
    expect((await ask(service.url)).status).toBe(200);
    expect(await service.stop()).toBe(0);
    expect(logLines(service.stdout, 'OpenTelemetry').length).toBeGreaterThan(0);
  });

  test('is neither made nor passed on where no collector is named', async () => {
    const restApi = await startRestApi();
    const service = await startTestService({ UPSTREAM_URL: restApi.url });
    await ask(service.url, { traceparent: `00-${TRACE}-${CALLER}-01` });
    await service.stop();
    expect(restApi.requests[0]?.headers).not.toHaveProperty('traceparent');
    expect(logLines(service.stdout, 'operation')[0]).not.toHaveProperty('traceId');
  });
});
