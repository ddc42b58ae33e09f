import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  type TextMapSetter,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { FetchRecord } from '#upstream/fetch.ts';
import type { OperationRecord } from './operation-record.ts';
import type { GetSpan, OperationSpan, RequestSpan, TracedRequest } from './tracing.ts';

/**
 * Makes spans with the names of OpenTelemetry's semantic conventions for HTTP and GraphQL. Neither a token nor a variable
 * nor the text of a document gets into one; a span is named after a method or a kind of operation, never after what a
 * caller wrote.
 */
export class Spans {
  readonly #tracer: Tracer;
  readonly #propagator: TextMapPropagator;
  readonly #upstream: Upstream;

  /** `propagator` reads and writes the headers that pass traces on; `upstreamUrl` is the address of the REST API. */
  constructor(tracer: Tracer, propagator: TextMapPropagator, upstreamUrl: URL) {
    this.#tracer = tracer;
    this.#propagator = propagator;
    const { origin, pathname, hostname, port, protocol } = upstreamUrl;
    this.#upstream = {
      base: origin + pathname.replace(/\/+$/, ''),
      attributes: {
        'http.request.method': 'GET',
        'server.address': hostname,
        'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
      },
    };
  }

  request({ method, route, requestId, headers }: TracedRequest): RequestSpan {
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'url.path': route,
      'url.scheme': 'http',
      'request.id': requestId,
    };
    const above = this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const span = this.#tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, above);
    const context = trace.setSpan(above, span);
    return {
      traceId: span.spanContext().traceId,
      operation: () => this.#operation(context),
      end: (status) => endRequest(span, status),
    };
  }

  #operation(above: Context): OperationSpan {
    const span = this.#tracer.startSpan('GraphQL Operation', undefined, above);
    const context = trace.setSpan(above, span);
    return { get: () => this.#get(context), end: (operation) => endOperation(span, operation) };
  }

  #get(above: Context): GetSpan {
    const { base, attributes } = this.#upstream;
    const span = this.#tracer.startSpan('GET', { kind: SpanKind.CLIENT, attributes }, above);
    const headers: string[] = [];
    this.#propagator.inject(trace.setSpan(above, span), headers, APPEND);
    return { headers, end: (record) => endGet(span, base, record) };
  }
}

interface Upstream {
  /** What stands in front of a path. */
  readonly base: string;
  readonly attributes: Attributes;
}

const APPEND: TextMapSetter<string[]> = {
  set(headers, name, value) {
    headers.push(name, value);
  },
};

const FAILED = { code: SpanStatusCode.ERROR };

function endRequest(span: Span, status: number | undefined): void {
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (status === undefined || status >= 500) {
    span.setAttribute('error.type', String(status ?? 'client_closed_request')).setStatus(FAILED);
  }
  span.end();
}

function endOperation(span: Span, { name, outcome, users }: OperationRecord): void {
  span.setAttributes({ 'community_users.outcome': outcome, 'community_users.users': users });
  // What was refused may not even be an operation. All others are queries: the schema has nothing else.
  if (outcome !== 'refused') span.updateName('query').setAttribute('graphql.operation.type', 'query');
  if (name !== undefined) span.setAttribute('graphql.operation.name', name);
  if (outcome === 'partial' || outcome === 'failed')
    span.setAttribute('error.type', outcome).setStatus(FAILED);
  span.end();
}

function endGet(span: Span, base: string, record: FetchRecord): void {
  const { resource, url, status, attempts, bytes, shared, error } = record;
  span.setAttributes({
    'url.full': base + url,
    'http.response.body.size': bytes,
    'community_users.get.resource': resource,
    'community_users.get.attempts': attempts,
    'community_users.get.shared': shared,
  });
  if (attempts > 1) span.setAttribute('http.request.resend_count', attempts - 1);
  if (status !== null) span.setAttribute('http.response.status_code', status);
  if (error !== undefined) span.setAttribute('error.type', error.code).setStatus(FAILED);
  span.end();
}
