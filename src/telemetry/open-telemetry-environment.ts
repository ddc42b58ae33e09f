import { diag, type TextMapPropagator } from '@opentelemetry/api';
import {
  CompositePropagator,
  getNumberFromEnv,
  getStringFromEnv,
  getStringListFromEnv,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';

/*
 * OpenTelemetry's standard variables, as far as the packages for traces do not read them by themselves.
 * `@opentelemetry/sdk-node` reads all of them, but brings exporters for logs and metrics, gRPC and instrumentation with it.
 */

/** `OTEL_TRACES_SAMPLER` and its argument. */
export function samplerFromEnv(): Sampler {
  const name = getStringFromEnv('OTEL_TRACES_SAMPLER')?.trim() ?? DEFAULT_SAMPLER;
  const root = rootSampler(name.replace('parentbased_', ''));
  if (root !== undefined) return name.startsWith('parentbased_') ? new ParentBasedSampler({ root }) : root;
  diag.warn(`OTEL_TRACES_SAMPLER=${name} is not known; ${DEFAULT_SAMPLER} takes its place.`);
  return new ParentBasedSampler({ root: new AlwaysOnSampler() });
}

const DEFAULT_SAMPLER = 'parentbased_always_on';

function rootSampler(name: string): Sampler | undefined {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(getNumberFromEnv('OTEL_TRACES_SAMPLER_ARG') ?? 1);
    default:
      return undefined;
  }
}

/** `OTEL_PROPAGATORS`: the headers that traces are read from and passed on in. */
export function propagatorFromEnv(): TextMapPropagator {
  const names = getStringListFromEnv('OTEL_PROPAGATORS') ?? [];
  const propagators = [...new Set(names.length === 0 ? ['tracecontext', 'baggage'] : names)]
    .filter((name) => name !== 'none')
    .flatMap((name): TextMapPropagator[] => {
      if (name === 'tracecontext') return [new W3CTraceContextPropagator()];
      if (name === 'baggage') return [new W3CBaggagePropagator()];
      diag.warn(`OTEL_PROPAGATORS has "${name}", which is not supported.`);
      return [];
    });
  return new CompositePropagator({ propagators });
}

/** `OTEL_TRACES_EXPORTER` and the protocol of OTLP; undefined where spans are to go nowhere. */
export function exporterFromEnv(): SpanExporter | undefined {
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

/** The numbers that are set among these variables, by the name of the option that each of them is for. */
export function numbersFromEnv<Option extends string>(
  variables: Readonly<Record<Option, string>>,
): Partial<Record<Option, number>> {
  const numbers: Partial<Record<Option, number>> = {};
  for (const option in variables) {
    const value = getNumberFromEnv(variables[option]);
    if (value !== undefined) numbers[option] = value;
  }
  return numbers;
}
