import { DiagLogLevel, diag } from '@opentelemetry/api';
import { diagLogLevelFromString, getStringFromEnv } from '@opentelemetry/core';
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  osDetector,
  processDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from './logger.ts';
import {
  exporterFromEnv,
  numbersFromEnv,
  propagatorFromEnv,
  samplerFromEnv,
} from './open-telemetry-environment.ts';
import { Spans } from './open-telemetry-spans.ts';
import type { Tracing } from './tracing.ts';

export interface TracingOptions {
  /** Address of the REST API. */
  readonly upstreamUrl: URL;
  /** Is told where traces can't be sent. */
  readonly logger: Logger;
}

const SERVICE_NAME = 'community-users-graphql';
const MAX_STOP_MS = 3000;

/**
 * Starts OpenTelemetry's SDK for traces as its standard variables say, which it reads from the environment by itself. No
 * module is instrumented: our spans are made by hand.
 */
export function startTracing({ upstreamUrl, logger }: TracingOptions): Tracing {
  logProblems(logger);
  const exporter = exporterFromEnv();
  const provider = new TracerProvider({
    resource: resource(),
    sampler: samplerFromEnv(),
    spanLimits: numbersFromEnv(SPAN_LIMITS),
    spanProcessors: exporter ? [new BatchSpanProcessor({ exporter, ...numbersFromEnv(BATCHES) })] : [],
  });
  const spans = new Spans(provider.getTracer(SERVICE_NAME), propagatorFromEnv(), upstreamUrl);
  return {
    request: (request) => spans.request(request),
    stop: () => within(MAX_STOP_MS, provider.shutdown()),
  };
}

const SPAN_LIMITS = {
  attributeCountLimit: 'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT',
  attributeValueLengthLimit: 'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
};

const BATCHES = {
  maxQueueSize: 'OTEL_BSP_MAX_QUEUE_SIZE',
  maxExportBatchSize: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  scheduledDelayMillis: 'OTEL_BSP_SCHEDULE_DELAY',
  exportTimeoutMillis: 'OTEL_BSP_EXPORT_TIMEOUT',
};

/** What sends the spans: what the environment says comes last, so that it holds. */
function resource(): Resource {
  const detectors = [serviceInstanceIdDetector, processDetector, hostDetector, osDetector, envDetector];
  return defaultResource()
    .merge(resourceFromAttributes({ 'service.name': SERVICE_NAME }))
    .merge(detectResources({ detectors }));
}

/** What OpenTelemetry has to say goes into our log: a collector that is away is not an error of ours. */
function logProblems(logger: Logger): void {
  const warn = (message: string) => logger.warn({ reason: message.slice(0, 500) }, 'OpenTelemetry');
  const debug = (message: string) => logger.debug({ reason: message.slice(0, 500) }, 'OpenTelemetry');
  const level = getStringFromEnv('OTEL_LOG_LEVEL');
  const logLevel = level === undefined ? undefined : diagLogLevelFromString(level);
  diag.setLogger(
    { error: warn, warn, info: debug, debug, verbose: debug },
    { logLevel: logLevel ?? DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}

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
