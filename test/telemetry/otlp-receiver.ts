import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from '../support/listen.ts';

/** A span as OTLP's JSON has it, as far as tests look at it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** 2 stands for an error. */
  readonly status: { readonly code?: number };
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}

/** The kinds of spans, as OTLP numbers them. */
export const KIND = { internal: 1, server: 2, client: 3 };

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Attributes of what sent the spans, the last one that did. */
  readonly resource: Readonly<Record<string, unknown>>;
  /** Everything that came, as it came. */
  readonly bodies: readonly string[];
  readonly paths: ReadonlySet<string>;
  readonly contentTypes: ReadonlySet<string>;
}

/** An OpenTelemetry collector that takes spans over HTTP, and keeps those that come as JSON; `status` is what it answers. */
export async function startOtlpReceiver(status = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bodies: string[] = [];
  const paths = new Set<string>();
  const contentTypes = new Set<string>();
  let resource: Record<string, unknown> = {};
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    paths.add(request.url ?? '');
    bodies.push(body);
    const contentType = request.headers['content-type'] ?? '';
    contentTypes.add(contentType);
    const isJson = contentType === 'application/json';
    const { resourceSpans = [] }: Message = isJson ? JSON.parse(body) : {};
    for (const sent of resourceSpans) {
      resource = plain(sent.resource.attributes);
      for (const span of sent.scopeSpans.flatMap((scope) => scope.spans)) {
        spans.push({ ...span, attributes: plain(span.attributes) });
      }
    }
    response.writeHead(status, { 'content-type': contentType }).end(isJson ? '{}' : '');
  });
  const port = await listen(server);
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    bodies,
    paths,
    contentTypes,
    get resource() {
      return resource;
    },
  };
}

interface Message {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes'> & { attributes: readonly Attribute[] })[];
    }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, string | number | boolean>>;
}

function plain(attributes: readonly Attribute[]): Record<string, string | number | boolean> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));
}
