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
import type { FetchRecord, ResourceReader } from '#upstream/fetch.ts';
import type { OperationRecord } from './operation-log.ts';
import type { RequestTrace, TracedRequest } from './tracing.ts';

/**
 * Makes spans with the names of OpenTelemetry's semantic conventions for HTTP and GraphQL. Neither a token nor a variable
 * nor the text of a document gets into one; a span is named after a method or a kind of operation, never after what a
 * caller wrote.
 */
export class Spans {
  readonly #tracer: Tracer;
  readonly #propagator: TextMapPropagator;
  /** What stands in front of the path of a GET. */
  readonly #base: string;
  /** What all GETs have. */
  readonly #attributes: Attributes;

  /** `propagator` reads and writes the headers that pass traces on; `upstreamUrl` is the address of the REST API. */
  constructor(tracer: Tracer, propagator: TextMapPropagator, upstreamUrl: URL) {
    this.#tracer = tracer;
    this.#propagator = propagator;
    const { origin, pathname, hostname, port, protocol } = upstreamUrl;
    this.#base = origin + pathname.replace(/\/+$/, '');
    this.#attributes = {
      'http.request.method': 'GET',
      'server.address': hostname,
      'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
    };
  }

  begin({ method, route, requestId, headers }: TracedRequest): RequestTrace {
    const attributes = {
      'http.request.method': method,
      'http.route': route,
      'url.path': route,
      'url.scheme': 'http',
      'request.id': requestId,
    };
    const above = this.#propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
    const server = this.#tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, above);
    const request = trace.setSpan(above, server);
    const operation = this.#tracer.startSpan('GraphQL Operation', undefined, request);
    return {
      traceId: server.spanContext().traceId,
      reader: (reader) => this.#traced(reader, trace.setSpan(request, operation)),
      ended: (record) => endOperation(operation, record),
      responded: (status) => endRequest(server, status),
    };
  }

  #traced(reader: ResourceReader, above: Context): ResourceReader {
    return {
      isOverloaded: (authorization) => reader.isOverloaded(authorization),
      fetch: (query, caller, receiver) => {
        const options = { kind: SpanKind.CLIENT, attributes: this.#attributes };
        const span = this.#tracer.startSpan('GET', options, above);
        const headers = [...caller.headers];
        this.#propagator.inject(trace.setSpan(above, span), headers, APPEND);
        return reader.fetch(
          query,
          { ...caller, headers },
          {
            fetched: (asked, result, record) => {
              endGet(span, this.#base, record);
              receiver.fetched(asked, result, record);
            },
          },
        );
      },
    };
  }
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
