import { DiagLogLevel, diag, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Logger } from './logger.ts';
import { Spans } from './open-telemetry-spans.ts';
import type { Tracing } from './tracing.ts';

export interface TracingOptions {
  /** The environment, which the SDK reads by itself; for the little that has to be known of it here. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Address of the REST API. */
  readonly upstreamUrl: URL;
  /** Is told where traces can't be sent. */
  readonly logger: Logger;
}

const SERVICE_NAME = 'community-users-graphql';
const LONGEST_STOP_MS = 3000;

/**
 * Starts OpenTelemetry's SDK as its standard variables say (exporter, protocol, sampler, propagators, limits), for traces
 * alone. No module is instrumented: our spans are made by hand.
 */
export function startTracing({ env, upstreamUrl, logger }: TracingOptions): Tracing {
  const sdk = new NodeSDK({
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: [],
    ...(!hasServiceName(env) && { serviceName: SERVICE_NAME }),
  });
  sdk.start();
  logProblems(logger, env.OTEL_LOG_LEVEL);
  const spans = new Spans(trace.getTracer(SERVICE_NAME), upstreamUrl);
  return {
    request: (request) => spans.request(request),
    stop: () => within(LONGEST_STOP_MS, sdk.shutdown()),
  };
}

function hasServiceName({ OTEL_SERVICE_NAME = '', OTEL_RESOURCE_ATTRIBUTES = '' }: TracingOptions['env']) {
  return OTEL_SERVICE_NAME !== '' || /(?:^|,)\s*service\.name=/.test(OTEL_RESOURCE_ATTRIBUTES);
}

/** What OpenTelemetry has to say goes into our log: a collector that is away is not an error of ours. */
function logProblems(logger: Logger, level = ''): void {
  const warn = (message: string) => logger.warn({ reason: message.slice(0, 500) }, 'OpenTelemetry');
  const debug = (message: string) => logger.debug({ reason: message.slice(0, 500) }, 'OpenTelemetry');
  diag.setLogger(
    { error: warn, warn, info: debug, debug, verbose: debug },
    { logLevel: levels.get(level.toUpperCase()) ?? DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

const levels = new Map([
  ['NONE', DiagLogLevel.NONE],
  ['ERROR', DiagLogLevel.ERROR],
  ['WARN', DiagLogLevel.WARN],
  ['INFO', DiagLogLevel.INFO],
  ['DEBUG', DiagLogLevel.DEBUG],
  ['VERBOSE', DiagLogLevel.VERBOSE],
  ['ALL', DiagLogLevel.ALL],
]);

async function within(ms: number, done: Promise<void>): Promise<void> {
  const { promise: limit, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([done, limit]);
  } catch (error) {
    diag.error(String(error));
  } finally {
    clearTimeout(timer);
  }
}
