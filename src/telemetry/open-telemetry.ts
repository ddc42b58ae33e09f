import { setTimeout } from 'node:timers/promises';
import { DiagLogLevel, diag, type TextMapPropagator } from '@opentelemetry/api';
import {
  CompositePropagator,
  diagLogLevelFromString,
  getNumberFromEnv,
  getStringFromEnv,
  getStringListFromEnv,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
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
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from './logger.ts';
import { Spans } from './open-telemetry-spans.ts';
import type { Tracing } from './tracing.ts';

const SERVICE_NAME = 'community-users-graphql';
const MAX_STOP_MS = 3000;

/**
 * Starts OpenTelemetry's SDK for traces as its standard variables say, which it reads from the environment by itself. No
 * module is instrumented: our spans are made by hand. `upstreamUrl` is the address of the REST API; `logger` is told where
 * traces can't be sent.
 */
export function startTracing(upstreamUrl: URL, logger: Logger): Tracing {
  logProblems(logger);
  const exporter = exporterFromEnv();
  const provider = new TracerProvider({
    resource: resource(),
    sampler: samplerFromEnv(),
    spanLimits: {
      attributeCountLimit: getNumberFromEnv('OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT') ?? 128,
      attributeValueLengthLimit:
        getNumberFromEnv('OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT') ?? Number.POSITIVE_INFINITY,
    },
    spanProcessors: exporter === undefined ? [] : [batches(exporter)],
  });
  const spans = new Spans(provider.getTracer(SERVICE_NAME), propagatorFromEnv(), upstreamUrl);
  return {
    begin: (request) => spans.begin(request),
    async stop() {
      const limit = setTimeout(MAX_STOP_MS, undefined, { ref: false });
      await Promise.race([provider.shutdown(), limit]).catch((error) => diag.error(String(error)));
    },
  };
}

/** The numbers are those of OpenTelemetry's specification. */
function batches(exporter: SpanExporter): SpanProcessor {
  return new BatchSpanProcessor({
    exporter,
    maxQueueSize: getNumberFromEnv('OTEL_BSP_MAX_QUEUE_SIZE') ?? 2048,
    maxExportBatchSize: getNumberFromEnv('OTEL_BSP_MAX_EXPORT_BATCH_SIZE') ?? 512,
    scheduledDelayMillis: getNumberFromEnv('OTEL_BSP_SCHEDULE_DELAY') ?? 5000,
    exportTimeoutMillis: getNumberFromEnv('OTEL_BSP_EXPORT_TIMEOUT') ?? 30_000,
  });
}

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

/*
 * OpenTelemetry's standard variables, as far as the packages for traces do not read them by themselves.
 * `@opentelemetry/sdk-node` reads all of them, but brings exporters for logs and metrics, gRPC and instrumentation with it.
 */

/** `OTEL_TRACES_SAMPLER` and its argument. */
function samplerFromEnv(): Sampler {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER')?.trim() ?? DEFAULT_SAMPLER;
  const root = SAMPLERS.get(name.replace('parentbased_', ''))?.();
  if (root !== undefined) return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
  diag.warn(`OTEL_TRACES_SAMPLER=${name} is not known; ${DEFAULT_SAMPLER} takes its place.`);
  return new ParentBasedSampler({ root: new AlwaysOnSampler() });
}

const DEFAULT_SAMPLER = 'parentbased_always_on';

const SAMPLERS = new Map<string, () => Sampler>([
  ['always_on', () => new AlwaysOnSampler()],
  ['always_off', () => new AlwaysOffSampler()],
  ['traceidratio', () => new TraceIdRatioBasedSampler(getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG') ?? 1)],
]);

/** `OTEL_PROPAGATORS`: the headers that traces are read from and passed on in. */
function propagatorFromEnv(): TextMapPropagator {
  const names = new Set(getStringListFromEnv('OTEL_PROPAGATORS') ?? PROPAGATORS.keys());
  const unknown = names.difference(new Set([...PROPAGATORS.keys(), 'none']));
  for (const name of unknown) diag.warn(`OTEL_PROPAGATORS has "${name}", which is not supported.`);
  const propagators = [...names].flatMap((name) => PROPAGATORS.get(name) ?? []);
  return new CompositePropagator({ propagators });
}

const PROPAGATORS = new Map<string, TextMapPropagator>([
  ['tracecontext', new W3CTraceContextPropagator()],
  ['baggage', new W3CBaggagePropagator()],
]);

/** `OTEL_TRACES_EXPORTER` and the protocol of OTLP; undefined where spans are to go nowhere. */
function exporterFromEnv(): SpanExporter | undefined {
  const names = getStringListFromEnv('OTEL_TRACES_EXPORTER') ?? [];
  if (names.includes('none')) return undefined;
  for (const name of names) {
    if (name !== 'otlp') diag.warn(`OTEL_TRACES_EXPORTER has "${name}", which is not supported; otlp is.`);
  }
  const protocol =
    getStringFromEnv('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') ?? getStringFromEnv('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol === 'http/json') return new JsonExporter();
  if (protocol !== undefined && protocol !== 'http/protobuf') {
    diag.warn(`The OTLP protocol ${protocol} is not supported; http/protobuf takes its place.`);
  }
  return new ProtobufExporter();
}
